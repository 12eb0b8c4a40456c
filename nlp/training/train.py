"""Training of everything that is learned, into one folder, told by a hash of the corpora."""

import hashlib
import json
import shutil
from pathlib import Path

from threadpoolctl import threadpool_limits

from nlp.intent.component import new_pipeline
from nlp.pipeline import INTENT, MODEL
from nlp.shipped import load_form
from nlp.training import train_fields
from nlp.training import train_intent as intent
from nlp.training.corpus import FOLDER

ABOUT = "about.json"


def corpora_hash(folder: Path = FOLDER) -> str:
    """A digest of every corpus file that a model is trained on."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.txt")):
        # Commands are read by rules, not learned; mails of ours are only quoted.
        if path.name != "staff.txt" and path.parent.name != "answered":
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def train(form_file: Path, folder: Path = MODEL) -> dict[str, object]:
    """Train intent and fields and write them to `folder`; gives back what it wrote about them."""
    form = load_form(form_file)
    samples = intent.all_samples(form)
    # Sums of one thread are the same on every machine, and these are too short to share.
    with threadpool_limits(1):
        pipeline = new_pipeline(intent.train(samples))
        shutil.rmtree(folder / INTENT, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        pipeline.to_disk(folder / INTENT)
        train_fields.train(form, folder)
    about: dict[str, object] = {
        "corpora": corpora_hash(),
        "samples": len(samples),
        "mails": sum(s.author != "sentences" for s in samples),
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return about

"""What the intent model learns from: sentences, written mails, given mails."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.intent.component import HAND_OVER
from nlp.intent.evidence import weigh
from nlp.training import corpus
from nlp.training.cases import LabelledMail
from nlp.training.train_scores import handed_over
from nlp.types import Form, Intent, Message

SENTENCES_BY = "sentences"  # the author of what is no whole mail
SENTENCES = corpus.FOLDER / "sentences"
_FEW_WORDS = 14
_NOTE = 30  # words above a forwarded mail; a longer text speaks for itself


@dataclass(frozen=True, slots=True)
class Sample:
    """What the model learns from: `author` names the corpus it comes from."""

    label: str
    subject: str
    text: str
    facts: tuple[str, ...]
    author: str
    weight: float = 1.0


def sentence_samples(folder: Path = SENTENCES) -> Iterator[Sample]:
    """One sample for each line "subject | text" of the files, which are named for their label."""
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                first, bar, rest = line.partition(" | ")
                subject, text = (first, rest) if bar else ("", line)
                facts = ("always", "reply") if subject.lower().startswith("re:") else ("always",)
                yield Sample(path.stem, subject, text, facts, SENTENCES_BY)


def mail_sample(
    message: Message, intent: Intent, author: str, form: Form, handed: bool = False
) -> Sample:
    """A whole mail; what only hands over a filled form, or a forwarded mail, is labelled so."""
    evidence = weigh(message, form)
    label = intent.value
    short = len(evidence.text.split()) < _FEW_WORDS
    if handed and len(evidence.text.split()) < _NOTE:
        label = HAND_OVER
    if evidence.form is intent and (short or evidence.text != message.new_text):
        label = HAND_OVER if short else label
    return Sample(label, message.subject, evidence.text, evidence.facts, author)


def mail_samples(form: Form, cases: Iterable[LabelledMail]) -> Iterator[Sample]:
    """The whole mails of the corpora."""
    for case in cases:
        handed = bool(handed_over(case, form))
        sample = mail_sample(case.message, case.example.intent, case.author, form, handed)
        yield sample
        if handed:
            text = weigh(case.message, form).handed
            label = case.example.intent.value
            yield Sample(label, case.message.subject, text, ("always",), case.author)

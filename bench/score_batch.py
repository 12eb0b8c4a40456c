"""Score the bot as it is on batches of fresh mail, once, before anybody reads them.

usage: python -m bench.score_batch STATE FILE...

Adds a line a batch to nlp/corpus/batches/curve.csv; STATE says in a word which bot it was.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bot.cli.explain import as_dict
from bot.config.load import load
from bot.config.organization import organization_of
from bot.mail.parsing import Limits
from bot.runtime.analyzer import Analyzer
from nlp.training import batches
from nlp.training.evaluation import MailResult, label_scores
from nlp.training.field_score import Report, from_json
from nlp.types import Intent

DECISIONS = {"approve", "reject", "done", "undo", "ask", "assign"}


def score(path: Path, wrong: bool = False) -> dict[str, Any]:
    """The figures of one batch."""
    organization = organization_of(load(Path("config.yaml")))
    analyzer = Analyzer(organization, Limits())
    intents: list[MailResult] = []
    fields = Report()
    flagged = right = unsaid = found = kinds = 0
    count: Counter[str] = Counter()
    mails = list(batches.read(path))
    for mail in mails:
        if mail.section == "replies":
            continue
        count[mail.section] += 1
        analysis = analyzer.analyse(batches.eml(mail), dt.datetime.now(dt.UTC))
        got = as_dict(mail.name, analysis, organization)
        want = mail.expected
        if mail.section == "requests":
            known = Intent(got["intent"]) if got["intent"] else Intent.OTHER
            result = MailResult(mail.name, Intent(want["intent"]), known, got["confidence"])
            intents.append(result)
            flagged += got["automatic"] is not None
            before = len(fields.wrong)
            fields.add(mail.name, from_json(want.get("fields", {})), from_json(got["fields"]))
            if wrong and not result.right:
                print(f"{mail.name}: {result.want} got {result.got} {result.confidence}")
            for item in fields.wrong[before:] if wrong else ():
                print(f"{mail.name}: {item.field} want {item.want!r} got {item.got!r}")
        elif mail.section == "staff":
            name = (got["command"] or {}).get("name")
            right += name == want["command"]
            unsaid += name in DECISIONS and name != want["command"]
            if wrong and name != want["command"]:
                print(f"{mail.name}: command {want['command']} got {name}")
        else:
            found += got["automatic"] is not None
            kinds += got["automatic"] == want["kind"]
            if wrong and got["automatic"] != want["kind"]:
                print(f"{mail.name}: automatic {want['kind']} got {got['automatic']}")
    scores = label_scores(intents)
    total = fields.total
    return {
        "batch": path.stem,
        "persona": batches.persona_of(path),
        "intent": round(sum(r.right for r in intents) / len(intents), 4),
        "macro_f1": round(sum(s.f1 for s in scores.values()) / len(scores), 4),
        "field_p": round(total.precision, 4),
        "field_r": round(total.recall, 4),
        "commands": round(right / count["staff"], 4),
        "not_said": unsaid,
        "machines": round(found / count["automatic"], 4),
        "kinds": round(kinds / count["automatic"], 4),
        "people_as_machines": flagged,
    }


def main(state: str, files: list[str]) -> None:
    """Score the batches and write the curve on."""
    with batches.CURVE.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with batches.CURVE.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        for name in files:
            row = {**score(Path(name)), "state": state}
            writer.writerow(row)
            print(row)


if __name__ == "__main__":
    if sys.argv[1] == "--wrong":
        for name in sys.argv[2:]:
            print(score(Path(name), wrong=True))
    else:
        main(sys.argv[1], sys.argv[2:])

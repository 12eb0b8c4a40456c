"""The labelled corpora as values: written mail with marks in the text, given mail as .eml.

Written mail stands in `corpus/written/*.txt`:

    === create_list
    Fecha: 2021-08-03
    Asunto: Lista nueva

    La [Biblioteca](area) pide una lista para [mil](recipients: 1000) [alumnos](audience: students).

A mark `[text](field)` says that the text is the field's value as it stands, `[text](field: value)`
that it means the value. Where a field is marked twice the later mark counts; the marks of a set
are joined.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlp.types import Block, BlockKind, FieldValue, Intent, Message

FOLDER = Path(__file__).parents[1] / "corpus"
OURS = ("comunicacion.interna", "Comunicación Interna")  # whom the corpora write to

_MARK = re.compile(r"\[([^\[\]]*)\]\(([a-z_]+)(?::[ ]*([^()\n]*))?\)")
_HEAD = re.compile(r"^=== *(\w+)[^\n]*\n", re.MULTILINE)
_INTEGERS = frozenset({"recipients"})
_DATES = frozenset({"start_date", "end_date"})
_SETS = frozenset({"audience"})


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """Where a value stands in the text of an example."""

    start: int
    end: int
    field: str


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled mail. `text` is the whole body without marks; `source` names file and position."""

    intent: Intent
    date: dt.date
    subject: str
    text: str
    fields: Mapping[str, FieldValue]
    spans: tuple[LabelledSpan, ...] = ()
    source: str = ""

    @property
    def message(self) -> Message:
        """The example as the bot would have read it."""
        return Message(
            subject=self.subject,
            blocks=split_blocks(self.text),
            date=self.date,
            is_reply=bool(re.match(r"(?i)re\s*:", self.subject)),
            ours=OURS,
        )


def written(folder: Path = FOLDER / "written") -> list[Example]:
    """Every mail of the written corpus, in a stable order."""
    return [e for path in sorted(folder.glob("*.txt")) for e in parse(path)]


def parse(path: Path) -> Iterator[Example]:
    """The mails of one file of the written corpus."""
    content = path.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(content))
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(content)
        header, _, body = content[head.end() : end].partition("\n\n")
        yield _example(Intent(head[1]), header, body.strip("\n"), f"{path.stem}:{index + 1}")


def _example(intent: Intent, header: str, body: str, source: str) -> Example:
    values = dict(line.split(":", 1) for line in header.splitlines() if ":" in line)
    subject, in_subject, _ = _unmark(values.get("Asunto", "").strip())
    text, in_text, spans = _unmark(body)
    return Example(
        intent=intent,
        date=dt.date.fromisoformat(values["Fecha"].strip()),
        subject=subject,
        text=text,
        fields=_collect([*in_subject, *in_text]),
        spans=tuple(spans),
        source=source,
    )


def _unmark(marked: str) -> tuple[str, list[tuple[str, str]], list[LabelledSpan]]:
    """The text without marks, the (field, value) pairs in order and where they stand."""
    pieces: list[str] = []
    pairs: list[tuple[str, str]] = []
    spans: list[LabelledSpan] = []
    at = length = 0
    for mark in _MARK.finditer(marked):
        before, shown = marked[at : mark.start()], mark[1]
        pieces += [before, shown]
        start = length + len(before)
        length = start + len(shown)
        at = mark.end()
        spans.append(LabelledSpan(start, length, mark[2]))
        pairs.append((mark[2], mark[3].strip() if mark[3] is not None else shown))
    pieces.append(marked[at:])
    return "".join(pieces), pairs, spans


def _collect(pairs: list[tuple[str, str]]) -> dict[str, FieldValue]:
    found: dict[str, FieldValue] = {}
    for name, value in pairs:
        if name in _SETS:
            keys = {key.strip() for key in value.split(",") if key.strip()}
            before = found.get(name, ())
            found[name] = tuple(sorted(keys.union(before if isinstance(before, tuple) else ())))
        elif name in _INTEGERS:
            found[name] = int(re.sub(r"\D", "", value))
        elif name in _DATES:
            found[name] = dt.date.fromisoformat(value)
        elif name == "email":
            found[name] = value.lower()
        else:
            found[name] = " ".join(value.split())
    return found


_ATTRIBUTION = re.compile(r"^(?:El |On ).{5,120}(?:escribió|wrote):\s*$")
_HEADER_LINE = re.compile(r"^\*?(?:De|From):\*? .+", re.IGNORECASE)
_FORWARDED = re.compile(r"^-{3,}.*(?:forwarded|reenviado|original).*-{3,}\s*$", re.IGNORECASE)
_HEADER = re.compile(
    r"^\*?(?:De|From|Para|To|Cc|CC|Asunto|Subject|Fecha|Date|Enviado(?: el)?|Sent):\*?(?:\s|$)"
)


def split_blocks(text: str) -> tuple[Block, ...]:
    """A plain body as blocks: enough for the written corpus (real mail is read elsewhere)."""
    runs: list[tuple[BlockKind, list[str]]] = []
    kind, below = BlockKind.NEW, BlockKind.QUOTE
    lines = text.split("\n")
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if line.startswith(">"):
            here, line = BlockKind.QUOTE, re.sub(r"^(?:> ?)+", "", line)
            kind = BlockKind.NEW if kind is BlockKind.SIGNATURE else kind
        elif _FORWARDED.match(line):
            here, below, kind = BlockKind.ATTRIBUTION, BlockKind.FORWARD, BlockKind.FORWARD
        elif _ATTRIBUTION.match(line):
            here = BlockKind.ATTRIBUTION
            if not following.startswith(">") and following.strip():
                kind = below
        elif _HEADER_LINE.match(line) and _HEADER.match(following):
            here, kind = BlockKind.ATTRIBUTION, below
        elif _HEADER.match(line) and runs and runs[-1][0] is BlockKind.ATTRIBUTION:
            here = BlockKind.ATTRIBUTION
        elif line.rstrip() == "--" and kind is BlockKind.NEW:
            here = kind = BlockKind.SIGNATURE
            line = ""
        else:
            here = kind
        if runs and runs[-1][0] is here:
            runs[-1][1].append(line)
        else:
            runs.append((here, [line]))
    return tuple(Block(kind, "\n".join(run)) for kind, run in runs)

"""Where the labelled values of a mail stand in its passages."""

from collections.abc import Mapping, Sequence

from nlp.fields.mentions import Mention
from nlp.fields.passages import Passage
from nlp.text.fold import fold
from nlp.text.tokens import Token
from nlp.training.corpus import Example
from nlp.types import FieldValue

Place = tuple[int, int, str]  # start, end, field


def places(example: Example, passage: Passage, mentions: Sequence[Mention]) -> list[Place]:
    """The spans of a passage that hold the example's values, none within another."""
    found: list[Place] = []
    marked = _marked(example, passage)
    # Names and texts first: "Estudiantes" within the name of an area is no audience.
    for name, value in sorted(example.fields.items(), key=lambda f: not isinstance(f[1], str)):
        if name == "request_type":
            continue
        own = [p for p in marked if p[2] == name] or _places(passage, name, value, mentions)
        found += [p for p in own if not any(p[0] < e and s < p[1] for s, e, _ in found)]
    return sorted(found)


def _marked(example: Example, passage: Passage) -> list[Place]:
    """The author's own marks, where their lines stand in the passage."""
    found = []
    for span in example.spans:
        begin = example.text.rfind("\n", 0, span.start) + 1
        end = example.text.find("\n", span.start)
        line = example.text[begin : end if end >= 0 else len(example.text)]
        at = passage.text.find(line)
        if at >= 0 and span.end - begin <= len(line):
            found.append((at + span.start - begin, at + span.end - begin, span.field))
    return found


def _places(
    passage: Passage, name: str, value: FieldValue, mentions: Sequence[Mention]
) -> list[Place]:
    kinds: Mapping[str, tuple[str, ...]] = {
        "recipients": ("number",), "phone_ext": ("digits",), "email": ("email",),
        "start_date": ("date",), "end_date": ("date",),
    }  # fmt: skip
    if isinstance(value, tuple) or name == "frequency":
        keys = value if isinstance(value, tuple) else (value,)
        spans = [
            (m.start, m.end)
            for m in mentions
            if m.kind == "choice" and m.field == name and m.value in keys
        ]
    elif name in kinds:
        spans = [(m.start, m.end) for m in mentions if m.kind in kinds[name] and m.value == value]
    else:
        spans = occurrences(passage.text, str(value))
    typed = [s for s in spans if passage.zones[passage.line_of(s[0])] not in ("s", "g", "c")]
    spans = typed or [s for s in spans if passage.zones[passage.line_of(s[0])] != "g"] or spans
    if name not in ("audience", "list_name"):
        spans = spans[-1:] if name in ("recipients", "frequency") else spans[:1]
    return [(start, end, name) for start, end in spans]


def occurrences(text: str, value: str) -> list[tuple[int, int]]:
    """Where a text holds a value as whole words, whatever its case, accents and line ends."""
    folded, wanted = fold(text).replace("\n", " "), fold(value)
    found, at = [], folded.find(wanted)
    while at >= 0 and wanted:
        end = at + len(wanted)
        if not (folded[at - 1 : at].isalnum() or folded[end : end + 1].isalnum()):
            found.append((at, end))
        at = folded.find(wanted, at + 1)
    return found


def tags(tokens: Sequence[Token], spans: Sequence[Place]) -> list[str]:
    """The tag of each token: begin, inside or outside of a span."""
    found = ["O"] * len(tokens)
    for start, end, field in spans:
        inside = False
        for index, token in enumerate(tokens):
            if token.start < end and token.end > start:
                found[index] = f"{'I' if inside else 'B'}-{field}"
                inside = True
    return found

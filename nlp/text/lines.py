"""The lines of a message in which a form may stand, and how a line parts into label and answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.fields.labels import Label, Labels
from nlp.text.fold import fold


@dataclass(frozen=True, slots=True)
class Line:
    """A line, whether it stands in a quoted message, and was copied from it unchanged."""

    text: str
    quoted: bool = False
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line: the label that opens it and what follows.

    `label` is None for a label that is none of the form's. `alone` tells that the line holds no
    other label and opens with this one.
    """

    label: Label | None
    answer: str
    alone: bool = True
    bare: bool = False  # no separator stood between label and answer


# A number before a month is none: "1-sep-2021".
_NO_COUNT = (
    r"(?!\d|(?:ene(?:ro)?|feb(?:rero)?|mar(?:zo)?|abr(?:il)?|mayo?|jun(?:io)?|jul(?:io)?|ago(?:sto)?"
    r"|sept?(?:iembre)?|oct(?:ubre)?|nov(?:iembre)?|dic(?:iembre)?)(?:[-/]|$))"
)
_BULLET = re.compile(
    rf"^\s*(?:[\W_]*?(?:\(?\d{{1,2}}\s?(?:[.)°ª]-?|-|/)\s*{_NO_COUNT}"
    r"|\(?[a-zñ]\s?(?:[).]-?|\.\d{1,2}[.)]?)\s+"
    r"|[ivx]{1,4}[).]\s+|p\s?[:.)]\s*(?=¿))"
    r"|[^\w\s(\[\"“«'¿¡|☐☒☑□■✓✔/@#+~$<_.=:,;-][️⃣\s]*|\d️?⃣\s*|[-+>#»]+\s+|[*•]+\s*)+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\d{1,2}\s+(?=\D)")
_SEPARATOR = re.compile(
    r"(?:(?<!\s)\s+)?(?:\.{3,}\s*[:=]?|…+\s*[:=]?|_{3,}\s*:?|(?::|=>|=|->|→|⇒|»|\?|>)[\s:=]*)"
    r"|\s[-–—|/]{1,2}\s+|\t+|;(?=\S)"
)
_MAY_PART = re.compile(r"[:;=>?…→⇒»\t|/–—(\[☐☒☑-]|\.\.\.|___")  # or a box, which parts as well
_COLON = re.compile(r"[:=?]|\s[-–—]\s|\.{3,}|->|→")
_BREAK = re.compile(r"(?:;|//|\s/\s|\s\|\s|\s•\s|\s·\s|,\s?(?=[\"“]))\s*")
_WORDS_BEFORE = re.compile(r"[^\s,;:|/\"“”(){}\[\]=.?¿!¡][^\s,;:|=?!]*")


def strip_bullet(text: str) -> str:
    """A line without its number, letter, dash or ornament."""
    end = _bullet_end(text[:_HEAD])
    return text[end:] if 0 < end < len(text) else text.lstrip()


_HEAD = 40  # characters that a bullet may take


@lru_cache(maxsize=8192)  # a line is asked about several times, and ornaments take their time
def _bullet_end(head: str) -> int:
    match = _BULLET.match(head[:_HEAD])
    return match.end() if match else 0


_LONGEST = 3000  # what follows in a line longer than this is prose, or hostile


def cells_of(text: str) -> list[str] | None:
    """The cells of a table row drawn with tabs or pipes, or None where it is no row."""
    if "\t" in text.strip():
        return [cell.strip() for cell in text.strip("\n").split("\t") if cell.strip() != "|"]
    stripped = text.strip()
    if stripped.count("|") >= 2 and (stripped[0] == "|" or stripped.count("|") >= 3):
        return [cell.strip() for cell in stripped.strip("|").split("|")]
    return None


def segments(text: str, labels: Labels) -> list[Segment]:
    """The labels of a line with their answers, in order; empty where the line opens no answer."""
    line = strip_bullet(text[:_LONGEST])
    if not _MAY_PART.search(line):
        return _unmarked(line, labels)
    head = _head(line, labels)
    if head is None or head[0] is None:
        loose = _NUMBER.sub("", line)
        again = _head(loose, labels) if loose != line else None
        if again is not None and again[0] is not None:
            line, head = loose, again
    marks = list(_inner(line, labels, head[1] if head else 0))
    if (head is None or head[0] is None) and not marks:
        unmarked = _unmarked(line, labels)
        if unmarked or head is None:
            return unmarked
    found = []
    alone = head is not None and not marks
    if head is not None:
        label, at = head
        found.append(Segment(label, line[at : marks[0][1]] if marks else line[at:], alone))
    for index, (label, _, at) in enumerate(marks):
        end = marks[index + 1][1] if index + 1 < len(marks) else len(line)
        found.append(Segment(label, line[at:end], alone=False))
    return found


def _head(line: str, labels: Labels) -> tuple[Label | None, int] | None:
    """The label that opens a line and where its answer starts."""
    for match in _SEPARATOR.finditer(line[:170]):
        candidate = line[: match.start()]
        if not candidate.strip():
            continue
        if "(" in candidate and ")" not in candidate:
            continue  # the separator stands inside brackets
        label = labels.find(candidate)
        if label is not None and (label.sure or _asks(match[0])):
            return label, match.end()
        if _asks(match[0]) or len(candidate) > 90:
            short = len(candidate.split()) <= 6 and match[0].strip() in (":", "=")
            return (None, match.end()) if short else None
    return None


def _asks(separator: str) -> bool:
    return any(mark in separator for mark in ":=?.…_>→⇒\t|")


def _inner(line: str, labels: Labels, start: int) -> Iterator[tuple[Label, int, int]]:
    """Labels further on in a line: (label, where it starts, where its answer starts)."""
    least = start
    for match in _SEPARATOR.finditer(line, start):
        if not _COLON.match(match[0].strip() or " ") and not match[0].strip():
            continue
        if match[0].strip() in ("-", "–", "—", "/", "|", ">", ";"):
            continue
        found = _backwards(line, least, match.start(), labels)
        if found is not None:
            label, at = found
            if match[0].strip().startswith("?") and not _opens(line, at):
                continue
            yield label, at, match.end()
            least = match.end()


def _opens(line: str, at: int) -> bool:
    """Whether a question starts here: "la quieren en mi área? Gracias" asks for no area."""
    before = line[:at].rstrip()
    return line[at] == "¿" or not before or before[-1] in ".;,?!)"


def _backwards(line: str, least: int, end: int, labels: Labels) -> tuple[Label, int] | None:
    """The longest exact label that ends at `end` and starts no earlier than `least`."""
    words = [m.start() for m in _WORDS_BEFORE.finditer(line, max(least, end - 70), end)][-9:]
    for at in words:
        if line[at - 1 : at].isalnum() or _OF.search(line, max(least, at - 6), at + 4):
            continue
        label = labels.exactly(line[at:end])
        if label is not None:
            return label, _with_mark(line, at, least)
    return None


_OF = re.compile(r"[^\W\d_] (?:de|del) ")  # "mi asistente de dirección: …" is no label


def _with_mark(line: str, at: int, least: int) -> int:
    while at > least and line[at - 1] in "¿\"“'*":
        at -= 1
    return at


def glued(text: str, labels: Labels) -> Segment | None:
    """A label that runs into its answer: "Área solicitanteBiblioteca", "EXT 7845"."""
    line = strip_bullet(text)
    starts = labels.starts.get(fold(line[:3]), ())
    folded = fold(line) if starts else ""
    for start in starts:
        if folded.startswith(start):
            rest = line[len(start) :]
            hint = re.match(r"\s*\([^()]*\)", rest)
            rest = rest[hint.end() :] if hint else rest
            label = labels.find(line[: len(line) - len(rest)]) if hint else labels.exactly(start)
            if label is None or not rest.strip():
                continue
            if (
                rest[0].isspace()
                or rest[0].isupper()
                or rest[0].isdigit()
                or (label.official and (hint or len(start) > 8) and rest[0].isalpha())
            ):
                return Segment(label, rest, bare=True)
    return None


_SPACE = re.compile(r"\s+")


def run_together(text: str, labels: Labels) -> list[Segment]:
    """The labels that run into their answers on a line: "Correo ana@upaep.mx Extensión 7650"."""
    found: list[Segment] = []
    rest = glued(text, labels)
    while rest is not None:
        end, following = _next_official(rest.answer, labels)
        alone = not found and following is None
        found.append(Segment(rest.label, rest.answer[:end], alone, bare=True))
        rest = following
    return found


def _next_official(answer: str, labels: Labels) -> tuple[int, Segment | None]:
    """Where an answer ends at a label as we ask it, and what that opens; else at its own end."""
    for gap in _SPACE.finditer(answer.rstrip()):
        following = glued(answer[gap.end() :], labels)
        if following is not None and following.label is not None and following.label.official:
            return gap.start(), following
    return len(answer), None


def _unmarked(line: str, labels: Labels) -> list[Segment]:
    """Labels without a separator: `area Biblioteca; ext 7708`, `ÁREA Seguridad // TIPO alta`."""
    pieces = [p for p in _BREAK.split(line) if p.strip()]
    if len(pieces) < 4:
        return []
    found = [_opening(piece, labels) for piece in pieces]
    if sum(segment is not None for segment in found) < 3:
        return []
    return [segment for segment in found if segment is not None]


def _opening(piece: str, labels: Labels) -> Segment | None:
    piece = piece.rpartition(": ")[2]
    words = piece.split()
    for count in range(min(6, len(words) - 1), 0, -1):
        label = labels.exactly(" ".join(words[:count]))
        if label is not None and fold(words[count - 1]) not in ("el", "la", "de", "es"):
            return Segment(label, " ".join(words[count:]), alone=False, bare=True)
    return None

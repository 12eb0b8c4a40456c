"""Who writes, by name: as she presents herself, signs, or is named by the mail's header.

Where her words say that the sending will be hers, she is the responsible; the scorer weighs that.
"""

import re
from collections.abc import Iterator

from nlp.fields.facts import Candidate
from nlp.fields.passages import Passage
from nlp.fields.tagger import Names
from nlp.fields.values import read_name
from nlp.text.fold import fold, trim, word_set, words
from nlp.text.tokens import Token
from nlp.types import BlockKind, Message, Part

_NAME_WORD = r"(?:[^\W\d_][\w'’.]*)"
_PRESENTS = re.compile(
    r"\b(?:soy|me llamo|mi nombre(?: completo)? es|(?:les?|te) (?:escribe|habla|saluda|contacta)"
    r"|habla|suscribe|yo,|i am|i'm|my name is|this is)\s+(?:(?:la|el)\s+)?"
    rf"(?P<name>{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,5}})",
    re.IGNORECASE,
)
_MYSELF = word_set(
    "yo mi mis me servidor servidora suscrito suscrita suscribe firma firmo soy sere seria "
    "mio mia i my myself i'll me conmigo nombre"
)
_PARTS = re.compile(r" ?[|·/] ?| [-–—] |, ")
_DATUM = re.compile(r"[\d@:]")
_FIRST_PERSON = re.compile(r"\w{3,}(?:o|e|re|ria)$")


_FROM = re.compile(r"^\W*(?:de|from)\b\W*:\W*([^<\[(\n]{3,80})", re.IGNORECASE | re.MULTILINE)


def sender_of(message: Message, passage: Passage) -> str:
    """The name of who sent what stands in a passage, where a header tells it."""
    if not passage.body.forwarded:
        return message.sender
    head = ""
    for block in message.blocks:
        if block.kind is BlockKind.FORWARD and block.text.strip():
            break
        head = block.text if block.kind is BlockKind.ATTRIBUTION else head
    told = _FROM.search(head)
    return told[1].strip(" \"'*") if told else ""


def writers(
    sender: str, passage: Passage, tokens: list[Token], names: Names
) -> Iterator[Candidate]:
    """The writer as a candidate for the responsible, with what her first-person words say."""
    facts = [*_myself(tokens)]
    if not facts:
        return  # no word says that it is she
    seen: set[tuple[str, ...]] = set()
    for how, name, start, end in _named(sender, passage, names):
        key = words(name)
        if key in seen or not key:
            continue
        seen.add(key)
        length = min(len(key), 4)
        yield Candidate(
            Part.RESPONSIBLE, name, start, end,
            ["writer", "writer=" + how, f"writer={how} words={length}", *facts],
        )  # fmt: skip
    yield from _posts(passage)


def _posts(passage: Passage) -> Iterator[Candidate]:
    """What stands beside and below a signed name, as the writer's position."""
    for number, (start, line) in enumerate(list(_last_lines(passage))[:6]):
        for part in _PARTS.split(line)[:3]:
            value, at = trim(part), passage.text.find(part, start)
            if 2 < len(value) < 70 and at >= 0 and words(value) and not _DATUM.search(value):
                facts = ["signed", "z=g", f"sign={number}", "first=" + words(value)[0]]
                yield Candidate(Part.POSITION, value, at, at + len(part), facts)


def _named(header: str, passage: Passage, names: Names) -> Iterator[tuple[str, str, int, int]]:
    sender = read_name(header) if header else None
    text = passage.text
    for match in _PRESENTS.finditer(text[:4000]):
        name = _namelike(match["name"], names)
        if name:
            yield "presented", _fuller(name, sender), match.start("name"), match.end("name")
    for start, line in _last_lines(passage):
        head = re.split(r" ?[|,·/] ?| [-–—] ", line)[0]
        name = _namelike(trim(head), names, whole=True)
        if name:
            yield "signed", _fuller(name, sender), start, start + len(line)
            break
    if sender:
        yield "sender", sender, 0, 0


def _last_lines(passage: Passage) -> Iterator[tuple[int, str]]:
    """The lines of the signature, and the last typed ones, the likeliest first."""
    lines = passage.text.split("\n")
    zones = passage.zones
    for number, line in enumerate(lines):
        if number < len(zones) and zones[number] in "gc" and line.strip():
            yield passage.starts[number], line.strip()
    typed = [
        n for n, line in enumerate(lines) if line.strip() and zones[min(n, len(zones) - 1)] in "ob"
    ]
    for number in typed[-2:]:
        if len(lines[number]) < 50:
            yield passage.starts[number], lines[number].strip()


def _namelike(text: str, names: Names, whole: bool = False) -> str | None:
    """The name at the head of a text; `whole` where nothing else may stand there."""
    bare = read_name(text)
    if bare is None:
        return None
    kept: list[str] = []
    for word in bare.split():
        folded = fold(word).strip(".'’")
        known = names.kind(folded)
        joins = folded in ("de", "del", "la", "las", "los", "y")
        if not (known or joins or (word[0].isupper() and folded.isalpha())):
            break
        kept.append(word)
    while kept and fold(kept[-1]) in ("de", "del", "la", "las", "los", "y"):
        kept.pop()
    if whole and len(kept) < len(bare.split()):
        return None
    real = [w for w in kept if names.kind(fold(w)) or w[0].isupper()]
    if not real or (len(real) < 2 and not names.kind(fold(real[0]))):
        return None
    return " ".join(kept) if 1 <= len(kept) <= 6 else None


def _fuller(name: str, sender: str | None) -> str:
    """The header's form of a name that the text gives in part."""
    if sender and len(words(name)) < len(words(sender)) and set(words(name)) <= set(words(sender)):
        return sender
    return name


def _myself(tokens: list[Token]) -> Iterator[str]:
    """Pairs and triples of stems around words in the first person."""
    stems = [t.stem for t in tokens]
    found: set[str] = set()
    for at, token in enumerate(tokens[:800]):
        if token.folded in _MYSELF:
            found.add("me=" + token.folded)
            for low in range(max(0, at - 4), min(len(stems) - 1, at + 5)):
                found.add(f"me2={stems[low]}|{stems[low + 1]}")
                if low + 2 < len(stems):
                    found.add(f"me3={'|'.join(stems[low : low + 3])}")
        elif (
            _FIRST_PERSON.match(token.folded)
            and at
            and tokens[at - 1].folded in ("la", "lo", "los", "las", "los")
        ):
            found.add(f"me1={token.folded}")
    yield from sorted(found)


_SELF = re.compile(
    r"\byo (?:mism[oa] )?(?:(?:tambien|sigo|seguire|seguiria|quedo|quedare|quedaria|fungire"
    r"|fungiria|actuare|sere|seria|soy)\b.{0,25}?(?:responsable|encargad[oa]|titular|cargo)"
    r"|me (?:hago|hare|haria|encargo|encargare|encargaria|ocupo|ocupare|responsabilizo)|respondo"
    r"|respondere|asumo|los? (?:mand|envi|har)|la (?:oper|administr|manej|llev)|hago los envios"
    r"|har[ei]a? los envios|mand[oa]\b|enviar)|\bsigo (?:siendo )?yo\b|\b"
    r"(?:responsable|encargad[oa])s?(?: de (?:los |la )?\w+)?,? (?:soy|seria|sere|sigo siendo"
    r"|seguire siendo|quedo|quedaria) (?:yo|un servidor|una servidora|la que|quien)"
    r"|\b(?:sere|seria|soy|quedo|quedaria|sigo siendo|seguire siendo|fungire como|seguire como"
    r"|quedo yo como|me quedo como) (?:yo )?(?:el|la|como)? ?(?:responsable|encargad[oa])\b"
    r"|\b(?:responsable|encargad[oa])(?: \w+){0,3} (?:sere|seria|soy|sigo siendo) yo"
    r"|\bbajo mi (?:responsabilidad|cargo)|\bme (?:hago|hare|haria) (?:cargo|responsable)"
    r"|\bme encargo (?:yo|de)|\bme encargar[ei]a? (?:yo|de)|\b(?:responsable|encargad[oa]|envios?"
    r"|a cargo)\b.{0,30}\b(?:un servidor|una servidora|de mi parte|(?:la|el|lo) (?:que|quien) "
    r"(?:suscribe|firma|escribe))|\b(?:el|la) (?:suscrit[oa]|que suscribe|abajo firmante) "
    r"(?:\w+ ){0,3}(?:responsable|encargad[oa])|\b(?:un servidor|una servidora"
    r"|quien (?:suscribe|esto escribe)) (?:\w+ ){0,4}(?:responsable|encargad[oa]|envios?)"
    r"|\ba mi (?:nombre|cargo)\b|\b(?:responsable|encargad[oa]):? yo\b|\bmis (?:demas )?datos "
    r"(?:van|estan|vienen|aparecen|son|como responsable)\b.{0,30}\b(?:firma|abajo|pie)"
    r"|\bdatos .{0,40}\b(?:mi|la) firma|\b(?:responsable|encargad[oa])\b.{0,25}\b"
    r"(?:ver firma|en la firma|en mi firma|(?:la|el) que suscribe|quien suscribe)"
)
_NOT_SELF = re.compile(
    r"\bno (?:soy|sere|seria|quiero ser|puedo|sigo)\b|\bya no\b|\byo no\b|\bdej[oe] de\b"
    r"|\b(?:esta|estaba|sigue|aparece|aparezca|quiten?|quitenme) (?:\w+ ){0,2}a mi nombre"
    r"|\bya no aparezca a mi"
)


def writer_is_responsible(text: str) -> bool:
    """Whether the writer says "yo": that the sending will be hers."""
    folded = fold(text)
    for match in _SELF.finditer(folded):
        before = re.split(r"[.;!?\n]", folded[max(0, match.start() - 40) : match.start()])[-1]
        if not _NOT_SELF.search(before + folded[match.start() : match.end() + 15]):
            return True
    return False

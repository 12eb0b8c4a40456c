"""A mail with further requests, of several at once or in the thread of one: a message for each.

Its patterns see each thing that can be asked for as a run of X, whatever it is called here.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from nlp.text.fold import fold
from nlp.text.slugs import A_SLUG, SLUG
from nlp.types import Block, BlockKind, FieldValue, Message

_NUMBERS = {"dos": 2, "2": 2, "un par de": 2, "tres": 3, "3": 3, "cuatro": 4, "4": 4}
_SEVERAL = re.compile(
    r"\b(?P<others>otr[ao]s )?(?P<number>dos|2|tres|3|cuatro|4|un par de) (?:nuev[ao]s )?X+e?s\b"
    r"(?P<more> (?:mas|adicionales|aparte)\b)?"
)
_THERE = re.compile(r"\b(?:tenemos|tienen|tengo|hay|existen?|manejan|manejamos|usamos|est[ao]s) $")
_ITEM = re.compile(r"\s{0,8}(?:\d{1,2} ?[.)-]|[a-d][.)]|[-•*–])\s+(?=\S)")
_ORDINAL = re.compile(
    r"(?:y )?(?:la |una )?(?:primera|segunda|tercera|cuarta|otra)\b(?! vez| parte| semana"
    r"| quincena)|una\b (?=[a-z0-9]+-|para |de |con )|(?:y )?(?:el )?(?:primer|segund|tercer|cuart"
    r"|otr|un)o\b(?= (?:es|seria|para)\b|[,:])"
)
# "Lista 1", "SOLICITUD 2:" above the lines of each.
_HEAD = re.compile(
    r"\W{0,4}(?:X+|solicitud|list|request) (?:n(?:o|um(?:ero)?)?\.? ?|# ?)?"
    r"(?:[1-4]|[a-d]|un[ao]|dos|tres|one|two)\b\W{0,4}(?:$|(?<=:) ?\S)"
)
_NAMED = re.compile(rf"^\W{{0,4}}(?P<name>{SLUG})(?: ?\(|[:,](?:\s|$)| ?[–—-] )")
_FIELD = re.compile(rf"(?!{SLUG}:)[^:]{{2,40}}:[^,:]*(?:,[^,:]*)?$")  # a label and one value
# What opens what is said of all: "En ambos casos: …".
_OF_ALL = re.compile(
    r"\W{0,4}(?:(?:en|para) (?:ambas|ambos|l[oa]s (?:dos|tres|cuatro))\b|(?:lo|los|todo lo) demas\b"
    r"|(?:el )?resto\b)|.{0,200}\b(?:ambas|ambos|l[oa]s (?:dos|tres|cuatro))\b"
)
_OF_BOTH = re.compile(
    r"[^.;!?\n]{0,80}\b(?:en|para|de|a) (?:ambas|ambos|l[oa]s (?:dos|tres|cuatro))"
    r"(?: \w{3,20}s)?(?=[.,;!\n]|$)"
)
_READ = 6_000  # characters


def said_of_both(message: Message) -> str:
    """What a message says of this request and another at once: "sí, en las dos"."""
    found = _OF_BOTH.search(fold(message.new_text[:_READ]))
    return found[0] if found else ""


def each_of_several(message: Message, known: Collection[FieldValue] = ()) -> tuple[Message, ...]:
    """The message as it asks for each of several things: with what it says of all and of that
    one, first of the one whose name is `known`; nothing where it asks for one, or nothing tells
    what is said of which. Where what is `known` is of one and two more are asked for, the first
    message says nothing."""
    text = message.new_text[:_READ]
    said = _marked(fold(f"{message.subject}\n{text}"), message.things)
    counted = next(
        (m for m in _SEVERAL.finditer(said)
         if not _THERE.search(said, max(0, m.start() - 12), m.start())),
        None,
    )  # fmt: skip
    if counted is None:
        return ()
    number = _NUMBERS[counted["number"]]
    lines = text.split("\n")
    ways = (
        _headed(lines, message.things), *(_parts(lines, opens) for opens in (_ITEM, _NAMED)),
        _parts(_clauses(text), _ORDINAL), _parts(_clauses(text), _NAMED, " "),
    )  # fmt: skip
    items, of_all = next((found for found in ways if len(found[0]) == number), ([], ""))
    others = [b for b in message.blocks if b.kind is not BlockKind.NEW]
    items.sort(key=lambda item: not any(name in known for name in _names(item)))
    texts = [f"{of_all}\n\n{item}".strip() for item in items]
    if texts and known and (counted["others"] or counted["more"]):
        texts.insert(0, "")  # besides the one that is known
    return tuple(replace(message, blocks=(Block(BlockKind.NEW, text), *others)) for text in texts)


def _marked(folded: str, things: Collection[str]) -> str:
    """The text with what can be asked for as a run of X, as long as it is: "dos XXXXXs"."""

    def marked(word: re.Match[str]) -> str:
        stem = next((it for it in things if word[0] in (it, f"{it}s", f"{it}es")), "")
        return "X" * len(stem) + word[0][len(stem) :]

    return _WORD.sub(marked, folded)


_WORD = re.compile(r"[a-z]+")


def _clauses(text: str) -> list[str]:
    """The sentences, cut also where "una para …" and "otra para …" open within one: what follows
    such a one is of all."""
    found: list[str] = []
    for piece in (piece for piece in _SENTENCES.split(text) if piece):
        starts = [match.start() for match in _OPENS_WITHIN.finditer(fold(piece))]
        ends = (*starts, len(piece))
        found += [piece[at:end] for at, end in zip((0, *starts), ends, strict=True)]
        found += [""] if starts else []
    return found


_SENTENCES = re.compile(r"(\n[ \t]*\n)\s*|(?<=[.;:])\s|\n(?=[ \t]*[A-ZÁÉÍÓÚ])")
_OPENS_WITHIN = re.compile(
    r"(?<=[,( ])(?:y )?(?:(?:una|la una|(?:la |una )?(?:otra|primera|segunda|tercera))"
    r" (?=[a-z0-9]+-[a-z]|para |de |seria |con )|(?:el )?(?:un|otr|primer|segund|tercer)o"
    r" (?=[a-z0-9]+-[a-z]|para |seria ))"
)


def _headed(lines: list[str], things: Collection[str]) -> tuple[list[str], str]:
    """Each head with all below it, and what stands before the first."""
    found: list[list[str]] = [[]]
    for line in lines:
        if _HEAD.match(_marked(fold(line), things)):
            found.append([])
        found[-1].append(line)
    before, *items = ["\n".join(one).strip() for one in found]
    return items, before


def _parts(pieces: list[str], opens: re.Pattern[str], glue: str = "\n") -> tuple[list[str], str]:
    """Each item, and what stands before and after them all; nothing where they are a form's
    lines."""
    found: list[list[str]] = []
    of_all: list[str] = []
    closed = True
    for piece in pieces:
        if opens.match(fold(piece)):
            found.append([piece])
            closed = False
        elif not piece.strip():
            closed = True
        elif found and _OF_ALL.match(fold(piece)):
            closed = True
            of_all.append(piece)
        elif closed:
            of_all.append(piece)
        else:
            found[-1].append(piece)
    items = [glue.join(one).strip() for one in found]
    bare = [opens.sub("", fold(item), count=1) for item in items]
    fields = sum(bool(_FIELD.match(item)) for item in bare)
    return ([], "") if fields * 2 > len(bare) else (items, "\n".join(of_all).strip())


# --- another, asked for in the thread of one ---------------------------------------------

_WANTS = (
    r"(?:necesit(?:o|amos|aria|ariamos)|requ(?:iero|erimos)|ocup(?:o|amos)|qu(?:iero|eremos"
    r"|isiera|isieramos)|solicit(?:o|amos|arles|ar)|pid(?:o|amos)|ped(?:ir|irles|imos)|gustaria"
    r"|favor de|pued[ea]n|podrian|ayud\w+|cre(?:en|ar|arnos)|abr(?:an|ir))"
)
_ANOTHER = re.compile(
    rf"\b{_WANTS}\b(?P<gap>(?: \w+){{0,6}}?) (?:(?<!la )(?<!esa )(?<!el )(?<!ese )otr[ao]"
    r"|una? (?:segunda|tercera)|un (?:segundo|tercer)|(?:una? )?(?:nuev[ao] )?X+ adicional"
    r"|una? X+ (?:mas|aparte|distint[ao]|diferente))\b"
)
_ALSO = re.compile(
    rf"\b(?:tambien|ademas|aparte|adicionalmente)\b.{{0,60}}\b{_WANTS}\b(?P<gap>(?: \w+){{0,6}}?)"
    rf" una? (?:nuev[ao] )?X+\b|\b{_WANTS}\b (?P<gap2>tambien|ademas) una? (?:nuev[ao] )?X+\b"
)
_THING = re.compile(
    r"\b(?:otra|segunda|tercera|nueva)(?: mas| nueva| distinta| diferente)?(?: solicitud\b|[,:]"
    r"| (?:para|que se llame)\b)|\b(?:otr[ao]|segund[ao]|tercera?|nuev[ao])(?: mas| nuev[ao])? X+\b"
    r"|\bX+ (?:adicional|mas|aparte|distint[ao]|diferente)|\buna? (?:nuev[ao] )?X+\b"
)
_OTHER_GAP = re.compile(r"\b(?:con|como|no|en|por|sin|a|segun|igual)\b")
_NOT_NOW = re.compile(
    r"\b(?:no|nunca|(?<!que )ya|antes|si|cuando|como|mas adelante|despues|luego|el futuro|tal vez"
    r"|quiza|a lo mejor|pasado|hace|en (?:vez|lugar) de|otra vez|mejor)\b"
)
_MAY_ASK = re.compile(r"\b(?:pueden|podrian|me ayud\w+|nos ayud\w+)\b")
_SENTENCE = re.compile(r"[^.;!?\n]*(?:[.;!?\n]+|$)")
# "avisos-b, 45 alumnos, mensual; lo demás igual que en avisos-a"
_LIKE_THE_OTHER = re.compile(
    r"\b(?:lo demas|el resto|todo)\b.{0,20}\b(?:igual|como|mism[oa]s?)\b"
    rf".{{0,20}}\b(?P<name>{SLUG})\b"
)
SAME_AS_THE_OTHER = re.compile(
    r"\b(?:todo )?(?:lo demas|(?:el )?resto|los demas datos|los otros datos|todo)\b.{0,30}"
    r"\b(?:igual|iguales|mism[oa]s?|identic[oa]s?|como en)\b"
    r"|\b(?:con )?(?:los )?mismos datos\b|\bigual que (?:las?|el) (?:otr[ao]|anterior|primer[ao])\b"
)


def _names(text: str) -> list[str]:
    """The names that stand in a text and look like an address's."""
    return [one[0] for one in A_SLUG.finditer(fold(text))]


def further_asked_for(
    message: Message, known: Collection[FieldValue] = ()
) -> tuple[Message, Message] | None:
    """The message up to where it asks for another thing than the one that it goes on
    with, whose name may be `known`, and what it says of that one; None where it asks for none."""
    for place, block in enumerate(message.blocks):
        if block.kind is not BlockKind.NEW:
            continue
        at = next(_asks_for_further(block.text[:_READ], message.things, known), None)
        if at is None:
            continue
        of_this, of_other = block.text[:at], block.text[at:]
        before = (*message.blocks[:place], Block(BlockKind.NEW, of_this))
        later = [b for b in message.blocks[place + 1 :] if b.kind is not BlockKind.NEW]
        other = (Block(BlockKind.NEW, of_other), *message.blocks[place + 1 :])
        own = tuple(b for b in other if b.kind in (BlockKind.NEW, BlockKind.SIGNATURE))
        alone = replace(message, blocks=own, documents=(), is_reply=False, answered="")
        return replace(message, blocks=(*before, *later)), alone
    return None


def without_names(message: Message, known: Collection[FieldValue]) -> Message:
    """The message where what is `known` is not called by its name: none is that of another."""
    names = {fold(str(one)) for one in known}

    def called(name: re.Match[str]) -> str:
        return "esa" if fold(name[0]) in names else name[0]

    blocks = (replace(block, text=A_SLUG.sub(called, block.text)) for block in message.blocks)
    return replace(message, blocks=tuple(blocks))


def _asks_for_further(
    text: str, things: Collection[str], known: Collection[FieldValue]
) -> Iterator[int]:
    """Where the sentences begin that ask for another of the things."""
    folded = fold(text)
    for like in _LIKE_THE_OTHER.finditer(folded):
        start = max(folded.rfind(stop, 0, like.start()) for stop in (". ", "? ", "! ", "\n", ": "))
        names = _names(folded[start + 1 : like.start()])
        if names and like["name"] not in names and names[0] not in known:
            yield start + 1 + len(folded[start + 1 :]) - len(folded[start + 1 :].lstrip(" "))
    for match in _SENTENCE.finditer(_marked(folded, things)):
        said = match[0]
        found = _ANOTHER.search(said) or _ALSO.search(said)
        if found is None or not _THING.search(said, found.start()):
            continue
        gap = found["gap"] or ""
        asks = "¿" in text[match.start() : match.end()] or said.rstrip().endswith("?")
        if _OTHER_GAP.search(gap) or _NOT_NOW.search(said, 0, found.end()):
            continue
        if asks and not _MAY_ASK.search(said):
            continue
        yield match.start() + len(said) - len(said.lstrip())


# --- another request, named by its number in the thread of one --------------------------------

_STOPS = re.compile(r"(?<=[.;!?])\s+")
_COMPARED = re.compile(r"\b(?:igual|como|mism[oa]s?|ademas|aparte)\b(?: \w{1,10}){0,4} ?\(?$")
_AND = re.compile(
    r"(?:[,;]? (?:y|e|pero)|[,;])?(?: (?:para|en|la|el|lo|de|otra|solicitud)){0,4} ?\(?$"
)


def of_this_request(
    message: Message, folio: str, folios: Callable[[str], Collection[str]]
) -> tuple[Message, str]:
    """The message without what it says of requests with other folios, and that: from where one
    is named up to the end of its paragraph, or to where this one is."""
    said: list[str] = []
    if not folio or not {*folios(message.new_text)} - {folio}:
        return message, ""
    blocks = tuple(
        replace(block, text=_of_this(block.text, folio, folios, said))
        if block.kind is BlockKind.NEW else block
        for block in message.blocks
    )  # fmt: skip
    return replace(message, blocks=blocks), " ".join(said)


def _of_this(
    text: str, folio: str, folios: Callable[[str], Collection[str]], said: list[str]
) -> str:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        other = False
        kept: list[str] = []
        for sentence in filter(None, _STOPS.split(paragraph)):
            named = sorted((sentence.upper().find(one), one) for one in folios(sentence))
            named = [(at, one) for at, one in named if not _COMPARED.search(fold(sentence[:at]))]
            ends = [*(at for at, _ in named), len(sentence)]
            if named and named[0][1] != folio and len(named) == 1:
                other, pieces = True, [(sentence, True)]
            elif named:
                before = sentence[: ends[0]]
                pieces = [(before, other and named[0][1] != folio)]
                spans = zip(named, ends[1:], strict=True)
                pieces += [(sentence[at:end], one != folio) for (at, one), end in spans]
                other = False
            else:
                pieces = [(sentence, other)]
            said += [piece for piece, away in pieces if away]
            here = "".join(piece for piece, away in pieces if not away)
            kept.append(_AND.sub("", here) if any(away for _, away in pieces) else here)
        lines.append(" ".join(kept).strip())
    return "\n".join(lines)

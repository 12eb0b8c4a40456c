"""Tells signatures from what somebody wrote.

When in doubt, text stays text: a form, a postscript or a correction below a signature must not be
lost, while a signature that is taken for text is only read in vain.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from bot.mail.parsing.additions import added, is_of_program
from bot.mail.parsing.banners import in_front
from bot.mail.parsing.footers import is_legal
from bot.mail.parsing.typed_text import Span, filled_runs
from nlp.text.fold import fold
from nlp.text.rhythm import rhythms_in
from nlp.types import Block, BlockKind

_DELIMITERS = frozenset({"--", "-- ", "---", "—", "__"})  # RFC 3676, 4.3, and how people copy it
_FAREWELL = re.compile(
    r"(?:muy )?(?:atentamente|atte|cordialmente|respetuosamente|saludos?|slds|abrazos?|gracias"
    r"|un (?:cordial |fuerte )?(?:saludo|abrazo)|reciban? un|muchas gracias|mil gracias|bendiciones"
    r"|sin (?:mas|otro)|quedo|agradez|est(?:oy|amos) para servir|a sus ordenes"
    r"|best|kind regards|regards|thanks|thank you|sincerely"
    r"|bonito dia|excelente dia|buen dia)\b"
)
_CONTACT = re.compile(
    r"\b(?:ext(?:ension)?|tels?|telefono|cel|celular|movil|whats ?app|conmutador|phone|fax)\b"
    r"|\S@\S|\bwww\.|https?://|\d{3}[ .-]\d{2,4}[ .-]\d{2}|\b[tmoce]:? ?\+?\(?\d{2,3}\)? ?\d"
)
_TITLE = re.compile(
    r"(?:(?:mtr[oa]|dr|dra|lic|ing|arq|psic|prof|profa|pbro|c\.?p|c\.?d|q\.?f\.?b|m\.?v\.?z"
    r"|m\.?a|m\.?c|sr|sra|srta|c|n\.?l|l\.?n|l\.?c\.?c|phd|msc)\b\.? +)+"
)
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "e", "da", "do", "van", "von", "san"})
# Words of a sentence or of the form: a line with one is no line of a signature.
_CONTENT = re.compile(
    r"\b(?:ser(?:e|a|ia|an)|soy|es|son|sea|quedo|queda|quedara|pido|pedimos|solicit\w+|favor"
    r"|corrij\w+|correccion|perdon|olvid\w+|falt[oa]\w*|adjunt\w+|anex\w+|lista|destinatari\w+"
    r"|justific\w+|aprob\w+|rechaz\w+|autoriz\w+|envio|visto|vigencia|objetivo|frecuencia|no|que)\b"
)
# So is one that is but an order, a consent, a date or a count: it may stand below a name.
_ANSWER = re.compile(
    r"\W*(?:(?:aprob|rechaz|cancel|pregunt|asign|clasific|confirm|retir)ar|corregir|unir|deshacer"
    r"|si|de acuerdo|conforme|procede"
    r"|adelante(?:, \w+)?)\W*$|.{0,20}\b\d{1,2} de (?:enero|febrero|marzo|abril|mayo|junio|julio"
    r"|agosto|septiembre|octubre|noviembre|diciembre)\b"
    r"|(?:unos |son )?\d[\d,. ]{0,8} [^\W\d_]{4,}s$"
)
# Of these, what is no part of an address or a position either.
_PERSONAL = re.compile(
    r"\b(?:ser(?:e|a|ia|an)|soy|quedo|quedara|pido|pedimos|solicit\w+|favor|corrij\w+|perdon"
    r"|olvid\w+|falto|destinatari\w+|responsable (?:del?|de los) envios?|necesit\w+|podrian?)\b"
)
_POSTSCRIPT = re.compile(
    r"\W*(?:p\.? ?[ds]\.?|post ?data|nota(?: \w{2,12})?|ojo|pd)\b ?[:.\-]|\W*p\.? ?[ds]\. "
)
_FORM_ROW = re.compile(r"[^:\t]{2,60}(?::|\t)\s*\S")
_FORM_LABEL = re.compile(
    r"\W*(?:tipo de|area|responsable|nombre d|objetivo|finalidad|destinatari|publico|dirigid|numero"
    r"|no\. de|frecuencia|periodicidad|vigencia|inicio|justificacion|motivo|visto|vo\.|lista)\b"
)
_LABEL_ABOVE = re.compile(
    r"(?:responsable|nombre|titular|visto bueno|vo\.? ?bo|autoriza|cargo|puesto|area|quien)"
)
_ANNOUNCES = re.compile(r"\b(?:datos|faltantes?|siguientes?|informacion|a continuacion)\W{0,3}$")
_CAPITAL = re.compile(r"(?<=\S) +(?=[A-ZÁÉÍÓÚÑ])")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!]")
_FAREWELL_BEFORE = re.compile(
    r"(?:saludos|atte|atentamente|gracias|cordialmente|att|slds|un saludo)"
    r"(?: cordiales)?[.,:]{1,2} ",
    re.IGNORECASE,
)
# What parts a name from what stands behind it on a line.
_PIECE = re.compile(
    r" ?[|·•;✦★◆►»~] ?| [-–—/*]{1,2} |, | ?[()]|[ ,]{1,3}(?=(?:tel|ext|cel|tels|conmutador)\b)",
    re.IGNORECASE,
)
# Behind such words a sentence goes on: what stands below is told, not signed.
_GOES_ON = re.compile(
    r"\b(?:es|son|ser|sera|seria|sea|queda|a|de|del|por|para|con|y|e|o|que|como)\W*$"
)
_COMMAND = re.compile(r"\s*[A-ZÁÉÍÓÚÑ]{5,20}\b")  # "RECHAZAR por duplicidad"
_DEGREE = re.compile(r", (?:mtr[oa]|dr|dra|lic|ing|phd|m\.?a|msc)\.?$", re.IGNORECASE)
_MAILBOX = re.compile(r"\s?<[^<>@\s]{1,64}@[^<>\s]{1,200}>$")
_TELEPHONE = re.compile(r"\d(?:[ ().-]{0,2}\d){9}")
_NUMBER = re.compile(r"\d")
_ONLY_TELEPHONE = re.compile(
    r"(?:tels?|telefono|cel|celular|movil|whats ?app)\b\W{0,3}(?:\d[ ().-]{0,2}){10,12}$"
)
_PLACE = re.compile(r"\b(?:calle|av(?:enida)?|barrio|col(?:onia)?|edificio|c\.? ?p\.? ?\d{5})\b")
_MOTTO = re.compile(  # "Todo lo puedo …" Flp 4,13; "La lectura es vida" Jorge Luis Borges
    r"\s*[\"“«].{1,80}[\"”»](?:[ (–—-]{1,3}(?:\d )?[A-ZÁÉÍÓÚÑ][^\W\d_]{1,15}\.?"
    r"(?: (?:[A-ZÁÉÍÓÚÑ][^\W\d_]{1,15}|\d{1,3}(?:[,:.-]\d{1,3}){0,2})){0,3}\)?)?\s*$"
)
_MOST_PARAGRAPHS = 6  # of one signature, where a program sets each line apart
_RULED = re.compile(r"\s*[-–—_=*~]{3,}\s*$")
_MAX_LINES = 12


def split_signature(
    typed: Sequence[str], author: str, above: str, *, more: bool, signed: bool
) -> list[Block]:
    """The blocks of a run of new lines: what was typed, what was added to it, the signature.

    `author` is the sender's name, to know it at the end; `above` the line before the run: a name
    below a quoted label is an answer. `more`: something new stands above that line, too; `signed`:
    right above is a signature that a program marked.
    """
    typed = _parted(typed, _words(author))
    additions = added(typed, told=more and signed)
    kinds = [additions.get(number, BlockKind.NEW) for number in range(len(typed))]
    # What was added is out of the way: a signature may stand above or below it.
    texts = ["" if number in additions else text for number, text in enumerate(typed)]
    spans = _paragraphs(texts)
    _after_delimiter(texts, spans, kinds, more=more)
    start, end = _name_block(texts, kinds, _words(author), above, more=more)
    while (
        start < end and start and (not texts[start - 1].strip() or _RULED.match(texts[start - 1]))
    ):
        start -= 1  # the rule above it is part of it
    _sign(kinds, start, end)
    return _blocks(typed, kinds)


def _parted(typed: Sequence[str], author: set[str]) -> Sequence[str]:
    """The lines, with what a server put before the first and a signature behind the last apart."""
    filled = [number for number, text in enumerate(typed) if text.strip()]
    if not filled:
        return typed
    lines = list(typed)
    last = lines[filled[-1]]
    whole = len(last) > 400 or _is_one_line(last, author)
    for match in () if whole else _CAPITAL.finditer(last):
        said, rest = last[: match.start()], last[match.end() :]
        signed = _SENTENCE_END.match(said[-4:]) and _is_one_line(rest, author, known=2)
        if signed or is_of_program(rest):
            lines[filled[-1] : filled[-1] + 1] = [said, "", rest]
            break
    first = lines[filled[0]]
    if end := in_front(first):
        lines[filled[0] : filled[0] + 1] = [first[:end].strip(), "", first[end:]]
    return lines


def _paragraphs(texts: Sequence[str]) -> list[Span]:
    return filled_runs([bool(text.strip()) for text in texts])


def _blocks(texts: Sequence[str], kinds: list[BlockKind]) -> list[Block]:
    for number, text in enumerate(texts):
        if number and not text.strip():
            kinds[number] = kinds[number - 1]
    blocks = []
    for kind, run in groupby(zip(kinds, texts, strict=True), key=lambda pair: pair[0]):
        text = "\n".join(text for _, text in run).strip("\n")
        if text.strip():
            blocks.append(Block(kind, text))
    return blocks


def _after_delimiter(
    texts: Sequence[str], spans: list[Span], kinds: list[BlockKind], *, more: bool
) -> None:
    """Mark what stands below a "-- " line, down to where somebody went on writing, or began."""
    at = _delimiter(texts)
    if at is None:
        return
    below = [(max(start, at + 1), end) for start, end in spans if end > at + 1]
    alone = not any(text.strip() for text in texts[:at])
    for number, (start, end) in enumerate(below):
        lines = texts[start:end]
        written = looks_written(lines, first=number == 0 or alone)
        bare = (alone and not more) or (number == 0 and not alone and not _reads_signed(lines))
        if written or (bare and _tells(lines)) or len(lines) > _MAX_LINES:
            return
        _sign(kinds, start, end)
        kinds[at] = BlockKind.SIGNATURE  # else it is but a line somebody drew


def _delimiter(texts: Sequence[str]) -> int | None:
    """Where a signature is set apart; not where such lines part what was announced, or items."""
    drawn = [n for n, text in enumerate(texts) if text.strip() in _DELIMITERS]
    for number, at in enumerate(drawn):
        end = drawn[number + 1] if number + 1 < len(drawn) else len(texts)
        above = _last(texts[:at])
        parts = len(drawn) > 1 or (above.endswith(":") and not _is_farewell(above))
        if not parts or _reads_signed([text for text in texts[at + 1 : end] if text.strip()]):
            return at
    return None


def _reads_signed(lines: Sequence[str]) -> bool:
    """Whether lines begin with a name, tell how somebody is reached or where, or are a saying."""
    text = fold(" ".join(lines))
    if _PLACE.search(text) and not _PERSONAL.search(text):
        return True
    told = any(_CONTACT.search(fold(text[:200])) for text in lines)
    return told or any(map(_is_name, lines[:1])) or any(map(_MOTTO.match, lines))


def _sign(kinds: list[BlockKind], start: int, end: int) -> None:
    """Mark new lines as signature."""
    for number in range(start, end):
        if kinds[number] is BlockKind.NEW:
            kinds[number] = BlockKind.SIGNATURE


def looks_written(lines: Sequence[str], *, first: bool) -> bool:
    """Whether lines in the place of a signature were typed for this message after all.

    `first`: they stand right below the delimiter, or in a mail that says nothing else, where a
    sentence is a saying ("Aprobar es fácil…") and nothing that was typed.
    """
    text = fold(" ".join(lines)).strip()
    rows = [line for line in lines if _FORM_ROW.match(line) and not _CONTACT.search(fold(line))]
    asked = any(_FORM_LABEL.match(fold(line)) for line in rows)
    if asked or len(rows) > 2 or _POSTSCRIPT.match(text):
        return True
    said = text[:1] in "\"'“«*_" or is_legal(text[:2_000])
    return not first and not said and len(text.split()) > 6 and bool(_CONTENT.search(text))


def _tells(lines: Sequence[str]) -> bool:
    """Whether lines ask for something or tell a number, where no saying does."""
    text = fold(" ".join(lines))
    return bool(_PERSONAL.search(text) or (_CONTENT.search(text) and _NUMBER.search(text)))


def _name_block(
    texts: Sequence[str], kinds: list[BlockKind], author: set[str], above: str, *, more: bool
) -> Span:
    """The lines of a name, a position and an extension that close the new text; perhaps none.

    They count as a signature where the name is the sender's, or stands below a farewell; they fill
    one to three short paragraphs, and nothing new stands below.
    """
    new = [n for n, kind in enumerate(kinds) if kind is BlockKind.NEW and texts[n].strip()]
    if not new:
        return (0, 0)
    bottom = new[-1] + 1
    for start, end in reversed(_paragraphs(texts[:bottom])[-_MOST_PARAGRAPHS:]):
        if kinds[start] is not BlockKind.NEW or bottom - start > _MAX_LINES + 8:
            break
        if end == bottom and (line := _one_line(texts, start, end, author)) is not None:
            before = [above, *texts[:line]]
            evident = (more or new[0] < line) and not _asks_for(before)
            return (line, end) if evident else (0, 0)
        if end == bottom and _signs_off(texts, end - 1, author, alone=start + 1 == end):
            return (end - 1, end)
        name = _name_line(texts, start, end, author)
        below = [] if name is None else [t for t in texts[name + 1 : bottom] if t.strip()]
        if name is not None and len(below) < _MAX_LINES and all(map(_is_sign_line, below)):
            lines = [above, *texts[:name]]
            # A name alone may be the answer to "who will be responsible?".
            known = more and len(_words(texts[name]) & author) > 1
            evident = (known or new[0] < name) and _is_evident(lines, texts[name], below, author)
            if evident:
                return (name, bottom)
        if not all(map(_is_sign_line, texts[start:end])):
            break
    return (0, 0)


def _signs_off(texts: Sequence[str], at: int, author: set[str], *, alone: bool) -> bool:
    """Whether a line is but the writer's first name, however short, a name behind a dash ("—Ana"),
    or a telephone of theirs; `alone`: it fills a paragraph."""
    text, above = texts[at].strip(" *_\t"), _last(texts[:at])
    if _ONLY_TELEPHONE.match(fold(text)):
        return alone and bool(above) and not _asks_for(texts[:at])
    name = text.lstrip("-\u2013\u2014")
    dashed = alone and 0 < len(text) - len(name) < 3 and name[:1] != " "
    closed = above.endswith((".", "!", "?")) and len(above.split()) > 3
    closed = closed or (_is_farewell(above) and (alone or bool(_last(texts[: at - 1]))))
    told = alone and len(above.split()) > 3 and not _GOES_ON.search(fold(above[-80:]))
    known = _is_known(name, author) and (closed or told)
    if not _is_called(name) or not (known or (dashed and closed)):
        return False
    return not (_asks_for(texts[:at]) or _LABEL_ABOVE.search(fold(above[-200:])))


def _is_called(text: str) -> bool:
    """Whether a text is one to three words that begin like a name's: "Vero L.", "R. Tamez"."""
    words = text.replace(".", " ").split()
    return text[:1].isupper() and 0 < len(words) <= 3 and all(map(str.isalpha, words))


def _is_known(name: str, author: set[str]) -> bool:
    """Whether a name is the author's, or short for it: "Sofi", "Meg"."""
    short = {known[: len(word)] for known in author for word in _words(name)}
    return bool(_words(name)) and _words(name) <= short


def _one_line(texts: Sequence[str], start: int, end: int, author: set[str]) -> int | None:
    """Where a signature of one line closes a paragraph, or is one."""
    last = end - 1
    if start == last:
        return last if _is_one_line(texts[last], author) else None
    goes_on = _GOES_ON.search(fold(texts[last - 1]))
    return last if not goes_on and _is_one_line(texts[last], author, known=2) else None


def _name_line(texts: Sequence[str], start: int, end: int, author: set[str]) -> int | None:
    """Where a name stands: at the head of a paragraph, or in it below a farewell."""
    for number in range(start, end):
        if not (_is_name(texts[number]) or _is_one_line(texts[number], author)):
            continue
        above = texts[number - 1].strip() if number > start else ""
        closed = above[-1:] in (".", ",", "!") or bool(_COMMAND.match(above))
        ends = closed and len(_words(texts[number]) & author) > 1
        if _MOTTO.match(above) and number > start + 1:
            above = texts[number - 2].strip()
        if number == start or _is_farewell(above) or _RULED.match(above) or ends:
            return number
    return None


def _is_evident(before: list[str], name: str, below: list[str], author: set[str]) -> bool:
    ruled = bool(_RULED.match(_last(before)))
    lines = [text for text in before if not (_RULED.match(text) or _MOTTO.match(text))]
    if _asks_for(lines):
        return False  # the name is the answer to what stands above it
    above = _last(lines)
    known = len(_words(name) & author)
    told = any(_CONTACT.search(fold(text[:200])) for text in below)
    return known > 1 or _is_farewell(above) or ((ruled or known == 1) and told)


def _is_one_line(text: str, author: set[str], known: int = 1) -> bool:
    """Whether a line is a name with its position, office and telephone behind it."""
    farewell = _FAREWELL_BEFORE.match(text[:80])
    pieces = [
        p.strip() for p in _PIECE.split(text[farewell.end() if farewell else 0 :]) if p.strip()
    ]
    if not 2 <= len(pieces) <= 8 or not _is_name(pieces[0]):
        return False
    # One writes from another's account: what answers a form gives an extension.
    whole = known == 1 and len(pieces) > 3 and bool(_TELEPHONE.search(text))
    named = len(_words(pieces[0]) & author) >= known
    return (named or whole) and all(map(_is_sign_line, pieces[1:]))


def _asks_for(before: Sequence[str]) -> bool:
    """Whether the last line before a name asks for one, or announces data."""
    above = _last(before)
    if len(above) < 30 and _is_farewell(above):
        return False
    label = len(above) < 60 and _LABEL_ABOVE.match(fold(above))
    return above.endswith((":", "\t")) or bool(label) or bool(_ANNOUNCES.search(fold(above[-80:])))


def _last(lines: Sequence[str]) -> str:
    """The last line that is not blank."""
    return next((text.strip() for text in reversed(lines) if text.strip()), "")


def _words(text: str) -> set[str]:
    return {word for word in re.split(r"[\s.,_@()*<>-]+", fold(text[:100])) if len(word) > 2}


def _is_name(text: str) -> bool:
    """Two to six words, all but particles capitalised, after a title or none."""
    text = _DEGREE.sub("", _MAILBOX.sub("", text.strip(" *_\t")).rstrip(".,"))
    if not 5 <= len(text) <= 60 or re.search(r"[\d:;?!¿¡/@\t|]", text):
        return False
    title = _TITLE.match(fold(text))
    words = [w for w in text[title.end() if title else 0 :].split() if w not in _PARTICLES]
    return 2 <= len(words) <= 6 and all(word[0].isupper() for word in words)


def _is_farewell(text: str) -> bool:
    return len(text) <= 80 and bool(_FAREWELL.match(fold(text)))


def _is_sign_line(text: str) -> bool:
    """A position, an office, a telephone: no sentence, no row of a form."""
    folded = fold(text[:200]).strip()
    if _MOTTO.match(text):
        return True
    if _CONTACT.search(folded):
        return len(text) <= 120 and "\t" not in text and not _PERSONAL.search(folded)
    rows = _FORM_ROW.match(text) or text.rstrip().endswith((":", "?"))
    told = _CONTENT.search(folded) or _ANSWER.match(folded) or rhythms_in(folded)
    return len(text) <= 90 and not rows and not told

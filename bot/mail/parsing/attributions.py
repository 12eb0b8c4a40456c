"""Attributions: sentences of a moment, an author and a word for "wrote", in some order.

"El lun, 28 jun 2021 a las 09:00, Ana (<ana@x.mx>) escribió:" and its like. Every function here
says whether a sentence is one of its kind; all patterns read folded text of bounded length.
"""

import re

from bot.mail.parsing.opening import OpeningSentence

_WEEKDAY = (
    r"(?:lun(?:es)?|mart?(?:es)?|mier?c?(?:oles)?|juev?(?:es)?|vier?n?(?:es)?|sab(?:ado)?|dom(?:ingo)?"
    r"|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?|seg|ter|qua|qui|sex|вс|пн|вт|ср|чт|пт|сб)\b\.?"
)
_MONTH = (
    r"(?:ene|jan|feb|mar|abr|apr|may|jun|jul|ago|aug|sep|set|oct|out|nov|dic|dec|dez)[a-z]{0,8}\.?"
)
# A number alone is none: somebody may have typed it right above.
_DATE = (
    rf"(?:{_WEEKDAY}(?:,? ?[^\W_]|-)|{_MONTH} \d"
    rf"|\d{{1,4}}(?:[/.:-] ?(?:\d|{_MONTH})|(?:[.º°]|st|nd|rd|th)?,? (?:de |of )?{_MONTH}|年))"
)
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
MOMENT = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
"""A time, a year or a date, somewhere in a folded line."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d(?::\d\d)? (?:gmt|utc)")

# What opens an attribution and the words that close it, by language; where the opening word is
# one of Spanish or English prose as well, a date must follow it.
_CLOSED = (
    r"(?:escribio|escribi|ha escrito?|escribia|escribe|wrote|writes|wrote on|dijo|said|says|sent)"
)
# Gmail on iPhone writes the article twice.
_OPENS = re.compile(rf"(?:el (?=el ))?(?:(?:el|en|a(?: las)?|on|at|al)(?: dia)?,? )?{_DATE}")
_FOREIGN = (
    (re.compile(r"le "), re.compile(r"(?:a ecrit|nous a dit) ?:?$")),
    (re.compile(r"am "), re.compile(r"(?:geschrieben|schrieb|schrieben sie)\b.{0,120}:?$")),
    (re.compile(r"em "), re.compile(r"escreveu ?:?$")),
    (re.compile(r"(?:il|in data) "), re.compile(r"ha scritto ?:?$")),
    (re.compile(r"op "), re.compile(r"(?:geschreven|schreef\b.{0,120}) ?:?$")),
    (re.compile(r"(?:den|\w{1,4}\.) "), re.compile(r"skrev\b.{0,120}:?$")),
    (re.compile(r"(?:w )?dni[ua] |\d"), re.compile(r"(?:napisał|pisze|napisal)[^:]{0,5}:?$")),
    (re.compile(r"pe "), re.compile(r"kirjoitti ?:?$")),
    (re.compile(r"[\dа-я]"), re.compile(r"(?:(?:написа[лв]|пише)\w{0,3} ?:?|\bот [^:]{2,200}:)$")),
    (re.compile(r"在"), re.compile(r"写道 ?[:：]?$")),
    # "のメッセージ", as fold() leaves it: without the mark on the last sign.
    (re.compile(r"20\d\d"), re.compile(r"(?:작성|のメッセーシ) ?:$")),
)
_AGAIN = re.compile(rf"\S (?:el|on) {_DATE}")  # then the first date was typed above
WROTE = re.compile(rf"\b{_CLOSED}\s?:?$")
"""How a folded attribution ends: "… escribió:"."""

_WORDS = 34  # a longer sentence is somebody's own

_AUTHOR_WROTE = re.compile(
    r"[^:]{2,200}\b(?:escribio|ha escrito|escribe|wrote|writes|schrieb) ?:?$"
)
_AUTHOR_WROTE_WHEN = re.compile(
    r"[^:]{2,200}\b(?:escribio|ha escrito|wrote|schrieb|hat) ?,? (?:el|on|en|at|a las|am)\b ?"
    rf"(?={_DATE}).{{1,80}}:$"
)
_SCHRIEB_AM = re.compile(r"[^:@]{2,100}@[^:]{3,100} schrieb am .{4,60}:$")
_WROTE_AUTHOR = re.compile(
    rf"(?:(?:el|on|en|am|op|den|\w{{1,4}}\.) )?{_DATE}.{{2,80}}"
    r"\b(?:escribio|wrote|schrieb|schreef|skrev) [^:]{2,200}(?::|geschreven:?)$"
)
_ADDRESS = r"[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]]{3,200}"
# Behind it "wrote" in any language.
_ENCLOSED = re.compile(rf"[<(\[] ?(?:mailto:)?{_ADDRESS} ?[>)\]]{{1,2}}(?: \w{{1,16}}){{0,3}} ?:?$")
_DAY_AND_ADDRESS = re.compile(
    rf"\d{{4}}[/-]\d{{1,2}}[/-]\d{{1,2}} [^:<>@]{{2,80}}< ?{_ADDRESS}>?:?$"
)
_AUTHOR_DASH_DATE = re.compile(rf"[^:<>@]{{0,80}}{_ADDRESS} [-–] {_DATE}.{{0,30}}\d:\d\d$")
_BY = re.compile(rf"\b(?:por|by|de|from|от|von|par) {_ADDRESS}:$")
_ARROWS = re.compile(r">>>.{3,300}>>>$")
_QUOTES = re.compile(
    r"(?:mensaje citado (?:por|de)|citado por|citando (?:a )?|cita de|en cita de|quoting|quote from"
    r"|zitat von|citation de|quotation from)\b[^:]{2,200}:$"
)
_DASHED_DATE = re.compile(
    r"[^:\d]{2,100}-{2,4} ?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?"
    r"(?: ?[ap]\.? ?m\.?)? ?-{2,4}"
)
_DASHED_SUBJECT = re.compile(r"[^:\d]{2,100} -{3} [^-].{0,200}$")


def moment_author_wrote(said: OpeningSentence) -> bool:
    """ "El lun, 28 jun 2021 a las 09:00, Ana (<ana@x.mx>) escribió:", "On …, Ana wrote:"."""
    text = said.text
    if not (said.introduces or "@" in text):
        return False
    if len(text.split()) > _WORDS or not MOMENT.search(text):
        return False
    if any(opens.match(text) and closes.search(text) for opens, closes in _FOREIGN):
        return said.introduces
    opened = _opens(text) or text.startswith(("in message ", "in article "))
    return opened and WROTE.search(text) is not None


def _opens(text: str) -> bool:
    """Whether a sentence begins with a date, and none begins anew behind it."""
    opens = _OPENS.match(text)
    return opens is not None and not _AGAIN.search(text, opens.end())


def author_wrote_moment(said: OpeningSentence) -> bool:
    """ "Ana escribió el 28/06/21 a las 09:00:", "Ana wrote on 06/28/2021 09:00:00 AM:"."""
    if not said.text.endswith(":") or not MOMENT.search(said.text):
        return False
    return bool(_AUTHOR_WROTE_WHEN.match(said.text) or _SCHRIEB_AM.match(said.text))


def moment_wrote_author(said: OpeningSentence) -> bool:
    """ "El 28 jun 2021 9:00 escribió Ana <ana@x.mx>:", as German and Nordic programs order it."""
    return bool(_WROTE_AUTHOR.match(said.text)) and (said.names_somebody or said.marked)


def author_wrote(said: OpeningSentence) -> bool:
    """ "Ana <ana@x.mx> escribió:", also between dashes (iNotes)."""
    if not said.introduces or len(said.text.split()) > 16 or not _AUTHOR_WROTE.match(said.text):
        return False
    return said.names_somebody or said.dashed or " via " in said.text


def moment_author(said: OpeningSentence) -> bool:
    """ "2021-06-28 9:00 GMT-05:00 Ana <ana@x.mx>:", and Mail.ru's "… from Ana <ana@x.mx>:"; in any
    language what begins with a year, "2021. 06. 28. 9:00 keltezéssel, Ana írta:"."""
    text = said.text
    if _YEAR.match(text) and text.endswith(":") and _TIME.search(text):
        return said.marked or said.names_somebody
    if _DAY_AND_TIME.match(text) and len(text.split()) < 12:
        return said.introduces or text[-1].isalpha()
    if _DAY_AND_ADDRESS.match(text):
        return True
    if not _opens(text) or len(text.split()) > _WORDS or not MOMENT.search(text):
        return False
    if not (_ENCLOSED.search(text) or _BY.search(text)):
        return False
    return said.marked or (text.endswith(":") and bool(_TIME.search(text)))


def author_moment(said: OpeningSentence) -> bool:
    """ ""Ana" ana@x.mx – 28 de junio de 2021 9:00" (Nextcloud)."""
    return bool(_AUTHOR_DASH_DATE.match(said.text)) and (said.marked or said.known)


def quoting(said: OpeningSentence) -> bool:
    """ "Mensaje citado por Ana <ana@x.mx>:" (Horde)."""
    return bool(_QUOTES.match(said.text)) and (said.names_somebody or said.marked)


def arrows(said: OpeningSentence) -> bool:
    """ ">>> Ana <ana@x.mx> 28/06/2021 09:00 >>>" (GroupWise)."""
    return bool(_ARROWS.match(said.joined) and _TIME.search(said.text))


def between_dashes(said: OpeningSentence) -> bool:
    """ "Ana ---28/06/2021 09:00:00---Buenos días …" (Notes), "Ana --- Asunto ---" (Verse)."""
    if "--" not in said.text:
        return False
    return bool(_DASHED_DATE.match(said.text)) or (
        bool(_DASHED_SUBJECT.match(said.text)) and said.known
    )

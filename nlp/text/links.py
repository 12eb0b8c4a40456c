"""Links and names of files: nobody's answer, whatever words stand in them.

An address that is followed by its link, as mail programs and gateways write it (Safe Links,
urldefense, mailto), is one address.
"""

import re
from dataclasses import replace

from nlp.types import Block, Message

_SCHEME = r"(?:https?|ftp|file|webcal|sip|tel|mailto):"
# A place on a host, as some programs write it without the scheme.
_PLACE = r"(?:[\w-]{1,63}\.){1,6}[a-z]{2,12}(?::\d{1,5})?[/?#]"


def _bracketed(start: str) -> str:
    """In any bracket, perhaps broken over lines; rewritten links have brackets of their own at most
    percent-encoded."""
    return (
        rf"(?:<\s*{start}[^<>]{{0,2500}}>|\[\s*{start}[^\[\]\s]{{0,2500}}\s?\]"
        rf"|\(\s*{start}[^()\s]{{0,2500}}\s?\))"
    )


_TARGET = _bracketed(_SCHEME)
_ADDRESS = r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_MARKDOWN = re.compile(rf"\[({_ADDRESS})\]\(\s*(?:{_SCHEME})[^()\s]{{0,2500}}\)", re.IGNORECASE)
_AFTER_ADDRESS = re.compile(
    rf"(?<=@)([\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,8}})\*?"
    rf"(?:\s?{_bracketed(f'(?:{_SCHEME}|{_PLACE})')}|\s{{1,2}}(?:https?://)?"
    r"(?:[\w.-]{0,40}safelinks\.protection|urldefense\.|linkprotect\.cudasvc"
    r"|[\w.-]{0,30}google\.com/url)\S{0,2500}){1,3}",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"[ \t]?{_TARGET}", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w@])(?:(?:h(?:tt|xx)ps?|ftp|file|webcal)://|mailto:|www\.|[a-z]:\\|\\\\)[^\s<>\"]{1,2500}",
    re.IGNORECASE,
)
_SITE = re.compile(
    r"(?<![\w@.+-])(?:[a-z0-9-]{1,63}\.){1,5}(?:(?:com|net|org|edu|gob|mx|gle"
    r"|ly)(?:\.[a-z]{2})?(?:[/?#][^\s<>]{0,2000})?|[a-z]{2,6}[/?#][^\s<>]{1,2000})(?![\w@.-])",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?<![\w@.-])[\w.-]{1,120}\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|jpe?g|png|gif|heic|zip|rar|csv"
    r"|txt|eml|msg|ics|html?|mp4|vcf)\b(?![@/])",
    re.IGNORECASE,
)
# The same with blanks in its name, on a line that says so: "Adjunto: Padrón 300 personas.xlsx".
_NAME = (
    r"(?:[\w()-]{1,40}[ \t]){1,9}[\w()-]{1,40}\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|heic|zip|csv)\b"
)
_FILE_LINE = re.compile(
    rf"^(?:[^\w\n]{{0,4}}(?:adjunto|anexo|archivo|attachment|file):[ \t]*{_NAME}"
    rf"|\U0001f4ce ?{_NAME}|[^\w\n]{{0,4}}{_NAME}[^\w\n]{{1,3}}[\d.,]{{1,6}} ?[KM]B)[^\w\n]{{0,3}}"
    r"(?:[\d.,]{1,6} ?[KM]B[^\w\n]{0,2})?$",
    re.IGNORECASE | re.MULTILINE,
)
_GLUED = re.compile(
    r"(?<=@)([\w-]{1,63}(?:\.[\w-]{1,63}){0,7}\.[a-z]{2,12}?)(?=https?://)", re.IGNORECASE
)
_MARK = re.compile("[:/?]")
_HINT = re.compile(r"[:@\\]|\.\w")


def one_address(text: str) -> str:
    """`text` with every address that its link follows standing alone."""
    if "@" not in text or not _MARK.search(text):
        return text
    return _AFTER_ADDRESS.sub(r"\1", _MARKDOWN.sub(r"\1", _GLUED.sub(r"\1 ", text)))


def without_targets(text: str) -> str:
    """`text` as people see it: without the links that programs write in brackets behind words."""
    return _IN_BRACKETS.sub("", one_address(text)) if ":" in text else text


def without_links(text: str) -> str:
    """`text` without links and names of files: what is left may hold data."""
    if not _HINT.search(text):
        return text
    for pattern in (_BARE, _SITE, _FILE_LINE, _FILE):
        text = pattern.sub(" ", text if pattern is not _BARE else without_targets(text))
    return text


def only_words(message: Message) -> Message:
    """The message without links in its subject, blocks and documents, to read data from."""
    return replace(
        message,
        subject=without_links(message.subject),
        blocks=tuple(Block(b.kind, without_links(b.text)) for b in message.blocks),
        documents=tuple(replace(d, text=without_links(d.text)) for d in message.documents),
        answered=without_links(message.answered),
    )

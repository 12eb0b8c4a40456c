"""The MIME tree of a message: which parts are its text, which are files.

mail-parser builds the tree. Every text part is offered in two views, the plain one and the HTML
one, because multipart/alternative (RFC 2046, section 5.1.4) holds the same words twice, and people
are shown only one of them.
"""

import logging
import re
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32
from email.utils import collapse_rfc2231_value
from itertools import islice

import mailparser

from bot.mail.parsing import signed
from bot.mail.parsing.bounds import check_structure
from bot.mail.parsing.limits import Limits, RefusedError
from bot.mail.parsing.words import decode_words
from nlp.text.charset import decode
from nlp.text.fold import compose, one_line
from replies.phrases import say

# It warns of every part that is neither text nor file; that is no news to an operator.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)
# It composes every body (NFC), and so sorts a run of combining marks in quadratic time.
mailparser.utils.normalize = lambda _, text: compose(text)

log = logging.getLogger(__name__)

CLOSED = say("attachment.message_damaged")
REACTION = "text/vnd.google.email-reaction+json"  # developers.google.com/gmail/reactions
_FORM = re.compile(rf"(?!{re.escape(REACTION)}$)(?:text/|.*\+json$)")
_BODY_TYPES = frozenset({"text/plain", "text/html"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_METHOD = re.compile(rb"^METHOD:([A-Za-z-]{1,40})", re.M)
_METHOD_WITHIN = 4_000  # bytes
_PIECE = 2**16  # bytes
_MIME_FIELDS = frozenset({"content-type", "content-disposition"})
# Parts that are neither text nor file when they have no name: other forms of the same text, and
# the machine's half of a report (RFC 3464, RFC 8098).
_UNLISTED = frozenset({
    "text/calendar", "text/x-amp-html", "text/watch-html", "text/rfc822-headers",
    "message/delivery-status", "message/disposition-notification", "message/feedback-report",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part that is read as text; `flowed` and `delsp` as RFC 3676 defines them."""

    text: str
    html: bool = False
    flowed: bool = False
    delsp: bool = False


@dataclass(frozen=True, slots=True)
class FilePart:
    """A part that is a file; `name` as the sender wrote it, perhaps empty.

    `problem` says in Spanish why its content cannot be had.
    """

    name: str
    content_type: str
    inline: bool
    data: bytes
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """A message taken apart; `plain` and `html` are the same tuple where there is one view.

    `reaction` is the part that says so where a message is but a reaction, else empty.
    """

    content_type: str
    part_types: tuple[str, ...]
    plain: tuple[TextPart, ...]
    html: tuple[TextPart, ...]
    files: tuple[FilePart, ...]
    defects: tuple[str, ...]
    reaction: bytes = b""


Views = tuple[tuple[TextPart, ...], tuple[TextPart, ...]]


def take_apart(message_bytes: bytes, limits: Limits) -> Structure:
    """The structure of a message whose bounds were checked (`bounds.check_structure`).

    Of its own head only the MIME fields are needed here.
    """
    message, defects = _tree(message_bytes)
    parts = list(islice(message.walk(), limits.parts + 1))
    if len(parts) > limits.parts:
        raise RefusedError(say("unreadable.parts"))
    files: list[FilePart] = []
    plain, html = _views(message, files, limits, top=True)
    return Structure(
        content_type=message.get_content_type(),
        part_types=tuple(_type_of(part) for part in parts),
        plain=plain,
        html=html,
        files=tuple(file for file in files if file.content_type != REACTION),
        reaction=next((file.data for file in files if file.content_type == REACTION), b""),
        defects=tuple(sorted(defects)),
    )


def _tree(message_bytes: bytes) -> tuple[Message, set[str]]:
    """The parts of a message, and the kinds of defects that mail-parser found in them."""
    message = _parsed(message_bytes)
    try:
        defects = mailparser.MailParser(message).defects_categories
    except Exception:  # it trips over codecs and boundaries that the tree alone can do without
        log.info("mail-parser could not interpret a message", exc_info=True)
        return message, {"uninterpreted"}
    return message, {str(defect) for defect in defects}


def _parsed(message_bytes: bytes) -> Message:
    """Fed in pieces: given the whole at once, the parser keeps four bytes for each."""
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(message_bytes), _PIECE):
        parser.feed(message_bytes[start : start + _PIECE])
    return parser.close()


def _param(part: Message, name: str) -> str:
    """A parameter of Content-Type, RFC 2231 or not; empty where there is none."""
    value = part.get_param(name)
    return collapse_rfc2231_value(value) if value else ""


def _type_of(part: Message) -> str:
    kind = one_line(part.get_content_type(), 100)
    if kind == "multipart/report" and (report := _param(part, "report-type")):
        return f"{kind}; report-type={one_line(report, 60).lower()}"
    if kind in _CALENDARS and (method := _param(part, "method") or _method_in(part)):
        return f"{kind}; method={one_line(method, 60).lower()}"
    return kind


def _method_in(calendar: Message) -> str:
    """What a calendar asks for (RFC 5546, 1.4), where its part does not say so (RFC 6047, 2.4)."""
    found = _METHOD.search(_decoded(calendar)[:_METHOD_WITHIN])
    return found[1].decode("ascii") if found else ""


def _views(part: Message, files: list[FilePart], limits: Limits, *, top: bool = False) -> Views:
    """The plain and the HTML view of the text in `part`; files in it are appended to `files`."""
    kind = part.get_content_type()
    if kind.startswith("message/") or not part.is_multipart():
        return _leaf(part, files, limits, top=top)
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if kind != "multipart/alternative":
        return _concat([_views(child, files, limits) for child in children])
    views = [_views(child, files, limits) for child in children]
    # Other forms of the same text (enriched text, linked data) are no files.
    files[:] = [f for f in files if f.name or not _FORM.match(f.content_type)]
    # The first form is the plainest; people are shown the last one that their program knows.
    plain = next((v[0] for v in views if any(not p.html for p in v[0])), ())
    shown = [v[1] for v in reversed(views) if v[1]]
    html = next((v for v in shown if any(p.html for p in v)), shown[0] if shown else ())
    return plain or html, html


def _concat(views: list[Views]) -> Views:
    plain = tuple(p for v in views for p in v[0])
    html = tuple(p for v in views for p in v[1])
    return plain, (plain if plain == html else html)


def _leaf(part: Message, files: list[FilePart], limits: Limits, *, top: bool) -> Views:
    kind = part.get_content_type()
    disposition = (part.get_content_disposition() or "").strip().lower()
    name = file_name(part)
    kind = REACTION if disposition == "reaction" else kind  # RFC 9078
    broken = kind.startswith("multipart/")  # no boundary was found in it: text, all of it
    if broken or (kind in _BODY_TYPES and disposition != "attachment" and (top or not name)):
        text = _text_part(part, html=kind == "text/html", limits=limits)
        before, sealed, rest = text.text.partition(signed.PGP_MESSAGE)
        if sealed and not text.html:
            files.append(FilePart("mensaje.asc", signed.PGP, False, b"", signed.ENCRYPTED))
            text = replace(text, text=before + rest.partition(signed.PGP_END)[2])
        return (text,), (text,)
    if kind in signed.TYPES or name.lower().endswith(".p7m"):
        return _unwrapped(part, name, kind, files, limits)
    if _is_sealed(part, name.lower(), kind):
        files.append(FilePart(name, kind, False, b"", signed.ENCRYPTED))
        return (), ()
    if (name or kind not in _UNLISTED) and len(files) < limits.attachments:
        inline = disposition == "inline" or (disposition == "" and "content-id" in part)
        try:
            data, problem = _bytes_of(part), ""
        except (UnicodeError, MessageError):  # an attached message that no one could have sent
            data, problem = b"", CLOSED
        files.append(FilePart(name, kind, inline, data, problem))
    return (), ()


def _is_sealed(part: Message, name: str, kind: str) -> bool:
    """The text of encrypted mail: PGP/MIME (RFC 3156), Microsoft's protected message."""
    pgp = kind == "application/octet-stream" and (
        ("encrypted" in name and name.endswith(".asc"))
        or str(part.get_payload())[:200].lstrip().startswith(signed.PGP_MESSAGE)
    )
    return pgp or name.endswith(".rpmsg")


def _unwrapped(part: Message, name: str, kind: str, files: list[FilePart], limits: Limits) -> Views:
    """The text inside opaque S/MIME (RFC 8551, 3.5.2); a file that says so where it is closed."""
    data = _decoded(part)
    try:
        inner = signed.signed_content(data)
        problem = signed.ENCRYPTED if inner is None else ""
    except ValueError:
        inner, problem = None, CLOSED
    if inner is None:
        files.append(FilePart(name, kind, False, data, problem))
        return (), ()
    check_structure(inner, limits)
    message = _parsed(inner)
    whole = message.get_payload(0) if message.get_content_type() == "message/rfc822" else None
    if isinstance(whole, Message):
        message = whole  # its head is signed, too (RFC 8551, 3.1)
    return _views(message, files, limits, top=True)


def _text_part(part: Message, *, html: bool, limits: Limits) -> TextPart:
    data = _decoded(part)
    most = limits.html_chars if html else limits.text_chars
    text = decode(data[: most * 4], _param(part, "charset"))[:most]
    flowed = _param(part, "format").lower() == "flowed"
    delsp = _param(part, "delsp").lower() == "yes"
    return TextPart(text, html, flowed and not html, delsp)


def _bytes_of(part: Message) -> bytes:
    """The content of a file; an attached message is written out again."""
    if not part.is_multipart():
        return _decoded(part)
    inner = part.get_payload(0)
    for broken in (p for p in part.walk() if not p.is_multipart()):
        if broken.get_content_maintype() == "multipart":  # without boundary: it is read as text
            broken.replace_header("Content-Type", "text/plain")
    written = inner.as_bytes() if isinstance(inner, Message) else b""
    if str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
        return written
    # Not allowed (RFC 2046, 5.2.1), but sent: then the inner message is one run of gibberish.
    encoded = Message()
    encoded["Content-Transfer-Encoding"] = "base64"
    encoded.set_payload(written.decode("ascii", "replace"))
    return _decoded(encoded)


def _decoded(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def file_name(part: Message) -> str:
    """The name of a part, decoded: RFC 2231 (continued, with charset), RFC 2047, raw 8-bit."""
    told = [(f, str(raw)) for f, raw in part.raw_items() if f.lower() in _MIME_FIELDS]
    if not any("name" in value.lower() for _, value in told):
        return ""
    view = Message()
    for field, raw in told:
        view[field] = decode(raw.encode("utf-8", "surrogateescape"))
    try:
        name = view.get_filename("") or ""
        name = collapse_rfc2231_value(name)
    except (ValueError, LookupError, TypeError):
        return ""
    return one_line(decode_words(name.encode("utf-8", "surrogateescape")), 1_000)

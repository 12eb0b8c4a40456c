"""The bytes of a mail: headers encoded and folded, text in quoted-printable, files in base64.

RFC 5322 and 2045 to 2047. The standard library's EmailMessage takes more time for this than all
else that a message costs; only what our own mails need is here, on the C codecs beneath it.
"""

import base64
import binascii
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import quote
from itertools import chain

from bot.workflow.message import Address

LINE = 76  # characters of a folded line (RFC 2047, 2); RFC 5322 asks for less than 79
LONGEST_LINE = 998  # octets of any line (RFC 5322, 2.1.1)
WORD_BYTES = 39  # of UTF-8 in an encoded word, so that one fits into a line beside a name
CRLF = "\r\n"


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; its name in ASCII, without quotes."""

    name: str
    content_type: str
    data: bytes


def mail_bytes(headers: Iterable[tuple[str, str]], text: str, html: str, *files: File) -> bytes:
    """A whole mail of `headers` (as `header` takes them), both bodies and perhaps files."""
    plain = _printable("plain", CRLF.join(text.splitlines()).encode())
    content = _multipart("alternative", plain, _html(html))
    if files:
        content = _multipart("mixed", content, *map(_attached, files))
    lines = [header(name, value) for name, value in headers]
    return "".join([*lines, "MIME-Version: 1.0\r\n"]).encode("ascii") + content


def header(name: str, value: str) -> str:
    """One field, folded, with its line end; `value` is ASCII, as `words` and `address` give it.

    Raises ValueError where it holds a line break, which would begin a header of its own.
    """
    if "\r" in value or "\n" in value:
        raise ValueError(f"a line break in {name}")
    return _folded(f"{name}: {value}")


def words(value: str) -> str:
    """A text as the value of a header: from its first to its last foreign word encoded.

    A word that looks like an encoded one is foreign too: nobody shall read in it what it hides.
    """
    parts = value.split(" ")
    foreign = [n for n, part in enumerate(parts) if not part.isascii() or "=?" in part]
    if not foreign:
        return value
    first, last = foreign[0], foreign[-1] + 1
    return " ".join([*parts[:first], _encoded(" ".join(parts[first:last])), *parts[last:]])


def address(who: Address) -> str:
    """An address with its display name, as the value of a header (RFC 5322, 3.4)."""
    if not who.name:
        return who.email
    plain = who.name.isascii() and "=?" not in who.name
    name = f'"{quote(who.name)}"' if plain else _encoded(who.name)
    return f"{name} <{who.email}>"


def _encoded(text: str) -> str:
    """Encoded words, none of them longer than 75 characters or cut within a notification (RFC
    2047).
    """
    chunks = [b""]
    for letter in text:
        data = letter.encode("utf-8", "replace")
        if len(chunks[-1]) + len(data) > WORD_BYTES:
            chunks.append(b"")
        chunks[-1] += data
    return " ".join(f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in chunks)


def _folded(line: str) -> str:
    """A field over several lines where it is long; it is broken at blanks only."""
    if len(line) <= LINE:
        return line + CRLF
    name, first, *words = line.split(" ")
    lines = [f"{name} {first}"]  # some programs show nothing of a field that begins with a fold
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}"
    return CRLF.join(lines) + CRLF


def _multipart(kind: str, *parts: bytes) -> bytes:
    # "=_" occurs in neither quoted-printable nor base64 (RFC 2045, 6.7).
    boundary = f"=_{secrets.token_hex(12)}"
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{CRLF}{CRLF}'.encode()
    mark = f"--{boundary}".encode()
    between = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    return head + between + mark + b"--\r\n"


def _html(content: str) -> bytes:
    """With references for letters beyond ASCII: as a rule nothing is left to encode."""
    html = content.encode("ascii", "xmlcharrefreplace")
    lines = list(chain.from_iterable(map(_broken, html.splitlines())))
    if any(len(line) > LONGEST_LINE for line in lines):
        return _printable("html", b"\r\n".join(lines))
    return b'Content-Type: text/html; charset="utf-8"\r\n\r\n' + b"\r\n".join(lines) + b"\r\n"


def _broken(line: bytes) -> list[bytes]:
    """A long line of HTML over several, within its tags: quotes elsewhere are references."""
    if len(line) <= LONGEST_LINE:
        return [line]
    return line.replace(b' style="', b'\nstyle="').split(b"\n")


def _printable(kind: str, data: bytes) -> bytes:
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + binascii.b2a_qp(data + b"\r\n", istext=True)


def _attached(file: File) -> bytes:
    head = (
        f"Content-Type: {file.content_type}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{file.name}"\r\n\r\n'
    )
    return head.encode() + base64.encodebytes(file.data).replace(b"\n", b"\r\n")

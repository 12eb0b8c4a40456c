"""Who and what goes over the wire, in the form this very server can take.

8BITMIME is RFC 6152, SMTPUTF8 RFC 6531, SIZE RFC 1870.
"""

from __future__ import annotations

import email
import email.policy
import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass

# Whatever could end the command or the path in it: control characters, spaces, brackets.
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f@]+(?:@[^\s<>\x00-\x1f\x7f@]+)+")


@dataclass(frozen=True, slots=True)
class Envelope:
    """`recipients` and `impossible` pair the address as given with its form on the wire or why not.

    `data` ends with the lone dot, other dots doubled, every line end CRLF.
    """

    sender: str
    recipients: tuple[tuple[str, str], ...]
    impossible: tuple[tuple[str, str], ...]
    options: tuple[str, ...]
    data: bytes


def prepare(smtp: smtplib.SMTP, mail_from: str, recipients: Sequence[str], data: bytes) -> Envelope:
    """The envelope for a server that has told its extensions; raises nothing."""
    speaks_utf8 = smtp.has_extn("smtputf8")
    possible: list[tuple[str, str]] = []
    impossible: list[tuple[str, str]] = []
    for recipient in dict.fromkeys(recipients):
        address = _on_the_wire(recipient)
        if not address:
            impossible.append((recipient, "not an address"))
        elif not address.isascii() and not speaks_utf8:
            impossible.append((recipient, "the server takes no address with such letters"))
        else:
            possible.append((recipient, address))
    sender = _on_the_wire(mail_from)
    headers = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    utf8 = not (sender + "".join(a for _, a in possible)).isascii() or not headers.isascii()
    if not data.isascii() and not (smtp.has_extn("8bitmime") and (speaks_utf8 or not utf8)):
        data = _seven_bit(data)
        utf8 = utf8 and speaks_utf8
    options = [f"SIZE={len(data)}"] if smtp.has_extn("size") else []
    if not data.isascii():
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
    return Envelope(sender, tuple(possible), tuple(impossible), tuple(options), _quoted(data))


def _on_the_wire(address: str) -> str:
    """An address fit for MAIL or RCPT, its domain in ASCII; empty where there is none."""
    if not _ADDRESS.fullmatch(address) or len(address) > 320:
        return ""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""


def _quoted(data: bytes) -> bytes:
    """RFC 5321, 4.5.2. A bare CR or LF would let a body smuggle a second message in."""
    ends = data.count(b"\r\n")
    if not ends == data.count(b"\r") == data.count(b"\n"):  # not one of ours
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    data = (b"." if data.startswith(b".") else b"") + data.replace(b"\n.", b"\n..")
    return data + (b"" if data.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _seven_bit(data: bytes) -> bytes:
    """The same message in ASCII, for the rare server that takes nothing else."""
    message = email.message_from_bytes(data, policy=email.policy.SMTP.clone(cte_type="7bit"))
    return message.as_bytes()

"""Keys are kept beside the mails that carry them, which hold stand-ins until they are sent.

Once a mail is sent or cancelled its keys are forgotten, and nothing in it must be written anew.
"""

import re
import secrets
from collections.abc import Iterable

from bot.store.identity import id_hash

BREAK = rb"(=\r\n)?"  # of quoted-printable, where it may have cut a key (RFC 2045, 6.7)


def hidden(raw: bytes, keys: Iterable[str]) -> tuple[bytes, str]:
    """A mail with a stand-in in the place of each key, and what `shown` needs to undo that."""
    pairs = [(key, _stand_in(len(key))) for key in keys]
    for key, stand_in in pairs:
        raw = _replaced(raw, key.encode(), stand_in.encode())
    return raw, " ".join(f"{stand_in}={key}" for key, stand_in in pairs)


def shown(raw: bytes, secret: str) -> bytes:
    """The mail as it is to be sent."""
    for pair in secret.split():
        stand_in, _, key = pair.partition("=")
        raw = _replaced(raw, stand_in.encode(), key.encode())
    return raw


def known_as(message_id: str, keys: Iterable[str]) -> str:
    """A Message-ID as it may be kept: its hash, where it carries a key."""
    return id_hash(message_id) if any(key in message_id for key in keys) else message_id


def _stand_in(length: int) -> str:
    """Readable for people, random so that nobody's text holds it; as long as what it hides."""
    return f"llave.oculta.{secrets.token_hex(length)}"[:length]


def _replaced(raw: bytes, old: bytes, new: bytes) -> bytes:
    """`new` wherever `old` is, its lines broken where they were."""
    raw = raw.replace(old, new)
    if old not in raw.replace(b"=\r\n", b""):
        return raw  # as nearly always: looking for a broken one takes much longer

    def in_pieces(match: re.Match[bytes]) -> bytes:
        marks = (mark or b"" for mark in (*match.groups(), b""))
        return b"".join(bytes([sign]) + mark for sign, mark in zip(new, marks, strict=True))

    return re.sub(BREAK.join(re.escape(bytes([c])) for c in old), in_pieces, raw)

"""How much of a message is read, and the refusal of one that asks for more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config.load import Settings

MIB = 1024 * 1024
PHOTO_SECONDS = 8.0  # of computing for all photos of a message, where they are read
PHOTO_LEAST = 1.5  # left to a message; a process that has less reads none


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one message. What is over a bound marked (cut) is shortened, else refused."""

    message_bytes: int = 30 * MIB
    header_count: int = 1_000
    header_bytes: int = 16_384  # of one field (cut); of a part's own fields: refused
    head_bytes: int = 1 * MIB  # of all the fields together (cut)
    head_lines: int = 200_000
    header_chars: int = 4_000  # of one decoded value (cut)
    addresses: int = 200  # of one header (cut)
    references: int = 100  # Message-IDs that are kept (cut, the newest stay)
    lines: int = 1_000_000  # 30 MB of base64 are 400,000
    parts: int = 250
    depth: int = 20  # multiparts and messages inside one another
    text_chars: int = 200_000  # of the body; of all files together; of attached messages (cut)
    text_lines: int = 10_000  # of the body; of attached messages (cut)
    html_chars: int = 1_500_000  # of the HTML source of the body, all its parts (cut)
    html_tags: int = 60_000  # opened and closed in it (cut)
    attachments: int = 100  # files that are listed (cut)
    attachment_bytes: int = 20 * MIB  # a larger file is listed, but not read
    files_seconds: float = 3.0  # of computing for all files together; the rest is not read
    photo_seconds: float = 0.0  # the same for photos and scans; 0: none is read
    containers: int = 2  # files called winmail.dat that are opened
    name_chars: int = 150  # of a file's name (cut)
    forwarded: int = 3  # messages inside messages that are opened


DEFAULT = Limits()


def limits_of(settings: Settings) -> Limits:
    """The bounds of an installation: whether photos are read is its own choice."""
    return Limits(photo_seconds=PHOTO_SECONDS if settings.limits.photos else 0.0)


class RefusedError(Exception):
    """The bytes are no message, or too much of one; the text says so in Spanish."""

"""Bounds on what an attachment may cost, and the reasons for which one is refused.

Whatever comes by mail is hostile until read: archives that unpack without end, XML that
multiplies, pages that never stop. Every reader takes its bytes from `Package` or checks its
size here, and hands its lines to an `Output`, which knows when enough is enough.
"""

import io
import struct
import time
import zipfile
import zlib

from lxml import etree

from nlp.text.fold import scrub
from replies.phrases import say

MAX_BYTES = 25 * 2**20  # of a file: the most that Gmail lets through
MAX_ENTRIES = 2_000  # of an archive; a report with 500 pictures has some 600
MAX_UNPACKED = 150 * 2**20  # of an archive, all that it declares
MAX_PART = 8 * 2**20  # of one part that is read; 8 MB of XML are some 1,500 pages
MAX_RATIO = 200  # of a part; dull XML reaches 60, deflate at its worst 1,030
RATIO_MATTERS = 2**20  # below this a part harms nobody, however well it packs
MAX_CHARACTERS = 200_000
MAX_LINES = 5_000
MAX_COLUMNS = 50
MAX_DEPTH = 20  # of tables within tables
SECONDS = 3.0

PASTE = say("attachment.paste")
FORMAT = say("attachment.format", paste=PASTE)
PROTECTED = say("attachment.protected", paste=PASTE)
SCANNED = say("attachment.scanned", paste=PASTE)
PHOTO = say("attachment.photo", paste=PASTE)
SEEN = say("attachment.seen", paste=PASTE)
RECORDING = say("attachment.recording")
BLANK = say("attachment.blank", paste=PASTE)
BROKEN = say("attachment.broken", paste=PASTE)
EMPTY = say("attachment.empty", paste=PASTE)
TOO_BIG = say("attachment.too_big", paste=PASTE)
TOO_MANY = say("attachment.too_many", paste=PASTE)
BOMB = say("attachment.bomb", paste=PASTE)
ENTITIES = say("attachment.entities", paste=PASTE)
SLOW = say("attachment.slow", paste=PASTE)
ARCHIVE = say("attachment.archive")
PARTLY = say("attachment.partly", paste=PASTE)

_NAME_LENGTH = 80
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError,
    NotImplementedError,
)  # fmt: skip


class Unreadable(Exception):  # noqa: N818  part of the interface
    """A document that cannot or must not be read.

    Raised by the readers with what follows «El archivo «x»», and by `open_tnef` with the whole
    sentence: Spanish, kind, with what to do about it.
    """

    @property
    def reason(self) -> str:
        return str(self.args[0]) if self.args else BROKEN


class Scanned(Unreadable):
    """A document that is but pictures of its pages."""


class Enough(Exception):  # noqa: N818  no error: the rest is left unread
    """The bound of text or time is reached: what was read until now is what there is."""


def sentence(name: str, reason: str) -> str:
    """What the sender is told about the file `name`."""
    printable = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if len(printable) > _NAME_LENGTH:
        printable = printable[: _NAME_LENGTH - 1] + "…"
    name = printable or say("attachment.without_name")
    return say("attachment.named", name=name, reason=reason)


class Output:
    """Collects the lines of a document, up to a size and a deadline."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.lines: list[str] = []
        self._left = MAX_CHARACTERS
        # Of computing: that a machine is busy is no reason to leave a form unread.
        self._deadline = time.thread_time() + seconds

    def check(self) -> None:
        """Raises Enough once the time is up; to be called in every loop over a document."""
        if time.thread_time() > self._deadline:
            raise Enough

    def add(self, line: str) -> None:
        """Takes one line; raises Enough when the line does not fit any more."""
        if self._left <= 0 or len(self.lines) >= MAX_LINES:
            raise Enough
        self.lines.append(line[: self._left])
        self._left -= len(line) + 1

    @property
    def text(self) -> str:
        """The lines, without control characters (form feeds and worse come with PDF)."""
        return scrub("\n".join(self.lines)).strip("\n")


class Package:
    """A zip archive of XML parts (OOXML, OpenDocument), opened within bounds."""

    def __init__(self, data: bytes) -> None:
        # Counted in the raw bytes, for zipfile would first build an object for each entry.
        if data.count(b"PK\x01\x02") > MAX_ENTRIES:
            raise Unreadable(TOO_MANY)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _ZIP_ERRORS as error:
            raise Unreadable(BROKEN) from error
        entries = self._zip.infolist()
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Unreadable(BOMB)
        self.names = frozenset(entry.filename for entry in entries)

    def part(self, name: str) -> bytes:
        """The bytes of one part; zipfile gives no more than the entry declares."""
        try:
            entry = self._zip.getinfo(name)
        except KeyError as error:
            raise Unreadable(BROKEN) from error
        if entry.flag_bits & 0x1:
            raise Unreadable(PROTECTED)
        packed_too_well = entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        if entry.file_size > MAX_PART or (packed_too_well and entry.file_size > RATIO_MATTERS):
            raise Unreadable(BOMB)
        try:
            return self._zip.read(entry)
        except _ZIP_ERRORS as error:
            raise Unreadable(BROKEN) from error

    def xml(self, name: str) -> etree._Element:
        """The parsed root of one part."""
        return parse_xml(self.part(name))


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document, without comments.

    Neither OOXML nor OpenDocument has document types (ECMA-376 part 2, 8.1.4), so one that
    declares entities means harm. libxml2 itself bounds the depth of elements (256).
    """
    if b"<!DOCTYPE" in data[:4096]:
        raise Unreadable(ENTITIES)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(BROKEN) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(ENTITIES)
    return root

"""PDF documents: their text by layout, and what was filled into their fields."""

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.mail.documents import symbols
from bot.mail.documents.limits import (
    BOMB,
    BROKEN,
    FORMAT,
    PROTECTED,
    SCANNED,
    Enough,
    Output,
    Scanned,
    Unreadable,
)
from bot.mail.documents.pdf_drawing import Piece, multiply
from bot.mail.documents.pdf_layout import lines_of
from bot.mail.documents.tables import cell

_MAX_PAGES = 30
_MAX_WIDGETS = 1_000
_MAX_PICTURES = 50  # of a page that are looked at
_MAX_PIXELS = 40_000_000  # of a page; at 600 dpi it has 35 million
_MAX_STREAM = 8 * 2**20
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 25 * 2**20,
    "array_based_stream_maximum_output_length": _MAX_STREAM,
    "lzw_maximum_output_length": _MAX_STREAM,
    "run_length_maximum_output_length": _MAX_STREAM,
    "zlib_maximum_output_length": _MAX_STREAM,
    "zlib_maximum_recovery_input_length": 2**20,
    "brotli_maximum_output_length": _MAX_STREAM,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 2 * _MAX_STREAM,
    "stream_parsing_work_maximum_count": 300_000,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_depth": 50,
    "page_tree_maximum_page_entries": 50_000,
    "form_fields_maximum_entries": 5_000,
    "form_fields_maximum_depth": 20,
    "xform_maximum_invocations_per_extraction": 500,
    "disable_legacy_handling": True,
}
_PUSH_BUTTON = 1 << 16  # ISO 32000-1, table 226
_GARBLED = 0.3
_LABEL_ABOVE = 2.5  # of the letter size

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it comments on every odd file


def read(data: bytes, out: Output) -> None:
    """Adds the text of the first pages to `out`, fields in their places."""
    import pypdf  # 0.1 s that most mail can do without
    from pypdf.errors import LimitReachedError

    with pypdf.apply_configuration(**_LIMITS):
        try:
            _read(pypdf.PdfReader(io.BytesIO(data), xref_stream_maximum_entries=200_000), out)
        except (Enough, Unreadable):
            raise
        except LimitReachedError as error:
            raise Unreadable(BOMB) from error
        except Exception as error:  # pypdf meets the strangest files with the strangest errors
            raise Unreadable(BROKEN) from error


def pictures(data: bytes, most: int) -> Iterator[bytes]:
    """The largest picture of each of the first pages; Unreadable where one asks for too much."""
    import pypdf
    from pypdf.errors import LimitReachedError

    with pypdf.apply_configuration(**_LIMITS):
        try:
            pages = pypdf.PdfReader(io.BytesIO(data), xref_stream_maximum_entries=200_000).pages
            for number in range(min(len(pages), most)):
                if (largest := _largest_picture(pages[number])) is not None:
                    yield largest
        except LimitReachedError as error:
            raise Unreadable(BOMB) from error


def _largest_picture(page: Any) -> bytes | None:
    """A JPEG as it is; of what is packed otherwise, a picture that others can open."""
    objects = page.get("/Resources", {}).get_object().get("/XObject", {}).get_object()
    sizes = {
        name: int(found["/Width"]) * int(found["/Height"])
        for name, found in ((n, objects[n].get_object()) for n in list(objects)[:_MAX_PICTURES])
        if found.get("/Subtype") == "/Image"
    }
    largest = max(sizes, key=lambda name: sizes[name], default=None)
    if largest is None:
        return None
    if sizes[largest] > _MAX_PIXELS:
        raise Unreadable(BOMB)
    return bytes(page.images[largest].data)


def _read(reader: Any, out: Output) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(PROTECTED)
    pages = len(reader.pages)
    for number in range(min(pages, _MAX_PAGES)):
        out.check()
        for line in _page_lines(reader.pages[number], out):
            out.add(line)
    text = out.text
    if not text.strip():
        # XFA forms show nothing but "please wait" to other programs than Adobe's.
        form = reader.trailer["/Root"].get("/AcroForm")
        is_xfa = form is not None and "/XFA" in form.get_object()
        raise Unreadable(FORMAT) if is_xfa else Scanned(SCANNED)
    odd = sum(1 for c in text if c == "\ufffd" or "\ue000" <= c <= "\uf8ff")
    if odd > _GARBLED * len(text):
        raise Unreadable(FORMAT)
    if pages > _MAX_PAGES:
        raise Enough


def _page_lines(page: Any, out: Output) -> list[str]:
    """The lines of a page, preceded by the fields that have a name but no printed label."""
    from bot.mail.documents.pdf_page import read_page, turn  # imports pypdf

    drawing = read_page(page, out)
    printed = list(drawing.pieces)
    named: list[str] = []
    for filled in _filled(page):
        out.check()
        x, y = multiply((1, 0, 0, 1, filled.x, filled.y), turn(page))[4:]
        piece = Piece(x, x + filled.width, y, filled.size, filled.text, filled.is_field)
        if any(_is_label(other, piece) for other in printed):
            drawing.pieces.append(piece)
        elif filled.label:
            named.append(f"{filled.label}\t{filled.text}")
        else:
            drawing.pieces.append(piece)
    return [*named, *lines_of(drawing)]


def _is_label(printed: Piece, answer: Piece) -> bool:
    """Whether a printed text labels an answer: to its left, above it, or right of a box."""
    rise = printed.y - answer.y
    if abs(rise) < answer.size:
        return printed.x0 < answer.x0 or not answer.is_field
    overlaps = printed.x0 < answer.x1 and printed.x1 > answer.x0
    return overlaps and 0 < rise < _LABEL_ABOVE * answer.size


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a person put on a page: a field's value that is not blank, or a note typed over it.

    `x` and `y` are where its first line begins. `label` is empty where it has no telling name.
    """

    label: str
    text: str
    x: float
    y: float
    width: float
    size: float
    is_field: bool


def _filled(page: Any) -> Iterator[_Filled]:
    """The form fields (ISO 32000-1, 12.7) and free-text notes (12.5.6.6) of a page."""
    annotations = page.get("/Annots")
    if annotations is None:
        return
    for reference in list(annotations.get_object())[:_MAX_WIDGETS]:
        note = reference.get_object()
        rectangle = note.get("/Rect")
        if rectangle is None or int(note.get("/F", 0)) & 2:  # hidden
            continue
        if note.get("/Subtype") == "/FreeText":
            text, label, kind = cell(str(note.get("/Contents", ""))), "", ""
        elif note.get("/Subtype") == "/Widget":
            kind = str(_inherited(note, "/FT") or "")
            text, label = _value(note, kind), _label(note)
        else:
            continue
        left, bottom, right, top = (float(v) for v in rectangle.get_object())
        size = min(abs(top - bottom) * 0.7, 11.0) or 1.0
        first = max(top, bottom) - size * 1.2 if abs(top - bottom) > 2.5 * size else None
        y = first if first is not None else (top + bottom) / 2 - size * 0.35
        if text:
            yield _Filled(label, text, min(left, right), y, abs(right - left), size, kind != "/Btn")


def _inherited(note: Any, key: str) -> Any:
    """An attribute of a field, or of the field it is part of."""
    for _ in range(10):
        if key in note:
            return note[key]
        if "/Parent" not in note:
            return None
        note = note["/Parent"]
    return None


def _value(note: Any, kind: str) -> str:
    """What a field shows; '' for what is no answer (buttons, signatures, prompts)."""
    if kind == "/Btn":
        if int(_inherited(note, "/Ff") or 0) & _PUSH_BUTTON:
            return ""
        state = note.get("/AS", _inherited(note, "/V"))
        return symbols.UNCHECKED if state in (None, "/Off") else symbols.CHECKED
    if kind not in ("/Tx", "/Ch"):
        return ""
    value = _inherited(note, "/V")
    parts = value if isinstance(value, list) else [value]
    text = cell(", ".join(str(part) for part in parts if part is not None))
    return "" if symbols.is_prompt(text) else text


def _label(note: Any) -> str:
    """A field's name for people, else its own name; '' for the names that programs make up."""
    for key in ("/TU", "/T"):
        label = cell(str(_inherited(note, key) or ""))
        if label and not symbols.is_made_up(label):
            return label
    return ""

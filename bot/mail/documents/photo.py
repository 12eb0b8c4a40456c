"""Photos and scans of papers: their lines, read by the models that the extra `ocr` brings.

What is read so is never sure: `Attachment.photographed` says so to whoever takes values from it.
"""

from __future__ import annotations

import io
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from bot.mail.documents.limits import BOMB, BROKEN, Enough, Output, Unreadable
from bot.mail.documents.pdf_drawing import Drawing, Piece
from bot.mail.documents.pdf_layout import lines_of

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 110_000_000  # of a photo; telephones take up to 108 million
MAX_DECODED = 120_000_000  # bytes of what is decoded at once; JPEG is decoded reduced
SIDE = 2_000  # pixels of the longer side that is read
SEEN = 960  # of it where lines are looked for
MAX_LINES = 150  # the longest ones of a page
PAGES = 3  # of a scan
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF")
_LEGIBLE = 0.5  # a line read with less is a pattern, a stamp, a shadow
_UPSIDE_DOWN = 0.75  # the longest lines are read better than that
_LETTERS = 48  # pixels that the models want a line to be high
_LONGEST = 40 * _LETTERS
_POINTS = 10.0  # that the layout takes a letter to measure
_BESIDE = 0.8  # letters within which two lines begin at the same place
_SLANT = 10  # lines by which a photo's perspective can be told

Corner: TypeAlias = tuple[float, float]


def read(data: bytes, out: Output) -> None:
    """Adds the lines of a photo to `out`."""
    for line in _lines(_opened(data), out):
        out.add(line)


def read_scan(data: bytes, out: Output) -> None:
    """Adds the lines of the pictures that fill the pages of a PDF to `out`."""
    from bot.mail.documents.pdf import pictures

    for picture in pictures(data, PAGES):
        read(picture, out)


@cache
def _engine() -> Any:
    """The models; loading them takes a second, and each reader does so with its first photo."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": SEEN,
            "Rec.rec_batch_num": 1,
        }
    )


def _opened(data: bytes) -> Image:
    """The picture, upright as its camera says, reduced; Unreadable where it asks for too much."""
    from PIL import Image, ImageOps

    if find_spec("pi_heif"):
        import pi_heif

        pi_heif.register_heif_opener()
    Image.init()
    formats = [name for name in _FORMATS if name in Image.OPEN]
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=formats)
        pixels = image.width * image.height
        image.draft("RGB", (SIDE, SIDE))
        if pixels > MAX_PIXELS or image.width * image.height * len(image.getbands()) > MAX_DECODED:
            raise Unreadable(BOMB)
        if image.mode not in ("L", "RGB"):
            image = image.convert("RGB")
        image.thumbnail((SIDE, SIDE))
        return ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(BOMB) from error
    except (OSError, ValueError, SyntaxError, KeyError, TypeError) as error:
        raise Unreadable(BROKEN) from error


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a line stands: its corners from the upper left one on, as a reader sees it."""

    corners: tuple[Corner, Corner, Corner, Corner]

    @classmethod
    def around(cls, corners: Sequence[Corner]) -> Self:
        left, right = sorted(corners, key=lambda c: c[0] + c[1])[:: len(corners) - 1]
        upper, lower = sorted(corners, key=lambda c: c[1] - c[0])[:: len(corners) - 1]
        return cls((left, upper, right, lower))

    @property
    def width(self) -> float:
        return math.dist(self.corners[0], self.corners[1])

    @property
    def height(self) -> float:
        return math.dist(self.corners[0], self.corners[3])

    @property
    def middle(self) -> Corner:
        return sum(c[0] for c in self.corners) / 4, sum(c[1] for c in self.corners) / 4

    @property
    def slope(self) -> float:
        (x0, y0), (x1, y1) = self.corners[:2]
        return (y1 - y0) / max(x1 - x0, 1.0)

    def turned(self, width: int) -> _Box:
        """The same on the picture turned by a quarter, to the left."""
        return _Box.around([(y, width - x) for x, y in self.corners])


def _lines(image: Image, out: Output) -> Iterator[str]:
    """The text of a photo from top to bottom, columns parted by tabs."""
    from PIL import Image

    boxes = _boxes(image)
    out.check()
    if sum(box.height > box.width for box in boxes) > len(boxes) / 2:
        boxes = [box.turned(image.width) for box in boxes]
        image = image.transpose(Image.Transpose.ROTATE_90)
    boxes.sort(key=lambda box: -box.width)
    first = [_read(image, box) for box in boxes[:3]]
    if first and statistics.mean(score for _, score in first) < _UPSIDE_DOWN:
        for _ in range(2):
            boxes = [box.turned(image.width) for box in boxes]
            image = image.transpose(Image.Transpose.ROTATE_90)
    found: list[tuple[_Box, str]] = []
    try:
        for box in boxes[:MAX_LINES]:
            out.check()
            text, score = _read(image, box)
            if score >= _LEGIBLE and text.strip():
                found.append((box, text))
    except Enough:  # the longest lines tell most: better than nothing
        pass
    yield from lines_of(Drawing(_pieces(found)))
    out.check()


def _boxes(image: Image) -> list[_Box]:
    """Where lines stand."""
    import numpy as np

    pixels = np.asarray(image)[:, :, ::-1]
    found = _engine()(pixels, use_det=True, use_cls=False, use_rec=False)
    boxes = () if found.boxes is None else found.boxes
    return [_Box.around([(float(x), float(y)) for x, y in corners]) for corners in boxes]


def _read(image: Image, box: _Box) -> tuple[str, float]:
    """What a line says, and how sure that is."""
    import numpy as np
    from PIL import Image

    upper_left, upper_right, lower_right, lower_left = box.corners
    width = min(_LONGEST, max(_LETTERS, round(box.width / max(box.height, 1.0) * _LETTERS)))
    line = image.transform(
        (width, _LETTERS),
        Image.Transform.QUAD,
        (*upper_left, *lower_left, *lower_right, *upper_right),
        Image.Resampling.BICUBIC,
    )
    pixels = np.asarray(line)[:, :, ::-1]
    found = _engine()(pixels, use_det=False, use_cls=False, use_rec=True)
    return (str(found.txts[0]), float(found.scores[0])) if found.txts else ("", 0.0)


def _pieces(found: Sequence[tuple[_Box, str]]) -> list[Piece]:
    """The lines as they stand on the paper: its slant, and that of its perspective, undone."""
    if not found:
        return []
    letter = statistics.median(box.height for box, _ in found)
    long = [box for box, _ in found if box.width > 4 * letter]
    slant, growth = _slant(long)
    scale = _POINTS / letter
    pieces = []
    for box, text in found:
        (x, y), left = box.middle, box.corners[0][0]
        slope = slant + growth * y
        x0 = (left + slope * y) * scale
        level = y - slope * x
        pieces.append(Piece(x0, x0 + box.width * scale, -level * scale, _POINTS, text))
    return _aligned(pieces)


def _slant(lines: Sequence[_Box]) -> tuple[float, float]:
    """The slope of lines at the top of a picture, and how much it grows with each pixel down."""
    if not lines:
        return 0.0, 0.0
    if len(lines) >= _SLANT:
        fit = statistics.linear_regression([b.middle[1] for b in lines], [b.slope for b in lines])
        return fit.intercept, fit.slope
    return statistics.median(box.slope for box in lines), 0.0


def _aligned(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with those that begin at about the same place made to begin at the same."""
    aligned: list[Piece] = []
    start = before = -math.inf
    for piece in sorted(pieces, key=lambda piece: piece.x0):
        if piece.x0 - before > _BESIDE * _POINTS:
            start = piece.x0
        before = piece.x0
        aligned.append(replace(piece, x0=start))
    return aligned

"""Hostile files: refused or cut short, with the reason, in little time and memory."""

from __future__ import annotations

import io
import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest

from bot.mail.documents import limits, read_document
from nlp.text.fold import scrub

from .attachment_files import SAMPLES, archive, docx, odt, p, pdf, pdf_of, stream, table, text_at

ALLOWED = 15  # seconds, ten times what they take: a busy machine is no failure
MEGABYTES = 100


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < ALLOWED


def stored(data: bytes) -> bytes:
    """The same archive without compression, to get past the limit on the ratio."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return archive({name: file.read(name) for name in file.namelist()}, stored=True)


def laughs(depth: int) -> str:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth)
    )  # each ten of the one before
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ja">{entities}]>'


def sheet(rows: str, workbook: str = "") -> bytes:
    """A workbook made by hand, uncompressed."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    def relation(kind: str, target: str) -> str:
        one = f'<Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{one}</Relationships>'

    types = (
        f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{spreadsheet}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet1.xml" ContentType="{spreadsheet}.worksheet+xml"/></Types>'
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relation("worksheet", "sheet1.xml"),
        "xl/workbook.xml": f'{workbook}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/sheet1.xml": f'<worksheet xmlns="{main}">{rows}</worksheet>',
    }
    return archive(parts, stored=True)


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


BOMB, MANY, ENTITIES = "al descomprimirse", "demasiadas partes", "definiciones XML"
BROKEN, BIG = "está dañado", "demasiado grande"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: archive({"word/document.xml": bytes(200 << 20)}), BOMB),
        (lambda: archive({"word/document.xml": "<a/>", "word/media/a": bytes(200 << 20)}), BOMB),
        (lambda: docx(p("hola") * 200_000), BOMB),
        (lambda: stored(docx(p("hola") * 300_000)), BOMB),
        (lambda: archive({f"word/{n}": "" for n in range(10_000)}), MANY),
        (lambda: docx(p("&l9;"), before=laughs(10)), ENTITIES),
        (lambda: docx(p("&x;"), before='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///x">]>'), ENTITIES),
        (
            lambda: docx(p("x"), before=laughs(3).replace("<!D", f"<!--{'a' * 5000}--><!D")),
            ENTITIES,
        ),
        (lambda: docx("<w:ins>" * 5_000 + "</w:ins>" * 5_000), BROKEN),
        (lambda: sheet("<sheetData/>", laughs(10)), ENTITIES),
        (lambda: sheet(f"<sheetData>{cell('A1', '&l9;')}</sheetData>"), BROKEN),
        (lambda: sheet("<sheetData>" + "<x/>" * 3_500_000 + "</sheetData>"), BOMB),
        (lambda: odt("<text:p>x</text:p>" * 1_000_000), BOMB),
        (lambda: odt("<text:span>" * 5_000 + "</text:span>" * 5_000), BROKEN),
    ],
    ids=[
        "part of 200 MB",
        "picture of 200 MB",
        "packed too well",
        "part too long",
        "10,000 entries",
        "billion laughs",
        "external entity",
        "late document type",
        "deep",
        "xlsx laughs",
        "xlsx undefined entity",
        "xlsx long",
        "odt bomb",
        "odt deep",
    ],
)
def test_archives_that_mean_harm_are_refused(make: Callable[[], bytes], reason: str) -> None:
    data = make()
    tracemalloc.start()
    extract = read_document(data, "formato", "application/octet-stream")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MEGABYTES * 2**20
    assert extract.text == ""
    assert reason in extract.problem


def deflated(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, f"/Filter[{'/FlateDecode' * times}]")


X = "/XObject<</X 6 0 R>>"
FORM = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<" + X + ">>"
PAGES = "<</Type/Catalog/Pages 2 0 R>>"
NO_TEXT, SLOW = "imagen sin texto", "tarda demasiado"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: pdf(deflated(b"BT (hola) Tj ET\n" * 4_000_000)), BOMB),
        (lambda: pdf(deflated(bytes(100 << 20), times=2)), BOMB),
        (lambda: pdf("0 0 m 1 1 l S\n" * 400_000), BOMB),
        (lambda: pdf("[" * 100_000), BROKEN),
        (lambda: pdf("/X Do", resources=X, more=[stream("/X Do /X Do", FORM)]), NO_TEXT),
        (lambda: pdf_of([PAGES, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"]), BROKEN),
        (
            lambda: pdf_of(
                [
                    PAGES,
                    f"<</Type/Pages/Kids[{'3 0 R ' * 50_000}]/Count 50000>>",
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
                ]
            ),
            BOMB,
        ),
        (lambda: b"%PDF-1.4\n" + b"1 0 obj <<>> endobj\n" * 200_000, BROKEN),
        (lambda: b"%PDF-1.4\n" + b"<" * 4_000_000, BROKEN),
    ],
    ids=[
        "huge stream",
        "twice packed",
        "many operators",
        "deep arrays",
        "form that draws itself",
        "pages that hold themselves",
        "one page 50,000 times",
        "objects without end",
        "brackets without end",
    ],
)
def test_pdfs_that_mean_harm_are_refused(make: Callable[[], bytes], reason: str) -> None:
    extract = read_document(make(), "formato.pdf", "application/pdf")
    assert extract.text == ""
    assert reason in extract.problem


def test_time_is_bounded() -> None:
    fan = pdf("/X Do " * 60, resources=X, more=[stream("/X Do " * 60, FORM)])
    assert SLOW in read_document(fan, "a.pdf", "", 0.2).problem
    row = "".join(f"<c><v>{n}</v></c>" for n in range(250_000))
    extract = read_document(sheet(f"<sheetData><row>{row}</row></sheetData>"), "a.xlsx", "", 0.2)
    assert SLOW in extract.problem


def test_a_long_document_is_read_in_part_and_that_is_told() -> None:
    for data in (stored(docx(p("hola mundo") * 30_000)), b"hola\n" * 30_000):
        extract = read_document(data, "a.txt", "")
        assert extract.text.count("\n") == limits.MAX_LINES - 1
        assert "es muy largo y solo leímos el principio" in extract.problem
    long_line = read_document(b"a" * 2_000_000, "a.txt", "")
    assert len(long_line.text) == limits.MAX_CHARACTERS


def test_of_many_pages_the_first_are_read() -> None:
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    page += "/Resources<</Font<</F1 5 0 R>>>>>>"
    data = pdf_of(
        [
            PAGES,
            f"<</Type/Pages/Kids[{'3 0 R ' * 40}]/Count 40>>",
            page,
            stream(text_at(72, 700, "Hola")),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )
    extract = read_document(data, "a.pdf", "")
    assert extract.text.split("\n") == ["Hola"] * 30
    assert "solo leímos el principio" in extract.problem


def test_declared_sizes_of_sheets_are_not_believed() -> None:
    rows = f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{cell("A1", "Área")}'
    rows += f"{cell('XFD1', 'lejos')}</row></sheetData>"
    assert read_document(sheet(rows), "a.xlsx", "").text == "Área"


def test_columns_are_bounded() -> None:
    data = stored(docx(table(["a"] * 20_000)))
    assert read_document(data, "a.docx", "").text == "\t".join("a" * limits.MAX_COLUMNS)
    wide = "<table:table-cell table:number-columns-repeated='99999'><text:p>a</text:p>"
    body = (
        f"<table:table><table:table-row>{wide}</table:table-cell></table:table-row></table:table>"
    )
    text = read_document(odt(body + body.replace("99999", "9" * 400)), "a.odt", "").text
    assert len(text) < 2 * limits.MAX_COLUMNS + 10


@pytest.mark.parametrize(
    "data",
    [
        b"{\\rtf1 " + b"{\\field{\\*\\fldinst{" * 45_000,
        b'{\\rtf1 {\\field{\\*\\fldinst{"' + b'HYPERLINK "' * 60_000 + b"}",
        b"{\\rtf1{\\fonttbl " + b"\\f1 \\fcharset0 " * 50_000 + b"}",
        b"{\\rtf1" + b"{" * 800_000,
        b"{\\rtf1 {\\pict\\bin" + b"9" * 500_000 + b"}",
        b"{\\rtf1 " + (b"a" * 255 + b"z") * 60_000,
        b"<html>" + b"<table><tr><td>" * 30_000,
        b"<html>" + b"<div>" * 90_000,
        b'"' + b"a," * 900_000,
    ],
    ids=["fields", "links", "fonts", "braces", "binary", "hex", "tables", "divs", "quote"],
)
def test_texts_that_mean_harm_take_no_time(data: bytes) -> None:
    name = "a.html" if data.startswith(b"<") else "a.csv" if data.startswith(b'"') else "a.rtf"
    begin = time.process_time()
    read_document(data, name, "")
    assert time.process_time() - begin < 5


def test_a_file_beyond_all_bounds_is_not_even_opened() -> None:
    assert BIG in read_document(b"%PDF-1.7" + bytes(26 << 20), "a.pdf", "").problem


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with some bytes changed, lost or doubled; within a part where it is an archive."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = {name: file.read(name) for name in file.namelist()}
        name = chance.choice([n for n in parts if n.endswith(".xml")])
        return archive({**parts, name: mutated(parts[name], chance)})
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at, other = chance.randrange(len(changed)), chance.randrange(len(changed))
        length = chance.randint(1, 60)
        match chance.randrange(3):
            case 0:
                changed[at : at + length] = b""
            case 1:
                changed[at:at] = changed[other : other + length]
            case _:
                changed[at : at + 1] = struct.pack("B", chance.randrange(256))
    return bytes(changed)


@pytest.mark.parametrize("name", sorted(file.name for file in SAMPLES.iterdir()))
def test_damaged_files_never_raise_and_are_read_or_told(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    for seed in range(25):
        extract = read_document(mutated(data, random.Random(seed)), name, "")
        assert extract.text or extract.problem
        assert scrub(extract.text) == extract.text

"""Mails made to hang, crash or fill what reads them: what comes out, how soon, in how much memory.

Each is read by the whole of the bot's reading and understanding, in a process of its own. The small
and single ones are in tests/unit (test_reading_bounds, test_attachments_bounds).
"""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from html import escape

import pytest

from tests.hostile.mails import (
    HEAD,
    SENDER,
    SUBJECT,
    file,
    html,
    mixed,
    plain,
    up_to,
    with_file,
)
from tests.hostile.reader import Answer, ParserProcess
from tests.unit.attachment_files import archive, docx, odt, p, pdf, pdf_of, stream

SECONDS = 5.0  # of computing; the longest of these takes 3.5 on a slow machine
MEGABYTES = 600
MIB = 2**20


@pytest.fixture(scope="module")
def reader() -> Iterator[ParserProcess]:
    with ParserProcess() as reader:
        yield reader


def read(reader: ParserProcess, raw: bytes) -> Answer:
    """What comes of a bomb, in bounds."""
    answer = reader.read(raw, seconds=60)
    assert answer.seconds < SECONDS
    assert answer.megabytes < MEGABYTES
    return answer


TOO_DEEP = "demasiadas partes una dentro de otra"
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "multiparts 500 deep": (
        lambda: (
            HEAD
            + b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                for n in range(500)
            )
            + b"\nhola"
        ),
        TOO_DEEP,
    ),
    "messages 500 deep": (lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 500, TOO_DEEP),
    "10,000 parts": (
        lambda: mixed(*[b"Content-Type: text/plain\n\nx"] * 10_000),
        "demasiadas partes.",
    ),
    "10,000 parts without heads": (lambda: mixed(*[b""] * 10_000), "demasiadas partes."),
    "2,000 headers": (lambda: HEAD + b"X-A: b\n" * 2_000 + b"\nhola", "demasiados encabezados"),
    "100 MB": (lambda: plain(up_to("hola que tal\n", 100 * MIB)), "demasiado grande"),
    "100 MB of head": (lambda: HEAD + b"X: " + up_to("a", 100 * MIB), "demasiado grande"),
    "25 million lines": (lambda: plain(b"\n" * 25 * MIB), "demasiadas líneas"),
    "HTML 100,000 deep": (lambda: html(b"<div>" * 100_000 + b"hola"), "uno dentro de otro"),
    "HTML never closed": (lambda: html(up_to("<b>a", 1_400_000)), "uno dentro de otro"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_mail_is_refused_with_its_sender(name: str, reader: ParserProcess) -> None:
    make, reason = REFUSED[name]
    answer = read(reader, make())
    assert reason in answer.problem
    assert (answer.told["from"], answer.told["subject"]) == (SENDER, SUBJECT)
    assert answer.told["intent"] is None


def addresses(count: int) -> bytes:
    return b", ".join(b"Persona %d <p%d@upaep.mx>" % (n, n) for n in range(count))


def text_files(count: int) -> bytes:
    return mixed(*(file(f"{n}.txt", up_to("hola ñ\n", 250_000)) for n in range(count)))


SAID = "Solicitamos una lista para la biblioteca."
READ: dict[str, tuple[Callable[[], bytes], str]] = {
    "a header of 5 MB": (lambda: b"X: " + up_to("a b ", 5 * MIB) + b"\n" + plain(SAID), SAID),
    "a folded header of 5 MB": (
        lambda: b"X: a\n" + up_to(" bcdefghijk" * 4 + "\n", 5 * MIB) + plain(SAID),
        SAID,
    ),
    "a subject of 5 MB": (
        lambda: plain(SAID).replace(
            b"Lista\n", b"Lista " + up_to("=?utf-8?Q?=C3=B1?= ", 5 * MIB) + b"\n"
        ),
        SAID,
    ),
    "100,000 addresses in To": (lambda: b"To: " + addresses(100_000) + b"\n" + plain(SAID), SAID),
    "100,000 addresses in Cc": (lambda: b"Cc: " + addresses(100_000) + b"\n" + plain(SAID), SAID),
    "100,000 references": (
        lambda: b"References: " + up_to("<a@b.mx>\n ", 1_000_000) + b"\n" + plain(SAID),
        SAID,
    ),
    "NUL bytes": (lambda: plain(SAID.replace(" ", "\0 \0").encode() + b"\0" * MIB), SAID),
    "bare CR": (lambda: plain(b"\r" * 9_000 + SAID.encode() + b"\r" * 90_000), SAID),
    "base64 that never ends": (
        lambda: (
            HEAD
            + b"Content-Transfer-Encoding: base64\n\n"
            + base64.b64encode(SAID.encode() + b"\n" * 7)
            + up_to("QUFB", 28 * MIB)
        ),
        SAID + "\n",
    ),
    "broken base64": (
        lambda: (
            HEAD
            + b"Content-Transfer-Encoding: base64\n\n"
            + base64.b64encode(SAID.encode() + b" ")
            + b"=" * MIB
            + b"\xff" * MIB
        ),
        SAID,
    ),
    "one line of 10 MB": (lambda: plain(SAID + " " + "hola " * 2 * MIB), SAID + " hola"),
    "quoted 100,000 deep": (lambda: plain(SAID + "\n" + ">" * 100_000 + " hola\n" * 1_000), SAID),
    "20 HTML parts": (
        lambda: mixed(*[b"Content-Type: text/html\n\n" + up_to(f"<p>{SAID}</p>", 1_400_000)] * 19),
        SAID,
    ),
    "200 text parts": (
        lambda: mixed(*[b"Content-Type: text/plain\n\n" + up_to(SAID + " ", 140_000)] * 200),
        SAID,
    ),
    "HTML 1,000 deep": (lambda: html("<div>" * 1_000 + SAID + "</div>" * 1_000), SAID),
    "tables 600 deep": (lambda: html("<table><tr><td>" * 600 + SAID + "<b>x</b>" * 25_000), SAID),
    "links 1,900 deep": (
        lambda: html(f"<p>{SAID}</p>" + "<a href='mailto:a@b'><i>" * 950 + "<b>x</b>" * 25_000),
        SAID,
    ),
    "lists 200 deep": (lambda: html(f"<p>{SAID}</p>" + "<ul>" * 200 + "<li>a" * 50_000), SAID),
    "struck through 100,000 times": (lambda: html(f"<p>{SAID}</p>" + "x<s>y</s>" * 160_000), SAID),
    "a style sheet without a brace": (
        lambda: html(f"<style>{'a ' * (MIB // 2)}</style><p>{SAID}</p>"),
        SAID,
    ),
    "entities of HTML": (lambda: html(f"<p>{SAID}</p>" + "&amp;&#8203;" * 100_000), SAID),
    "80 text files": (lambda: text_files(80), ""),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_too_much_is_read_in_part(name: str, reader: ParserProcess) -> None:
    make, begins = READ[name]
    answer = read(reader, make())
    assert answer.problem == ""
    assert answer.text.startswith(begins)
    assert len(answer.text) <= 200_000
    assert answer.told["from"] == SENDER
    assert answer.told["subject"].startswith(SUBJECT)


def test_100_000_authors_are_nobody(reader: ParserProcess) -> None:
    answer = read(reader, b"From: " + addresses(100_000) + b"\nSubject: Lista\n\n" + SAID.encode())
    assert (answer.told["from"], answer.text) == (None, SAID)


CHARSETS = [
    "x-made-up", "WE8ISO8859P1", "rot13", "hex", "zip", "bz2", "base64", "uu", "quopri", "idna",
    "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "utf-7",
    "charmap", "a" * 300, "../../x", "\u00f1", "%s{0}", "ascii\0", "", "'", "None", "utf_8_sig",
]  # fmt: skip


@pytest.mark.parametrize("charset", CHARSETS, ids=lambda c: ascii(c)[:20])
def test_a_charset_that_is_none_costs_no_letter(charset: str, reader: ParserProcess) -> None:
    said = "Año nuevo: solicitamos una lista \\u0041 =41 +AGE-."
    head = f"Subject: =?{charset}?B?TGlzdGE=?=\n"
    name = f"Content-Disposition: attachment; filename*={charset}''a%20b.txt\n\nhola"
    part = f'Content-Type: text/plain; charset="{charset}"\n\n{said}'
    raw = mixed(part.encode(), name.encode()).replace(b"Subject: Lista\n", head.encode())
    answer = read(reader, raw)
    assert answer.problem == ""
    assert answer.text == said
    assert answer.told["subject"] in ("Lista", f"=?{charset}?B?TGlzdGE=?=".replace("\0", ""))
    assert len(answer.told["attachments"]) == 1


def laughs(size: int = 10, depth: int = 10) -> str:
    inner = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * size}">' for n in range(1, depth))
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ja">{inner}]>'


def zips(depth: int) -> bytes:
    data = archive({"a.txt": bytes(10 * MIB)})
    for _ in range(depth):
        data = archive({f"{n}.zip": data for n in range(10)})
    return data


def entries(count: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("word/document.xml", "<a/>")
        for n in range(count):
            out.writestr(f"{n}", b"")
    return made.getvalue()


def slow_pdf() -> bytes:
    again = "/XObject<</X 6 0 R>>"
    form = f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<{again}>>"
    return pdf("/X Do " * 60, resources=again, more=[stream("/X Do " * 60, form)])


def endless_tnef() -> bytes:
    """A winmail.dat with four thousand million properties."""
    return b"\x78\x9f\x3e\x22\0\0\x01\x03\x90\x06\0\x04\0\0\0" + b"\xff" * 4 + b"\0\0"


CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"
PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
BOMB, BROKEN, MANY = "al descomprimirse", "dañado", "demasiadas partes"
ENTITIES, BLANK = "definiciones XML", "no contiene texto"
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "docx of zeros": ("a.docx", lambda: archive({"word/document.xml": bytes(300 * MIB)}), BOMB),
    "docx of 100,000 entries": ("a.docx", lambda: entries(100_000), MANY),
    "docx with billion laughs": ("a.docx", lambda: docx(p("&l9;"), before=laughs()), ENTITIES),
    "docx with quadratic blowup": (
        "a.docx",
        lambda: docx(p("&l0;" * 50_000), before=f'<!DOCTYPE d [<!ENTITY l0 "{"a" * 50_000}">]>'),
        ENTITIES,
    ),
    "docx with an external entity": (
        "a.docx",
        lambda: docx(p("&x;"), before='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        ENTITIES,
    ),
    "docx with an external document type": (
        "a.docx",
        lambda: docx(p("x"), before='<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x">'),
        ENTITIES,
    ),
    "odt with billion laughs": (
        "a.odt",
        lambda: archive(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "META-INF/manifest.xml": "<m/>",
                "content.xml": laughs() + "<a>&l9;</a>",
            }
        ),
        ENTITIES,
    ),
    "xlsx with billion laughs": (
        "a.xlsx",
        lambda: archive(
            {"xl/workbook.xml": laughs() + "<a>&l9;</a>", "[Content_Types].xml": laughs()}
        ),
        ENTITIES,
    ),
    "odt of repeated spaces": (
        "a.odt",
        lambda: odt("<text:p>" + '<text:s text:c="999999999"/>' * 20_000 + "</text:p>"),
        BLANK,
    ),
    "zips in zips": ("a.zip", lambda: zips(3), "comprimido"),
    "zips in a docx": ("a.docx", lambda: zips(3), BROKEN),
    "PDF of one packed stream": (
        "a.pdf",
        lambda: pdf(stream(zlib.compress(b"BT (a) Tj ET\n" * 8_000_000), "/Filter/FlateDecode")),
        BOMB,
    ),
    "PDF whose pages hold themselves": (
        "a.pdf",
        lambda: pdf_of([CATALOGUE, "<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
        BROKEN,
    ),
    "PDF whose parent is its child": (
        "a.pdf",
        lambda: pdf_of(
            [
                CATALOGUE,
                "<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>",
                "<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>",
            ]
        ),
        BROKEN,
    ),
    "PDF whose length is itself": (
        "a.pdf",
        lambda: pdf_of(
            [
                CATALOGUE,
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                PAGE,
                "<</Length 4 0 R>>stream\nBT (a) Tj ET\nendstream",
            ]
        ),
        "",
    ),
    "PDF with a table that points to itself": (
        "a.pdf",
        lambda: pdf_of([CATALOGUE]).replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev 9"),
        BROKEN,
    ),
    "PDF of 4 MB of brackets": ("a.pdf", lambda: b"%PDF-1.4\n" + b"[" * 4 * MIB, BROKEN),
    "PDF that draws 3,600 forms": ("a.pdf", slow_pdf, "tarda demasiado"),
    "RTF of 1 million groups": ("a.rtf", lambda: b"{\\rtf1" + b"{" * 1_000_000, ""),
    "RTF of 25 MB": ("a.rtf", lambda: b"{\\rtf1" + b"\\b a" * 5 * MIB, "demasiado grande"),
    "CSV of one quote": ("a.csv", lambda: b'"' + b"a,\n" * 900_000, ""),
    "HTML 90,000 deep": ("a.html", lambda: b"<html>" + b"<div>" * 90_000, ""),
    "lists in lists": ("a.html", lambda: b"<html>" + b"<ul>" * 200 + b"<li>a" * 90_000, ""),
    "winmail.dat that counts for ever": (
        "winmail.dat",
        endless_tnef,
        "",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_means_harm_spoils_no_mail(name: str, reader: ParserProcess) -> None:
    called, make, reason = FILES[name]
    answer = read(reader, with_file(called, make(), SAID))
    assert answer.problem == ""
    assert answer.text == SAID
    assert answer.told["attachments"] == [called]
    assert answer.problems[0]
    assert reason in answer.problems[0]


MANY_FILES: dict[str, Callable[[], bytes]] = {
    "a.pdf": slow_pdf,
    "winmail.dat": endless_tnef,
    "a.html": lambda: b"<html>" + up_to("<p>a</p>", 500_000),
    "a.rtf": lambda: b"{\\rtf1 " + up_to("\\b a ", 1_000_000),
    "a.docx": lambda: docx("<w:p/>" * 100_000),
}


def many_files(name: str, reader: ParserProcess) -> None:
    """As many as fit in a mail, half of them in a message in the mail."""
    data = MANY_FILES[name]()
    count = min(49, 9 * MIB // len(data))
    inside = mixed(*[file(name, data)] * count)
    said = b"Content-Type: text/plain\n\n" + SAID.encode()
    raw = mixed(said, file("a.eml", inside, "message/rfc822"), *[file(name, data)] * count)
    answer = read(reader, raw)
    assert answer.text == SAID
    assert len(answer.told["attachments"]) == min(1 + 2 * count, 100)
    assert "demasiado que leer" in answer.problems[-1]


@pytest.mark.parametrize("name", ["a.pdf", "winmail.dat"])
def test_many_files_cost_no_more_than_one(name: str, reader: ParserProcess) -> None:
    many_files(name, reader)


@pytest.mark.soak
@pytest.mark.parametrize("name", MANY_FILES)
def test_many_files_of_any_kind_cost_no_more_than_one(name: str, reader: ParserProcess) -> None:
    many_files(name, reader)


CLASSES = "a1 \n\t.,;:-_*>|(/[]<\"'¿?@#$%&=+~\\{Áñ☐😀\u00a0\u0301"
PIECES = (
    "a ", "A ", "Á. ", "1.", "a@", "a@b.c ", "http://", "- ", "a:\n", "Área: ", "\t ", "a\tb\n",
    "[ ] ", "x: y; ", "....", "Ana Paz ", "alumnos, ", "mil ", "cada mes ", "1/2/2022 ", "ext. 12 ",
    "la responsable es Ana Paz ", "visto bueno de ", "APROBAR\n", "mtra. mvz ", "-- \n", "\n•*",
    "El 3 de mayo escribió:\n", "De: a\nPara: b\nAsunto: c\n", "<a@b.c>", "<+", "CI-2021-0042 ",
    "(corrijo, ", "ciento y veinte ", "1Z", "el ", "a_", "ZZ ", "porque ", "\u200b", "=?x?Q?",
    "\u0301\u0327",
)  # fmt: skip
SLOWEST = ("Área: ", "la responsable es Ana Paz ", "\t ", "<+", "$", "a:\n", " ", "1Z", "\n•*")


def attacked(piece: str, reader: ParserProcess) -> None:
    """A megabyte of a piece: as one line, in words, before the text, in HTML, in a file."""
    much = up_to(piece, MIB).decode()
    subject = b"Lista " + much[:15_000].split("\n")[0].encode() + b"\n"
    for raw in (
        plain(f"{SAID} <{much}x"),
        plain(f"{SAID}\n" + up_to(up_to(piece, 70) + b"\n", MIB).decode()),
        plain(much + SAID).replace(b"Lista\n", subject),
        html(f"<p>{SAID}</p><pre>{escape(much)}"),
        with_file("a.txt", f"{SAID} {much}x".encode(), SAID),
    ):
        answer = read(reader, raw)
        assert (answer.problem, answer.told["from"]) == ("", SENDER)


@pytest.mark.parametrize("piece", SLOWEST)
def test_a_megabyte_of_one_thing_is_no_more_than_a_megabyte(
    piece: str, reader: ParserProcess
) -> None:
    attacked(piece, reader)


@pytest.mark.soak
@pytest.mark.parametrize("piece", [*CLASSES, *PIECES])
def test_a_megabyte_of_anything_is_no_more_than_a_megabyte(
    piece: str, reader: ParserProcess
) -> None:
    attacked(piece, reader)

"""winmail.dat: what it holds, and that a hostile one is stopped."""

from __future__ import annotations

import struct

import compressed_rtf
import pytest

from bot.mail.documents import Unreadable, open_tnef, read_document

from .attachment_files import docx, p, tnef, tnef_of


def test_text_and_attachments() -> None:
    form = docx(p("Área: Biblioteca"))
    text, files = open_tnef(
        tnef([("Formato año.docx", form), ("b.txt", b"x")], text="Hola\r\nseñor")
    )
    assert text == "Hola\nseñor"
    assert [name for name, _ in files] == ["Formato año.docx", "b.txt"]
    assert read_document(files[0][1], *files[0][:1], "").text == "Área: Biblioteca"


def test_html_body() -> None:
    page = "<table><tr><td>Área</td><td>Dirección</td></tr></table>"
    assert open_tnef(tnef(html=page)) == ("Área\tDirección", ())


def test_rtf_body() -> None:
    rtf = compressed_rtf.compress(rb"{\rtf1\ansi\ansicpg1252 Hola\par \'c1rea}")
    assert open_tnef(tnef(rtf=rtf)) == ("Hola\nÁrea", ())


def test_names_lose_their_folders() -> None:
    _, files = open_tnef(tnef([("..\\..\\etc\\passwd", b"x"), ("/\x07", b"y")]))
    assert [name for name, _ in files] == ["passwd", "adjunto-2"]


def test_a_cut_one_gives_what_it_can_or_is_told() -> None:
    whole = tnef([("a.txt", b"x" * 500)], text="Hola")
    for length in range(0, len(whole), 97):
        assert opened_or_told(whole[:length]) in ("", "Hola", "told")


def opened_or_told(data: bytes) -> str:
    try:
        return open_tnef(data)[0]
    except Unreadable as error:
        return "told" if error.reason.startswith("El archivo «winmail.dat» está") else "badly told"


ENDLESS = 0xFFFFFFFF


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"\x78\x9f\x3e\x22",
        # counts that tnefparse would follow until memory or patience end
        tnef_of((1, 6, 0x9003, struct.pack("<IHHI", 1, 0x1002, 0x1000, ENDLESS) + bytes(40))),
        tnef_of((1, 6, 0x9004, struct.pack("<II", ENDLESS, 0) + bytes(400))),
        tnef_of(*[(1, 6, 0x0001, b"")] * 300_000),
    ],
    ids=["empty", "zip", "head", "values", "recipients", "objects"],
)
def test_hostile_ones_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="El archivo «winmail"):
        open_tnef(data)

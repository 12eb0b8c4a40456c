"""Charsets: labels lie, and the text comes out right all the same."""

from __future__ import annotations

import pytest

from bot.mail.parsing.words import decode_words
from nlp.text.charset import decode, known_codec
from nlp.text.fold import clean, fold, letters, one_line

from .reading_mails import mail

YEARS = "¿Cuántos años dura la autorización?"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("charset-that-is-a-codec", "Solicitamos una lista para el año próximo."),
        ("made-up-charset", "Solicito la creación de una lista para mañana."),
        ("latin1-labelled-utf8", YEARS),
        ("utf8-labelled-ascii", YEARS),
        ("utf8-labelled-latin1", YEARS),
        ("windows1252-labelled-latin1", "La lista “Avisos” – nueva… €"),
        ("no-charset-latin1", "Año nuevo, lista nueva: ñandú."),
        ("utf16-base64", "Petición de lista"),
        ("nul-in-charset-name", "Solicito una lista."),
        ("html-meta-charset-lies", "Petición de reactivación"),
        ("nul-bytes", "Hola, mundo."),
        ("zero-width-letters", "APROBAR la lista\ufffd"),  # an override stands at its end
        ("symbol-font-boxes", "☒ Creación  ☐ Restablecimiento\n• alumnos"),
        ("old-mac-line-ends", "Hola.\nSegunda línea."),
    ],
)
def test_text(name: str, text: str) -> None:
    assert mail(name).text == text


@pytest.mark.parametrize(
    "label",
    ["", "x", "WE8ISO8859P1", "utf-8\0", "undefined", "idna", "unicode_escape", "rot13", "base64",
     "utf-7", " utf 8", "a" * 500, "ñ"],
)  # fmt: skip
def test_no_label_can_hurt(label: str) -> None:
    assert decode("año".encode(), label) == "año"
    assert decode("año".encode("latin-1"), label) == "año"
    assert decode(b"lista", label) == "lista"


def test_a_few_broken_bytes_do_not_turn_utf8_into_latin1() -> None:
    good = "La comunicación llegará mañana según la coordinación. "
    assert decode((good * 5).encode() + b"\xc3", "utf-8").startswith(good)


def test_real_charsets_are_used() -> None:
    assert decode("дом".encode("koi8-r"), "KOI8-R") == "дом"
    assert decode("日本".encode("iso-2022-jp"), "iso-2022-jp") == "日本"
    assert known_codec('"ISO-8859-1"') == "iso8859-1"


def test_surrogates_never_come_out() -> None:
    for label in ("utf-16-le", "utf-8", "utf-7"):
        decode(b"\x00\xd8\x41\x00", label).encode()
    assert clean("a\ud800b") == "a\ufffdb"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
        (b"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        (b"=?UTF-8*es?Q?a=C3=B1o?=", "año"),
        (b"=?utf-8?B?YcOxbw?=", "año"),  # padding left out
        (b"=?utf-8?Q?dos palabras?=", "dos palabras"),  # a blank where none may be
        (b"=?utf-8?X?a?= =??Q?b?=", "=?utf-8?X?a?= =??Q?b?="),
        (b"x=?utf-8?q?=41?=y", "xAy"),
    ],
)
def test_encoded_words(raw: bytes, text: str) -> None:
    assert decode_words(raw) == text


def test_folding() -> None:
    assert fold("ÁÉñ Ü") == "aen u"
    assert letters("Área: 1,850 — ¡sí!") == "area1850si"
    assert one_line("  a\r\n b\u2028c\u200b ", 4) == "a b"

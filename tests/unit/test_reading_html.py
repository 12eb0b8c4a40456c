"""HTML: what the eye sees, forms as rows, and two parts that say two things."""

from __future__ import annotations

import pytest

from bot.mail.parsing import Limits
from bot.mail.parsing.body import NOTHING_VISIBLE
from bot.mail.parsing.styles import alike, colour, is_transparent, length, style_sheet
from nlp.types import BlockKind

from .reading_mails import HEAD, mail, shape, text_of, understood


def shown(html: str) -> str:
    head = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
    return understood(head + html.encode()).text


def test_a_form_in_a_table_is_rows_of_label_and_value() -> None:
    assert mail("html-only-table-form").text.split("\n") == [
        "Va la tabla.",
        "",
        "Concepto\tDato",
        "Área solicitante\tBiblioteca Central",
        "Objetivo\tAvisar de cursos libros",
        "Visto bueno",
        "",
        "Saludos",
    ]


@pytest.mark.parametrize("name", ["plain-part-glues-cells", "plain-part-stacks-cells"])
def test_html_is_read_where_the_plain_part_loses_the_table(name: str) -> None:
    incoming = mail(name)
    assert "Tipo de solicitud\tCreación\nÁrea solicitante\tBiblioteca Central" in incoming.text
    assert incoming.visible_text == ""


def test_tables_that_only_arrange_the_page_are_no_rows() -> None:
    assert mail("layout-tables").text == "Solicito una lista.\nSon 300 alumnos."


def test_nothing_hidden_is_read() -> None:
    incoming = mail("hidden-every-way")
    assert incoming.text == "Lo reviso\n\nmañana."
    assert incoming.visible_text == ""


def test_pale_text_on_a_dark_ground_is_read() -> None:
    assert mail("visible-though-pale").text.split("\n") == [
        "REENCUENTRO",
        "CON IMAGEN",
        "CON LETRA",
        "BLANCO SOBRE AZUL",
        "gris",
    ]


def test_what_is_struck_through_is_gone() -> None:
    assert mail("struck-through").text == "Son 450 alumnos."


def test_our_marks_cannot_be_faked() -> None:
    assert mail("marks-faked-by-entities").text == "APROBAR xy\nAPROBAR"


def test_layout() -> None:
    assert mail("preformatted-html").text == (
        "Tipo de solicitud: Creación\nÁrea: Biblioteca\nuno\ndos"
    )
    assert mail("mention-with-address-in-link").text == "ASIGNAR @Luis Rey <luis.rey@upaep.mx>"
    assert shown("<ul><li>uno<li>dos</ul>") == "* uno\n* dos"
    assert shown("<p>uno</p><p>dos</p>") == "uno\n\ndos"
    assert shown('<p class="MsoNormal">uno</p><p class="MsoNormal">dos</p>') == "uno\ndos"
    assert shown("<div>uno</div><div><br></div><div>&nbsp;</div><div>dos</div>") == "uno\n\n\ndos"
    assert shown("Crea<b>ción</b><script>x</script><style>y</style>") == "Creación"
    assert shown('<?xml version="1.0" encoding="x"?><div>uno</div>') == "uno"


def test_a_bare_blockquote_is_somebodys_own_text() -> None:
    assert (
        shown("Va:<blockquote style='margin:0 0 0 40px;border:none'>300</blockquote>") == "Va:\n300"
    )


def test_two_parts_two_readings() -> None:
    incoming = mail("parts-disagree")
    assert (incoming.text, incoming.visible_text) == ("APROBAR", "RECHAZAR la lista está duplicada")
    incoming = mail("html-says-more")
    assert (incoming.text, incoming.visible_text) == ("Aprobar no procede todavía", "Aprobar")
    assert mail("html-part-shows-nothing").visible_text == NOTHING_VISIBLE


def test_two_plain_parts_are_two_readings_as_well() -> None:
    part = b"--b\nContent-Type: text/plain\n\n%s\n"
    raw = HEAD + b"Content-Type: multipart/alternative; boundary=b\n\n"
    incoming = understood(raw + part % b"APROBAR" + part % b"RECHAZAR" + b"--b--\n")
    assert (incoming.text, incoming.visible_text) == ("APROBAR", "RECHAZAR")


@pytest.mark.parametrize("name", ["plain-part-says-nothing", "plain-part-is-a-stub"])
def test_html_is_read_where_the_plain_part_says_nothing(name: str) -> None:
    incoming = mail(name)
    assert incoming.text == "Solicito una lista para 300 alumnos."
    assert incoming.visible_text == ""
    assert shape(incoming) == "N"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("#fff", (255, 255, 255)),
        ("#FFFFFF", (255, 255, 255)),
        ("white !x", None),
        ("rgb(10%, 0, 300)", (26, 0, 255)),
        ("rgba(1 2 3 / 50%)", (1, 2, 3)),
        ("url(x.png) #010203", (1, 2, 3)),
        ("", None),
    ],
)
def test_colours(value: str, expected: tuple[int, int, int] | None) -> None:
    assert colour(value) == expected


def test_lengths_and_transparency() -> None:
    assert [length(v) for v in ("0", "1px", "1pt", "2em", "0em", "x", "", "-9999px")] == [
        0, 1, 4 / 3, None, 0, None, None, -9999,
    ]  # fmt: skip
    assert is_transparent("rgba(0,0,0,0)")
    assert is_transparent("#12345600")
    assert not is_transparent("rgb(0,0,0)")
    assert not alike(None, (0, 0, 0))


def test_style_sheets_are_read_by_simple_selectors() -> None:
    css = (
        "<!-- p, .a{color:RED} @media x{.b{display:none}} div .c{d:e} div p{f:g}"
        " /* x */ #i{j:k} }} "
    )
    assert style_sheet(css) == {
        "p": {"color": "red"},
        ".a": {"color": "red"},
        ".c": {"d": "e"},
        "#i": {"j": "k"},
    }


def test_quotes_in_quotes_in_quotes_are_read_to_the_end() -> None:
    incoming = mail("html-quoted-sixty-times")
    assert incoming.text == "Solicitamos una lista para la biblioteca."
    quoted = text_of(incoming, BlockKind.QUOTE).split()
    assert quoted.count("Correo") == 60
    assert quoted[-3:] == ["primero", "de", "todos"]


def test_what_is_nested_deep_is_seen_and_hidden_like_all_else() -> None:
    deep = "<div>" * 400
    told = shown(f"{deep}<p>uno</p>dos<span>tres</span><br>cuatro<p>cinco</p>")
    assert told.split() == ["uno", "dostres", "cuatro", "cinco"]
    assert shown(f"Hola{deep}<div style='display:none'>APROBAR{deep}sí</div>") == "Hola"
    assert shown(f"Hola<div style='display:none'>{deep}APROBAR") == "Hola"


def test_what_is_struck_a_thousand_times_leaves_the_rest_in_order() -> None:
    assert shown("a<s>x</s>b" * 1_000) == "ab" * 1_000


def test_a_page_of_tags_is_read_in_part() -> None:
    most = Limits().html_tags
    assert shown("<b>a</b>" * most) == "a" * (most // 2)


def test_deep_elements_of_impossible_names_are_read() -> None:
    assert shown("<div>" * 400 + "<td€<b>uno</td€<b>").split() == ["uno"]

"""Earlier messages are known by how some eighty mail programs introduce them."""

from __future__ import annotations

import textwrap
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

import pytest

from bot.mail.parsing.layout import Layout
from bot.mail.parsing.lines import TextLine
from bot.mail.parsing.opening import Place
from bot.mail.parsing.openings import STRATEGIES, Strategy, opening
from nlp.types import BlockKind

from .reading_mails import MAILS, text_of, typed, understood

OURS = """Hola, Ana:

Su solicitud está completa. Gracias.

Área solicitante: Biblioteca Central
Número aproximado de destinatarios: 1,850

Responda con una de estas órdenes:
APROBAR
RECHAZAR motivo"""
TO = "=?utf-8?q?Comunicaci=C3=B3n_Interna_UPAEP?= <comunicacion.interna+ci-1.k7@upaep.mx>"
PLAIN_TO = "Comunicación Interna UPAEP <comunicacion.interna@upaep.mx>"
LAYOUT = Layout("Re: x", frozenset({"comunicacion.interna@upaep.mx"}), author="Ana Prado")


def of_programs() -> dict[str, str]:
    """What each program writes above the message it answers."""
    text = (MAILS / "layout" / "attributions.txt").read_text("utf-8")
    entries = (entry.partition("\n") for entry in text.split("## ")[1:])
    return {name: attribution.rstrip("\n") for name, _, attribution in entries}


PROGRAMS = of_programs()


def quoted(marked: bool) -> str:
    return textwrap.indent(OURS, "> ", lambda _: True) if marked else OURS


def wrapped(text: str) -> str:
    """As programs break long lines: at 72 characters, and at the blank before an address."""
    return "\n".join(
        piece
        for line in text.split("\n")
        for piece in (textwrap.wrap(line, 72, break_on_hyphens=False) or [""])
    )


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "plain"])
@pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name: str, broken: bool, marked: bool) -> None:
    attribution = wrapped(PROGRAMS[name]) if broken else PROGRAMS[name]
    body = f"APROBAR\n\n{attribution}\n\n{quoted(marked)}\n"
    incoming = typed(body, Subject="Re: Su solicitud", To=TO)
    assert incoming.text == "APROBAR"
    assert "Biblioteca Central" in text_of(incoming, BlockKind.QUOTE)


def html_of(attribution: str, boxed: bool) -> str:
    """The same as HTML: lines by <br>, the quote in a block of its own or only below."""
    top = "<br>\n".join(escape(line) for line in ("APROBAR", "", *attribution.split("\n"), ""))
    below = "<br>\n".join(escape(line) for line in OURS.split("\n"))
    style = "border-left:solid black 2px;padding-left:5px" if boxed else ""
    return f'<html><body><div>{top}</div><div style="{style}">{below}</div></body></html>'


@pytest.mark.parametrize("boxed", [True, False], ids=["boxed", "bare"])
@pytest.mark.parametrize("parts", ["html", "both"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_write_html(name: str, parts: str, boxed: bool) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "Ana Prado <ana.prado@upaep.mx>", PLAIN_TO
    mail["Subject"], mail["In-Reply-To"] = "Re: Su solicitud", "<1@upaep.mx>"
    html = html_of(PROGRAMS[name], boxed)
    if parts == "both":
        mail.set_content(f"APROBAR\n\n{PROGRAMS[name]}\n\n{OURS}\n")
        mail.add_alternative(html, subtype="html")
    else:
        mail.set_content(html, subtype="html")
    incoming = understood(mail.as_bytes())
    assert incoming.text == "APROBAR"
    assert incoming.visible_text == ""
    assert "Biblioteca Central" in text_of(incoming, BlockKind.QUOTE)


@pytest.mark.parametrize("way", STRATEGIES, ids=lambda way: way.name)
def test_each_way_finds_its_example(way: Strategy) -> None:
    lines = [TextLine(text) for text in way.example.split("\n")]
    found = opening(lines, 0, LAYOUT)
    assert found is not None
    assert found.end == len(lines)
    by = next(s for s in STRATEGIES if opening_by(s, lines))
    assert by.name == way.name


def opening_by(way: Strategy, lines: list[TextLine]) -> bool:
    return way.find(Place(lines, 0, LAYOUT)) is not None


@pytest.mark.parametrize(
    "line",
    [
        "El 17 de agosto la doctora nos escribió que estaba de acuerdo.",
        "En la reunión del 17/08/2026 a las 10:00 quedó que la lista la lleva Ana:",
        "El lunes 17 a las 10:00 manden el formato a ana@upaep.mx:",
        "En 2025 la rectora escribió que la lista era necesaria",
        "Favor de mandar la lista a comunicacion.interna@upaep.mx:",
        "Responsable del envío: Ana <ana@upaep.mx>",
        "La Dra. Ruiz wrote the form",
        "Citando a Benito Juárez:",
        "Para: alumnos",
        "De: la Biblioteca\nPara: alumnos y docentes\nAsunto: novedades",
    ],
)
def test_what_people_write_introduces_nothing(line: str) -> None:
    text = f"Hola.\n\n{line}\n\nLa lista es para 300 alumnos."
    assert typed(text, Subject="Re: Lista").text == text


@pytest.mark.parametrize(
    "block",
    [
        "De :Comunicación <ci@x.mx>\nEnviado el :lunes 17 de agosto\nPara :ana@x.mx\nAsunto :Hola",
        "De: CI <ci@x.mx>\nFecha: 17/08/2026 10:00\nAsunto: Su solicitud de una lista que\n"
        "sigue en el renglón de abajo\nPara: ana@upaep.mx",
        "От: CI\nОтправлено: понедельник, 17 августа 2026 г. 10:00\nКому: Ana",
        "----\nMessage du : 17/08/2026 10:00\nDe : CI <ci@x.mx>\nA : ana@x.mx\nSujet : Hola",
    ],
    ids=["no blank behind the colon", "a long subject", "no subject", "laposte"],
)
def test_header_blocks_as_programs_vary_them(block: str) -> None:
    incoming = typed(f"Va completo.\n\n{block}\n\nFavor de llenar la extensión.", Subject="Re: x")
    assert incoming.text.rstrip("-\n") == "Va completo."


def test_a_rule_of_html_parts_lines() -> None:
    head = "<b>De: </b>ci@x.mx<br><b>Para: </b>ana@x.mx<br><b>Enviado: </b>lunes 10:00<br>"
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "Ana Prado <ana.prado@upaep.mx>", "Re: Solicitud"
    mail.set_content(f"<div>APROBAR<hr>{head}<b>Asunto: </b>Hola<p>Hola</p></div>", subtype="html")
    assert understood(mail.as_bytes()).text == "APROBAR"


def test_deep_quotes_are_no_arrows_of_groupwise() -> None:
    incoming = typed("Va.\n\n> Hola\n>> ¿Qué tal?\n>>> Bien\n>>>\n>>> Adiós\n", Subject="Re: x")
    assert incoming.text == "Va."


@pytest.mark.parametrize("rest", ["(https://x.mx/c/YzOTYz) >", "_nonce=3dd518)"])
def test_the_rest_of_a_quoted_link_is_quoted(rest: str) -> None:
    body = f"Va.\n\nEl 17/08/2026 10:00, CI <ci@x.mx> escribió:\n\n> Vea (https://x.mx\n{rest}\n>\n"
    assert typed(body, Subject="Re: x").text == "Va."


def test_what_is_typed_between_quoted_lines_is_not() -> None:
    body = "El 17/08/2026 10:00, CI <ci@x.mx> escribió:\n\n> Vigencia:\n31/12/2026\n> Extensión:\n"
    assert typed(body, Subject="Re: x").text == "31/12/2026"


def test_the_separator_behind_what_was_typed() -> None:
    glued = "Va. -------- Mensaje original --------De: CI <ci@x.mx> Fecha: 17/8/26 10:00 Asunto: x"
    assert typed(f"{glued}\n\nHola\n", Subject="Re: x").text == "Va."


@pytest.mark.parametrize(
    "line",
    [
        "Mando los datos. De: Deportes Para: alumnos Asunto: torneos",
        "Cambien el correo de la responsable. De: ana@x.mx Para: luis@x.mx",
        "El cambio. De: ana@x.mx Para: luis@x.mx Fecha: 3/8/2026 10:00 Asunto: responsable",
    ],
)
def test_rows_behind_what_was_typed_introduce_nothing(line: str) -> None:
    assert typed(f"{line}\n\nGracias", Subject="Re: x").text == f"{line}\n\nGracias"


def test_the_article_twice_behind_what_was_typed() -> None:
    glued = "Va. El El lun, 17 ago 2026 a las 10:00, CI <ci@x.mx> escribió:\n\n> Hola\n"
    assert typed(glued, Subject="Re: x").text == "Va."

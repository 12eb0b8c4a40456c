"""Our own mail is known by its text: what a reply repeats of it is no answer."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

import pytest
import yaml

import replies
from bot.mail.parsing import read
from bot.mail.parsing.html import html_lines
from bot.workflow.message import ParsedMessage
from nlp.types import BlockKind
from replies.rendering import render

from .reading_mails import text_of

TO = "comunicacion.interna@upaep.mx"


@cache
def our_mails() -> dict[str, tuple[str, ...]]:
    """Mails of ours as their text and as HTML shows it."""
    made = {}
    for name in ("form", "received", "review"):
        sample = Path(replies.__file__).parent / name / "sample.yaml"
        mail = render(name, yaml.safe_load(sample.read_text("utf-8")))
        made[name] = (mail.text, "\n".join(line.text for line in html_lines(mail.html)))
    return made


def reply(text: str, answered: tuple[str, ...]) -> ParsedMessage:
    raw = f"From: Ana <ana@upaep.mx>\nTo: {TO}\nSubject: Re: x\nIn-Reply-To: <1@x>\n\n{text}\n"
    incoming = read(raw.encode(), answered=answered)
    assert isinstance(incoming, ParsedMessage)
    return incoming


FORMS = ("text", "html")
MARKS = (
    "| ", ": ", "*> ", "CI> ", "&gt; ", "} ", "» ", "# ", "%", "» » ", "- ", "* ", "• ", "— ", "\t",
)  # fmt: skip
per_mail = pytest.mark.parametrize("name", ["form", "received", "review"])
per_form = pytest.mark.parametrize("which", [0, 1], ids=FORMS)


def mangled(text: str) -> str:
    """As programs hand a mail on: indented, with links written out, a blank line lost."""
    lines = text.replace("\n\n\n", "\n").split("\n")
    return "\n".join(
        f"  {line.replace('upaep.mx/colab', 'upaep.mx/colab')}"
        if "http" not in line
        else f"{line} <https://nam10.safelinks.protection.outlook.com/?url=x&data=1>"
        for line in lines
    )


@per_mail
@per_form
@pytest.mark.parametrize("typed", ["APROBAR", "Muchas gracias.", "La extensión es 7777.", "Sí"])
def test_what_is_repeated_without_a_mark_is_no_answer(name: str, which: int, typed: str) -> None:
    ours = our_mails()[name]
    for below in (ours[which], mangled(ours[which])):
        incoming = reply(f"{typed}\n\n{below}", ours)
        assert incoming.text == typed
        incoming = reply(f"{below}\n\n{typed}", ours)
        assert incoming.text == typed


@per_mail
@pytest.mark.parametrize("width", [28, 34, 60])
@pytest.mark.parametrize("typed", ["APROBAR", "Muchas gracias.", "👍", "La extensión es 7777."])
def test_nor_is_what_a_narrow_program_broke_anew(name: str, width: int, typed: str) -> None:
    lines = our_mails()[name][0].split("\n")
    wrap = textwrap.TextWrapper(width, break_long_words=False)
    broken = "\n".join(x for line in lines for x in wrap.wrap(line) or [""])
    incoming = reply(f"{typed}\n\n{broken}", our_mails()[name])
    assert incoming.text == typed


@per_mail
@per_form
def test_how_an_unknown_program_introduces_it_is_no_answer_either(name: str, which: int) -> None:
    ours = our_mails()[name]
    for line in (
        f"Am 17.8.2026 10:00 hat Comunicación <{TO}> folgendes mitgeteilt",
        f"[17/08/2026 10:00] {TO} >>",
        f"Respuesta a {TO}:",
        "Comunicación Interna UPAEP escribió:",
        "De: Comunicación Interna UPAEP\nFecha: 25 de octubre de 2021\nA: ana@upaep.mx",
        "De: Comunicación Interna UPAEP\nPara: ana@upaep.mx",
    ):
        incoming = reply(f"Gracias.\n\n{line}\n\n{ours[which]}", ours)
        assert incoming.text == "Gracias."


@per_mail
@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_few_programs_write_are_known_by_what_they_mark(name: str, mark: str) -> None:
    ours = our_mails()[name]
    lines = [(mark + line).rstrip() for line in ours[0].strip().split("\n")]
    told = "El dom, 29 nov 2026 a las 12:50, Comunicación escribió:"
    quoted, half = "\n".join(lines), len(lines) // 2
    for text in (
        f"Gracias.\n\n{quoted}",
        f"{quoted}\n\nGracias.",
        f"{told}\n{quoted}\n\nGracias.",
        "\n".join([told, *lines[:half], "", "Gracias.", "", *lines[half:]]),
    ):
        assert reply(text, ours).text == "Gracias."


def test_lines_with_a_sign_that_are_not_ours_stay_what_was_typed() -> None:
    ours = our_mails()["review"]
    for mark in ("# ", "| ", "- "):
        typed = "\n".join(mark + s for s in ("Cargo: Jefa", "Frecuencia: semanal", "Son 320"))
        quoted = "\n".join((mark + line).rstrip() for line in ours[0].strip().split("\n"))
        assert reply(f"{typed}\n\n{ours[0]}", ours).text == typed
        assert reply(f"{typed}\n\n{quoted}", ours).text == typed


@per_form
def test_answers_typed_on_its_lines_stay_answers(which: int) -> None:
    ours = our_mails()["form"]
    answered = ours[which].replace("Cargo:", "Cargo: Jefa de Oficina")
    incoming = reply(f"Va.\n\n{answered}", ours)
    assert incoming.text == "Va.\nCargo: Jefa de Oficina"
    assert "Biblioteca Central" in text_of(incoming, BlockKind.QUOTE)


@pytest.mark.parametrize("mark", ["", ">>> ", "-- "])
def test_our_mail_goes_on_below_what_was_typed_with_any_mark(mark: str) -> None:
    ours = our_mails()["form"]
    answered = ours[0].replace("Cargo:", f"Cargo:\n{mark}Jefa de Oficina")
    incoming = reply(f"Va abajo.\n\n{answered}", ours)
    assert "Cargo" not in incoming.text
    assert "Jefa de Oficina" in incoming.text + text_of(incoming, BlockKind.QUOTE)


def test_our_mail_goes_on_below_what_was_typed_between_its_lines() -> None:
    ours = (
        "Nos faltan 3 datos. Para continuar basta con responder a este correo.\n"
        "Área solicitante:\nNombre de la lista:\nFrecuencia de envío:\n",
    )
    answered = (
        ours[0]
        .replace("solicitante:", "solicitante:\nCompras")
        .replace("lista:", "lista:\navisos-compras")
    )
    assert reply(f"Va abajo.\n\n{answered}", ours).text == "Va abajo.\nCompras\navisos-compras"


def test_an_answer_that_reads_like_one_line_of_ours_is_an_answer() -> None:
    ours = our_mails()["review"]
    assert reply("APROBAR", ours).text == "APROBAR"
    assert reply("Solicitud por revisar", ours).text == "Solicitud por revisar"
    assert reply("Biblioteca Central\n7415", ours).text == "Biblioteca Central\n7415"


def test_a_figure_that_ours_begins_with_is_another() -> None:
    ours = ("Número aproximado de destinatarios: 3,200\nFrecuencia: semanal",)
    typed = "Corrijo:\nNúmero aproximado de destinatarios: 320\n\nAPROBAR"
    assert reply(typed, ours).text == typed


GMAIL = "El dom, 29 nov 2026 a las 12:50, Comunicación (<comunicacion@upaep.mx>) escribió:\n\n"
OUTLOOK = (
    "De: Comunicación <comunicacion@upaep.mx>\nEnviado: domingo, 29 de noviembre de 2026 12:50\n"
    "Para: Rosa <rosa@upaep.mx>\nAsunto: Su orden no se realizó\n\n"
)
ORDERS = (
    "PREGUNTAR: ¿los 1,500 son solo de licenciatura o también van los externos?",
    "RECHAZAR: Revisamos la solicitud con calma.\nEl área tiene otra lista para lo mismo.\n\n"
    "Les sugerimos usar aquella; en marzo la volvemos a revisar.",
    "CORREGIR: Frecuencia de envío: mensual\nAPROBAR",
)


@per_form
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize("above", ["", GMAIL, OUTLOOK, "Enviado desde mi iPhone\n\n" + GMAIL])
def test_an_order_of_theirs_that_our_mail_repeats_is_typed_once_more(
    which: int, order: str, mark: str, above: str
) -> None:
    sample = Path(replies.__file__).parent / "command_result" / "sample-2.yaml"
    values = yaml.safe_load(sample.read_text("utf-8"))
    values["likely"]["text"], _, values["likely"]["argument"] = order.partition(": ")
    mail = render("command_result", values)
    ours = (mail.text, "\n".join(line.text for line in html_lines(mail.html)))
    assert order.split()[-1] in mail.text
    quoted = "\n".join(mark + line for line in ours[which].split("\n"))
    assert reply(f"{order}\n\n{above}{quoted}", ours).text == order


def test_an_order_of_theirs_that_our_mail_repeats_needs_no_quote() -> None:
    ours = ("Le falta la orden. Escriba: PREGUNTAR: ¿son solo de licenciatura o de todas?",) * 2
    asked = "PREGUNTAR: ¿son solo de licenciatura o de todas?"
    assert reply(asked, ours).text == asked


@per_mail
@per_form
def test_our_mail_sent_back_as_it_is_says_nothing(name: str, which: int) -> None:
    ours = our_mails()[name]
    assert reply(ours[which], ours).text == ""
    assert reply(mangled(ours[which]), ours).text == ""


INTRODUCED = (
    GMAIL.strip(),
    f"On Mon, Nov 29, 2026 at 12:50 PM Comunicación <{TO}> wrote:",
    f"---- El dom, 29 nov 2026 12:50:00 -0600 Comunicación <{TO}> escribió ----",
    f"Comunicación <{TO}>\n29/11/2026 12:50",
    f"-----Comunicación <{TO}> escribió: -----",
    OUTLOOK.replace("comunicacion@upaep.mx", TO).strip(),
    f"De parte de {TO} recibí:",
)


@per_mail
@per_form
@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize("line", INTRODUCED)
@pytest.mark.parametrize(
    "typed",
    [
        "APROBAR",
        "2100 son ellos.",
        "El 1 de septiembre de 2027",
        "La ext. es 7777.\nDel 1/2/2027 al 30/6/2027",
    ],
)
def test_what_stands_right_above_the_introduction_is_typed(
    name: str, which: int, mark: str, line: str, typed: str
) -> None:
    ours = our_mails()[name]
    quoted = "\n".join(mark + text for text in ours[which].split("\n"))
    assert reply(f"{typed}\n{line}\n{quoted}", ours).text == typed


def test_our_mail_is_quoted_where_it_is_answered_by_forwarding_it() -> None:
    head = f"From: Ana <ana@upaep.mx>\nTo: {TO}\nSubject: RV: x\nIn-Reply-To: <1@x>\n\n"
    above = f"El martes, 17 de agosto de 2021, Comunicación Interna <{TO}> escribió:\n\n"
    raw = f"{head}{above}> Cargo: Secretaria\n>\n> Nombre de la lista: agenda\n\nAhí están.\n"
    kinds = [
        [block.kind.name[0] for block in read(raw.encode(), answered=answered).blocks]
        for answered in (our_mails()["form"], ())
    ]
    assert kinds == [["A", "Q", "N"], ["A", "F", "N"]]

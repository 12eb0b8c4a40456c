"""The form as people answer it: the bot must read back its own mail, whichever part they quote."""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage
from functools import cache
from html import escape
from pathlib import Path

import pytest
import yaml

import replies
from bot.config.form import shipped_form, to_form
from bot.mail.parsing import read
from bot.workflow.message import ParsedMessage
from nlp.fields.reader import FieldReader
from nlp.types import FieldValue, Intent, Message
from replies.rendering import Rendered, render

FORM = to_form(shipped_form())
SAMPLES = sorted(Path(replies.__file__).parent.glob("form/sample*.yaml"))
ANSWERS: dict[str, tuple[str, FieldValue]] = {
    "Área solicitante": ("Pastoral Universitaria", "Pastoral Universitaria"),
    "Cargo": ("Jefa de Oficina", "Jefa de Oficina"),
    "Nombre de la lista": ("avisos-pastoral", "avisos-pastoral"),
    "Frecuencia de envío": ("quincenal", "biweekly"),
    "Vigencia (inicio)": ("1 de octubre de 2021", dt.date(2021, 10, 1)),
    "Vigencia (fin)": ("30 de junio de 2022", dt.date(2022, 6, 30)),
    "Justificación": (
        "Los alumnos no leen el portal entre semana",
        "Los alumnos no leen el portal entre semana",
    ),
    "Visto bueno": ("Joaquín Verduzco Leal", "Joaquín Verduzco Leal"),
}
INTRO = "El lun, 16 ago 2021 a las 11:00, Comunicación Interna UPAEP escribió:"

per_sample = pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])


@cache
def reader() -> FieldReader:
    return FieldReader.load()


def read_back(body: str, subtype: str) -> dict[str, FieldValue]:
    mail = EmailMessage()
    mail["From"] = "Elvira Santoyo <elvira.santoyo@upaep.mx>"
    mail["To"] = "Comunicación Interna UPAEP <comunicacion.interna@upaep.mx>"
    mail["Subject"] = "Re: [CI-2021-0042] Su solicitud de lista de distribución"
    mail["Date"] = "Mon, 16 Aug 2021 12:00:00 -0500"
    mail["Message-ID"] = "<answer@upaep.mx>"
    mail["In-Reply-To"] = "<form@upaep.mx>"
    mail.set_content(body, subtype=subtype)
    incoming = read(mail.as_bytes())
    assert isinstance(incoming, ParsedMessage)
    message = Message(incoming.subject, incoming.blocks, dt.date(2021, 8, 16), (), is_reply=True)
    return {
        name: found.value
        for name, found in reader().read(message, FORM, Intent.CREATE_LIST).items()
    }


def quoted_text(text: str) -> str:
    lines = (f"> {line}".rstrip() for line in text.splitlines())
    return "Buenas tardes, va contestado abajo.\n\n" + INTRO + "\n\n" + "\n".join(lines) + "\n"


def quoted_html(markup: str) -> str:
    found = re.search(r"<body[^>]*>(.*)</body>", markup, re.DOTALL)
    assert found
    return (
        '<div dir="ltr">Buenas tardes, va contestado abajo.</div><br><div class="gmail_quote">'
        f'<div dir="ltr" class="gmail_attr">{INTRO}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{found[1]}</blockquote></div>'
    )


def unknown(path: Path) -> dict[str, str]:
    """The missing fields of a sample: label by name."""
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {row["name"]: row["label"] for row in values["missing"]}


def wanted(path: Path) -> dict[str, FieldValue]:
    missing = unknown(path).items()
    return {name: ANSWERS[label][1] for name, label in missing if label in ANSWERS}


def shown(path: Path) -> Rendered:
    return render("form", yaml.safe_load(path.read_text(encoding="utf-8")))


@per_sample
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_an_unanswered_form_says_nothing_new(path: Path, subtype: str) -> None:
    form = shown(path)
    body = quoted_text(form.text) if subtype == "plain" else quoted_html(form.html)
    assert not set(read_back(body, subtype)) & set(unknown(path))


@per_sample
def test_answers_on_the_lines_of_the_text(path: Path) -> None:
    text = shown(path).text
    for label, (answer, _) in ANSWERS.items():
        text = text.replace(f"\n{label}: \n", f"\n{label}: {answer}\n")
    found = read_back(quoted_text(text), "plain")
    assert {k: v for k, v in found.items() if k in unknown(path)} == wanted(path)


@per_sample
def test_answers_between_the_lines_of_the_text(path: Path) -> None:
    body = quoted_text(shown(path).text)
    for label, (answer, _) in ANSWERS.items():
        body = body.replace(f"\n> {label}:\n", f"\n> {label}:\n\n{answer}\n\n")
    found = read_back(body, "plain")
    assert {k: v for k, v in found.items() if k in unknown(path)} == wanted(path)


@per_sample
@pytest.mark.parametrize("before", ["", "<br>", "<div>"])
def test_answers_in_the_html(path: Path, before: str) -> None:
    markup = shown(path).html
    for label, (answer, _) in ANSWERS.items():
        markup = markup.replace(f"{label}: </td>", f"{label}: {before}{escape(answer)}</td>")
    found = read_back(quoted_html(markup), "html")
    assert {k: v for k, v in found.items() if k in unknown(path)} == wanted(path)

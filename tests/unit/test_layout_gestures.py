"""Reactions and recalls: mail that says nothing is known whatever program sends it."""

from __future__ import annotations

import json

import pytest

from bot.workflow.message import ParsedMessage

from .reading_mails import typed, understood

QUOTE = (
    "\n\nEl lun, 17 ago 2026 a las 10:00, X (<comunicacion.interna@upaep.mx>) escribió:\n\n> Hola\n"
)


def gmail(part: str, text: str = "👍\n\nAna Prado reaccionó a través de Gmail") -> ParsedMessage:
    return understood(
        "From: Ana <ana@upaep.mx>\nSubject: Re: x\nMIME-Version: 1.0\n"
        "Content-Type: multipart/alternative; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f"--b\nContent-Type: text/vnd.google.email-reaction+json; charset=utf-8\n\n{part}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n<p>{text}</p>\n--b--\n".encode()
    )


def test_gmail_sends_a_part_of_its_own() -> None:
    mail = gmail(json.dumps({"emoji": "🎉", "version": 1}))
    assert mail.reaction == "🎉"
    assert mail.attachments == ()


@pytest.mark.parametrize("part", ["", "{", "[]", "null", '{"emoji": "APROBAR"}', '{"emoji": 1}'])
def test_a_part_that_lies_is_not_believed(part: str) -> None:
    assert gmail(part, "La lista es para 300 alumnos.").reaction == ""
    assert gmail(part).reaction == "👍"  # its text says so as well


def test_a_part_whose_disposition_says_so() -> None:
    mail = understood(
        "From: a@upaep.mx\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: reaction\n\n👏\n"
        "--b--\n".encode()
    )
    assert mail.reaction == "👏"


@pytest.mark.parametrize(
    "text",
    [
        "Reaccionó con 🎉 a “Número aproximado de destinatarios: 620”",
        "Reacted 🎉 to “Nombre de la lista: avisos”",
        "[Me gusta] Ana Prado reaccionó a su mensaje:",
        "Luz Prado liked “Responda “SÍ” y seguimos con su lista”",
        "[Like] Ana Prado reacted to your message:",
        "👍",
        "👍🏽",
        "❤️",
        "🙏🙏",
        "✅",
        "👍\n\nAna Prado reaccionó a través de Gmail <https://www.google.com/gmail/about/?utm=a-b>",
        "👍 Ana Prado reacted via Gmail",
        "Ana Prado reacted to your message: 👍",
        "Ana Prado reaccionó a su mensaje:",
        "Ana Prado reaccionó a tu mensaje con 👍",
        "Ana Prado ha reaccionado a su mensaje.",
        "👍\nAna Prado reacted to your message:",
        "Reaccionó con 👍 a “Su solicitud está completa”",
        "Reacted 👍 to “Su solicitud está completa”",
        "Liked “Su solicitud está completa. Gracias.”",
        "Le gustó “Su solicitud está completa. Gracias.”",
        "Le ha gustado “Su solicitud está completa. Gracias.”",
        "Se ha reído de “Su solicitud está completa”",
        "A Ana Prado le gustó su mensaje",
        "Ana Prado loved your message.",
        "Le encantó «APROBAR»",
        "[👏] Ana Prado reacted to your message:",
        "Ana Prado ha reaccionado a su mensaje con 👏:",
        "Me gusta: “Su solicitud está completa”",
        "Ana Prado le dio me gusta a su mensaje",
        "Me gusta “Su solicitud está completa”",
    ],
)
def test_reactions(text: str) -> None:
    assert typed(text, Subject="Re: x").reaction
    assert typed(text + QUOTE, Subject="Re: x").reaction


EXCERPTS = (
    "Ana Torres Vela reaccionó a su mensaje:\n\n❤️\n\nX\nlun., 17 de ago. de 2026 10:00\n\n{}",
    "❤️ Ana Torres Vela reaccionó a su mensaje:\n\n{}",
    "Ana Torres Vela reacted to your message:\n\n👍\n\nX\nMon 8/17/2026 10:00 AM\n\n{}",
    "👍\nAna Torres reacted to your message:\n{}",
    "Ana Torres Vela ha reaccionado a su mensaje con 👍:\n\n{}",
    "Ana Torres Vela reacted to your message with 👍:\n\n{}",
)


@pytest.mark.parametrize("text", EXCERPTS)
def test_what_is_repeated_below_a_reaction_is_no_word_of_its_sender(text: str) -> None:
    shown = text.format("Nombre de la lista: avisos\n\nAPROBAR\nRECHAZAR motivo")
    mail = typed(shown, Subject="Re: x")
    assert mail.reaction in ("❤️", "👍", "❤")
    assert "Nombre" not in mail.text
    told = typed(shown.replace("Ana Torres", "Jorge Luna"), Subject="Re: x")
    assert told.reaction == ""  # she tells of somebody's


@pytest.mark.parametrize(
    "text",
    [
        "👍 la extensión es 7415",
        "APROBAR 👍",
        "Gracias 🙏",
        "Sí",
        "El rector reaccionó a su mensaje y pide que la lista se abra mañana. Ayuda por favor.",
        "Me gustó la propuesta",
        "A la directora le gustó “avisos-biblioteca”, así que déjenlo. ¿Cuándo queda?",
        "Le gustó “novedades-biblioteca”, que se llame así.",
        "Liked “avisos-biblioteca” better, please change the list's name.",
        "Al rector le gustó “Latidos”, ¿nos crean la lista para 320 alumnos?",
        "Ana Prado reaccionó a su mensaje:\n\nCANCELAR",
        ":)",
        "",
    ],
)
def test_whoever_says_something_does_not_only_react(text: str) -> None:
    assert typed(text, Subject="Re: x").reaction == ""


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Recuperar: Lista nueva", 'Ana Prado quiere recuperar el mensaje "Lista nueva".'),
        ("Recall: Lista nueva", 'Ana Prado would like to recall the message, "Lista nueva".'),
        ("Recuperar: Lista nueva", "Ana Prado desearía recuperar el mensaje “Lista nueva”."),
        ("Recuperar: Lista nueva", "A Ana Prado le gustaría recuperar el mensaje «Lista nueva»."),
        ("Recuperar: Lista nueva", "Ana Prado desea recuperar el mensaje, “Lista nueva”."),
        ("Recall: Lista nueva", ""),
        ("Solicitud de recuperación de mensaje: Lista nueva", "Ana solicitó recuperar el mensaje."),
        ("Message Recall Request: Lista nueva", "Ana Prado has requested to recall this message."),
        ("Recuperar: Lista nueva", "Ana Prado gostaria de recuperar a mensagem “Lista nueva”."),
        ("Lista nueva", 'Ana Prado quiere retirar el mensaje "Lista nueva".'),
    ],
)
def test_recalls(subject: str, text: str) -> None:
    assert typed(text, Subject=subject).recalls.lower() == "lista nueva"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Recuperar la lista de egresados", "Queremos recuperar la lista que se retiró en junio."),
        ("Recuperar: lista de egresados", "Solicitamos restablecer la lista de egresados."),
        ("Lista", "Quiero recuperar el mensaje que les mandé ayer, ¿se puede?"),
        (
            "Lista",
            "La directora quiere recuperar el mensaje y también la lista de 2019.",
        ),
    ],
)
def test_people_who_want_a_list_back_recall_nothing(subject: str, text: str) -> None:
    assert typed(text, Subject=subject).recalls == ""

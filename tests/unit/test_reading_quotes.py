"""Blocks: what the sender typed, apart from what was quoted and what was handed on."""

from __future__ import annotations

import pytest

from nlp.types import Block, BlockKind

from .reading_mails import mail, shape, text_of, typed

N, Q, F, A, S = (
    BlockKind.NEW,
    BlockKind.QUOTE,
    BlockKind.FORWARD,
    BlockKind.ATTRIBUTION,
    BlockKind.SIGNATURE,
)


@pytest.mark.parametrize(
    ("name", "kinds", "text"),
    [
        (
            "gmail-top-reply",
            "NAQ",
            "El área es Biblioteca Central y la extensión 7415; los demás datos los mando mañana.",
        ),
        ("iphone-reply", "NIAQ", "Aprobar."),
        ("samsung-reply", "NIAQ", "Aprobada"),
        ("apple-mail-reply", "NAQ", "La extensión es 7415."),
        (
            "thunderbird-bottom-reply",
            "AQNS",
            "Listo, va contestado arriba; lo demás lo mando en cuanto me lo confirme mi jefa.",
        ),
        (
            "outlook-top-reply",
            "NSAQ",
            "Buenos días, el área es Biblioteca Central, correo ana.torres@upaep.mx.\n\nSaludos",
        ),
        ("outlook-web-rule", "NAQ", "APROBAR"),
        ("outlook-english-header", "NAQ", "Va el dato: 7415."),
        ("outlook-original-message-rule", "NAQ", "Enterada."),
        ("outlook-inline-answer", "NAQ", "Respondo en azul."),
        ("yahoo-reply", "NAQ", "Va la extensión: 7415"),
        ("yahoo-first-line-indented", "NAQ", "Lo comento con la directora."),
        ("yahoo-reply-html", "NAQ", "Va la extensión: 7415"),
        ("roundcube-reply", "AQN", "Contesto abajo: extensión 7415."),
        ("zimbra-original-message", "NAQ", "Se autoriza."),
        ("mutt-bottom-reply", "AQNS", "Se aprueba."),
        ("wrapped-attribution", "NAQ", "Gracias."),
        ("quote-broken-at-margin", "NAQ", "Enterada."),
        ("gmail-forward", "NAFAQ", "Favor de atender lo de abajo."),
        ("outlook-forward", "NAF", "Les reenvío la solicitud de Deportes."),
        ("apple-forward", "NAF", "Reenvío la solicitud."),
        ("thunderbird-forward", "NAF", "Favor de atender esto."),
        ("header-block-without-reply-subject", "NAF", "Miren lo que llegó."),
        ("plain-part-misses-the-quote", "NQ", "Ya quedó."),
        ("html-part-misses-the-quote", "NAQ", "Ya quedó."),
    ],
)
def test_clients(name: str, kinds: str, text: str) -> None:
    incoming = mail(name)
    assert shape(incoming) == kinds
    assert incoming.text == text
    assert incoming.visible_text == ""


def test_inline_answers_stay_between_their_questions() -> None:
    assert mail("gmail-inline-answers").blocks[2:] == (
        Block(Q, "Área solicitante:"),
        Block(N, "Biblioteca Central"),
        Block(Q, "Responsable del envío:"),
        Block(N, "Ana Torres Vela"),  # the sender's name, and no signature
        Block(Q, "Extensión:"),
        Block(N, "7415"),
    )


def test_answers_typed_into_the_quote_stay_in_it() -> None:
    assert "Área solicitante: Biblioteca Central" in text_of(mail("outlook-inline-answer"), Q)
    assert "Extensión: 7415" in text_of(mail("thunderbird-bottom-reply"), Q)
    assert "Área solicitante\tBiblioteca Central" in text_of(mail("answers-in-quoted-table"), Q)


def test_what_is_handed_on_is_told_from_what_it_quotes() -> None:
    incoming = mail("gmail-forward")
    assert text_of(incoming, F) == "Solicito una lista para 300 alumnos."
    assert text_of(incoming, Q) == "¿Qué necesitas?"
    attribution = incoming.blocks[1].text
    assert attribution.startswith("---------- Forwarded message")
    assert attribution.rstrip().endswith("<otra@upaep.mx>")
    assert text_of(mail("thunderbird-forward"), A).count("\t") == 4


def test_the_subject_says_whether_a_header_block_answers_or_hands_on() -> None:
    body = (
        "Va.\n\nDe: Luis Rey <luis.rey@upaep.mx>\nEnviado el: lunes, 28 de junio de 2021\n"
        "Para: Ana\nAsunto: Lista\n\nTexto.\n"
    )
    assert shape(typed(body, Subject="RE: RV: Lista")) == "NAQ"
    assert shape(typed(body, Subject="RV: RE: Lista")) == "NAF"
    assert shape(typed(body, Subject="Fwd: Lista")) == "NAF"
    assert shape(typed(body, Subject="Lista")) == "NAF"
    ours = body.replace("Luis Rey <luis.rey@upaep.mx>", "<comunicacion.interna@upaep.mx>")
    assert shape(typed(ours, Subject="Lista")) == "NAQ"


def test_marks_that_nothing_introduces_are_somebodys_indents_where_nothing_is_answered() -> None:
    body = "Buenas, va:\n\n> Cargo: Residente de obra\n> Visto bueno: en trámite\n\nSaludos"
    assert shape(typed(body, Subject="lista contratistas")) == "N"
    assert shape(typed(body, Subject="Re: lista contratistas")) == "NQN"


@pytest.mark.parametrize("name", ["memorandum", "prose-that-looks-like-attribution"])
def test_what_only_looks_like_a_quote_is_text(name: str) -> None:
    assert shape(mail(name)) == "N"


@pytest.mark.parametrize(
    "line",
    [
        "El lun., 28 de jun. de 2021 9:00 a. m., Ana <ana@upaep.mx> escribió:",
        "El 28/06/2021 a las 09:00 a.m., Ana Torres escribió:",
        "El lunes 28 de junio de 2021 a las 09:00, Ana Torres escribió:",
        "On Mon, Jun 28, 2021 at 9:00 AM Ana <ana@upaep.mx> wrote:",
        "On 2021-06-28 09:00, Ana wrote:",
        "---- El lun, 28 jun 2021 09:00:00 -0500 Ana <ana@upaep.mx> escribió ----",
        "Ana Torres <ana@upaep.mx> escribió:",
        "Ana Torres escribió el 28/06/21 a las 09:00:",
        "2021-06-28 9:00 GMT-05:00 Ana Torres <ana@upaep.mx>:\nescribió:",
    ],
)
def test_attributions(line: str) -> None:
    incoming = typed(f"Sí.\n\n{line}\n\n> hola\n", Subject="Re: Lista")
    assert incoming.text == "Sí."
    assert text_of(incoming, Q) == "hola"


@pytest.mark.parametrize(
    "line",
    [
        "El lunes Nancy me escribió:",
        "El formato que Ana escribió",
        "On the list 12:30 that she wrote about",
        "De: la Biblioteca Central",
        "Mensaje reenviado por mi jefa, favor de atender",
    ],
)
def test_prose_is_no_attribution(line: str) -> None:
    assert typed(f"Hola.\n\n{line}\n\nAdiós.\n").text == f"Hola.\n\n{line}\n\nAdiós."


def test_text_below_an_unmarked_quote_is_found_where_the_quote_is_indented() -> None:
    body = (
        "El lunes, 28 de junio de 2021 09:00:00 GMT-5, Ana <ana@upaep.mx> escribió:\n\n"
        " Extensión:\n \n Gracias\n\nContesto: 7415\n"
    )
    assert typed(body, Subject="Re: x").text == "Contesto: 7415"


def test_nothing_new() -> None:
    incoming = typed("\n\nOn Mon, Jun 28, 2021 at 9:00 AM Ana wrote:\n> APROBAR\n", Subject="Re: x")
    assert incoming.text == ""
    assert shape(incoming) == "AQ"
    assert typed("").blocks == ()


def test_flowed_lines_are_joined() -> None:
    incoming = mail("flowed-delsp")
    assert incoming.text.startswith(
        "RECHAZAR: la misma información ya llega por el boletín de la preparatoria todos los lunes"
    )
    assert incoming.text.endswith("-guion")  # space-stuffed
    assert text_of(incoming, Q) == "textocitado"
    assert "le pedimos responder con el formato." in text_of(mail("thunderbird-bottom-reply"), Q)


def test_lines_broken_at_a_margin_are_joined() -> None:
    assert mail("hard-wrapped").text == (
        "RECHAZAR la vigencia solicitada excede los dos años que marcan los lineamientos y el"
        " visto bueno no corresponde a la persona titular del área\n\nRodrigo"
    )
    assert mail("hard-wrapped-form").text.split("\n") == [
        "Tipo de solicitud: Restablecimiento",
        "Objetivo de la lista: Avisar a los alumnos de cancelaciones de práctica y de material"
        " faltante",
        "Destinatarios: alumnos",
        "Justificación: Las cancelaciones ocurren el mismo día por falta de reactivos y el Correo"
        " del Día sale a las nueve de la mañana, cuando la primera práctica ya empezó",
        "Visto bueno: Dr. Arcadio Rubalcava Nieto",
    ]


def test_short_lines_stay_apart() -> None:
    text = "Hola:\nquiero una lista\npara 300 alumnos\nde mi facultad"
    assert typed(text).text == text


def test_doubled_addresses_and_pictures_of_the_plain_part_are_dropped() -> None:
    body = (
        "Escribe a ana@upaep.mx<mailto:ana@upaep.mx> o a luis@upaep.mx\n<luis@upaep.mx>\n"
        "[cid:image001.png@01D7]\n[image: logo.png]\nAna <ana@upaep.mx>\n"
        "@Eva<mailto:eva@upaep.mx>\n"
    )
    assert typed(body).text == (
        "Escribe a ana@upaep.mx o a luis@upaep.mx\nAna <ana@upaep.mx>\n@Eva <eva@upaep.mx>"
    )

"""What programs, servers and devices add is told apart from what was typed."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from html import escape

import pytest

from bot.mail.parsing.additions import ADDITIONS, Addition
from bot.mail.parsing.typed_text import TypedText
from bot.workflow.message import ParsedMessage
from nlp.types import BlockKind

from .reading_mails import MAILS, text_of, typed, understood

TYPED = ("APROBAR", "Muchas gracias.", "RECHAZAR por duplicidad con la lista de Biblioteca")
QUOTE = "El lun, 17 ago 2026 a las 10:00, X (<comunicacion.interna@upaep.mx>) escribió:\n\n> Hola\n"


def entries(name: str) -> dict[str, str]:
    """The texts of a file of tests/mails/layout, by the names above them."""
    text = (MAILS / "layout" / f"{name}.txt").read_text("utf-8")
    parted = (entry.partition("\n") for entry in text.split("## ")[1:])
    return {title: body.rstrip("\n") for title, _, body in parted}


BANNERS, FOOTERS, SIGNATURES = entries("banners"), entries("footers"), entries("signatures")


def from_ana(text: str) -> ParsedMessage:
    head = "From: Ana Prado <ana.prado@upaep.mx>\nSubject: Re: Solicitud\n\n"
    return understood(f"{head}{text}".encode())


def plain(text: str) -> str:
    return from_ana(f"{text}\n\n{QUOTE}").text


def html(*blocks: str) -> str:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "Ana Prado <ana.prado@upaep.mx>", "Re: Solicitud"
    mail.set_content(f"<html><body>{''.join(blocks)}</body></html>", subtype="html")
    return understood(mail.as_bytes()).text


def paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))


def broken(text: str) -> str:
    lines = "<br>".join(escape(line) for line in text.split("\n"))
    return f"<div>{lines}</div>"


def boxed(text: str) -> str:
    return f'<table><tr><td style="background:#ffeb9c">{paragraphs(text)}</td></tr></table>'


@pytest.mark.parametrize("said", TYPED)
@pytest.mark.parametrize("name", BANNERS)
def test_banners(name: str, said: str) -> None:
    banner = BANNERS[name]
    assert plain(f"{banner}\n\n{said}") == said
    assert plain(f"{banner}\n{said}") == said
    assert plain(f"{said}\n\n{banner}") == said
    assert html(boxed(banner), f"<div>{said}</div>") == said
    assert (
        html(f"<div>{escape(banner).replace(chr(10), '<br>')}</div><hr>", f"<p>{said}</p>") == said
    )
    assert html(f"<div>{said}</div>", boxed(banner)) == said


FRAMES = {
    "plus and minus": ("+----------+", "| {} |", "+----------+"),
    "bars": ("|----------|", "| {} |", "|----------|"),
    "equals": ("==========", "{}", "=========="),
    "stars": ("**********", "* {} *", "**********"),
    "with room": ("+----------+", "|          |", "| {} |", "|          |", "+----------+"),
    "drawn": ("┌──────────┐", "│ {} │", "└──────────┘"),
    "drawn twice": ("╔══════════╗", "║ {} ║", "╚══════════╝"),
}


@pytest.mark.parametrize("said", TYPED)
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_the_frame_of_a_banner_goes_with_it(frame: tuple[str, ...], said: str) -> None:
    warning = "PRECAUCIÓN: correo externo. No abra enlaces."
    drawn = "\n".join(line.format(warning) for line in frame)
    assert plain(f"{drawn}\n\n{said}") == said
    assert plain(f"{drawn}\n{said}") == said
    assert plain(f"{said}\n\n{drawn}") == said


@pytest.mark.parametrize("side", ["*", "|", "#", "│"])
def test_all_that_stands_in_the_frame_of_a_banner_goes_with_it(side: str) -> None:
    rule = side.replace("│", "─") * 40
    frame = (
        f"{rule}\n{side} PRECAUCIÓN: este mensaje viene de fuera.  {side}\n"
        f"{side} No abra ligas. Mesa de ayuda:            {side}\n"
        f"{side} soporte@upaep.mx, extensión 7777.         {side}\n{rule}"
    )
    assert plain(f"APROBAR\n\n{frame}") == "APROBAR"
    assert plain(f"{frame}\n\nAPROBAR") == "APROBAR"


@pytest.mark.parametrize(
    "footer",
    [
        "Si recibió este correo por error, favor de rechazarlo, cancelar su lectura y eliminarlo.",
        "Si usted no es el destinatario, favor de rechazar y eliminar este mensaje.",
    ],
)
def test_a_legal_line_that_tells_to_reject_is_no_word_of_its_sender(footer: str) -> None:
    assert plain(f"APROBAR\n\n{footer}") == "APROBAR"


def test_a_decision_in_stars_below_a_banner_in_stars_stays() -> None:
    assert plain("*PRECAUCIÓN: correo externo. No abra ligas.*\n*APROBAR*") == "*APROBAR*"


def test_a_table_that_somebody_typed_stays() -> None:
    table = "| Cargo | Jefa |\n|-------|------|\n| Extensión | 7415 |"
    assert plain(table) == table


@pytest.mark.parametrize("said", ["APROBAR", "RECHAZAR por duplicidad con la lista de Biblioteca"])
@pytest.mark.parametrize("name", BANNERS)
def test_banners_on_the_line_of_a_command(name: str, said: str) -> None:
    """What strips HTML of its tags, or puts its words right before others', leaves one line."""
    banner = " ".join(BANNERS[name].split())
    assert plain(f"{banner} {said}") == said
    assert html(f"<div><span>{escape(banner)}</span> {said}</div>") == said


@pytest.mark.parametrize(
    ("banner", "said"),
    [
        ("[Correo externo: verifique al remitente antes de abrir ligas]", "APROBAR"),
        ("[EXTERNO]", "Aprobado, gracias"),
        ("(Mensaje externo) -", "aprobado"),
        ("Precaución: este correo proviene de fuera de la organización", "APROBAR"),
        ("Precaución: correo externo. No abra enlaces.", "Aprobar"),
        ("⚠️ Correo externo. Tenga cuidado con los enlaces.", "Rechazar: no hay presupuesto"),
        ("ATENCIÓN: CORREO EXTERNO. NO ABRA ENLACES.", "APROBAR"),
        ("Correo externo. No abra enlaces.", "No estoy de acuerdo. APROBAR"),
    ],
)
def test_what_stands_in_front_of_the_first_words(banner: str, said: str) -> None:
    assert plain(f"{banner} {said}") == said


@pytest.mark.parametrize(
    "said",
    [
        "Precaución: no aprobar todavía. APROBAR",
        "Cuidado con esta solicitud. APROBAR",
        "[lista] APROBAR",
        "Este correo es de una persona externa. RECHAZAR",
        "La lista es para correo externo. APROBAR",
        "Rechazar: el correo externo no está verificado. No abra enlaces",
    ],
)
def test_what_was_typed_first_stays(said: str) -> None:
    assert plain(said) == said


@pytest.mark.parametrize("said", TYPED)
@pytest.mark.parametrize("name", FOOTERS)
def test_footers(name: str, said: str) -> None:
    footer = FOOTERS[name]
    assert plain(f"{said}\n\n{footer}") == said
    assert plain(f"{said}\n{footer}") == said
    assert (
        html(f"<div>{said}</div>", f"<div>{escape(footer).replace(chr(10), '<br>')}</div>") == said
    )


@pytest.mark.parametrize("name", BANNERS)
@pytest.mark.parametrize("footer", ["Telcel", "Avast", "Confidential", "Teams", "Google Groups"])
def test_several_at_once(name: str, footer: str) -> None:
    text = f"{BANNERS[name]}\n\nCANCELAR\n\nSaludos\n\nAna Prado\nCoordinadora\n\n{FOOTERS[footer]}"
    mail = from_ana(text)
    assert mail.text == "CANCELAR\n\nSaludos"


@pytest.mark.parametrize("way", ADDITIONS, ids=lambda way: way.name)
def test_each_kind_finds_its_example(way: Addition) -> None:
    lines = way.example.split("\n")
    assert sorted(way.find(TypedText(lines))) == list(range(len(lines)))


WRITTEN = [
    "Enviado desde mi área el formato que pidieron, quedo al pendiente.",
    "Solicitamos una lista para avisar a destinatarios externos, fuera de la universidad.",
    "Precaución: la lista incluye correos de fuera de la institución y datos personales.",
    "Les pido no abrir los enlaces del correo anterior, ya no sirven.",
    "La reunión es por Zoom.",
    "Favor de imprimir el cartel en papel reciclado.",
    "RECHAZAR la lista ya existe y no se imprime en papel",
    "Queremos una lista para el grupo de antivirus de la facultad.",
    "El objetivo es cuidar el medio ambiente.",
    "Para darse de baja de la lista, ¿qué hago?",
    "La información que mandaríamos es confidencial, solo para los destinatarios de la lista.",
    "Este correo es para pedir una lista.",
    "Nombre de la lista: outlook-avisos",
    "Facebook",
    "Sent the form yesterday.",
    "Se envió por correo a los alumnos.",
    "Ya lo revisé desde mi celular y está bien, APROBAR",
    "https://drive.google.com/file/d/1AbC/view",
    "Correo institucional: ana@upaep.mx",
    "Teams",
    "Hecho\nprofes-arte@listas.upaep.mx",
    "Aviso importante: la Escuela de Música solicita crear la lista coro para 90 alumnos.",
    "Aviso importante: el viernes no hay ensayo del coro.",
    "Aviso de privacidad: ya está publicado. Son 90 alumnos de la Escuela de Música.",
    "Aviso legal: no aplica. La lista es para docentes.",
    "Confidencialidad: los nombres de los 90 alumnos no salen de la escuela.",
    "Confidencial: no compartan la lista con nadie fuera de la escuela, son 90 alumnos.",
    "Este mensaje es confidencial. Pedimos la lista coro para 90 alumnos.",
    "Enviado desde mi celular: pedimos la lista coro para 90 alumnos.",
    "Este mensaje es confidencial: la coordinadora todavía no sabe que cambia la responsable.",
    "Aviso legal: la abogada ya lo revisó y está de acuerdo.",
    "Enviado desde mi iPhone. Son 90 alumnos.",
    "Enviado desde mi celular. Somos 40 docentes.",
    "NOTA unirse a la videollamada de Zoom del martes con la directora",
    "Obtener Outlook para iOS no funciona en los teléfonos de la escuela.",
    "Get Outlook for Android es lo que sale abajo en los avisos que mandamos.",
    "Sent from the registrar's office, the bulletin used to reach everyone.",
    "Enviado desde la oficina de Registro, el boletín llegaba a todos.",
    "Para dejar de recibir los correos los docentes nos llaman a nosotros, y ya son muchos.",
    "Por favor considere el medio ambiente antes de imprimir: ese lema va en el primer envío.",
    "Por favor considere el medio ambiente y no imprima el formato, lo mando mañana.",
    "Libre de virus no está, ya lo revisó Sistemas.",
    "[EXTERNO] así marca Outlook todo lo que mandamos a los padres.",
    "AVISO DE PRIVACIDAD\nLos datos que nos dan los alumnos se usan solo para la beca.",
    "Este es el texto:\n\nAVISO LEGAL\nQueda prohibido usar el escudo sin permiso.",
    "Este mensaje es solo para el expediente.",
    "AVISO IMPORTANTE\nEste mensaje es para recordar que el cierre de actas es el 30 de agosto.\n"
    "La información contenida en las actas es confidencial.",
    "Manden este aviso:\n\n«No abran correos de remitentes externos ni sus enlaces.»",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_is_theirs(text: str) -> None:
    assert typed(f"Buenas tardes.\n\n{text}\n").text == f"Buenas tardes.\n\n{text}"
    assert typed(f"{text}\n\nQuedo al pendiente.\n").text == f"{text}\n\nQuedo al pendiente."


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures(name: str) -> None:
    for said in ("Gracias, quedo al pendiente.", "Muchas gracias.", "APROBAR"):
        mail = from_ana(f"{said}\n\n{SIGNATURES[name]}\n")
        assert mail.text == said
        assert text_of(mail, BlockKind.SIGNATURE) == SIGNATURES[name]


def test_a_link_below_a_footer_in_a_paragraph_of_its_own_is_part_of_it() -> None:
    lines = FOOTERS["Aqua Mail"].splitlines()
    assert len(lines) == 2
    assert html("".join(f"<p>{line}</p>" for line in ("Enterada.", *lines))) == "Enterada."


def test_what_is_added_inside_a_mark_of_the_subject_line() -> None:
    assert plain("[EXTERNO] APROBAR") == "APROBAR"
    assert plain("[EXT] Muchas gracias.") == "Muchas gracias."


@pytest.mark.parametrize(
    "text",
    [
        "Va lo que falta:\n\nAna Prado, Coordinadora de Eventos, ext. 7001",
        "Les mando los datos\n\nAna Prado | Coordinadora de Eventos | ext. 7001",
        "Responsable\nAna Prado, Coordinadora de Eventos",
        "Ana Prado, Coordinadora de Eventos, ext. 7001",
    ],
)
def test_a_line_that_answers_is_no_signature(text: str) -> None:
    assert from_ana(text).text == text


def test_a_signature_behind_the_last_sentence() -> None:
    mail = from_ana("Gracias, quedo al pendiente. Ana Prado | Coordinadora de Eventos | ext. 7001")
    assert mail.text == "Gracias, quedo al pendiente."


@pytest.mark.parametrize(
    "below",
    [
        "Diplomados, inscripciones abiertas\nCupo limitado: regístrese antes del 14 de octubre.",
        "SEMANA DE LA SALUD\nVacúnese contra la influenza: del 4 al 8 de octubre, explanada norte.",
        "Sus datos se conservan del 1 de enero al 31 de diciembre de 2021, según nuestro aviso.",
        "TRANSPARENCIA\nEl tratamiento de sus datos personales se rige por nuestro aviso.",
        "Cuenta protegida por el filtro de correo de la Dirección de Sistemas.",
    ],
    ids=["courses", "campaign", "period", "title", "filter"],
)
def test_what_a_house_adds_in_its_own_words_gives_nothing(below: str) -> None:
    message = from_ana(f"Serían 450 destinatarios, con gusto.\n\n{below}")
    assert message.text == "Serían 450 destinatarios, con gusto."


def test_an_order_that_cites_a_law_stays() -> None:
    order = "Se rechaza por contravenir la Ley Federal de Protección de Datos Personales."
    assert order in from_ana(f"Buen día.\n\n{order}").text


def test_a_telephone_below_a_name_is_of_the_signature() -> None:
    message = from_ana("Muchas gracias.\n\nAna Luz Prado\nCoordinadora\nConmutador 222, ext. 7393")
    assert "7393" in text_of(message, BlockKind.SIGNATURE)


def test_a_mail_that_is_all_like_an_addition_was_written_so() -> None:
    notice = "Su buzón está al 98 %. Libere espacio para seguir recibiendo mensajes."
    assert from_ana(notice).text == notice


@pytest.mark.parametrize(
    "order",
    [
        "No procede, es un remitente externo.",
        "Denegado: el remitente es externo y nadie lo conoce.",
        "Se autoriza, aunque escriba desde un dominio externo.",
        "Envío por correo cada viernes a 350 alumnos.",
        "Son 40 aspirantes con correo externo.",
    ],
)
@pytest.mark.parametrize("shape", ["{}", "Buen día.\n\n{}", "{}\n\nAna Prado\nRectora, ext. 7000"])
def test_who_speaks_of_what_programs_add_says_it(order: str, shape: str) -> None:
    assert order in from_ana(shape.format(order)).text


def test_an_announcement_below_a_greeting_stays() -> None:
    text = (
        "Buen día.\n\nDiplomados, inscripciones abiertas\nCupo limitado: regístrese antes del 14."
    )
    assert from_ana(text).text == text


@pytest.mark.parametrize(
    "below",
    [
        "ref:_00D2x0AbC._5009xKp7:ref",
        "ref:!00D400hK9.!5007m01Yx2Q:ref",
        "CRM:0009314",
        "Join the meeting now\nMeeting ID: 255 118 402 66\nPasscode: Qk7Lw2",
        "(Embedded image moved to file: pic00771.gif)",
        "Para cancelar su suscripción a la lista VECINOS-L, pulse en el enlace de abajo:",
    ],
    ids=["Salesforce", "Salesforce of 2023", "Dynamics", "Teams", "Notes", "Listserv"],
)
def test_what_programs_leave_below(below: str) -> None:
    assert from_ana(f"El salón cambió al C-102.\n\n{below}").text == "El salón cambió al C-102."


@pytest.mark.parametrize(
    "said",
    [
        'La firma que uso dice "Piense antes de imprimir, cuide el medio ambiente".',
        "Confidencial: no",
        "Me sale «Remitente externo: no abra los archivos» y es de mi jefa.",
    ],
)
def test_what_somebody_cites_or_answers_stays(said: str) -> None:
    text = f"¿Me mandan la plantilla?\n{said}\nGracias"
    assert from_ana(text).text == text


def test_a_warning_above_what_is_asked_gives_nothing() -> None:
    warning = "PRECAUCIÓN: no comparta contraseñas ni abra archivos que no esperaba."
    assert from_ana(f"{warning}\n\n¿Me mandan la plantilla?").text == "¿Me mandan la plantilla?"


def test_an_announcement_above_what_is_asked_stays() -> None:
    text = (
        "Registration for the chess tournament opens on May 3 and closes on May 9.\n\n"
        "Can you post it?"
    )
    assert from_ana(text).text == text


def test_what_a_house_adds_below_a_marked_signature_gives_nothing() -> None:
    lines = (
        "<p>Serían 450 destinatarios, con gusto.</p>",
        '<div class="gmail_signature">Ana Prado</div>',
        "<p>Mensaje verificado por el antivirus de la casa, versión de la base 30772.</p>",
    )
    assert html(*lines) == "Serían 450 destinatarios, con gusto."

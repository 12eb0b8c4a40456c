"""Signatures are set apart; a form, a postscript or a correction near one never is."""

from __future__ import annotations

import pytest

from nlp.types import BlockKind

from .reading_mails import mail, shape, text_of, typed, understood

S = BlockKind.SIGNATURE


@pytest.mark.parametrize(
    ("name", "kinds", "kept"),
    [
        ("postscript-below-signature", "NSN", "P.D. Corrijo: son 450 alumnos."),
        ("correction-below-signature", "NSN", "Perdón, me faltó decir"),
        ("form-below-signature", "N", "Responsable del envío: Elvira Santoyo"),
        ("form-in-signature-markup", "N", "Responsable del envío: Elvira Santoyo"),
        ("gmail-signature-markup", "NSN", "P.D. Son 300 alumnos."),
        ("responsible-named-last", "N", "Ana Torres Vela\nJefa de Servicios\nExt. 7415"),
        ("responsible-in-closing-line", "N", "Seré la responsable del envío, ext. 7415"),
        ("values-only-form", "N", "Elvira Santoyo Quiroz"),
        ("confidential-in-prose", "N", "La información que mandaríamos es confidencial"),
    ],
)
def test_content_is_never_taken_for_a_signature(name: str, kinds: str, kept: str) -> None:
    incoming = mail(name)
    assert shape(incoming) == kinds
    assert kept in incoming.text


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("saying-in-signature", "--", '"Aprobar es fácil, aprender es para siempre"'),
        ("name-below-farewell", "Dra. Ana Torres Vela", "ana.torres@upaep.mx"),
        ("confidentiality-notice", "Ana Torres Vela", "Ana Torres Vela"),
        ("outlook-top-reply", "Ana Torres Vela", "Ext. 7415"),
    ],
)
def test_signatures(name: str, first: str, last: str) -> None:
    lines = text_of(mail(name), S).split("\n")
    assert lines[0] == first
    assert lines[-1].startswith(last)


@pytest.mark.parametrize(
    "footer",
    [
        "Enviado desde mi iPhone",
        "Enviado desde Yahoo Mail para Android",
        "Enviado desde mi Huawei",
        "Enviado desde Correo para Windows",
        "Sent from my iPad",
        "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android",
        "AVISO DE CONFIDENCIALIDAD: este mensaje es confidencial.",
        "This e-mail and any attachments are confidential and intended solely for the addressee.",
    ],
)
def test_footers(footer: str) -> None:
    incoming = typed(f"Aprobar\n\n{footer}\n")
    assert incoming.text == "Aprobar"
    assert text_of(incoming, BlockKind.INSERTED) == footer


@pytest.mark.parametrize(
    "text",
    [
        "Enviado desde mi área el formato que pidieron, quedo al pendiente de su respuesta.",
        "Solicito una lista.\n\nBiblioteca Central",
        "Responsable del envío:\n\nAna Torres Vela",
        "Visto bueno\n\nAna Torres Vela",
        "Gracias\nAna",
        "Aviso: el viernes no habrá clases; favor de mandarlo a los destinatarios de siempre, a"
        " los alumnos y al personal.",
        "Ana Torres Vela",
        "Ana Torres Vela\nJefa de Servicios\nExt. 7415",
        "Va:\n--\nÁrea: Biblioteca Central\nCargo: Jefa",
        "The one you asked for:\n\nThis is the form of our office.",
        "Va el dato.\n\nSent from my desk, it is much easier than from my mobile phone.",
        "Y el responsable que faltaba es este.\n\n-Elvira Santoyo",
        "¿Quién envía?\n\nAna",
        "Va:\n---\nTipo de solicitud: Creación\nÁrea: Biblioteca\nObjetivo: Avisar\n---",
    ],
)
def test_text_stays_text(text: str) -> None:
    assert typed(text).text == text


def test_a_mail_of_nothing_but_a_signature_says_nothing() -> None:
    saying = "Aprobar es fácil, lo que no es fácil es que la lista sirva para algo"
    assert typed(f"--\nAna Torres\n\n{saying}\n").text == ""
    assert typed(f"Va.\n--\nAna Torres\n\n{saying}\n").text.startswith("Va.")


@pytest.mark.parametrize("said", ["Son 90 alumnos.", "Pedimos la lista coro para 90 alumnos."])
def test_what_tells_something_below_a_delimiter_on_top_was_typed(said: str) -> None:
    assert said in typed(f"-- \n{said}\n").text
    assert said in typed(f"-- \nAna Torres\nExt. 7415\n\n{said}\n").text
    assert typed(f"Va.\n\n-- \nAna Torres\n{said}\n").text == "Va."


@pytest.mark.parametrize(
    "text",
    [
        "RECHAZAR por dos razones:\n---\nEs diaria\n---\nNo hay visto bueno",
        "Pedimos dos listas:\n\n---\n\ncoro-a para alumnos\n\n---\n\ncoro-b para docentes",
        "Son dos.\n--\nLa primera es mensual\n--\nLa segunda, semanal",
        "Los datos son estos:\n--\nuna lista mensual",
        "Va.\n--\nNota final: la lista lleva guion doble, sala--juntas.\nGracias por su ayuda",
        "Va.\n\n--\nLa necesitamos antes del 1 de septiembre y son 300 alumnos de Derecho.",
    ],
)
def test_a_rule_between_what_somebody_types_opens_no_signature(text: str) -> None:
    assert typed(text).text == text
    assert typed(f"{text}\n\n-- \nAna Torres Vela\nExt. 7415\n").text == text


@pytest.mark.parametrize(
    "signed",
    [
        "Ana Torres Vela\nJefa de Servicios\n---\nUPAEP, 21 Sur 1103",
        "Dirección de Eventos\n--\nTel. 222 229 94 00",
        "21 Sur 1103, Barrio de Santiago\nno. 4",
        '"La ciencia es de todos"',
    ],
)
def test_what_reads_like_a_signature_below_a_rule_is_one(signed: str) -> None:
    assert typed(f"Va.\n\n-- \n{signed}\n").text == "Va."
    assert typed(f"Van los datos:\nson 30\n\n-- \n{signed}\n").text == "Van los datos:\nson 30"


def test_the_sender_is_known_by_the_address_too() -> None:
    incoming = typed("Va.\n\nAna Torres\nJefa de Servicios\n")
    assert incoming.text == "Va."


@pytest.mark.parametrize(
    ("typed_text", "below"),
    [
        ("Recibido. Les aviso el viernes.", "Ana"),
        ("Recibido. Les aviso el viernes.", "—Ana"),
        ("Muchas gracias.", "–Daniel"),
        ("Recibido. Les aviso el viernes.", "Enviado desde mi Wiko RIDGE FAB 4G"),
        ("Recibido. Les aviso el viernes.", "Gesendet von Outlook für Android<https://aka.ms/A>"),
        ("¿Por qué empieza en diciembre?", "[...]"),
        ("Son 640 personas", "Tel. 222 555 0123"),
        ("Son 640 personas", "Celular: (222) 555-0123"),
        ("¿Por qué empieza en diciembre?", "====\n\n***"),
    ],
)
def test_what_closes_a_mail_is_no_text(typed_text: str, below: str) -> None:
    assert typed(f"{typed_text}\n\n{below}\n").text == typed_text


@pytest.mark.parametrize(
    "glued",
    [
        "Obtener Outlook para iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android",
        "Enviado desde mi iPhone",
        "Enviado desde Correo para Windows",
    ],
)
def test_what_a_program_glues_to_the_last_words(glued: str) -> None:
    assert typed(f"Hablé con ellos por teléfono. {glued}\n").text == "Hablé con ellos por teléfono."
    assert typed(f"APROBAR {glued}\n").text == "APROBAR"


def test_a_telephone_that_is_asked_for_is_an_answer() -> None:
    text = "Teléfono del área:\n\nTel. 222 555 0123"
    assert typed(text).text == text


def test_a_device_that_nobody_listed_counts_above_an_older_mail_too() -> None:
    kinds = [b.kind for b in typed("Va.\n\nEnviado desde mi Wiko 4G\n\nHola, Ana:\nVa.").blocks]
    assert kinds == [BlockKind.NEW, BlockKind.INSERTED, BlockKind.NEW]


@pytest.mark.parametrize("rule", ["—————", "_________", "====", "*****"])
def test_a_rule_above_a_name_and_how_to_reach_it(rule: str) -> None:
    block = f"{rule}\nSara Juárez\nJefa de Producto\n📧 sara@example.com\n📱 +52 222 555 0123"
    assert typed(f"Gracias por el aviso.\n\n{block}").text == "Gracias por el aviso."


def test_a_rule_below_a_label_is_a_line_to_sign_on() -> None:
    text = "Va el formato.\n\nVisto bueno:\n__________\nDra. Sara Juárez\nDirectora, ext. 7001"
    assert typed(text).text == text


def test_the_delimiter_before_a_marked_signature() -> None:
    quote = '<blockquote class="gmail_quote" style="border-left:1px solid">Hola</blockquote>'
    sign = '<br>-- <br><div class="gmail_signature">Sara Juárez<br>Directora</div>'
    raw = f"Content-Type: text/html; charset=utf-8\nSubject: Re: x\n\n<div>Va.</div>{quote}{sign}"
    assert understood(raw.encode()).text == "Va."


SIGNED = (
    "ANA TORRES VELA\nCOORDINADORA DE EVENTOS\nUPAEP | 222 229 94 00 EXT. 7001",
    "*Ana Torres Vela*\n*Coordinadora de Eventos*",
    "Ana Torres <ana.torres@upaep.mx>\nCoordinación de Eventos",
    "Ana Torres Vela, Mtra.\nCoord. de Eventos",
    "Ana Torres // Eventos // 7001",
    "Ana Torres ✦ Coordinadora de Eventos ✦ UPAEP",
    "Ana Torres Vela (Eventos, ext. 7001)",
)


@pytest.mark.parametrize("signed", SIGNED)
def test_signatures_as_people_lay_them_out(signed: str) -> None:
    assert typed(f"Va completo.\n\n{signed}").text == "Va completo."
    assert typed("Va completo.\n\n" + signed.replace("\n", "\n\n")).text == "Va completo."


@pytest.mark.parametrize("signed", SIGNED)
def test_a_signature_below_the_quote(signed: str) -> None:
    quote = "El lun, 17 ago 2026 a las 10:00, CI <ci@upaep.mx> escribió:\n\n> ¿Responsable?\n"
    assert typed(f"Va completo.\n\n{quote}\n{signed}", Subject="Re: x").text == "Va completo."


@pytest.mark.parametrize("signed", SIGNED)
def test_a_signature_right_below_a_command(signed: str) -> None:
    said = "RECHAZAR por duplicidad con la lista de Biblioteca"
    assert typed(f"{said}\n{signed}", Subject="Re: x").text == said


@pytest.mark.parametrize(
    "text",
    [
        "La responsable será\nAna Torres, Coordinadora, ext. 7001",
        "Responsable:\nAna Torres | Coordinadora | ext. 7001",
        "Faltaban estos datos\n\nAna Torres Vela\n\nCoordinadora\n\n7001",
    ],
)
def test_an_answer_about_oneself_is_no_signature(text: str) -> None:
    assert typed(text, Subject="Re: x").text == text


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("Sofía Luna", "Sofi"),
        ("Verónica Paz", "Vero P."),
        ("Raúl Tamez", "R. Tamez"),
        ("Rosa Solís", "Rosa Solís | Decanato\nPosgrados en línea: posgrados@upaep.mx"),
        ("Rosa Solís", 'Rosa Solís\nVinculación\n\n"La verdad los hará libres" Jn 8,32'),
    ],
)
@pytest.mark.parametrize(
    "said", ["El viernes se cierra el registro.", "Cierra el viernes.\nUn abrazo"]
)
def test_the_sender_is_known_however_short(name: str, signed: str, said: str) -> None:
    head = f"From: {name} <x@upaep.mx>\nSubject: Re: x\n\n"
    assert understood(f"{head}{said}\n\n{signed}\n".encode()).text == said


@pytest.mark.parametrize(
    "text", ["Hola.\nSe cierra a las 9 en punto.\nGustavo", "Va.\nSaludos\nGus"]
)
def test_a_first_name_right_below_the_last_words(text: str) -> None:
    head = "From: Gustavo Luna <g@upaep.mx>\nSubject: Re: x\n\n"
    assert understood(f"{head}{text}\n".encode()).text == text.rpartition("\n")[0]


@pytest.mark.parametrize(
    "text",
    [
        "¿Quién será el responsable?\n\nGustavo",
        "Responsable del envío:\n\nGustavo",
        "La persona que va a mandar los correos va a ser\n\nGustavo",
        "Le contesto lo del responsable.\n\nGustavo",
        'Me dicen Gustavo Luna.\n"Avisos de Derecho" sería el nombre',
        "El cargo\n\nGus",
    ],
)
def test_a_first_name_that_is_asked_for_is_an_answer(text: str) -> None:
    head = "From: Gustavo Luna <g@upaep.mx>\nSubject: Re: x\n\n"
    assert understood(f"{head}{text}\n".encode()).text == text


def test_an_answer_about_oneself_below_the_question_is_no_signature() -> None:
    body = "Hola.\n\nEl 17/08/2026 10:00, CI <c@x.mx> escribió:\n\n> Responsable:\nAna Torres\n"
    assert "Ana Torres" in typed(body, Subject="Re: x").text


@pytest.mark.parametrize(
    "said",
    ["CANCELAR", "Sí", "Mensual", "350 alumnos", "Del 16 de marzo al 30 de junio", "De acuerdo"],
)
@pytest.mark.parametrize(
    "above", ["Atentamente\nLaura Luna\nPosgrado\n\n", "Gracias\nLaura Luna\n"]
)
def test_an_order_or_a_value_below_a_name_is_no_line_of_a_signature(above: str, said: str) -> None:
    head = "From: Laura Luna <laura.luna@upaep.mx>\nSubject: Re: x\n\n"
    assert said in understood(f"{head}{above}{said}\n".encode()).text

"""What is never answered, and that people are never taken for machines."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.mail.parsing import read
from bot.workflow.message import Address, Attachment, ParsedMessage, Screened
from bot.workflow.screening.rules import RULES, screen
from nlp.types import Block, BlockKind
from tests import builders

MAILS = Path(__file__).parents[1] / "mails"
ORGANIZATION = replace(builders.ORGANIZATION, staff=())


def mail(
    text: str = "Quiero una lista.",
    subject: str = "Lista",
    sender: str = "ana@upaep.mx",
    headers: Mapping[str, str] | None = None,
    parts: tuple[str, ...] = ("text/plain",),
    attachments: tuple[Attachment, ...] = (),
    failed: tuple[str, ...] = (),
    message_id: str = "<a@b>",
) -> ParsedMessage:
    return ParsedMessage(
        message_id=message_id,
        senders=(Address(sender),) if sender else (),
        to=(ORGANIZATION.mailbox,),
        cc=(),
        subject=subject,
        date=dt.datetime(2021, 7, 5, tzinfo=dt.UTC),
        in_reply_to=(),
        references=(),
        headers={k.lower(): (v,) for k, v in (headers or {}).items()},
        blocks=(Block(BlockKind.NEW, text),),
        attachments=attachments,
        part_types=parts,
        failed_recipients=failed,
    )


def kind(incoming: ParsedMessage) -> str | None:
    found = screen(incoming, ORGANIZATION)
    return found.kind if found else "human"


def held(incoming: ParsedMessage) -> Screened:
    """What is found of a mail that some rule holds of."""
    found = screen(incoming, ORGANIZATION)
    assert found is not None
    return found


def labelled(folder: str) -> list[Path]:
    return sorted((MAILS / folder).glob("*.eml"))


@pytest.mark.parametrize("path", labelled("automatic"), ids=lambda p: p.stem)
def test_machines_are_known(path: Path) -> None:
    want = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["kind"]
    incoming = read(path.read_bytes())
    assert isinstance(incoming, ParsedMessage)
    found = held(incoming)
    assert found.kind == want
    assert found.reason


@pytest.mark.parametrize("path", labelled("human") + labelled("staff"), ids=lambda p: p.stem)
def test_people_are_not_taken_for_machines(path: Path) -> None:
    incoming = read(path.read_bytes())
    assert isinstance(incoming, ParsedMessage)
    found = screen(incoming, ORGANIZATION)
    assert found is None or found.rule == "reaction"


def test_rules_have_names_of_their_own_and_reasons() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(builders.SAY(f"screening.{rule.name}") for rule in RULES)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Auto-Submitted": "auto-replied"}, "auto_reply"),
        ({"AUTO-SUBMITTED": "Auto-Generated (rejected)"}, "auto_reply"),
        ({"Auto-Submitted": "no"}, "human"),
        ({"Auto-Submitted": "No (said so)"}, "human"),
        ({"Precedence": "Bulk"}, "bulk"),
        ({"Precedence": "AUTO_REPLY"}, "auto_reply"),
        ({"Precedence": "normal"}, "human"),
        ({"X-Precedence": "junk"}, "bulk"),
        ({"X-Autoreply": "yes"}, "auto_reply"),
        ({"X-Autoreply": "No"}, "human"),
        ({"X-Autorespond": "x"}, "auto_reply"),
        ({"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}, "auto_reply"),
        ({"X-Auto-Response-Suppress": "None"}, "human"),
        ({"X-Auto-Response-Suppress": "DR, RN, NRN"}, "human"),
        ({"List-Id": "<x.y>"}, "bulk"),
        ({"List-Unsubscribe": "<mailto:a@b>"}, "bulk"),
        ({"Feedback-ID": "a:b"}, "bulk"),
        ({"X-FC-MachineGenerated": "true"}, "auto_reply"),
        ({"X-Failed-Recipients": "a@b.mx"}, "bounce"),
        ({"Return-Path": "<>"}, "auto_reply"),
        ({"Return-Path": "<ana@upaep.mx>"}, "human"),
        ({"X-Bot-Template": "form", "X-Bot-Case": "CI-2021-0001"}, "human"),
        ({"X-Priority": "1"}, "human"),
    ],
)
def test_headers(headers: dict[str, str], expected: str) -> None:
    assert kind(mail("Buenas tardes a todos.", headers=headers)) == expected


def test_a_request_without_a_return_path_is_a_person_s_and_told() -> None:
    text = "Solicitamos crear la lista avisos-coro para 90 alumnos de la Escuela de Música."
    found = held(mail(text, headers={"Return-Path": "<>"}))
    assert (found.rule, found.kind, found.relayed) == ("null_path", None, True)


def test_own_mail_and_loops() -> None:
    own = screen(mail(sender="comunicacion.interna@upaep.mx"), ORGANIZATION)
    plus = screen(mail(sender="comunicacion.interna+ci-2021-0042.x@upaep.mx"), ORGANIZATION)
    loop = screen(mail(headers={"X-Loop": "Comunicacion.Interna@upaep.mx"}), ORGANIZATION)
    found = [f.rule for f in (own, plus, loop) if f]
    assert found == ["own_mail", "own_mail", "loop"]


def test_reports_count_only_at_the_top() -> None:
    report = "multipart/report; report-type=delivery-status"
    assert kind(mail(parts=(report, "text/plain", "message/delivery-status"))) == "bounce"
    attached = ("multipart/mixed", "text/plain", "message/rfc822", report, "text/plain")
    assert kind(mail(parts=attached)) == "human"
    read_report = "multipart/report; report-type=disposition-notification"
    assert kind(mail(parts=(read_report, "text/plain"))) == "receipt"


def test_a_calendar_as_the_body_but_not_one_sent_along() -> None:
    body = ("multipart/alternative", "text/plain", "text/calendar")
    assert kind(mail(parts=body)) == "calendar"
    ics = Attachment("feria.ics", "text/calendar", 100)
    along = ("multipart/mixed", "text/plain", "text/calendar")
    assert kind(mail(parts=along, attachments=(ics,))) == "human"
    answered = mail(
        parts=along, attachments=(ics,), subject="Aceptado: Junta", text="Ana aceptó la invitación."
    )
    assert kind(answered) == "calendar"


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Respuesta automática: Lista", "Vuelvo el lunes.", "auto_reply"),
        ("Automatic reply: Form", "Back on Monday.", "auto_reply"),
        ("Fuera de la oficina: Re: Aviso", "Regreso el 3. ¿Urgente? Ext. 7100", "auto_reply"),
        ("Fuera de la oficina, pero", "Necesito una lista para 40 alumnos.", "human"),
        ("Re: Aviso", "Estoy de vacaciones, regreso el lunes 5. Saludos", "auto_reply"),
        ("Re: Aviso", "Estoy de vacaciones hasta el lunes; ¿puedo mandarlo después?", "human"),
        ("Re: Aviso", "Estoy fuera de la oficina; la lista será para 40 personas.", "human"),
        ("Leído: Aviso", "Su mensaje fue leído el lunes.", "receipt"),
        ("Leído: los lineamientos", "Tengo dudas de los lineamientos.", "human"),
        ("Undeliverable: Form", "550 5.1.1 delivery has failed to these recipients", "bounce"),
        ("No se puede entregar mi correo", "Me dice 550 5.1.1 al escribir a la lista.", "human"),
        ("RE: Respuesta automática: Aviso", "Gracias por avisar, va el formato.", "human"),
        ("Ticket #123 creado", "Hemos registrado su ticket. No responda a este mensaje.",
         "auto_reply"),
        ("Incidente SOL0004127 ha sido creado", "Se ha abierto el incidente SOL0004127.",
         "auto_reply"),
        ("Re: Aviso", "Haga clic en el enlace y confirme que es una persona: https://x.mx/c",
         "auto_reply"),
        ("Re: Aviso", "Favor de confirmar que es una persona de la casa", "human"),
        ("Recibimos su solicitud", "Su caso fue registrado. Este es un mensaje automático.",
         "auto_reply"),
    ],
)  # fmt: skip
def test_wording(subject: str, text: str, expected: str) -> None:
    assert kind(mail(text, subject)) == expected


def test_daemons_and_addresses_that_nobody_reads() -> None:
    assert kind(mail(sender="MAILER-DAEMON@x.mx".lower())) == "bounce"
    assert kind(mail(sender="postmaster@x.mx")) == "bounce"
    assert kind(mail(sender="no-reply@x.mx", text="Aviso", subject="Aviso")) == "bulk"
    assert kind(mail(sender="noreply.caja@upaep.mx", text="Aviso", subject="Aviso")) == "bulk"
    assert kind(mail(sender="norma.reply@upaep.mx")) == "human"


def test_broken_from_is_no_daemon() -> None:
    assert kind(mail(sender="")) == "human"


@pytest.mark.parametrize("text", ["a " * 200_000, "este mensaje " * 40_000, "." * 300_000,
                                  "confirme " * 50_000, "no se pudo " * 40_000])  # fmt: skip
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    screen(mail(text, subject=text), ORGANIZATION)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "headers",
    [{"List-Id": "<x.y>"}, {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}],
)
@pytest.mark.parametrize(
    "text",
    [
        "Solicitamos la renovación de la lista del Sistema Abierto; el responsable es el mismo.",
        "La Facultad de Enfermería solicita la creación de una lista de distribución para avisar "
        "de sus cursos a 380 estudiantes, una vez al mes.",
        "Posgrado requiere abrir una lista de correo para 200 alumnos.",
    ],
)
def test_a_request_by_way_of_a_group_is_no_machines_and_yet_not_answered(
    headers: dict[str, str], text: str
) -> None:
    found = held(mail(text, headers=headers))
    assert (found.kind, found.relayed) == (None, True)


WORDED = json.loads((MAILS / "layout" / "screening.json").read_text("utf-8"))


@pytest.mark.parametrize(("subject", "text"), WORDED["people"])
def test_people_whose_words_look_automatic_are_people(subject: str, text: str) -> None:
    assert kind(mail(text, subject)) == "human"


@pytest.mark.parametrize(("subject", "text"), WORDED["machines"])
def test_machines_without_a_header_are_known_by_their_words(subject: str, text: str) -> None:
    assert kind(mail(text, subject)) in ("auto_reply", "bulk")


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("uptime", "Monitor is DOWN", "The monitor upaep.mx is currently down (HTTP 503), 10:02."),
        ("gestor", "Caso 8812", "Se actualizó el caso 8812: ahora está en revisión por Redes."),
        (
            "pool",
            "Trabajo retenido",
            "Tiene un trabajo de impresión en espera; use su PIN.",
        ),
        (
            "aula",
            "Ana Prado ha enviado una tarea para Entrega 2",
            "Ana Prado ha actualizado su entrega para la tarea Entrega 2. Está en "
            "https://moodle.upaep.mx/mod/assign/view.php?id=2",
        ),
        ("cuentas", "Acceso nuevo", "Su cuenta inició sesión en un equipo nuevo el 17 de agosto."),
    ],
)
def test_machines_whose_words_no_rule_knows_are_not_answered(
    sender: str, subject: str, text: str
) -> None:
    found = held(mail(text, subject, f"{sender}@upaep.mx"))
    assert found.kind or found.doubtful


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Fuera de oficina",
            "Ando fuera de la oficina; el lunes mando el formato.",
        ),
        ("Aviso de ausencia", "La Mtra. Solís se ausentará y yo quedo a cargo de su lista."),
        ("Recado", "Les dejé un mensaje de voz en la extensión 7777, regrésenme la llamada."),
        ("Thanks for your email", "Thanks for your email. We will send the form on Monday."),
        ("Rebotes", "Mandé el aviso y me devolvió cuarenta correos, el buzón está lleno dice."),
        ("Mantenimiento", "No pudimos mandar a la lista, ¿el servidor está en mantenimiento?"),
        (
            "Duda",
            "Estoy fuera de la oficina, vuelvo el 7. ¿Pueden comunicarse con Rodrigo para que "
            "les dé el formato?",
        ),
        (
            "Lista",
            "Me voy de vacaciones, regreso el 7 de enero. Para la lista de egresados, "
            "¿podrían escribir a los 300 alumnos?",
        ),
        (
            "Credenciales",
            "Estoy de viaje, vuelvo el 7. ¿Podrían llamar a Ana por las llaves?",
        ),
        ("Cuarentena", "Me dicen que mi mensaje a la lista quedó en cuarentena, ¿lo liberan?"),
        (
            "La lista requiere aprobación",
            "Nos dijeron que la lista requiere aprobación; su autorización para el envío nos urge.",
        ),
        (
            "Recuperación de mensajes",
            "Mandé un correo equivocado a la lista, ¿pueden hacer la "
            "recuperación? El mensaje se recuperó a medias.",
        ),
        ("Ya no laboro en la Facultad", "Me cambié a Posgrado; mi lista la lleva ahora Iván Ruiz."),
        (
            "dos pendientes",
            "Recomiendo la CI-2021-0017 en cuanto esté completa y rechazo la CI-2021-0016 porque "
            "fue un malentendido.",
        ),
    ],
)
def test_people_who_word_it_as_machines_do_are_people(subject: str, text: str) -> None:
    assert kind(mail(text, subject)) == "human"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Fuera de la oficina",
            "Oigan, voy a estar fuera de jueves a sábado: se casa mi hermana allá en Tlaxcala y me "
            "toca llevar las flores. Regreso el domingo con pastel para todos.",
        ),
        (
            "Correo devuelto",
            "Lo que les mandé ayer a la dirección de su página me fue devuelto con la leyenda "
            '"delivery has failed to these recipients", por lo que les ruego me den la correcta.',
        ),
    ],
    ids=["absence", "bounce"],
)
def test_no_mail_bears_the_name_that_the_classifier_doubts(subject: str, text: str) -> None:
    found = held(mail(text, subject))
    assert found.kind is None
    assert found.may_be_a_persons


def test_a_notice_that_an_area_wants_sent_is_a_persons() -> None:
    text = "Comunicado para colaboradores: estaremos de vacaciones del 2 al 9. Regresamos el 12."
    found = screen(mail(text, "Vacaciones de invierno"), ORGANIZATION)
    assert found is None or found.kind is None


def test_an_invitation_sent_along_with_words_is_a_persons() -> None:
    ics = Attachment("misa.ics", "text/calendar", 100)
    text = (
        "Queridos amigos: los esperamos el lunes a la una en la capilla. Mando la cita por si "
        "quieren apartarla. ¿Nos ayudan a difundirla?"
    )
    parts = ("multipart/mixed", "text/plain", "text/calendar")
    subject = "Invitación: misa de inicio"
    assert kind(mail(text, subject, parts=parts, attachments=(ics,))) == "human"
    assert kind(mail("", subject, parts=parts, attachments=(ics,))) == "calendar"


def test_people_hear_of_what_nothing_but_the_classifier_takes_for_a_machines() -> None:
    found = held(mail("Daily job. Success 12, Warning 0. Start 1:00, end 2:10.", "Job", "v@x.mx"))
    assert (found.rule, found.kind, found.doubtful) == ("doubt", "bulk", True)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("No recibí acuse", "No recibí acuse de mi solicitud del martes."),
        ("Taller", "Difundir el taller de tesis entre los alumnos de posgrado, por favor."),
        ("Certificado", "Avisar a todos que los certificados ya se pueden recoger en caja."),
    ],
)
@pytest.mark.parametrize(
    "footer",
    [
        "No se encontraron virus en este mensaje.\nComprobado por AVG - www.avg.com",
        "AVISO DE CONFIDENCIALIDAD: La información contenida en este mensaje es confidencial.",
        "Este remitente no ha sido verificado. Evite hacer clic en los vínculos.",
    ],
)
def test_footers_make_nobody_a_machine(subject: str, text: str, footer: str) -> None:
    raw = (
        f"From: Ana Prado <ana.prado@upaep.mx>\nSubject: {subject}\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n\n{footer}\n"
    )
    incoming = read(raw.encode())
    assert isinstance(incoming, ParsedMessage)
    assert screen(incoming, ORGANIZATION) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("FACTURA A-4502 VENCIDA", "La factura A-4502 se encuentra vencida desde el 30 de junio. "
         "Agradeceremos su pago a la brevedad. Jorge Méndez, Cobranza"),
        ("Aviso: servidor de archivos", "Compañeros, el servidor de archivos estará apagado el "
         "sábado de 8 a 12 por mantenimiento. Luis"),
        ("Pedido 3321 listo", "Buenas tardes, su pedido de 500 volantes ya está listo, pueden "
         "pasar de 9 a 6. Marco"),
        ("Recordatorio de la junta", "Buen día a todos, les recuerdo la junta de mañana. Rosa"),
        ("Grabación de la junta", "Ya les dejé guardada en Drive la grabación. Saludos, Rosa"),
    ],
)  # fmt: skip
def test_what_people_write_on_business_is_never_silence(subject: str, text: str) -> None:
    found = screen(mail(text, subject, "jmendez@papeleralira.com.mx"), ORGANIZATION)
    assert found is None or found.doubtful


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("La grabación de «Junta» está disponible", "La grabación de la reunión ya está disponible."
         " Ver la grabación https://upaep.sharepoint.com/x La grabación expira en 60 días."),
        ("Grabación en la nube: Junta", "Hola, su grabación en la nube ya está disponible. Haga "
         "clic aquí: https://upaep.zoom.us/rec/1 Código de acceso: x1"),
        ("Cloud Recording - Junta is now available", "Hi Ana, your cloud recording is now "
         "available. Topic: Junta. Click here to view it: https://upaep.zoom.us/rec/1"),
        ("Junta (2026-08-17 at 09:00 GMT-6) - Grabación", "La grabación de la reunión se ha "
         "guardado en Drive. Los archivos estarán disponibles para los invitados."),
        ("Webex Recording available: Junta", "Your Webex meeting recording is ready to view. Play "
         "recording. Recording password: abc. Duration: 1 hour."),
        ("Grabación: Planeación", "Ana Prado compartió la grabación de la reunión Planeación. "
         "Reproducir la grabación. Transcripción disponible. Microsoft Teams"),
    ],
)  # fmt: skip
def test_word_of_a_recording_is_no_request(subject: str, text: str) -> None:
    found = held(mail(text, subject, "reuniones@upaep.mx"))
    assert found.kind or found.doubtful


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("¡Estoy de vacaciones! 🌴", "Hola 👋 ando desconectada hasta el 24 de agosto. ¿Urge? "
         "Márcale a Rodrigo al 7001."),
        ("🌴 De vacaciones hasta el 31 de agosto", "¡Me fui a la playa! 🏖️ Regreso el lunes 31. Si "
         "es urgente escríbele a Lety (leticia.mar@upaep.mx). ¡Bonita semana!"),
        ("Estoy de vacaciones (ref 12)", "Me encuentro de vacaciones hasta el 31 de agosto y no "
         "tendré acceso a mi correo. ¿Asunto urgente? Comuníquese a la ext. 7220 con Leticia Mar."),
        ("Licencia médica", "Le informo que me encuentro de licencia médica. Durante este periodo "
         "sus correos serán atendidos por la Lic. Paola Cid, paola.cid@upaep.mx."),
        ("Mensaje rechazado: Aviso", "Su mensaje a la lista docentes ha sido rechazado por el "
         "moderador. Motivo: no es miembro."),
        ("Tu opinión cuenta: ticket #48213 resuelto", "Tu reporte 48213 fue marcado como resuelto. "
         "¿Cómo calificarías la atención recibida? Da clic en la opción de tu preferencia."),
        ("Re: [CI-2026-0001] Su solicitud", "¡Estoy de vacaciones! 🌴 Vuelvo el 7 de "
         "enero. Para asuntos de la lista, ¿podrían escribir a rodrigo.espino@upaep.mx?"),
        ("Microsoft 365 security: You have messages in quarantine", "Review These Messages. 3 "
         "messages are being held for you to review. Review Message Release Block Sender"),
        ("Notificación de correo no deseado: 3 mensajes nuevos en cuarentena", "Revise estos "
         "mensajes. 3 mensajes se retienen para que los revise a partir del 17/08/2026 8:00."),
        ("La publicación de ana.prado@upaep.mx en Enlaces requiere aprobación", "Como administrador"
         " de la lista, su autorización es requerida para el siguiente mensaje: Lista: Enlaces. "
         "Visite https://lists.upaep.mx/mailman/admindb/x para aprobar o rechazar la petición."),
        ("Su mensaje se recuperó correctamente: Solicitud de lista", "Su mensaje «Solicitud de "
         "lista» enviado el 17/08/2026 10:00 se recuperó correctamente."),
        ("Message Recall Report for message: Lista", "Your message To: Ana Subject: Lista was "
         "recalled successfully on 8/17/2026."),
        ("Enlaces post from ana.prado@upaep.mx requires approval", "As list administrator, your "
         "authorization is requested for the following mailing list posting. Reason: Post to "
         "moderated list. At your convenience, visit https://listas.upaep.mx/mailman/admindb/x"),
    ],
)  # fmt: skip
def test_absences_that_ask_back_and_words_of_moderators(subject: str, text: str) -> None:
    assert kind(mail(text, subject)) in ("auto_reply", "bulk")


PARODY = (
    "«Este es un mensaje automático, favor de no responder.» ¿Les suena? Lo dice cada correo que "
    "recibo de su universidad. Les pido que me digan quién es la persona que los manda."
)
ASKED = "Soy mamá de una alumna. ¿A quién le pido que me quiten de la lista? Me llegan diario."


@pytest.mark.parametrize("text", [PARODY, ASKED])
@pytest.mark.parametrize("sender", ["lupita.mora@gmail.example", "ana@upaep.mx"])
def test_whom_a_header_makes_a_machine_and_the_wording_a_person_is_told(
    text: str, sender: str
) -> None:
    headers = {"X-Auto-Response-Suppress": "All"}
    found = held(mail(text, "No responder a este correo", sender, headers))
    assert found.doubtful


def answer(text: str, subject: str, headers: Mapping[str, str] | None = None) -> ParsedMessage:
    return replace(mail(text, subject, headers=headers), in_reply_to=("<x@upaep.mx>",))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Ausente Re: Su solicitud de lista", "De vacaciones. Vuelvo el 3 🌊"),
        ("I'm away: Re: Solicitud recibida", "Not here. Back Tue."),
        ("Cambio de correo Re: Recordatorio", "Esta cuenta se contesta sola. Escriba a la nueva."),
    ],
)
def test_what_a_program_puts_before_the_subject_it_answers_tells(subject: str, text: str) -> None:
    assert kind(answer(text, subject)) == "auto_reply"


@pytest.mark.parametrize("subject", ["URGENTE Re: Solicitud", "[EXT] Re: Solicitud"])
def test_people_put_words_before_a_subject_too(subject: str) -> None:
    said = "Adjunto va el dato que faltaba, somos 340 alumnos. ¿Algo más?"
    assert kind(answer(said, subject)) == "human"


@pytest.mark.parametrize(
    "headers",
    [{"X-Auto-Response-Suppress": "All"}, {"Precedence": "list"}, {"List-Id": "<e.upaep.mx>"}],
)
def test_an_answer_that_came_through_a_group_or_a_rule_is_told_to_people(
    headers: Mapping[str, str],
) -> None:
    found = held(answer("Autorizado, gracias.\n\nDr. Pico", "RE: Autorización", headers))
    assert (found.kind, found.relayed, found.doubtful) == (None, True, True)


def test_who_quotes_a_machines_words_and_asks_is_told_to_people() -> None:
    said = 'Cada dos minutos me llega esto: "Mensaje generado automáticamente". ¿Es cosa suya?'
    found = screen(mail(said, '"Este es un mensaje generado automáticamente"'), ORGANIZATION)
    assert found is None or found.kind is None
    machine = "Este mensaje fue generado automáticamente. No responda a este correo, por favor."
    assert kind(mail(machine, "Aviso del sistema")) == "auto_reply"


FORM = "Área: Derecho\nExtensión: 7652\nNombre de la lista: egresados\nFrecuencia: Mensual\n"


@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({"List-Id": "<enlaces.upaep.mx>"}, "list"),
        ({"X-Auto-Response-Suppress": "All"}, "suppress"),
        ({"Auto-Submitted": "auto-generated"}, "generated"),
        ({"Precedence": "list"}, "bulk_precedence"),
    ],
)
def test_a_bare_form_by_way_of_a_group_or_a_rule_is_no_machines(
    headers: Mapping[str, str], rule: str
) -> None:
    for sender in ("ana@upaep.mx", "a@otra.example"):
        found = held(mail(FORM, "Formato", sender, headers))
        assert (found.rule, found.kind, found.relayed) == (rule, None, True)


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("ana@tienda.example", {"List-Unsubscribe": "<https://x.example/baja>"}),
        ("ana@otra.example", {"Precedence": "bulk"}),
        ("ana@otra.example", {"Return-Path": "<>"}),
        ("postmaster@upaep.mx", {}),
        ("no-reply@tareas.example", {"Auto-Submitted": "auto-generated"}),
    ],
)
def test_who_asks_us_something_bears_no_machines_name(
    sender: str, headers: Mapping[str, str]
) -> None:
    said = "¿Siguen en pie para el viernes? Les marco yo; pásenme un número, por favor. Efrén"
    found = held(mail(said, "RE: entrevista", sender, headers))
    assert (found.kind, found.doubtful) == (None, True)


def test_a_request_by_way_of_a_form_on_a_platform_is_told_to_people() -> None:
    said = (
        "Nombre completo: Héctor Lima\nSu mensaje: necesitamos una lista nueva para los 90 docentes"
        " de Contaduría, ¿qué sigue?\n\nEste correo se generó con el formulario."
    )
    headers = {"List-Unsubscribe": "<https://formas.example/baja>"}
    for sender in ("noreply@formas.example", "hola@formas.example"):
        found = held(mail(said, "Buzón: Héctor Lima", sender, headers))
        assert (found.kind, found.doubtful) == (None, True)


def test_a_machine_that_the_classifier_is_sure_of_bothers_nobody() -> None:
    said = (
        "Gracias por su compra. Su pedido 3320 fue enviado; adjunto encontrará su comprobante"
        " fiscal digital (CFDI). ¿Dudas? Visite nuestra tienda. Darse de baja: https://x.example/b"
    )
    found = held(mail(said, "Pedido 3320 enviado", "noreply@tienda.example"))
    assert (found.kind, found.doubtful) == ("bulk", False)


HELP_DESK = {
    "X-JIRA-FingerPrint": "5c2d9f2a",
    "Auto-Submitted": "auto-generated",
    "Precedence": "bulk",
}


def test_what_may_be_a_persons_within_a_programs_frame_is_told_to_people() -> None:
    said = (
        "De: Rodolfo Huesca\nAsunto: quiero dejar de recibir correos\nMensaje: ya salí de la"
        " universidad, ¿me pueden quitar de la lista de egresados, por favor?\n\nEnviado desde el"
        " formulario de contacto del portal."
    )
    found = held(mail(said, "Contacto", "no-reply@portal.example"))
    assert found.doubtful


def test_what_a_person_says_by_way_of_a_help_desk_is_told_to_people() -> None:
    said = (
        "Buen día, ya revisé el grupo que nos pidieron y le faltan dos integrantes. ¿Me pasan sus"
        " nombres, por favor? Lo dejo listo hoy mismo.\n\nEfraín"
    )
    relayed = mail(said, "[Soporte #4417] Alta de grupo", "a@otra.example", HELP_DESK)
    found = held(relayed)
    assert (found.kind, found.doubtful) == (None, True)
    opened = "Su solicitud fue registrada con el número 4417. En breve será atendida. No responda."
    assert (
        kind(mail(opened, "[Soporte #4417] Registro", "a@otra.example", HELP_DESK)) == "auto_reply"
    )


@pytest.mark.parametrize(
    "text",
    [
        "La extensión es 7330 y el cargo es Coordinadora de Posgrado.",
        "Perdón por la demora: somos unos 1,200 alumnos y se enviaría cada mes.",
        "Cargo: Coordinadora de Posgrado\nExtensión: 7330",
    ],
)
@pytest.mark.parametrize("sender", ["ana.prado@upaep.mx", "enlaces@upaep.mx"])
def test_data_within_a_case_by_way_of_a_group_are_no_machines(text: str, sender: str) -> None:
    headers = {"List-Id": "<enlaces.upaep.mx>", "Precedence": "list"}
    if sender == "enlaces@upaep.mx":
        headers["X-Original-Sender"] = "ana.prado@upaep.mx"
    found = held(mail(text, "Re: [CI-2026-0042] Faltan datos", sender, headers))
    assert (found.kind, found.relayed) == (None, True)
    away = mail(AWAY, "Re: [CI-2026-0042] Faltan datos", sender, headers)
    absent = held(away)
    assert absent.kind


AWAY = "Estaré fuera de la oficina hasta el 31 de agosto. Para asuntos urgentes: ext. 7220."


def report_file(name: str, kind: str = "application/gzip") -> tuple[Attachment, ...]:
    return (Attachment(name, kind, 900),)


GZ = "correo.example!upaep.mx!1795000000!1795086399.xml.gz"
REPORT = "Report Domain: upaep.mx Submitter: correo.example Report-ID: <2026.11.27.450>"
REPORTS = {
    "subject and file": mail(
        "Adjunto encontrará el informe agregado DMARC de upaep.mx.",
        REPORT, "reportes@correo.example", attachments=report_file(GZ),
    ),
    "empty, zip": mail(
        "", "Report domain: upaep.mx Submitter: google.com Report-ID: 45098", "r@g.example",
        attachments=report_file("google.com!upaep.mx!1795000000!1795086399.zip"),
    ),
    "file alone": mail(
        "This is a DMARC aggregate report for upaep.mx.", "upaep.mx", "a@isp.example",
        attachments=report_file("isp.example!upaep.mx!1795000000!1795086399!77.xml", "text/xml"),
    ),
    "tagged by a gateway": mail(
        "Questions? See https://isp.example/dmarc", f"[Preview] {REPORT}", "a@isp.example",
        attachments=report_file(GZ),
    ),
    "named by what it is": mail(
        "Aggregate report of upaep.mx", "DMARC aggregate report for upaep.mx", "a@isp.example"
    ),
    "TLS by its type": mail(
        "", "Informe", "a@isp.example",
        parts=("multipart/report; report-type=tlsrpt", "text/plain", "application/tlsrpt+gzip"),
    ),
    "TLS by its header": mail(
        "", "Informe", "a@isp.example", headers={"TLS-Report-Domain": "upaep.mx"}
    ),
    "TLS by its file": mail(
        "This is an aggregate TLS report from isp.example", "TLS", "a@isp.example",
        attachments=report_file("isp.example!upaep.mx!1795000000!1795086399!001.json.gz"),
    ),
    "failure without its parts": mail(
        "A message claiming to be from you has failed the published DMARC policy.\n"
        "Sender Domain: upaep.mx\nSPF Alignment: no\nDKIM Alignment: no",
        "DMARC Forensic Report for upaep.mx from IP 203.0.113.68", "a@isp.example",
    ),
    "feedback as text": mail(
        "This is an email abuse report for a message received from IP 192.0.2.1.\n\n"
        "Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n"
        "Original-Mail-From: <comunicacion.interna@upaep.mx>",
        "FBL", "a@isp.example",
    ),
}  # fmt: skip
SPEAK_OF_REPORTS = {
    "forwards one": mail("Me llegó esto, ¿es de ustedes?", f"RV: {REPORT}",
                         attachments=report_file(GZ)),
    "asks under its subject": mail("¿Qué es esto que nos llega cada día?", REPORT),
    "asks about files": mail("¿Qué hago con estos archivos?", "Archivos raros",
                             attachments=report_file(GZ)),
    "sends others along": mail(
        "Solicito una lista para los alumnos de Redes, 45 personas. Va el formato.", "Lista",
        attachments=(*report_file(GZ), Attachment("formato.docx", "application/msword", 9)),
    ),
    "wants a list": mail("Necesito una lista para los reportes DMARC de Sistemas.", "DMARC"),
}  # fmt: skip


@pytest.mark.parametrize("incoming", REPORTS.values(), ids=REPORTS)
def test_reports_of_servers_are_known_by_their_layout(incoming: ParsedMessage) -> None:
    found = held(incoming)
    assert (found.rule, found.kind) == ("domain_report", "bulk")


@pytest.mark.parametrize("incoming", SPEAK_OF_REPORTS.values(), ids=SPEAK_OF_REPORTS)
def test_who_speaks_of_a_report_is_a_person(incoming: ParsedMessage) -> None:
    assert kind(incoming) == "human"


def test_where_few_machines_word_theirs_like_it_nobody_meets_silence() -> None:
    """What a person typed in a program's frame is told to people, whatever it is called."""
    said = (
        "Karla Zurita comentó el pendiente 318: ya la arreglé en pruebas, falta que me digan si "
        "la liga debe ir al PDF de este año o al anterior, porque vi los dos."
    )
    headers = {"x-jira-fingerprint": "7a", "auto-submitted": "auto-generated", "precedence": "bulk"}
    found = held(mail(said, "[JIRA] Liga rota", "jira@upaep.mx", headers))
    assert found.unsure


@pytest.mark.parametrize(
    ("text", "subject", "headers"),
    [
        (
            "Este es un mensaje automático, favor de no responder. Su boleto 55-9081 fue registrado"
            " y será atendido en un máximo de 24 horas hábiles.",
            "Hemos recibido su solicitud [55-9081]",
            {"auto-submitted": "auto-generated"},
        ),
        (
            "Estoy de viaje y contesto poco, vuelvo el lunes.",
            "Re: x",
            {"auto-submitted": "auto-replied"},
        ),
    ],
    ids=["worded as machines do", "says itself that a program replied"],
)
def test_of_a_machines_mail_nobody_is_told(
    text: str, subject: str, headers: Mapping[str, str]
) -> None:
    found = held(mail(text, subject, "soporte@example.com", headers))
    assert (found.unsure, found.doubtful) == (False, False)

"""The tour: areas write, the bot answers, staff decide, and some try what they should not."""

from __future__ import annotations

import datetime as dt
import smtplib
import time
from collections.abc import Callable
from email.message import EmailMessage

from rich.console import Console

from bot.demo.people import (
    ANA,
    APPROVER,
    HUMAN_RESOURCES,
    MAILBOX,
    MEDICINE,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    SPORTS,
)
from bot.demo.requests import notification, reply, sample, with_form
from bot.demo.servers import HOST, Mail, MailWorld

PROSE = """Buenas tardes:

La Biblioteca Central solicita la creación de una lista de distribución para difundir las nuevas
adquisiciones y los cursos de formación de usuarios. Se dirigiría a estudiantes y profesores
(aproximadamente 1,850 personas) y se usaría una vez al mes.

Saludos cordiales,
Ana Prado
"""
THE_REST = """Con gusto, va lo que falta:

Responsable del envío: Mtra. Elvira Santoyo Quiroz
Cargo: Jefa de Servicios al Público
Correo institucional: elvira.santoyo@upaep.mx
Extensión: 7415
Nombre de la lista: novedades-biblioteca
Vigencia: del 16 de agosto de 2027 al 15 de agosto de 2028
Justificación: el Correo del Día publica un solo renglón por aviso y no permite adjuntar el boletín
Visto bueno: Dr. Octavio Rivas Peña
"""
IN_WORD = {
    "Tipo de solicitud": "Creación",
    "Área solicitante": "Dirección de Recursos Humanos",
    "Responsable del envío": "Paulina Gálvez Mondragón",
    "Cargo": "Jefa de Capacitación",
    "Correo institucional": "paulina.galvez@upaep.mx",
    "Extensión": "7105",
    "Nombre de la lista": "capacitacion-rh",
    "Objetivo de la lista": "Convocar al personal a los cursos obligatorios",
    "Destinatarios": "Colaboradores y docentes",
    "Número aproximado de destinatarios": "1,400",
    "Frecuencia de envío": "Cuando se requiera",
    "Vigencia": "5 de julio de 2027 al 4 de julio de 2028",
    "Justificación": "La inscripción cierra en 48 horas y el aviso sale un día después",
    "Visto bueno": "Bernardo Casillas Ugarte",
}
HALF = """Ahí va lo que tengo a la mano:
Responsable del envío: Rolando Pacheco Siller
Destinatarios: alumnos, unos 240
Frecuencia: semanal

Enviado desde mi iPhone"""


class Tour:
    """Plays everybody's part over SMTP and waits for what each should get."""

    def __init__(
        self, world: MailWorld, console: Console, clock: Callable[[], dt.datetime]
    ) -> None:
        self._world, self._console, self._clock = world, console, clock

    def play(self) -> None:
        """The whole story. Raises TimeoutError where an answer does not come."""
        self._from_prose_to_the_list()
        self._rejected_with_a_reason()
        self._in_word_and_from_a_phone()
        self._what_must_not_count()

    def _from_prose_to_the_list(self) -> None:
        self._says("La Biblioteca pide una lista con sus palabras…")
        self._send(notification(ANA, "Lista para la Biblioteca", PROSE, self._clock()))
        form = self._arrives("form", ANA, "recibe el formato solo con lo que falta")
        self._send(reply(form, ANA, THE_REST, self._clock()))
        self._arrives("received", ANA, "recibe su folio y la fecha límite")
        notice = self._arrives("review", REVIEWER, "recibe el aviso para revisar")
        self._send(reply(notice, REVIEWER, "APROBAR", self._clock()))
        approval = self._arrives("approval", APPROVER, "recibe la solicitud recomendada")
        folio = str(notice.message["X-Bot-Case"])
        self._send(sample("spoofed-approval", self._clock(), folio=folio), APPROVER)
        self._arrives("confirm", APPROVER, "se entera de una orden a su nombre que no contó")
        self._send(reply(approval, APPROVER, "Autorizado, gracias.", self._clock()))
        self._arrives("accepted", ANA, "recibe la aceptación, pasado el tiempo para deshacer")
        sheet = self._arrives("provisioning", PROVISIONER, "recibe la orden de crear la lista")
        self._send(reply(sheet, PROVISIONER, "HECHO novedades-biblioteca@upaep.mx", self._clock()))
        self._arrives("list_ready", ANA, "se entera de que su lista existe")

    def _rejected_with_a_reason(self) -> None:
        self._says("Medicina pega una tabla de Outlook, completa…")
        self._send(sample("outlook-table", self._clock()), MEDICINE)
        self._arrives("received", MEDICINE, "recibe su folio")
        notice = self._arrives("review", REVIEWER_2, "recibe el aviso", skip=1)
        words = "RECHAZAR la frecuencia diaria excede los lineamientos; propongan un envío semanal"
        self._send(reply(notice, REVIEWER_2, words, self._clock()))
        self._arrives("rejected", MEDICINE, "recibe el rechazo con su motivo")

    def _in_word_and_from_a_phone(self) -> None:
        self._says("Recursos Humanos manda el formato en Word; Deportes escribe desde el teléfono…")
        subject, text = "Formato de capacitación", "Adjunto el formato lleno. Saludos."
        self._send(with_form(HUMAN_RESOURCES, subject, text, IN_WORD, self._clock()))
        self._arrives("received", HUMAN_RESOURCES, "recibe su folio")
        notice = self._arrives("review", REVIEWER, "recibe el aviso", skip=2)
        question = "PREGUNTAR ¿cuántos correos mandarían al mes?"
        self._send(reply(notice, REVIEWER, question, self._clock()))
        asked = self._arrives("question", HUMAN_RESOURCES, "recibe la pregunta")
        self._send(reply(asked, HUMAN_RESOURCES, "Dos al mes, cuando mucho.", self._clock()))
        self._arrives("review", REVIEWER, "recibe la respuesta con un aviso nuevo", skip=3)
        self._send(sample("iphone-one-line", self._clock()), SPORTS)
        form = self._arrives("form", SPORTS, "recibe el formato")
        self._send(reply(form, SPORTS, HALF, self._clock()))
        self._arrives("form", SPORTS, "recibe otra vez solo lo que sigue faltando", skip=1)

    def _what_must_not_count(self) -> None:
        self._says("Llegan también una pregunta, un aviso único, phishing y correo de máquinas…")
        for name, sender in (
            ("question", "mariana.solis@upaep.mx"),
            ("one-off", "pastoral@upaep.mx"),
            ("phishing", "soporte@upaep-verificacion.example"),
            ("out-of-office", ""),
            ("bounce", ""),
            ("newsletter", "boletin@edtech.example"),
        ):
            self._send(sample(name, self._clock()), sender)
        self._arrives("guidance", "mariana.solis@upaep.mx", "recibe orientación")
        self._arrives("guidance", "pastoral@upaep.mx", "recibe orientación")
        self._arrives("remark", REVIEWER, "recibe copia, para que lo vea una persona", skip=2)

    def _says(self, what: str) -> None:
        self._console.print(f"\n[bold]{what}[/bold]")

    def _send(self, mail: EmailMessage | bytes, sender: str | None = None) -> None:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        if sender is None:
            sender = ANA if isinstance(mail, bytes) else _address(str(mail["From"]))
        to = MAILBOX if isinstance(mail, bytes) else _address(str(mail["To"]))
        with smtplib.SMTP(HOST, self._world.smtp_port) as smtp:
            smtp.sendmail(sender, [to], raw)

    def _arrives(self, template: str, to: str, what: str, skip: int = 0) -> Mail:
        """Waits for the bot's mail of a template to a person, and tells it."""
        started = time.monotonic()
        mail = self._world.wait_for(
            lambda mail: mail.template == template and to in mail.recipients, skip=skip
        )
        seconds = time.monotonic() - started
        self._console.print(f"  [green]✓[/green] {to} {what} [dim]({seconds:.1f} s)[/dim]")
        return mail


def _address(header: str) -> str:
    return header.rpartition("<")[2].rstrip(">").strip()

"""A mailbox full of mixed mail, the same for the same seed: what the measurements read."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path

from bot.mail.documents import FormRow, form_docx
from nlp.training.corpus import written
from tests.rig.zone import ZONE

MACHINES = Path(__file__).parents[1] / "tests" / "mails" / "automatic"
MAILBOX = "comunicacion.interna@upaep.mx"
LARGE = 150_000  # bytes of a picture: 200 KB of base64
KINDS = {"prose": 45, "form": 15, "document": 10, "large": 5, "machine": 25}
"""How many of a hundred mails are what."""

ANSWERS = {
    "Tipo de solicitud": "Creación",
    "Área solicitante": "Biblioteca Central",
    "Responsable del envío": "Elvira Santoyo Quiroz",
    "Cargo": "Jefa de Servicios al Público",
    "Correo institucional": "elvira.santoyo@upaep.mx",
    "Extensión": "7415",
    "Nombre de la lista": "novedades-biblioteca",
    "Objetivo de la lista": "difundir las nuevas adquisiciones y los cursos",
    "Destinatarios": "alumnos y docentes",
    "Número aproximado de destinatarios": "1,850",
    "Frecuencia de envío": "mensual",
    "Vigencia": "del 16 de agosto de 2027 al 15 de agosto de 2028",
    "Justificación": "el Correo del Día publica un solo renglón por aviso",
    "Visto bueno": "Octavio Larrañaga Pineda",
}
WISHES = [
    ("Biblioteca Central", "novedades-biblioteca", "difundir las nuevas adquisiciones"),
    ("Facultad de Medicina", "residentes-medicina", "avisar de guardias y sesiones clínicas"),
    ("Departamento de Becas", "becarios", "recordar fechas de renovación de beca"),
    ("Facultad de Arquitectura", "talleres-arquitectura", "coordinar entregas de los talleres"),
    ("Coordinación de Deportes", "selecciones", "citar a entrenamientos y partidos"),
    ("Facultad de Derecho", "egresados-derecho", "invitar a cursos de actualización"),
    ("Servicio Social", "prestadores", "informar de plazas y trámites de servicio social"),
    ("Facultad de Psicología", "tutores-psicologia", "dar seguimiento a las tutorías"),
    ("Recursos Humanos", "inducción-personal", "recibir al personal de nuevo ingreso"),
    ("Posgrados", "aspirantes-posgrado", "informar de fechas de admisión y becas"),
    ("Mantenimiento", "avisos-edificios", "avisar de cortes de agua y de luz por edificio"),
    ("Pastoral Universitaria", "voluntariado", "convocar a misiones y brigadas"),
]
"""Areas, their lists and what for: requests differ, as those of a university do."""


def mixed(count: int, seed: int = 20210618) -> Iterator[bytes]:
    """`count` raw messages of all kinds, each from somebody else."""
    chance = random.Random(seed)
    kinds = chance.choices(list(KINDS), list(KINDS.values()), k=count)
    return (_mail(kind, number, chance) for number, kind in enumerate(kinds))


def short_request(number: int) -> bytes:
    """A request that is answered with the form."""
    example = _examples()[number % len(_examples())]
    return _written(number, example[0], example[1]).as_bytes()


def _mail(kind: str, number: int, chance: random.Random) -> bytes:
    if kind == "machine":
        raw = chance.choice(_machines())
        return b"X-Number: %d\r\nMessage-ID: <machine-%d@upaep.mx>\r\n" % (number, number) + raw
    if kind in ("form", "document"):
        area, list_name, purpose = chance.choice(WISHES)
        answers = {
            **ANSWERS,
            "Área solicitante": area,
            "Nombre de la lista": f"{list_name}-{number}",
            "Objetivo de la lista": purpose,
            "Extensión": str(1000 + number),
        }
        if chance.random() < 0.3:
            del answers[chance.choice(sorted(answers))]
        if kind == "form":
            text = "\n".join(f"{label}: {value}" for label, value in answers.items())
            return _written(number, "Formato", f"Buen día, envío el formato:\n\n{text}").as_bytes()
        mail = _written(number, "Formato lleno", "Adjunto el formato. Saludos.")
        rows = [FormRow(label, value) for label, value in answers.items()]
        mail.add_attachment(
            form_docx("Solicitud", "", rows), maintype="application", filename="formato.docx",
            subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
        )  # fmt: skip
        return mail.as_bytes()
    subject, text = chance.choice(_examples())
    mail = _written(number, subject, text)
    if number % 2:
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line)
        mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    if kind == "large":
        picture = b"\xff\xd8\xff\xe0" + chance.randbytes(LARGE)
        mail.add_attachment(picture, maintype="image", subtype="jpeg", filename="cartel.jpg")
    return mail.as_bytes()


def _written(number: int, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Persona {number} <persona{number}@upaep.mx>"
    mail["To"] = MAILBOX
    mail["Subject"] = subject
    mail["Date"] = format_datetime(dt.datetime(2026, 8, 17, 10, tzinfo=ZONE))
    mail["Message-ID"] = f"<written-{number}@upaep.mx>"
    mail.set_content(text, cte="quoted-printable")
    return mail


@cache
def _examples() -> list[tuple[str, str]]:
    return [(example.subject, example.text) for example in written()]


@cache
def _machines() -> list[bytes]:
    raws = [path.read_bytes() for path in sorted(MACHINES.glob("*.eml"))]
    return [_without_id(raw) for raw in raws]


def _without_id(raw: bytes) -> bytes:
    head, separator, body = raw.partition(b"\n\n")
    lines = [line for line in head.split(b"\n") if not line.lower().startswith(b"message-id:")]
    return b"\n".join(lines) + separator + body

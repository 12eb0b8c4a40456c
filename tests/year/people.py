"""Who writes to the bot, and what they do with what it writes to them.

What somebody does depends on the seed, on the mail they got and on how many like it they had: not
on what others do, so that a story still goes on alike when something of it is left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from bot.runtime.analyzer import sent_texts
from tests.rig.office import APPROVER, MAILBOX, PROVISIONER, REVIEWER, REVIEWER_2
from tests.rig.zone import ZONE

if TYPE_CHECKING:
    from tests.year.world import World

Weighted = tuple[tuple[str, int], ...]
UNITS = ("Biblioteca Central", "Deportes", "Arquitectura", "Enfermería", "Egresados", "Becas")
FIRST, LATER = "del 1 de septiembre de {y} al 31 de agosto de {z}", "hasta el 15 de agosto de {z}"
FORM = """Área solicitante: {unit}
Responsable del envío: Elvira Santoyo Quiroz
Cargo: Jefa de Servicios al Público
Correo institucional: {mail}
Extensión: 7415
Nombre de la lista: {list}
Objetivo de la lista: difundir las novedades y los cursos del área
Destinatarios: alumnos y docentes
Número aproximado de destinatarios: 1,850
Frecuencia de envío: mensual
Vigencia: del 1 de septiembre de {y} al 31 de agosto de {z}
Justificación: el Correo del Día publica un solo renglón por aviso y no admite adjuntos
Visto bueno: Octavio Larrañaga Pineda
"""
ASKS: Weighted = (
    ("Buenas tardes, envío el formato:\n\nTipo de solicitud: Creación\n{form}", 40),
    ("Buen día: {unit} solicita la creación de una lista de distribución para difundir sus cursos."
     "\nSe dirigiría a estudiantes y profesores (unas 1,850 personas), una vez al mes.\n", 40),
    ("Buenas tardes, solicitamos una lista de correo para {unit}. Gracias.", 20),
    ("Buen día: les pido enviar por única vez este aviso a todos los alumnos. Gracias.", 5),
    ("Buen día, ¿qué requisitos pide una lista de distribución?", 5),
)  # fmt: skip
ALL, HALF = "Va lo que falta:\n\n{form}", "Por ahora esto:\n\n{half}\nEl resto se lo mando después."
THANKS = "Muchas gracias, quedo al pendiente."
CORRECTS = "Una corrección: la extensión es 7999, no 7415."
CANCELS, STATUS = "Ya no la necesitamos, favor de cancelar.", "¿Cómo va mi solicitud?"
RESUMES, NOTHING = "La solicitud sigue en pie.", ""
AREA: dict[str, Weighted] = {
    "form": ((ALL, 50), (HALF, 14), (STATUS, 5), (CANCELS, 5), (THANKS, 5), (NOTHING, 16)),
    "received": ((THANKS, 15), (CORRECTS, 10), (STATUS, 8), (CANCELS, 5), (NOTHING, 60)),
    "question": (("Serían dos envíos al mes.", 85), (NOTHING, 15)),
    "reminder": ((ALL, 60), (CANCELS, 5), (NOTHING, 35)),
    "accepted": ((THANKS, 40), ("Acepto los lineamientos.", 30), (NOTHING, 40)),
    "rejected": ((THANKS, 20), (RESUMES, 10), (NOTHING, 60)),
    "expired": ((RESUMES, 20), (NOTHING, 80)),
    "list_ready": ((THANKS, 30), (NOTHING, 70)),
    "renewal": (("RENOVAR", 40), ("BAJA", 10), (NOTHING, 50)),
}
DECIDES: Weighted = (
    ("APROBAR", 60), ("RECHAZAR por duplicidad", 10), ("PREGUNTAR ¿Cuántos envíos al mes?", 8),
    ("CORREGIR extensión: 7999", 4), ("NOTA revisar con el área", 3), ("ESTADO", 2),
    (f"ASIGNAR {REVIEWER_2}", 2), ("lo veo mañana con calma", 3), (NOTHING, 8),
)  # fmt: skip
DONE: Weighted = (("HECHO {folio}@upaep.mx", 85), (NOTHING, 15))
STAFF: dict[str, Weighted] = {
    "review": DECIDES,
    "approval": DECIDES,
    "provisioning": DONE,
    "confirm": (("CONFIRMAR", 70), (NOTHING, 30)),
    "remark": (("RESPONDER Con gusto: llene el formato.", 30), ("CLASIFICAR pregunta", 10),
               (NOTHING, 60)),
    "decided": ((THANKS, 5), (NOTHING, 95)),
}  # fmt: skip
HOURS_LATE = (1, 1, 2, 4, 7, 20, 26, 50, 100, 190)
AWAY = "Estaré fuera de la oficina y atenderé su correo a mi regreso."
MACHINES: dict[str, tuple[str, str, str]] = {
    "away": ("vacaciones@upaep.mx", AWAY, "Auto-Submitted: auto-replied"),
    "newsletter": ("boletin@editorial.example", "Novedades del mes.",
                   "List-Unsubscribe: <https://x.example/u>\r\nPrecedence: bulk"),
    "bounce": ("mailer-daemon@upaep.mx", "Delivery has failed.", "Auto-Submitted: auto-replied"),
}  # fmt: skip


@dataclass(frozen=True)
class ReceivedMail:
    """A mail that somebody got from the bot; read no further than somebody needs."""

    raw: bytes

    def header(self, name: str) -> str:
        """As the bot writes it: on one line, or folded."""
        head = self.raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        value = f"\r\n{head}".partition(f"\r\n{name}: ")[2]
        return re.split(r"\r\n(?![ \t])", value, maxsplit=1)[0].replace("\r\n", "")

    @property
    def template(self) -> str:
        return self.header("X-Bot-Template")

    @property
    def case(self) -> str:
        return self.header("X-Bot-Case")

    @cached_property
    def text(self) -> str:
        return sent_texts((self.raw,))[0]  # as the bot reads it again soon


@dataclass(frozen=True)
class Written:
    """A mail to the bot: who wrote it, and whether somebody waits for an answer."""

    sender: str
    kind: str  # human, thanks, machine, flood, forged, broken
    said: str


@dataclass
class People:
    """All of them. `commands` are the words that staff gave to the bot, by person and folio."""

    world: World
    leaves: dict[str, list[tuple[dt.datetime, dt.datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    commands: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    had: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    mails: dict[str, list[ReceivedMail]] = field(default_factory=lambda: defaultdict(list))
    written: int = 0

    # --- what happens by the plan -------------------------------------------------------------

    def ask(self, number: int) -> None:
        """An area asks for something."""
        chance = self.world.chance("ask", number)
        area = f"area{number % 60}@upaep.mx"
        self.write(area, f"Lista {number}", self._filled(pick(chance, ASKS), area, number))

    def machine(self, name: str, number: int) -> None:
        sender, text, headers = MACHINES[name]
        self.write(sender, f"Aviso {number}", text, headers, kind="machine")

    def outsider(self, number: int) -> None:
        """Somebody from elsewhere asks; or somebody says to be staff, and is not."""
        text = "Hola, ¿me pueden dar de alta en su lista de correos?"
        self.write(f"persona{number}@gmail.com", "Una pregunta", text)

    def forge(self, number: int) -> None:
        """A command in the name of staff that no server vouches for, about a case there is."""
        folios = sorted({folio for _, folio in self.commands if folio})
        if folios:
            folio = self.world.chance("forge", number).choice(folios)
            said = self.world.chance("forged", number).choice(
                ("APROBAR", "RECHAZAR por duplicidad")
            )
            who = (REVIEWER, APPROVER)[number % 2]
            self.write(who, f"Re: [{folio}] Lista", said, kind="forged")

    def flood(self, number: int) -> None:
        """A program writes sixty mails; then an area writes one, which must not wait for it."""
        for n in range(60):
            self.write(
                f"robot{number}@upaep.mx", f"Lista {n}", f"Solicitamos la lista {n}.", kind="flood"
            )
        self.ask(number)

    def broken(self, number: int) -> None:
        raw = b"\xff\xfe\x00\x01" * (number % 7 + 1)
        self.world.deliver(raw, Written("", "broken", ""))

    def again(self) -> None:
        """The server hands the last mail over twice."""
        mails = self.world.folder.mails
        if mails:
            self.world.folder.deliver(mails[max(mails)].raw, self.world.now)

    def leave(self, person: str, days: int) -> None:
        """Somebody is away for some days; perhaps they have said who stands in."""
        until = self.world.now + dt.timedelta(days=days)
        self.leaves[person].append((self.world.now, until))
        notices = [m for m in self.mails[person] if m.template in ("review", "approval")]
        if notices and days % 2:
            other = REVIEWER_2 if person != REVIEWER_2 else REVIEWER
            self._answer(notices[-1], f"DELEGAR {other} hasta el {until:%d/%m/%Y}", person)

    # --- what they do with what they get ------------------------------------------------------

    def got(self, to: str, raw: bytes) -> None:
        """A mail of the bot's came to somebody."""
        mail = ReceivedMail(raw)
        self.mails[to].append(mail)
        if not to.endswith("@upaep.mx"):
            return
        key = to, mail.template, mail.case
        self.had[key] += 1
        chance = self.world.chance(*key, self.had[key])
        staff = to in self.world.staff
        habits = (STAFF if staff else AREA).get(mail.template)
        if staff and mail.template == "reminder":
            habits = DONE if to == PROVISIONER else DECIDES
        back = self._back(to)
        if staff and back:
            self._away(mail, to)
        if not habits or not (said := pick(chance, habits)):
            return
        late = dt.timedelta(hours=chance.choice(HOURS_LATE), minutes=chance.randrange(60))
        at = at_work(max(back or self.world.now, self.world.now) + late)
        if staff and mail.template in ("review", "approval"):
            self._decide(mail, said, to, at, chance)
        else:
            self.world.at(at, lambda: self._answer(mail, said, to))

    def _decide(
        self, mail: ReceivedMail, said: str, to: str, at: dt.datetime, chance: Random
    ) -> None:
        """Perhaps twice, taken back in time, or in answer to an older notice."""
        moment, dice = dt.timedelta(minutes=4), chance.random()
        self.world.at(at, lambda: self._answer(mail, said, to))
        if dice < 0.05:
            self.world.at(at + moment, lambda: self._answer(mail, said, to))
        elif dice < 0.12:
            self.world.at(at + moment, lambda: self._answer(mail, "DESHACER", to))
            self.world.at(at + 20 * moment, lambda: self._answer(mail, said, to))
        elif dice < 0.2:
            older = self.mails[to][0]
            self.world.at(at + moment, lambda: self._answer(older, "APROBAR", to))

    def _answer(self, mail: ReceivedMail, said: str, to: str) -> None:
        """Somebody replies, as a mail client does: what is answered quoted below."""
        if to in self.world.staff:
            self.commands[to, mail.case].add(said.split()[0])
        said = self._filled(said, to, len(mail.case), mail.case)
        quotes = self.world.chance("quotes", to).random() < 0.5  # their program does
        quoted = "".join(f"> {line}\n" for line in mail.text.splitlines())
        text = f"{said}\n\nEl lun, 28 jun 2027, (<{MAILBOX}>) escribió:\n{quoted}"
        kind = "thanks" if said == THANKS else "human"
        self._reply(mail, to, f"Re: {mail.header('Subject')}", text if quotes else said, kind)

    def _away(self, mail: ReceivedMail, to: str) -> None:
        self._reply(mail, to, "Respuesta automática", AWAY, "machine", "auto-replied")

    def _reply(
        self, mail: ReceivedMail, to: str, subject: str, text: str, kind: str, auto: str = "no"
    ) -> None:
        answered = mail.header("Message-ID")
        headers = f"In-Reply-To: {answered}\r\nReferences: {answered}\r\nAuto-Submitted: {auto}"
        address = mail.header("Reply-To") or MAILBOX
        self.write(to, subject, text, headers, kind=kind, address=address)

    def _back(self, person: str) -> dt.datetime | None:
        now = self.world.now
        return max((end for start, end in self.leaves[person] if start <= now < end), default=None)

    def _filled(self, text: str, area: str, number: int, folio: str = "") -> str:
        year = self.world.now.year
        form = FORM.format(unit=UNITS[number % len(UNITS)], mail=area, y=year, z=year + 1,
                           list=f"avisos-{number % 40}")  # fmt: skip
        half = "".join(form.splitlines(keepends=True)[:6])
        return text.format(
            form=form, half=half, unit=UNITS[number % len(UNITS)],
            folio=folio.lower() or "lista",
        )  # fmt: skip

    def write(
        self, sender: str, subject: str, text: str, headers: str = "", *, kind: str = "human",
        address: str = MAILBOX,
    ) -> None:  # fmt: skip
        """A mail comes to the mailbox; its server vouches for the sender, unless it is forged."""
        self.written += 1
        domain = sender.partition("@")[2]
        verdict = "fail" if kind == "forged" else "pass"
        lines = (
            f"Authentication-Results: mx.upaep.mx; dmarc={verdict} header.from={domain}",
            f"From: {sender}", f"To: {address}", f"Subject: {subject}",
            f"Date: {format_datetime(self.world.now)}", f"Message-ID: <{self.written}@{domain}>",
            *headers.split("\r\n"), "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
        )  # fmt: skip
        head = "\r\n".join(line for line in lines if line)
        raw = f"{head}\r\n\r\n{text}".replace("\r\n", "\n").replace("\n", "\r\n").encode()
        self.world.deliver(raw, Written(sender, kind, text.partition("\n")[0]))


def pick(chance: Random, weighted: Weighted) -> str:
    return chance.choices([w for w, _ in weighted], [n for _, n in weighted])[0]


def at_work(at: dt.datetime) -> dt.datetime:
    """The same time, or the next morning's where nobody works then."""
    at = at.astimezone(ZONE)
    if at.hour < 8:
        at = at.replace(hour=8)
    elif at.hour >= 18:
        at = (at + dt.timedelta(days=1)).replace(hour=8)
    while at.weekday() >= 5:
        at += dt.timedelta(days=1)
    return at

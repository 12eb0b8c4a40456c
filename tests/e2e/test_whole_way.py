"""From the first mail to the answer, through IMAP and SMTP, with the bot as its own process."""

import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from tests.e2e.requests import FULL, PROSE, REST
from tests.rig.dovecot import Account
from tests.rig.office import (
    APPROVER,
    AREA,
    MAILBOX,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    Office,
    open_office,
)
from tests.rig.smtp_sink import Received, SmtpSink
from tests.rig.warm import WarmBot

MISSING = [
    "Responsable del envío", "Cargo", "Correo institucional", "Extensión", "Nombre de la lista",
    "Vigencia (inicio)", "Vigencia (fin)", "Justificación", "Visto bueno",
]  # fmt: skip
KNOWN = [
    "Tipo de solicitud", "Área solicitante", "Objetivo de la lista", "Destinatarios",
    "Número aproximado de destinatarios", "Frecuencia de envío",
]  # fmt: skip


MOST_MAILS = {AREA: 5, REVIEWER: 2, REVIEWER_2: 1, APPROVER: 2, PROVISIONER: 2}
"""From the first mail to the list, with two reviewers."""


def assert_linked(mails: list[Received], own: tuple[EmailMessage, ...]) -> None:
    """Each cites what came before it, or an answer of their `own` to that, and bears the same
    subject: one thread, in Gmail, too."""
    assert len({mail.subject for mail in mails}) == 1, [mail.subject for mail in mails]
    known: set[str] = set()
    for number, mail in enumerate(mails):
        cited = f"{references(mail)} {mail.message['In-Reply-To']}".split()
        answers = {str(m["Message-ID"]) for m in own if known & set(str(m["References"]).split())}
        assert not number or (known | answers) & set(cited), mail.template
        known |= {str(mail.message["Message-ID"]), *cited}


def references(mail: Received) -> str:
    return " ".join(str(mail.message["References"]).split())


def test_a_request_from_prose_to_the_acceptance(office: Office) -> None:
    asked = office.write(AREA, "Lista para la biblioteca", PROSE)
    form = office.mail("form", AREA)
    lines = form.text.splitlines()
    assert [label for label in MISSING if f"{label}:" in [x.strip() for x in lines]] == MISSING
    assert not [label for label in KNOWN if f"{label}:" in [x.strip() for x in lines]]
    assert form.message["In-Reply-To"] == asked["Message-ID"]
    assert [p.get_filename() for p in form.message.iter_attachments()] == [
        f"formato-{form.case}.docx"
    ]

    completed = office.reply(form, REST)
    received = office.mail("received", AREA)
    assert received.case == form.case
    assert received.message["In-Reply-To"] == completed["Message-ID"]
    assert str(asked["Message-ID"]) in references(received)

    reviewed = office.reply(office.mail("review", REVIEWER), "APROBAR")
    approved = office.reply(office.mail("approval", APPROVER), "Se aprueba, gracias.")
    accepted = office.mail("accepted", AREA)
    assert accepted.mail_from == MAILBOX
    assert MAILBOX in str(accepted.message["From"])
    assert accepted.message["Subject"].startswith(f"[{form.case}]")
    assert accepted.message["In-Reply-To"] == completed["Message-ID"]
    assert accepted.message["Auto-Submitted"] == "auto-replied"
    assert accepted.message["X-Auto-Response-Suppress"] == "All"

    made = office.reply(office.mail("provisioning", PROVISIONER), "HECHO novedades@upaep.mx")
    assert "novedades@upaep.mx" in office.mail("list_ready", AREA).text
    for person in (REVIEWER, APPROVER, PROVISIONER):
        assert office.mail("command_result", person).case == form.case
    for template in ("form", "received", "accepted", "list_ready"):
        assert office.count(template, AREA) == 1

    told = Counter(who for mail in office.sink.mails for who in mail.recipients)
    assert all(told[who] <= most for who, most in MOST_MAILS.items()), told
    for who in MOST_MAILS:
        mails = [mail for mail in office.sink.mails if who in mail.recipients]
        assert_linked(mails, (completed, reviewed, approved, made))

    shown = office.bot("cases", "show", form.case)
    assert shown.returncode == 0
    assert "novedades@upaep.mx" in shown.stdout


def test_a_rejection_reaches_the_area_with_its_reason(office: Office) -> None:
    office.write(AREA, "Formato", FULL)
    notice = office.mail("review", REVIEWER)
    office.reply(notice, "RECHAZAR ya existe una lista con el mismo público")
    assert "ya existe una lista con el mismo público" in office.mail("rejected", AREA).text
    office.reply(office.mail("review", REVIEWER_2), "APROBAR")
    assert "Ya decidió Rodrigo Espino" in office.mail("command_result", REVIEWER_2).text
    assert office.count("approval") == 0


def test_mail_is_answered_by_idle_long_before_the_poll(closed: Office) -> None:
    """How soon is measured by bench.latency, where nothing else runs."""
    closed.settings["imap"]["poll_seconds"] = 600
    closed.write_config()
    closed.start()
    for number in range(3):
        time.sleep(0.5)  # the bot is idling again
        closed.write(f"area{number}@upaep.mx", "Formato", FULL)
        closed.mail("received", f"area{number}@upaep.mx", seconds=60)


def test_a_decision_waits_and_can_be_undone(
    account: Account, sink: SmtpSink, tmp_path: Path, warm: WarmBot
) -> None:
    with open_office(account, sink, tmp_path, undo_minutes=0.1) as office:
        office.warm = warm
        office.start()
        office.write(AREA, "Formato", FULL)
        office.reply(office.mail("review", REVIEWER), "RECHAZAR por duplicidad")
        answer = office.mail("command_result", REVIEWER)
        assert office.count("rejected") == 0
        office.reply(answer, "DESHACER")
        office.mail("command_result", REVIEWER, after=1)
        office.reply(office.mail("review", REVIEWER, after=1), "RECHAZAR fuera de los lineamientos")
        ruled = time.monotonic()
        rejected = office.mail("rejected", AREA, seconds=15)
        assert time.monotonic() - ruled > 4
        assert "fuera de los lineamientos" in rejected.text
        assert office.count("rejected") == 1


def test_sigterm_ends_it_cleanly(office: Office) -> None:
    assert office.stop() == 0


def test_an_old_quote_does_not_bring_old_values_back(office: Office) -> None:
    office.write(AREA, "Lista para la biblioteca", PROSE)
    form = office.mail("form", AREA)
    office.reply(form, "Perdón, son 2,000 destinatarios.\n\nNúmero de destinatarios: 2,000")
    assert "2,000" in office.mail("form", AREA, after=1).text
    office.reply(form, REST)  # the first mail again, which still quotes 1,850
    received = office.mail("received", AREA)
    assert "2,000" in received.text
    assert "1,850" not in received.text

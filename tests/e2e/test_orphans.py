"""A list's responsible is gone: who answers for it is asked, by a clock that is moved."""

from __future__ import annotations

from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from tests.e2e.requests import FULL
from tests.e2e.test_renewing import register, state, through
from tests.rig.office import MAILBOX, REVIEWER, HandClock, Office, in_process
from tests.rig.smtp_sink import Received

AREA, ELVIRA, RAMIRO = "ana.prado@upaep.mx", "elvira.santoyo@upaep.mx", "ramiro.ledesma@upaep.mx"
LUZ, OCTAVIO = "luz.prado@upaep.mx", "octavio.larranaga@upaep.mx"
KEPT, DROPPED = "novedades-biblioteca@upaep.mx", "novedades-hemeroteca@upaep.mx"
OTHER = FULL.replace("Biblioteca", "Hemeroteca").replace("biblioteca", "hemeroteca")
DEPUTY = f"Correo de quien suple: {LUZ}\n"


def report(of: Received, gone: str, status: str = "5.1.1") -> EmailMessage:
    """What a mail server gives back (RFC 3464)."""
    raw = f"""From: MAILER-DAEMON@upaep.mx
To: {MAILBOX}
Subject: Undelivered Mail Returned to Sender
Message-ID: {make_msgid(domain="upaep.mx")}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.upaep.mx

Final-Recipient: rfc822; {gone}
Action: {"failed" if status.startswith("5") else "delayed"}
Status: {status}

--b
Content-Type: text/rfc822-headers

From: {MAILBOX}
Message-ID: {of.message["Message-ID"]}

--b--
"""
    mail = message_from_string(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def test_whose_responsible_is_gone_is_kept_or_withdrawn_by_people(
    closed: Office, clock: HandClock
) -> None:
    closed.settings["form"] = [
        {"name": name, "label": label} for name, label in (
            ("request_type", "Tipo de solicitud"), ("area", "Área solicitante"),
            ("responsible", "Responsable del envío"), ("position", "Cargo"),
            ("email", "Correo institucional"), ("phone_ext", "Extensión"),
            ("list_name", "Nombre de la lista"), ("purpose", "Objetivo de la lista"),
            ("audience", "Destinatarios"), ("recipients", "Número aproximado de destinatarios"),
            ("frequency", "Frecuencia de envío"), ("start_date", "Vigencia (inicio)"),
            ("end_date", "Vigencia (fin)"), ("justification", "Justificación"),
            ("sponsor", "Visto bueno"),
        )
    ]  # fmt: skip
    deputy = {"name": "deputy", "label": "Correo de quien suple", "required": False}
    closed.settings["form"].append(deputy)
    closed.settings["renewal"] = {"orphan_days": 30}
    closed.write_config()
    with in_process(closed, clock):
        copied = f"Octavio Larrañaga Pineda <{OCTAVIO}>"
        closed.write(AREA, "Formato", FULL + DEPUTY, Cc=copied)
        through(closed, 0, KEPT)
        closed.write(RAMIRO, "Formato", OTHER.replace(ELVIRA, RAMIRO))
        through(closed, 1, DROPPED)

        clock.set("2028-07-17 09:00")
        kept, dropped = closed.mail("renewal", ELVIRA), closed.mail("renewal", RAMIRO)
        closed.receive(report(kept, ELVIRA, "4.2.2"))
        closed.receive(report(kept, RAMIRO))  # that mail never went there
        closed.receive(report(kept, ELVIRA))
        asked = closed.mail("owner_asked", LUZ)
        assert ELVIRA in asked.text
        closed.receive(report(dropped, RAMIRO))
        unknown = closed.mail("owner_asked", REVIEWER)
        assert closed.count("owner_asked", LUZ) == closed.count("owner_asked", REVIEWER) == 1
        checked = " ".join(closed.bot("check").stdout.split())
        both = ", ".join(sorted((asked.case, unknown.case)))
        assert f"who answers for the lists of {both}" in checked

        clock.set("2028-07-27 09:10")
        backed = closed.mail("owner_asked", OCTAVIO)
        assert backed.case == asked.case != unknown.case
        closed.reply(backed, "Ahora la lleva Marta Rivas Colín, marta.rivas@upaep.mx")
        told = closed.mail("review", REVIEWER, after=2)
        assert "Marta Rivas" in told.text
        through(closed, 2, KEPT)

        clock.set("2028-08-16 09:10")  # 30 days later
        proposed = closed.mail("review", REVIEWER, after=3)
        assert proposed.case == unknown.case
        assert "Nadie responde por esta lista" in " ".join(proposed.text.split())
        through(closed, 3, DROPPED)
    assert state(closed, asked.case) == state(closed, unknown.case) == "closed"
    lists = register(closed)
    assert (lists[KEPT]["state"], lists[KEPT]["responsible_email"]) == (
        "active", "marta.rivas@upaep.mx",
    )  # fmt: skip
    assert lists[DROPPED]["state"] == "withdrawn"


def test_whose_address_the_server_refuses_at_once_is_gone_as_well(
    closed: Office, clock: HandClock
) -> None:
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL, Cc=f"Octavio Larrañaga Pineda <{OCTAVIO}>")
        through(closed, 0, KEPT)
        closed.sink.at_rcpt |= {
            ELVIRA: "550 5.1.1 <elvira>: Recipient address rejected: User unknown",
            OCTAVIO: "550 5.1.1 User unknown",
        }
        clock.set("2028-07-17 09:00")  # the mail that asks for a renewal never leaves
        asked = closed.mail("owner_asked", REVIEWER)
        assert closed.count("owner_asked", REVIEWER) == 1
        assert asked.case != closed.mail("accepted", AREA).case
        history = closed.bot("cases", "show", asked.case).stdout
    assert OCTAVIO in history  # who backed it was asked before, and is gone, too


def test_who_asks_for_a_change_of_a_list_is_not_asked_who_answers_for_it(
    closed: Office, clock: HandClock
) -> None:
    """Naming oneself in one's own request makes nobody privy to a list."""
    student = "saul.mora@upaep.mx"
    change = f"Quiero cambiar la lista {KEPT}: que llegue también a los profesores.\n\n"
    with in_process(closed, clock):
        closed.write(AREA, "Formato", FULL)
        through(closed, 0, KEPT)
        backed = f"{change}Visto bueno: Saúl Mora Pérez, {student}\n"
        closed.write(student, "Cambio de lista", backed)
        closed.mail("received", student)
        clock.set("2028-07-17 09:00")
        closed.receive(report(closed.mail("renewal", ELVIRA), ELVIRA))
        closed.mail("owner_asked", REVIEWER)
    assert not closed.count("owner_asked", student)

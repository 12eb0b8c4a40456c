"""What people write in the demo, as their mail clients would."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from importlib.resources import files

from bot.demo.people import MAILBOX, NAMES
from bot.demo.servers import Mail
from bot.mail.documents import FormRow, form_docx

DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def sample(name: str, now: dt.datetime, folio: str = "") -> bytes:
    """A mail of bot/demo/mails as it arrives today, with CRLF line ends."""
    text = files("bot.demo").joinpath("mails", f"{name}.eml").read_text(encoding="utf-8")
    for mark, value in (
        ("@DATE@", format_datetime(now)),
        ("@ID@", make_msgid(domain="upaep.mx")),
        ("@FOLIO@", folio),
    ):
        text = text.replace(mark, value)
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def notification(
    sender: str, subject: str, text: str, now: dt.datetime, to: str = MAILBOX
) -> EmailMessage:
    """A plain mail, newly written."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((NAMES.get(sender, "").partition(" (")[0], sender))
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    mail.set_content(text, cte="quoted-printable")
    return mail


def reply(to: Mail, sender: str, text: str, now: dt.datetime) -> EmailMessage:
    """An answer on top of the quoted mail, as most clients write it."""
    answered = to.message
    body = answered.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in str(body.get_content() if body else "").splitlines())
    mail = notification(
        sender,
        f"Re: {answered['Subject']}",
        f"{text}\n\nEl {now:%d/%m/%Y} a las {now:%H:%M}, Comunicación Interna (<{MAILBOX}>) "
        f"escribió:\n\n{quoted}\n",
        now,
        str(answered.get("Reply-To", answered["From"])),
    )
    mail["In-Reply-To"] = str(answered["Message-ID"])
    mail["References"] = f"{answered.get('References', '')} {answered['Message-ID']}".strip()
    return mail


def with_form(
    sender: str, subject: str, text: str, rows: dict[str, str], now: dt.datetime
) -> EmailMessage:
    """A short mail with the form filled in as a Word document."""
    mail = notification(sender, subject, text, now)
    table = [FormRow(label, value, "", missing=False) for label, value in rows.items()]
    data = form_docx("Solicitud de lista de distribución", "", table)
    mail.add_attachment(data, maintype="application", subtype=DOCX, filename="formato lleno.docx")
    return mail

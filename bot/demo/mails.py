"""What people write in the demo, as their mail clients would."""

import datetime as dt
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from importlib.resources import files

from bot.demo.cast import Cast, Player
from bot.demo.servers import Mail
from bot.mail.documents import FormRow, form_docx

DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def sample(name: str, cast: Cast, now: dt.datetime, folio: str) -> bytes:
    """A mail of the folder `mails` as it arrives today, with CRLF line ends."""
    text = files("bot.demo").joinpath("mails", f"{name}.eml").read_text(encoding="utf-8")
    for mark, value in (
        ("@DATE@", format_datetime(now)),
        ("@ID@", make_msgid(domain=cast.domain)),
        ("@FOLIO@", folio),
    ):
        text = text.replace(mark, value)
    return cast.localised(text).replace("\r\n", "\n").replace("\n", "\r\n").encode()


def reply(to: Mail, sender: Player, text: str, now: dt.datetime) -> EmailMessage:
    """An answer on top of the quoted mail, as most clients write it."""
    answered = to.message
    body = answered.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in str(body.get_content() if body else "").splitlines())
    above = f"El {now:%d/%m/%Y} a las {now:%H:%M}, {answered['From']} escribió:"
    reply_to = str(answered.get("Reply-To", answered["From"]))
    mail = _mail(sender, reply_to, f"Re: {answered['Subject']}", now)
    mail["In-Reply-To"] = str(answered["Message-ID"])
    mail["References"] = f"{answered.get('References', '')} {answered['Message-ID']}".strip()
    mail.set_content(f"{text}\n\n{above}\n\n{quoted}\n", cte="quoted-printable")
    return mail


def with_form(
    sender: Player, to: str, subject: str, text: str, rows: Mapping[str, str], now: dt.datetime
) -> EmailMessage:
    """A short mail with the form filled in as a Word document; `rows` by label."""
    mail = _mail(sender, to, subject, now)
    mail.set_content(text, cte="quoted-printable")
    table = [FormRow(label, value, "", missing=False) for label, value in rows.items()]
    data = form_docx("", "", table)
    mail.add_attachment(data, maintype="application", subtype=DOCX, filename="formato lleno.docx")
    return mail


def _mail(sender: Player, to: str, subject: str, now: dt.datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender.header
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.email.partition("@")[2])
    return mail

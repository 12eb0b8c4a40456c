"""Batches: fresh mail by one author, in one text file that a person can edit.

    # author: a
    # round: 1

    @@ requests/rushed-01
    From: Ana Luz <ana.luz@upaep.mx>
    Subject: lista
    Date: 2024-03-12

    The body, as typed.
    @@ expected
    {"intent": "create_list", "fields": {"recipients": 450}}

The part before the slash is the section (requests, replies, staff, automatic); the name without
its number is the persona. `{{QUOTE}}` alone on a line stands for the mail that is answered, quoted
as Gmail does: the one that the header `Answering` names, or the review notice.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from nlp.text.folios import FOLIO
from nlp.training.corpus import FOLDER

BATCHES = FOLDER / "batches"
READ = BATCHES / "requests"  # as the bot reads them, a file an author
TURNS = BATCHES / "turns"  # the second turns, each with the mail that it answers
CURVE = BATCHES / "curve.csv"  # each batch as it was scored, once
MAILBOX = "comunicacion.interna@upaep.mx"
_ZONE = dt.timezone(dt.timedelta(hours=-6))
_SEPARATOR = re.compile(r"^@@ (.+?) *$", re.MULTILINE)
_HEADER = re.compile(r"^([!-9;-~]{1,60}):[ \t]{0,9}(.*)$", re.MULTILINE)
_QUOTE = re.compile(r"^\{\{QUOTE\}\} *$", re.MULTILINE)
_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True, slots=True)
class BatchMail:
    """A mail of a batch: headers and body as the author wrote them, and what is expected."""

    author: str
    round: int
    section: str
    name: str
    headers: tuple[tuple[str, str], ...]
    body: str
    expected: dict[str, Any]

    def header(self, name: str, default: str = "") -> str:
        return next((v for k, v in self.headers if k.lower() == name.lower()), default)


def read(path: Path) -> Iterator[BatchMail]:
    """The mails of a batch; raises ValueError that names the mail that cannot be read."""
    text = path.read_text(encoding="utf-8")
    stem, _, number = path.stem.rpartition("-")
    marks = list(_SEPARATOR.finditer(text))
    about = dict(_HEADER.findall(text[: marks[0].start()].replace("# ", "")) if marks else ())
    parts = [
        (mark[1], text[mark.end() + 1 : following.start() if following else len(text)])
        for mark, following in zip(marks, [*marks[1:], None], strict=True)
    ]
    for (name, mail), (mark, expected) in zip(parts[::2], parts[1::2], strict=True):
        section, _, name = name.partition("/")
        head, _, body = mail.partition("\n\n")
        try:
            if mark != "expected":
                raise ValueError("no @@ expected")
            yield BatchMail(
                author=about.get("author", stem),
                round=int(about.get("round", number)),
                section=section,
                name=name,
                headers=tuple(_HEADER.findall(re.sub(r"\n[ \t]+", " ", head))),
                body=body.strip("\n") + "\n",
                expected=json.loads(expected),
            )
        except ValueError as error:
            raise ValueError(f"{path.name}: {section}/{name}: {error}") from error


def persona_of(path: Path) -> str:
    """Who speaks in a batch, where its head says so."""
    said = re.search(r"^# persona: (.{1,80})$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return said[1] if said else ""


def every(folder: Path = BATCHES) -> list[BatchMail]:
    """All mails of all batches in the corpus, in a stable order."""
    return [mail for path in sorted(folder.glob("*-*.txt")) for mail in read(path)]


def write_folder(mails: list[BatchMail], out: Path, answered: Path = BATCHES / "answered") -> None:
    """The mails as .eml and .json in the folders that the scorer of the labelled corpus reads."""
    for mail in mails:
        folder = out / mail.section
        folder.mkdir(parents=True, exist_ok=True)
        expected = dict(mail.expected)
        if sent := answered_file(mail, answered):
            target = folder / "answered" / f"{sent.stem}.eml"
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(answered_eml(sent))
            if mail.section == "replies":
                expected["answering"] = f"answered/{target.name}"
        (folder / f"{mail.name}.eml").write_bytes(eml(mail, answered))
        (folder / f"{mail.name}.json").write_text(
            json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


def answered_file(mail: BatchMail, folder: Path = BATCHES / "answered") -> Path | None:
    """The mail of ours that a mail of a batch answers."""
    default = "review-notice" if mail.section == "staff" else ""
    name = mail.header("Answering", default)
    return folder / f"{name}.txt" if name else None


def eml(mail: BatchMail, answered: Path = BATCHES / "answered") -> bytes:
    """The mail as it would arrive; a body with a Content-Type of its own stays as written."""
    sent = answered_file(mail, answered)
    date = _date(mail.header("Date", "2021-08-17"))
    lines = [
        f"Date: {format_datetime(date)}",
        f"Message-ID: <{mail.author}.{mail.round}.{mail.section}.{mail.name}@mail.upaep.example>",
        "MIME-Version: 1.0",
    ]
    given = {name.lower() for name, _ in mail.headers}
    if "to" not in given:
        lines.append(f"To: <{MAILBOX}>")
    if sent:
        subject, _ = _sent(sent)
        lines += [f"In-Reply-To: {_id(sent)}", f"References: {_id(sent)}"]
        if "subject" not in given:
            lines.append(f"Subject: Re: {subject}")
    if "from" not in given:
        lines.append("From: Elvira Santoyo Quiroz <elvira.santoyo@upaep.mx>")
    kept = [h for h in mail.headers if h[0].lower() not in {"date", "answering", "message-id"}]
    content_type = mail.header("Content-Type") or "text/plain"
    if "charset" not in content_type and content_type.startswith("text/"):
        content_type += "; charset=utf-8"
    kept = [h for h in kept if h[0].lower() not in {"content-type", "content-transfer-encoding"}]
    kept += [("Content-Type", content_type), ("Content-Transfer-Encoding", "8bit")]
    lines += [f"{name}: {_encoded(name, value)}" for name, value in kept]
    body = mail.body
    if sent:
        quote = _quoted(sent, date, html="html" in content_type)
        body = _QUOTE.sub(lambda _: quote, body)
    return ("\n".join(lines) + "\n\n" + body).replace("\n", "\r\n").encode()


def answered_eml(path: Path) -> bytes:
    """A mail of ours, as it was sent."""
    subject, body = _sent(path)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Comunicación Interna UPAEP", addr_spec=MAILBOX)
    message["To"] = Address("Elvira Santoyo Quiroz", addr_spec="elvira.santoyo@upaep.mx")
    message["Subject"] = subject
    message["Date"] = format_datetime(_date("2021-08-16"))
    message["Message-ID"] = _id(path)
    message["Auto-Submitted"] = "auto-replied"
    message["X-Bot-Template"] = "form" if path.stem.startswith("form") else "review"
    if folio := FOLIO.search(subject):
        message["X-Bot-Case"] = folio[0]
    message.set_content(body, cte="8bit")
    return message.as_bytes()


def keep_answered(name: str, raw: bytes, folder: Path = BATCHES / "answered") -> None:
    """Keep the text of a mail of ours that turns answer; raises ValueError where this name has
    another."""
    message = message_from_bytes(raw, policy=SMTP)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    text = f"Subject: {message['Subject']}\n\n{text}".replace("\r\n", "\n")
    path = folder / f"{name}.txt"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8").strip() != text.strip():
        raise ValueError(f"{name} has two texts")


def _sent(path: Path) -> tuple[str, str]:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    return head.removeprefix("Subject: "), body


def _id(path: Path) -> str:
    return f"<{path.stem}@{MAILBOX.partition('@')[2]}>"


def _quoted(path: Path, date: dt.datetime, html: bool) -> str:
    """The mail of ours below the attribution that Gmail writes."""
    _, body = _sent(path)
    day = date - dt.timedelta(days=1)
    when = f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"
    head = f"El {when} a las 09:12, Comunicación Interna UPAEP"
    if not html:
        lines = "\n".join(f"> {line}".rstrip() for line in body.rstrip().split("\n"))
        return f"{head} (<{MAILBOX}>) escribió:\n\n{lines}"
    shown = body.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>\n")
    return (
        '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f"{head} (&lt;{MAILBOX}&gt;) escribió:<br></div>"
        f'<blockquote class="gmail_quote">{shown}</blockquote></div>'
    )


def _date(written: str) -> dt.datetime:
    """The day and, where it is told, the hour of a Date header, in whatever form it was written."""
    if iso := re.match(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d))?", written):
        year, month, day, hour, minute = (int(n) if n else 0 for n in iso.groups())
        return dt.datetime(year, month, day, hour or 10, minute, tzinfo=_ZONE)
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(written)


def _encoded(name: str, value: str) -> str:
    """A header's value with its non-ASCII words encoded (RFC 2047)."""
    from email.header import Header

    if value.isascii():
        return value
    if name.lower() in {"from", "to", "cc", "reply-to", "sender"} and value.count("@") == 1:
        shown, address = parseaddr(value)
        return f"{Header(shown, 'utf-8').encode()} <{address}>"
    return Header(value, "utf-8").encode(linesep="\n")

"""A letter as a mail: rendered, with its key, its Message-ID and its thread.

What a stranger's mail says never reaches a header unchecked: subjects lose control characters,
addresses are parsed anew, ids are taken only where they look like ids (RFC 5322, 3.6.4).
"""

from __future__ import annotations

import base64
import datetime as dt
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass, replace
from email.utils import format_datetime
from typing import Any

import replies
from bot.mail import mime
from bot.mail.documents import FormRow, form_docx
from bot.workflow.message import Address
from bot.workflow.notification import Letter
from bot.workflow.organization import House
from bot.workflow.tokens import KEY_LENGTH, digest, message_id, reply_address, without_keys

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")  # printable ASCII
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
MAX_SUBJECT = 200  # characters
MAX_REFERENCES = 20  # ids, so that the header stays well under 998 octets a line


@dataclass(frozen=True, slots=True)
class Written:
    """A mail ready for the outbox. `key` is empty where it carries no capability.

    `more_keys` belong to the letter's `notices`, in their order.
    """

    message_id: str
    sender: str
    recipient: str
    subject: str
    raw: bytes
    key: str = ""
    more_keys: tuple[str, ...] = ()

    @property
    def key_hash(self) -> str:
        return digest(self.key) if self.key else ""

    @property
    def secret(self) -> str:
        """All keys that it carries, a blank between them."""
        return " ".join(key for key in (self.key, *self.more_keys) if key)


def write(letter: Letter, house: House, now: dt.datetime) -> Written:
    """Renders a letter. Raises replies' template errors where a value is missing."""
    told = {name: _without_keys(value) for name, value in letter.values.items()}
    letter = replace(letter, values=told)
    key = new_key() if letter.notice else ""
    own_id = _own_id(letter, house, key)
    reply_to = reply_address(house, letter.folio, key) if key else house.mailbox.email
    shown = reply_address(house, letter.folio, _ANY_KEY) if key else reply_to
    more_keys = tuple(new_key() for _ in letter.notices)
    addresses = tuple(
        reply_address(house, one.folio, own)
        for one, own in zip(letter.notices, more_keys, strict=True)
    )
    values = {**_values(letter, house, shown), "reply_addresses": addresses}
    rendered = replies.render(letter.template, values)
    text, html = (body.replace(_ANY_KEY, key) for body in (rendered.text, rendered.html))
    subject = _CONTROL.sub(" ", rendered.subject)[:MAX_SUBJECT].strip()

    headers = [
        ("From", mime.address(_plain(house.mailbox))),
        ("To", mime.address(_plain(letter.to))),
    ]
    if key:
        headers.append(("Reply-To", mime.address(_plain(Address(reply_to, house.mailbox.name)))))
    headers += [
        ("Subject", mime.words(subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", own_id),
        *_thread(letter, house),
        ("Auto-Submitted", "auto-replied" if letter.in_reply_to else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Bot-Template", letter.template),
    ]
    if letter.folio:
        headers.append(("X-Bot-Case", letter.folio))
    file = _form(letter) if letter.with_form else None
    raw = mime.mail_bytes(headers, text, html, file)
    return Written(own_id, house.mailbox.email, letter.to.email, subject, raw, key, more_keys)


def prepare() -> None:
    """Makes now what the first letters would have to wait for; takes half a second."""
    replies.prepare()
    form_docx("", "", ())


def new_key() -> str:
    """A key nobody can guess: base32 of random bits."""
    return base64.b32encode(secrets.token_bytes(KEY_LENGTH)).decode("ascii").lower()[:KEY_LENGTH]


_ANY_KEY = new_key()
"""Stands for the key while a letter is rendered, so that colleagues' letters are rendered once."""


def _own_id(letter: Letter, house: House, key: str) -> str:
    if key:
        return message_id(house, letter.folio, key)
    return f"<{secrets.token_hex(12)}.bot@{house.mailbox.domain}>"


def _values(letter: Letter, house: House, reply_to: str) -> Mapping[str, object]:
    return {
        "to_name": letter.to.name,
        "folio": letter.folio,
        "mailbox_name": house.mailbox.name,
        "mailbox_address": house.mailbox.email,
        "guidelines_url": house.guidelines_url,
        "reply_to": reply_to,
        **letter.values,
    }


def _without_keys(value: object) -> object:
    """What people wrote, without the keys that their mail may quote: they are somebody else's."""
    if isinstance(value, str):
        return without_keys(value) if "@" in value else value  # as every key has
    if isinstance(value, tuple):
        return tuple([_without_keys(v) for v in value])
    if is_dataclass(value) and not isinstance(value, type):  # a row of the form, a finding
        hidden: dict[str, Any] = {}
        for name in value.__dataclass_fields__:
            shown = getattr(value, name)
            told = _without_keys(shown)
            if told != shown:
                hidden[name] = told
        return replace(value, **hidden) if hidden else value
    return value


def _thread(letter: Letter, house: House) -> list[tuple[str, str]]:
    ids = [i for i in letter.references if _ID.fullmatch(i) and without_keys(i) == i]
    if letter.folio and letter.notice:
        # Notices of one case share an ancestor, so that a mail client keeps them together.
        ids.insert(0, f"<{letter.folio.lower()}@{house.mailbox.domain}>")
    headers = []
    if _ID.fullmatch(letter.in_reply_to):
        headers.append(("In-Reply-To", letter.in_reply_to))
        ids.append(letter.in_reply_to)
    ids = list(dict.fromkeys(ids))
    if len(ids) > MAX_REFERENCES:
        ids = [ids[0], *ids[1 - MAX_REFERENCES :]]  # RFC 5322: the first and the last ones matter
    if ids:
        headers.append(("References", " ".join(ids)))
    return headers


def _plain(who: Address) -> Address:
    """The address with a name that is on one line and not too long."""
    return Address(who.email, _CONTROL.sub(" ", who.name).strip()[:100])


def _form(letter: Letter) -> mime.File:
    shown = letter.values["rows"]
    rows = [
        FormRow(row.label, row.value, row.hint, missing=not row.value)
        for row in (shown if isinstance(shown, tuple) else ())
    ]
    title = f"Solicitud de lista de distribución · Folio {letter.folio}"
    intro = "Complete lo que falta y responda al correo con este archivo adjunto."
    return mime.File(f"formato-{letter.folio}.docx", DOCX, form_docx(title, intro, rows))

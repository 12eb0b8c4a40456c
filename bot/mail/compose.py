"""A notification as a mail: rendered, with its key, its Message-ID and its thread.

What a stranger's mail says never reaches a header unchecked: subjects lose control characters,
addresses are parsed anew, ids are taken only where they look like ids (RFC 5322, 3.6.4).
"""

import base64
import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from email.parser import BytesParser
from email.policy import default
from email.utils import format_datetime
from typing import Any

from bot.mail import mime
from bot.mail.documents import FormRow, form_docx
from bot.workflow.kinds import Noun
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.message import Address
from bot.workflow.notification import Notification, Purpose
from bot.workflow.organization import Organization
from bot.workflow.tokens import (
    MOST_WORDS,
    TOKEN_LENGTH,
    message_id,
    redacted,
    reply_address,
    words_in,
)
from nlp.text.fold import UNSEEN
from replies import rendering
from replies.phrases import say

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")  # printable ASCII
_CONTROL = re.compile(f"[{UNSEEN}\t\n]+")
MAX_SUBJECT = 200  # characters
MAX_REFERENCES = 20  # ids, so that the header stays well under 998 octets a line


def write(
    notification: Notification,
    organization: Organization,
    now: dt.datetime,
    inbound: int | None = None,
    keys_among: Callable[[frozenset[str]], frozenset[str]] = lambda words: words,
    *,
    whole: bool = True,
) -> OutboxMessage:
    """Renders a notification, which the message numbered `inbound` led to; not `whole`: its
    envelope alone.

    Its keys are those of its token and its `case_tokens`, in this order. Of what people wrote those
    words are hidden that are keys, which `keys_among` tells. Raises replies' template errors where
    a value is missing.
    """
    key = new_token() if notification.token else ""
    case_keys = tuple(new_token() for _ in notification.case_tokens)
    own_id, raw = _own_id(notification, organization, key), b""
    if whole:
        notification = without_keys(notification, keys_among)
        text, html, subject = _rendered(notification, organization, key, case_keys)
        headers = _headers(notification, organization, now, key, own_id, subject)
        raw = mime.mail_bytes(headers, text, html, *_files(notification, organization, now))
    return OutboxMessage(
        folio=notification.folio,
        template=notification.template,
        sender=organization.mailbox.email,
        recipients=(notification.to.email,),
        message_id=own_id,
        raw=raw,
        not_before=notification.hold_until or now,
        automatic=notification.automatic,
        alarm=notification.purpose is Purpose.ALARM,
        keys=(key, *case_keys) if key else case_keys,
        inbound=inbound,
    )


def bodies(notification: Notification, organization: Organization) -> tuple[str, str]:
    """The plain text and the HTML of a notification that bears no key."""
    return _rendered(notification, organization, "", ())[:2]


def _rendered(
    notification: Notification, organization: Organization, key: str, case_keys: tuple[str, ...]
) -> tuple[str, str, str]:
    """Its plain text, its HTML and its subject."""
    own = reply_address(organization, notification.folio, _ANY_TOKEN)
    addresses = tuple(
        reply_address(organization, one.folio, case_key)
        for one, case_key in zip(notification.case_tokens, case_keys, strict=True)
    )
    values = {
        **_values(notification, organization, own if key else organization.mailbox.email),
        "reply_addresses": addresses,
    }
    rendered = rendering.render(notification.template, values)
    text, html = (body.replace(_ANY_TOKEN, key) for body in (rendered.text, rendered.html))
    return text, html, _CONTROL.sub(" ", rendered.subject)[:MAX_SUBJECT].strip()


def _headers(
    notification: Notification,
    organization: Organization,
    now: dt.datetime,
    key: str,
    own_id: str,
    subject: str,
) -> list[tuple[str, str]]:
    mailbox = organization.mailbox
    headers = [
        ("From", mime.address(_plain(mailbox))),
        ("To", mime.address(_plain(notification.to))),
    ]
    if key:
        answers = Address(reply_address(organization, notification.folio, key), mailbox.name)
        headers.append(("Reply-To", mime.address(_plain(answers))))
    headers += [
        ("Subject", mime.words(subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", own_id),
        *_thread(notification, organization),
        ("Auto-Submitted", "auto-replied" if notification.in_reply_to else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Bot-Template", notification.template),
    ]
    if notification.folio:
        headers.append(("X-Bot-Case", notification.folio))
    return headers


def subject_of(raw: bytes) -> str:
    """The subject of a mail of ours, decoded."""
    head = BytesParser(policy=default).parsebytes(raw, headersonly=True)
    return " ".join(str(head["Subject"] or "").split())


def prepare() -> None:
    """Makes now what the first notifications would have to wait for; takes half a second."""
    rendering.prepare()
    form_docx("", "", ())


def new_token() -> str:
    """A key nobody can guess: base32 of random bits."""
    return (
        base64.b32encode(secrets.token_bytes(TOKEN_LENGTH)).decode("ascii").lower()[:TOKEN_LENGTH]
    )


_ANY_TOKEN = new_token()
"""Stands for the key while a notification is rendered, so that colleagues' notifications are
rendered once.
"""


def _own_id(notification: Notification, organization: Organization, key: str) -> str:
    if key:
        return message_id(organization, notification.folio, key)
    return f"<{secrets.token_hex(12)}.bot@{organization.mailbox.domain}>"


def _values(
    notification: Notification, organization: Organization, reply_to: str
) -> Mapping[str, object]:
    return {
        "to_name": notification.to.name,
        "folio": notification.folio,
        "mailbox_name": organization.mailbox.name,
        "mailbox_address": organization.mailbox.email,
        "guidelines_url": organization.guidelines_url,
        "privacy_url": organization.privacy_url,
        "institution": organization.institution.name,
        "units": organization.institution.units,
        "channels": organization.institution.channels,
        "reply_to": reply_to,
        "flood": notification.flood,
        **notification.values,
    }


def without_keys(
    notification: Notification, keys_among: Callable[[frozenset[str]], frozenset[str]]
) -> Notification:
    """What people wrote, without the keys that their mail may quote: they are somebody else's."""
    ids = (notification.in_reply_to, *notification.references)
    said = (*notification.values.values(), notification.calendar)
    texts = [*_texts(said), notification.to.name, *ids]
    words = frozenset().union(*map(words_in, texts))
    if not words:
        return notification
    keys = keys_among(words) if len(words) <= MOST_WORDS else words
    values = {name: _redacted(value, keys) for name, value in notification.values.items()}
    return replace(
        notification,
        values=values,
        calendar=_redacted(notification.calendar, keys),
        to=replace(notification.to, name=redacted(notification.to.name, keys)),
        in_reply_to=notification.in_reply_to if not words_in(ids[0]) & keys else "",
        references=tuple(i for i in notification.references if not words_in(i) & keys),
    )


def _texts(value: object) -> Iterator[str]:
    """All texts within a value of a notification that are long enough to hold a key."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if len(one) >= TOKEN_LENGTH:
                yield one
        elif isinstance(one, tuple | list):
            waiting.extend(one)
        elif isinstance(one, Mapping):
            waiting.extend(one.values())
        elif is_dataclass(one) and not isinstance(one, type):  # a row of the form, a finding
            waiting.extend(getattr(one, name) for name in one.__dataclass_fields__)


def _redacted(value: Any, keys: frozenset[str]) -> Any:
    if isinstance(value, str):
        return redacted(value, keys)
    if isinstance(value, tuple | list):
        return tuple([_redacted(v, keys) for v in value])
    if isinstance(value, Mapping):
        return {name: _redacted(v, keys) for name, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        shown = {name: getattr(value, name) for name in value.__dataclass_fields__}
        told: dict[str, Any] = {name: _redacted(v, keys) for name, v in shown.items()}
        hidden = {name: v for name, v in told.items() if v != shown[name]}
        return replace(value, **hidden) if hidden else value
    return value


def _thread(notification: Notification, organization: Organization) -> list[tuple[str, str]]:
    ids = [i for i in notification.references if _ID.fullmatch(i)]
    if notification.folio and (notification.token or not ids):
        # Mails of one case share an ancestor and a subject, so that a client keeps them together.
        ids.insert(0, f"<{notification.folio.lower()}@{organization.mailbox.domain}>")
    headers = []
    if _ID.fullmatch(notification.in_reply_to):
        headers.append(("In-Reply-To", notification.in_reply_to))
        ids.append(notification.in_reply_to)
    ids = list(dict.fromkeys(ids))
    if len(ids) > MAX_REFERENCES:
        ids = [ids[0], *ids[1 - MAX_REFERENCES :]]  # RFC 5322: the first and the last ones matter
    if ids:
        headers.append(("References", " ".join(ids)))
    return headers


def _plain(who: Address) -> Address:
    """The address with a name that is on one line and not too long."""
    return Address(who.email, _CONTROL.sub(" ", who.name).strip()[:100])


def _files(
    notification: Notification, organization: Organization, now: dt.datetime
) -> list[mime.File]:
    """The form to fill in, a page and the days for a calendar, where they go along."""
    files = [_form(notification)] if notification.with_form else []
    if page := notification.page:
        files.append(mime.File(page.name, 'text/html; charset="utf-8"', page.html.encode()))
    if notification.calendar:
        from bot.mail.calendar_file import calendar_files  # few mails pay for the library

        files += calendar_files(notification.calendar, organization.mailbox, now)
    return files


def _form(notification: Notification) -> mime.File:
    shown = notification.values["rows"]
    rows = [
        FormRow(row.label, row.value, row.hint, missing=not row.value)
        for row in (shown if isinstance(shown, tuple) else ())
    ]
    thing = notification.values["thing"]
    what = thing.long if isinstance(thing, Noun) else ""
    title = say("form_file.title", what=what, folio=notification.folio)
    intro = say("form_file.intro")
    return mime.File(f"formato-{notification.folio}.docx", DOCX, form_docx(title, intro, rows))

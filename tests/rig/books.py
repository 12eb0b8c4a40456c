"""The books of an office: what came in, what was opened, what was sent; and whether they balance.

A correspondence is a number of mails of some kinds, each from an area of its own, so that what one
leads to does not depend on the others. What a kind leads to is found by a bot that nothing happens
to, see `whole_books`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from email.message import EmailMessage

from sqlalchemy import create_engine, text

from bot.store import Store
from bot.store.identity import id_hash, message_id_of
from tests.e2e.requests import FULL, PROSE
from tests.rig.office import Office, compose
from tests.rig.smtp_sink import SmtpSink
from tests.rig.system import RigError, wait_until

KINDS: Mapping[str, tuple[str, str, dict[str, str]]] = {
    "full": ("Formato", FULL, {}),
    "prose": ("Lista para la biblioteca", PROSE, {}),
    "away": ("Respuesta automática: Formato", "Estoy fuera.", {"Auto-Submitted": "auto-replied"}),
    "one-off": (
        "Apoyo con un envío",
        "Buen día: les pido enviar por única vez este aviso a todos los alumnos. Gracias.",
        {},
    ),
}
"""Subject, text and headers of a mail of each kind."""


@dataclass(frozen=True)
class WrittenMail:
    """A mail to the bot and its kind."""

    kind: str
    area: str
    mail: EmailMessage

    @property
    def raw(self) -> bytes:
        return self.mail.as_bytes()

    @property
    def id(self) -> str:
        return message_id_of(self.raw)


@dataclass
class Books:
    """What the bot made of its mail; areas stand for the mails they wrote, one each."""

    messages: Counter[tuple[str, str]] = field(default_factory=Counter)  # Message-ID, status
    cases: Counter[tuple[str, str]] = field(default_factory=Counter)  # area, state
    replies: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Message-ID of what was answered (empty: nothing), template, recipient."""


def correspondence(count: int, seed: str, kinds: Sequence[str] = tuple(KINDS)) -> list[WrittenMail]:
    """So many mails, the same for the same seed but for their dates."""
    chance = random.Random(seed)
    mails = []
    for n in range(count):
        kind = kinds[n % len(kinds)] if n < len(kinds) else chance.choice(kinds)
        area = f"area{n}.{seed}@upaep.mx"
        subject, body, headers = KINDS[kind]
        body = body.replace("7415", str(7000 + n % 1000))
        own = {"Message-ID": f"<{n}.{seed}@correo.upaep.mx>", **headers}
        mails.append(WrittenMail(kind, area, compose(area, subject, body, **own)))
    return mails


def whole_books(office: Office, mails: Sequence[WrittenMail]) -> dict[str, Books]:
    """What one mail of each kind leads to where nothing happens; its area is called `area`."""
    office.account.deliver(*(mail.raw for mail in mails))
    done = office.bot("once")
    assert done.returncode == 0, done.stderr
    books = open_books(office)
    found = {}
    for mail in mails:
        of_kind = Books()
        for (message, status), count in books.messages.items():
            if message == mail.id:
                of_kind.messages["id", status] += count
        for (area, state), count in books.cases.items():
            if area == mail.area:
                of_kind.cases["area", state] += count
        for (message, template, to), count in books.replies.items():
            if message == mail.id:
                of_kind.replies["id", template, "area" if to == mail.area else to] += count
        found[mail.kind] = of_kind
    return found


def expected(kinds: Mapping[str, Books], mails: Iterable[WrittenMail]) -> Books:
    """What all these mails lead to."""
    books = Books()
    for mail in mails:
        of_kind = kinds[mail.kind]
        for (_, status), count in of_kind.messages.items():
            books.messages[mail.id, status] += count
        for (_, state), count in of_kind.cases.items():
            books.cases[mail.area, state] += count
        for (_, template, to), count in of_kind.replies.items():
            books.replies[mail.id, template, mail.area if to == "area" else to] += count
    return books


def open_books(office: Office) -> Books:
    """What the database holds; of the outbox what was sent. Its cases' histories are verified."""
    url = office.settings["database"]["url"]
    books = Books()
    engine = create_engine(url)
    with engine.connect() as connection:
        for message, status in connection.execute(text("SELECT message_id, status FROM message")):
            books.messages[message, status] += 1
        sent = text(
            "SELECT m.message_id, o.template, o.recipient FROM outbox o"
            " LEFT JOIN message m ON m.id = o.message WHERE o.status = 'sent'"
        )
        for message, template, to in connection.execute(sent):
            books.replies[message or "", template, to] += 1
    engine.dispose()
    with Store(url) as store:
        for case in store.records.cases():
            books.cases[case.requester.email, case.state.value] += 1
            assert store.records.verify(case.folio) == ()
        states = Counter(state for _, state in books.cases.elements())
        assert store.records.counters().cases == states  # which are counted as they come
    return books


def unsettled(office: Office, mails: Sized) -> str:
    """What is still to be done before every mail is settled and flagged, and nothing waits."""
    engine = create_engine(office.settings["database"]["url"])
    counts = text(
        "SELECT (SELECT COUNT(*) FROM message WHERE status <> 'received'),"
        " (SELECT COUNT(*) FROM message WHERE status = 'received'),"
        " (SELECT COUNT(*) FROM outbox WHERE status = 'waiting' AND NOT held_back),"
        " (SELECT COUNT(*) FROM place JOIN message ON message.id = place.message"
        "  WHERE NOT flagged AND message.status IN ('done', 'ignored')"
        "  AND uidvalidity = (SELECT MAX(uidvalidity) FROM place))"
    )
    with engine.connect() as connection:
        settled, *left = connection.execute(counts).one()
    engine.dispose()
    if settled >= len(mails) and not any(left):
        return ""
    return f"{settled} of {len(mails)} settled; received, in the outbox, to be flagged: {left}"


def wait_until_settled(office: Office, mails: Sized, seconds: float = 30) -> None:
    """Until every mail is settled and flagged, and nothing waits in the outbox."""
    try:
        wait_until(
            lambda: office.alive() and not unsettled(office, mails), "settled", seconds, step=0.05
        )
    except RigError as error:
        what = unsettled(office, mails)
        raise AssertionError(f"{error}: {what}\n{office.log()[-6000:]}") from None


def repeats(sink: SmtpSink) -> int:
    """How many mails came that had come before; a repeated one must be the same to the byte."""
    first: dict[str, bytes] = {}
    again = 0
    for mail in sink.mails:
        known = first.setdefault(str(mail.message["Message-ID"]), mail.raw)
        assert known == mail.raw
        again += known is not mail.raw
    return again


def figures(office: Office, books: Books) -> str:
    """How an office's books compare with these, in one line."""
    found = open_books(office)
    lost = (books.messages - found.messages).total() + (books.replies - found.replies).total()
    doubled = (found.messages - books.messages).total() + (found.replies - books.replies).total()
    return (
        f"messages in {books.messages.total()}, stored {found.messages.total()}, "
        f"cases {found.cases.total()}, replies {found.replies.total()}, "
        f"lost {lost}, doubled {doubled}, repeated sends {repeats(office.sink)}"
    )


def assert_books_balance(office: Office, books: Books, *, losses: int = 0) -> None:
    """Mails in are messages stored; cases and replies are as without a fault; what the outbox
    says was sent came, and nothing else; at most one repeated send for each acknowledgement lost.
    """
    found = open_books(office)
    assert found.messages == books.messages
    assert found.cases == books.cases
    assert found.replies == books.replies
    came = {id_hash(str(m.message["Message-ID"])): m for m in office.sink.mails}
    engine = create_engine(office.settings["database"]["url"])
    with engine.connect() as connection:
        query = text("SELECT message_id_hash, recipient FROM outbox WHERE status = 'sent'")
        sent = {row.message_id_hash: row.recipient for row in connection.execute(query)}
    engine.dispose()
    assert {key: mail.recipients[0] for key, mail in came.items()} == sent
    assert repeats(office.sink) <= losses

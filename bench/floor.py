"""What each step costs by itself: fetch, parse, insert, the model, SMTP. Added up: the floor."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import mailparser
from imapclient import IMAPClient
from pydantic import SecretStr
from sqlalchemy import insert

from bot.config.settings import SmtpSettings
from bot.mail.parsing import read
from bot.mail.smtp import Sent, SmtpSender
from bot.store import Store
from bot.store.messages import new_row
from bot.store.tables import MESSAGE
from bot.workflow.lifecycle import FetchedMessage, ImapFolder
from bot.workflow.message import ParsedMessage
from nlp.pipeline import load
from nlp.shipped import load_form
from nlp.types import Message
from tests.rig.dovecot import Account
from tests.rig.smtp_sink import Received, SmtpSink

FETCHED_TOGETHER = 100


def floor(
    account: Account,
    url: str,
    sink: SmtpSink,
    sent: Sequence[Received],
    raws: Sequence[bytes],
) -> dict[str, float]:
    """Seconds that each step takes for these messages in and these mails out, one after another."""
    return {
        "fetch": _timed(lambda: _fetch(account)),
        "parse": _timed(lambda: [mailparser.parse_from_bytes(raw) for raw in raws]),
        "insert": _insert(url, raws),
        "model": _model(raws),
        "send": _send(sink, sent),
    }


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _fetch(account: Account) -> None:
    """All messages, a hundred with a command."""
    server = account.server
    with IMAPClient(server.host, server.port, ssl=False) as client:
        client.login(account.username, account.password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), FETCHED_TOGETHER):
            client.fetch(uids[start : start + FETCHED_TOGETHER], ["BODY.PEEK[]", "INTERNALDATE"])


def _insert(url: str, raws: Sequence[bytes]) -> float:
    """One durable insert for each message."""
    with Store.open(url) as store:
        folder, now = ImapFolder("x", "y", 1), dt.datetime.now(dt.UTC)
        fetched = [FetchedMessage(uid, raw, len(raw)) for uid, raw in enumerate(raws, 1)]
        rows = [new_row(folder, message, now) for message in fetched]
        statement = insert(MESSAGE)

        def work() -> None:
            for row in rows:
                with store._writing() as connection:
                    connection.execute(statement, row)

        return _timed(work)


def _model(raws: Sequence[bytes]) -> float:
    """Understanding alone, intent and fields, of texts that are read already."""
    form, predictor = load_form(Path("bot/lists/form.yaml")), load()
    mails = [mail for raw in raws if isinstance(mail := read(raw), ParsedMessage)]
    messages = [
        Message(m.subject, m.blocks, dt.datetime.now(dt.UTC).date(), m.documents) for m in mails
    ]
    return _timed(lambda: [predictor.understand(message, form) for message in messages])


def _send(sink: SmtpSink, sent: Sequence[Received]) -> float:
    """Every mail that the bot sent, once more over one kept connection."""
    settings = SmtpSettings(host=sink.host, port=sink.port, security="none", password=SecretStr(""))
    with SmtpSender(settings, hello="bench.test") as sender:
        start = time.perf_counter()
        for mail in sent:
            outcome = sender.send(mail.mail_from, mail.recipients, mail.raw)
            assert isinstance(outcome, Sent)
        return time.perf_counter() - start

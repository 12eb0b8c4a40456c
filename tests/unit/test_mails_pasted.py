"""A letter of ours that names no case, pasted into a new mail, is known as ours."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from bot.mail.compose import write
from bot.runtime.load_context import load_context
from bot.store import Store
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import ParsedMessage
from bot.workflow.notifications.mails import guidance
from nlp.types import Intent
from tests.builders import ANA, NOW, ORGANIZATION, mail

from .test_mails_of_programs import analyzer

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

TYPED = "Muchas gracias por la información."


@pytest.mark.parametrize("intent", [Intent.CHANGE_LIST, Intent.QUESTION])
def test_it_is_no_new_text(store: Store, intent: str) -> None:
    ours = write(guidance(mail("Hola", ANA), intent), ORGANIZATION, NOW)
    with store.work() as work:
        work.outbox.queue(ours, NOW)
    text = message_from_bytes(ours.raw, policy=policy.default).get_body(("plain",)).get_content()
    for sender, known in ((ANA.email, True), ("otra@upaep.mx", False)):
        head = f"From: {sender}\nSubject: Una duda\nContent-Type: text/plain; charset=utf-8\n"
        raw = f"{head}Content-Transfer-Encoding: 8bit\n\n{TYPED}\n\n{text}".encode()
        message = InboundMessage(1, raw, NOW)
        first = analyzer().analyse(raw, NOW)
        assert isinstance(first.mail, ParsedMessage)
        with store.work() as work:
            read = load_context(
                work, message, first.mail, first, ORGANIZATION,
                lambda m: analyzer().analyse(m.raw, m.received_at, m.may_repeat, m.folio), NOW,
            )  # fmt: skip
        assert (read.incoming.text == TYPED) is known

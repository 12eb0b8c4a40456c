"""A shared mailbox: which mail goes on with what a person of the office began."""

from __future__ import annotations

import pytest

from bot.workflow.inbound import decide
from bot.workflow.message import Address
from nlp.types import Block, BlockKind, Intent, Prediction
from tests.builders import ANA, ORGANIZATION, REVIEWER, case, context, mail, notice

MAILBOX = ORGANIZATION.mailbox
THEIRS = ("<CAF1.someone@mail.gmail.com>",)
CHAT = Prediction(Intent.OTHER, 0.9, {})
REQUEST = Prediction(Intent.CREATE_LIST, 0.95, {})


def attributed(email: str) -> tuple[Block, ...]:
    return (
        Block(BlockKind.NEW, "Muchas gracias, quedo al pendiente."),
        Block(BlockKind.ATTRIBUTION, f"El lun, 9 ago 2021, Oficina (<{email}>) escribió:"),
        Block(BlockKind.QUOTE, "Buen día, le confirmo la junta."),
    )


@pytest.mark.parametrize(
    ("to", "quoted", "prediction"),
    [
        (REVIEWER.address, "otra@upaep.mx", CHAT),
        (REVIEWER.address, "otra@upaep.mx", REQUEST),  # written to that person, whatever it says
        (MAILBOX, MAILBOX.email, CHAT),
        (MAILBOX, REVIEWER.address.email, CHAT),
    ],
)
def test_it_is_left_to_that_person(to: Address, quoted: str, prediction: Prediction) -> None:
    incoming = mail(in_reply_to=THEIRS, to=(to,), blocks=attributed(quoted))
    done = decide(context(incoming, prediction=prediction))
    assert (done.case, done.notifications, done.notices) == (None, (), ())
    assert "se le dejó a ella" in done.why


@pytest.mark.parametrize(
    ("to", "quoted", "changes"),
    [
        (MAILBOX, MAILBOX.email, {"prediction": REQUEST}),  # an answer to an announcement
        (MAILBOX, "otra@upaep.mx", {"prediction": CHAT}),  # a thread of others
        (MAILBOX, MAILBOX.email, {"prediction": CHAT, "answers_us": True}),
    ],
)
def test_what_is_the_bots_is_answered(to: Address, quoted: str, changes: dict[str, object]) -> None:
    incoming = mail(in_reply_to=THEIRS, to=(to,), blocks=attributed(quoted))
    done = decide(context(incoming, **changes))
    assert done.notifications


def test_a_first_mail_to_a_person_and_the_mailbox_is_answered() -> None:
    incoming = mail(to=(REVIEWER.address, MAILBOX))
    assert decide(context(incoming, prediction=REQUEST)).notifications


def test_a_reply_in_a_case_is_of_the_case() -> None:
    incoming = mail(in_reply_to=THEIRS, to=(REVIEWER.address,), sender=ANA)
    done = decide(context(incoming, case=case(), prediction=CHAT))
    assert done.case is not None


def test_staff_who_answer_a_notice_are_at_work() -> None:
    incoming = mail("APROBAR", sender=REVIEWER.address, in_reply_to=THEIRS)
    done = decide(context(incoming, case=case(), token=notice(REVIEWER)))
    assert done.notifications

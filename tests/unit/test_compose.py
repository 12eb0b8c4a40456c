"""Notifications as mails: headers that hold, whatever a stranger's mail says."""

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.compose import new_token, write
from bot.workflow.case import Decision, Move, State
from bot.workflow.message import Address
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import form, guidance, received, rejected
from bot.workflow.notifications.notices import notices
from bot.workflow.tokens import message_id, reply_address, tokens_in
from nlp.types import Intent
from tests.builders import ANA, NOW, ORGANIZATION, REVIEWER, asked, case, full_form, mail


def parsed(notification: Notification) -> EmailMessage:
    made = email.message_from_bytes(
        write(notification, ORGANIZATION, NOW).raw, policy=email.policy.default
    )
    assert isinstance(made, EmailMessage)
    return made


def test_the_headers_of_an_answer() -> None:
    about = case(thread=("<m0@upaep.mx>", "<m1@upaep.mx>"))
    made = parsed(received(ORGANIZATION, about))
    assert made["From"] == "Comunicación Interna UPAEP <comunicacion.interna@upaep.mx>"
    assert made["To"] == "Ana Prado <ana.prado@upaep.mx>"
    assert made["In-Reply-To"] == "<m1@upaep.mx>"
    assert made["References"] == "<m0@upaep.mx> <m1@upaep.mx>"
    assert made["Auto-Submitted"] == "auto-replied"
    assert made["X-Auto-Response-Suppress"] == "All"
    assert (made["X-Bot-Template"], made["X-Bot-Case"]) == ("received", about.folio)
    assert made["Subject"].startswith(f"[{about.folio}]")
    assert made.get_content_type() == "multipart/alternative"
    assert "Reply-To" not in made


def test_a_notice_carries_its_key_in_both_places_and_nowhere_else_is_it_known() -> None:
    notification = asked(notices(ORGANIZATION, case()))[0]
    written = write(notification, ORGANIZATION, NOW)
    made = parsed(notification)
    assert made["Auto-Submitted"] == "auto-generated"
    (key,) = written.keys
    assert reply_address(ORGANIZATION, "CI-2021-0042", key).encode() in written.raw
    assert written.message_id == message_id(ORGANIZATION, "CI-2021-0042", key)


def test_either_place_brings_the_key_back() -> None:
    key, folio = new_token(), "CI-2021-0042"
    to = (Address(reply_address(ORGANIZATION, folio, key)),)
    by_address = mail(to=to)
    by_thread = mail(in_reply_to=(message_id(ORGANIZATION, folio, key),))
    by_reference = mail(references=("<x@upaep.mx>", message_id(ORGANIZATION, folio, key)))
    older = mail(references=(message_id(ORGANIZATION, folio, key),), in_reply_to=("<x@upaep.mx>",))
    for incoming in (by_address, by_thread, by_reference):
        assert tokens_in(incoming, ORGANIZATION) == (key,)
    assert tokens_in(older, ORGANIZATION) == ()
    assert (
        tokens_in(mail(to=(Address(to[0].email.replace("@upaep", "@evil")),)), ORGANIZATION) == ()
    )


def test_keys_are_never_the_same() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000


def test_the_form_goes_along_as_word() -> None:
    made = parsed(form(ORGANIZATION, case(State.INCOMPLETE, form=full_form("sponsor"))))
    assert made.get_content_type() == "multipart/mixed"
    (attached,) = made.iter_attachments()
    assert attached.get_filename() == "formato-CI-2021-0042.docx"


HOSTILE = st.text(
    st.characters(codec="utf-8") | st.sampled_from('\r\n\x00\t<>"{}%\u202e\u200b'), max_size=300
)


@given(subject=HOSTILE, name=HOSTILE, reason=HOSTILE, area=HOSTILE)
def test_no_text_breaks_a_header_or_is_run(subject: str, name: str, reason: str, area: str) -> None:
    decision = Decision(
        Move.REJECTED, REVIEWER.address.email, NOW, NOW, State.REVIEW, f"{{{{ 7*7 }}}}{reason}"
    )
    person = Address(ANA.email, name)
    about = case(State.REJECTED, requester=person, subject=subject, decision=decision)
    form_ = dict(about.form)
    form_["area"] = replace(form_["area"], value=area)
    made = parsed(rejected(ORGANIZATION, replace(about, form=form_)))
    assert set(made.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
        "Auto-Submitted", "X-Auto-Response-Suppress", "X-Bot-Template", "X-Bot-Case",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert [a.addr_spec for a in made["To"].addresses] == [ANA.email]
    body = made.get_body(("plain",))
    assert body is not None
    assert "49" not in str(body.get_content()) or "49" in subject + name + reason + area


@pytest.mark.parametrize("hostile", ["<x@y>\r\nBcc: a@evil.example", "no id", "<a b@c>", "<>"])
def test_ids_that_are_none_stay_out(hostile: str) -> None:
    made = parsed(guidance(mail(message_id=hostile, references=(hostile,)), Intent.QUESTION))
    assert "Bcc" not in made
    assert "In-Reply-To" not in made
    assert "References" not in made


def test_a_long_thread_keeps_its_first_and_last_ids() -> None:
    ids = tuple(f"<m{n}@upaep.mx>" for n in range(100))
    kept = str(parsed(received(ORGANIZATION, case(thread=ids)))["References"]).split()
    assert (kept[0], kept[-1], len(kept)) == (ids[0], ids[-1], 20)

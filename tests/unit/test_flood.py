"""Caps on notifications to staff; what of strangers' words is kept from them; keys that leaked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.compose import without_keys
from bot.workflow.case import State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.message import Address
from bot.workflow.notification import Flood, Notification, Purpose
from bot.workflow.organization import Caps
from bot.workflow.screening.outbox import SendCounts, flood_of, may_send
from bot.workflow.tokens import message_id, redacted, reply_address, words_in
from nlp.types import Command, Doubt, ParsedCommands
from replies.filters import unlinked
from tests.builders import (
    APPROVER,
    ORGANIZATION,
    REVIEWER,
    case,
    context,
    full_form,
    mail,
    notice,
    notifications_of,
)

KEY = "a7cb2xw4tz6rbn3dk7qm"  # begins as what is encoded may
FLOODED = replace(
    ORGANIZATION, caps=Caps(triage_per_sender=3, notices_per_sender=2, triage_per_hour=5)
)


def notification(purpose: Purpose = Purpose.TRIAGE) -> Notification:
    return Notification("remark", REVIEWER.address, {}, automatic=False, purpose=purpose)


def sent(purpose: Purpose, most: int, of: str) -> list[int]:
    numbers = range(1, most)
    return [
        n for n in numbers if not may_send(notification(purpose), SendCounts(**{of: n}), FLOODED)
    ]


def test_one_sender_is_told_of_in_full_and_then_in_powers_of_ten() -> None:
    assert sent(Purpose.TRIAGE, 4000, "of_sender") == [1, 2, 3, 30, 300, 3000]


def test_all_senders_together_have_a_cap_too() -> None:
    assert sent(Purpose.TRIAGE, 600, "of_anybody") == [1, 2, 3, 4, 5, 50, 500]


def test_what_was_held_back_is_told() -> None:
    def told(**counts: int) -> Flood | None:
        return flood_of(notification(), SendCounts(**counts), FLOODED)

    assert told(of_sender=2) is None
    assert told(of_sender=3) == Flood(3, of_one_sender=True)
    assert told(of_sender=30) == Flood(30, of_one_sender=True, untold=26)
    assert told(of_sender=300) == Flood(300, of_one_sender=True, untold=269)
    assert told(of_sender=1, of_anybody=50) == Flood(50, of_one_sender=False, untold=44)
    ordinary = notification(Purpose.ORDINARY)
    assert flood_of(ordinary, SendCounts(of_sender=30), FLOODED) is None


@pytest.mark.parametrize("address", ["añb@upaep.mx", "=?x?q?y?=@upaep.mx", "a..b@upaep.mx", "a@"])
def test_nothing_goes_to_what_cannot_be_written(address: str) -> None:
    unwritable = replace(notification(), to=Address(address))
    assert "no es una dirección" in may_send(unwritable, SendCounts(), ORGANIZATION)


@pytest.mark.parametrize(
    "text",
    ["http://evil.example/x", "HTTPS://evil.example", "www.evil.example", "mailto:a@evil.example",
     "evil.example/aprobar", "javascript:alert(1)", "(http://evil.example)"],
)  # fmt: skip
def test_a_link_of_a_stranger_is_read_but_not_taken_for_one(text: str) -> None:
    shown = unlinked(text)
    assert shown != text
    assert shown.replace("\u200c", "") == text
    assert "://" not in shown


@pytest.mark.parametrize("text", ["ana@upaep.mx", "Hora: 9:30", "1.5 veces", "fin. Otra", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert unlinked(text) == text


KEYS = frozenset({KEY})


@pytest.mark.parametrize(
    "written",
    [
        reply_address(ORGANIZATION, "CI-2021-0042", KEY),
        message_id(ORGANIZATION, "CI-2021-1", KEY),
        KEY,
        KEY.upper(),
        f"x{KEY}y",  # within other letters
        f"comunicacion.interna+ci-2021-0042.{KEY}[at]upaep.mx",
        f"mailto:bot%2Bci-2021-0042%2E{KEY}%40upaep.mx",
        "".join(f"%{ord(c):02X}" for c in KEY),
        "".join(f"={ord(c):02x}" for c in KEY),
        f"{KEY[:7]}\n{KEY[7:]}",
        f"> {KEY[:7]}\r\n> > {KEY[7:]}",
        f"{KEY[:13]}=\r\n{KEY[13:]}",
        f"{KEY[:3]}\u200b{KEY[3:]}",
        f"{KEY} y {KEY}",
        f"clave={KEY}%",
        f"x%{KEY}",
    ],
)
def test_keys_are_hidden_however_they_are_written(written: str) -> None:
    text = f"vea {written}, por favor"
    assert words_in(text) & KEYS
    told = redacted(text, KEYS)
    assert not words_in(told) & KEYS
    assert told.startswith("vea ")
    assert told.endswith(", por favor")
    assert "•••" in told


@given(st.text(st.sampled_from("ab7%=\n>. @6"), max_size=120), st.integers(0, 120))
def test_hiding_leaves_no_key_and_all_the_rest(text: str, at: int) -> None:
    whole = text[:at] + KEY + text[at:]
    told = redacted(whole, KEYS)
    assert not words_in(told) & KEYS
    assert redacted(text, KEYS - words_in(text)) == text


def test_what_is_no_key_stays() -> None:
    for text in ("ana.prado@upaep.mx", "a" * 40, "Coordinación de Comunicación\ninstitucional"):
        assert redacted(text, KEYS) == text
    hidden = without_keys(told_with("desenvolvimientosinstitucionales"), lambda words: KEYS & words)
    assert hidden.values["text"] == "desenvolvimientosinstitucionales"


def told_with(text: object) -> Notification:
    return Notification(
        "remark", REVIEWER.address, {"text": text}, in_reply_to=f"<ci-2021-0042.{KEY}@upaep.mx>",
        references=("<x@upaep.mx>", f"<ci-2021-0042.{KEY}@upaep.mx>"),
    )  # fmt: skip


@pytest.mark.parametrize("value", [KEY, (KEY,), ({"a": [KEY]},), Flood, {"x": (Address(KEY),)}])
def test_no_part_of_a_notification_passes_a_key_on(value: object) -> None:
    hidden = without_keys(told_with(value), lambda words: words)
    assert KEY not in repr(hidden)
    assert hidden.references == ("<x@upaep.mx>",)


@pytest.mark.parametrize("command", [Command("note", "x"), Command("approve"), None])
def test_a_key_that_others_saw_is_revoked(command: Command | None) -> None:
    reading = ParsedCommands((command,)) if command else ParsedCommands(why=Doubt.UNCLEAR)
    key = notice(REVIEWER)
    made = context(
        mail("…", REVIEWER.address), case=case(), link=Link.TOKEN, token=key, staff_commands=reading
    )
    assert not decide(made).revokes
    to_all = replace(made, incoming=replace(made.incoming, cc=(Address("x@evil.example"),)))
    assert decide(to_all).revokes == (key.token_hash,)
    own = (
        Address(ORGANIZATION.mailbox.email),
        Address(f"comunicacion.interna+x@{ORGANIZATION.mailbox.domain}"),
    )
    assert not decide(replace(made, incoming=replace(made.incoming, cc=own))).revokes


def test_an_address_with_a_plus_is_the_same_person() -> None:
    own = case(requester=Address("rodrigo+lista@upaep.mx"))
    assert ORGANIZATION.is_own_request(own, REVIEWER)
    assert not ORGANIZATION.is_own_request(case(), REVIEWER)


def test_naming_the_only_approver_as_responsible_is_told_to_an_admin() -> None:
    form = dict(full_form())
    form["email"] = replace(form["email"], value=APPROVER.address.email)
    made = context(
        mail("APROBAR", REVIEWER.address),
        case=case(form=form),
        link=Link.TOKEN,
        token=notice(REVIEWER),
        staff_commands=ParsedCommands((Command("approve"),)),
    )
    done = decide(made)
    assert done.case is not None
    assert done.case.state is State.APPROVAL
    assert "alarm" in {x.template for x in notifications_of(done)}

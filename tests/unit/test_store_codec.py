"""Cases survive the way into the database and back; identities do not depend on transport."""

from __future__ import annotations

import datetime as dt
import json
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import StoreError
from bot.store.codec import case_from_json, case_to_json
from bot.store.columns import clean
from bot.store.identity import content_hash, id_hash, message_id_of
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.message import Address
from nlp.types import Extraction, Intent
from tests.rig.samples import a_case, mail

ANY_TEXT = st.text(max_size=30) | st.text(
    st.characters(categories=["Cs", "Cc", "L"]), max_size=10
)  # lone surrogates and NUL too
MOMENTS = st.datetimes(
    dt.datetime(1990, 1, 1),  # noqa: DTZ001
    dt.datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
ADDRESSES = st.builds(Address, ANY_TEXT, ANY_TEXT)
VALUES = ANY_TEXT | st.integers() | st.lists(ANY_TEXT).map(tuple) | st.dates()
RULINGS = st.builds(
    Decision,
    move=st.sampled_from(Move),
    by=ANY_TEXT,
    at=MOMENTS,
    goes_out_at=MOMENTS,
    before=st.sampled_from(State),
    reason=ANY_TEXT,
    token=ANY_TEXT,
)
CASES = st.builds(
    Case,
    folio=ANY_TEXT,
    state=st.sampled_from(State),
    intent=st.sampled_from(Intent),
    requester=ADDRESSES,
    people=st.lists(ADDRESSES, max_size=3).map(tuple),
    subject=ANY_TEXT,
    opened_at=MOMENTS,
    updated_at=MOMENTS,
    form=st.dictionaries(
        ANY_TEXT, st.builds(Extraction, VALUES, ANY_TEXT, ANY_TEXT), max_size=4
    ).map(MappingProxyType),
    version=st.integers(1, 1000),
    due_on=st.none() | st.dates(),
    thread=st.lists(ANY_TEXT, max_size=3).map(tuple),
    assignee=ANY_TEXT,
    decision=st.none() | RULINGS,
    asked_by=ANY_TEXT,
    details=st.dictionaries(ANY_TEXT, ANY_TEXT | st.booleans(), max_size=3).map(MappingProxyType),
)


@given(CASES)
def test_a_case_survives_json(case: Case) -> None:
    text = case_to_json(case)
    again = case_from_json(text)
    assert again == case
    assert list(again.form) == list(case.form)
    assert text.isascii()
    assert "\0" not in text
    assert case_to_json(again) == text


def test_times_come_back_in_utc() -> None:
    case = case_from_json(case_to_json(a_case("CI-2021-0001")))
    assert case.opened_at.tzinfo == dt.UTC


def test_what_newer_code_wrote_is_skipped() -> None:
    data = json.loads(case_to_json(a_case("CI-2021-0001")))
    data["mood"] = "good"
    data["requester"]["phone"] = "222"
    data["form"]["area"]["page"] = 3
    assert case_from_json(json.dumps(data)) == a_case("CI-2021-0001")


def test_what_older_code_did_not_write_has_its_default() -> None:
    data = json.loads(case_to_json(a_case("CI-2021-0001")))
    for name in ("version", "due_on", "thread", "assignee", "ruling", "asked_by", "order"):
        del data[name]
    assert case_from_json(json.dumps(data)) == a_case("CI-2021-0001")


def test_details_that_older_code_wrote_beside_the_rest_are_read() -> None:
    data = json.loads(case_to_json(a_case("CI-2021-0001")))
    del data["details"]
    data |= {"change": "Dar de baja la lista.", "removal": True}
    case = case_from_json(json.dumps(data))
    assert case.details == {"change": "Dar de baja la lista.", "removal": True}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"folio": 1}', "null"])
def test_what_is_no_case_is_told(text: str) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        case_from_json(text)


@given(ANY_TEXT)
def test_clean_text_can_be_stored_and_stays(text: str) -> None:
    kept = clean(text)
    kept.encode()
    assert "\0" not in kept
    assert clean(kept) == kept


# --- identity ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trace",
    [
        "Received: from a by b;\r\n\tTue, 10 Aug 2021 09:00:00 -0500\r\n",
        "Return-Path: <a@b>\r\nDelivered-To: x\r\n",
        "ARC-Seal: i=1; a=rsa\r\n b=xyz\r\nAuthentication-Results: mx; dmarc=pass\r\n",
        "X-Gm-Message-State: abc\r\nDKIM-Signature: v=1;\r\n\tb=xyz\r\n",
        "RECEIVED : odd\r\n",
    ],
)
def test_transport_does_not_change_a_mail(trace: str) -> None:
    assert content_hash(mail(headers=trace)) == content_hash(mail())


@pytest.mark.parametrize(
    "headers", ["Cc: eva@upaep.mx\r\n", "X-Autoreply: yes\r\n", "Date: x\r\n", " folded\r\n"]
)
def test_any_other_header_does(headers: str) -> None:
    assert content_hash(mail(headers=headers)) != content_hash(mail())


def test_line_endings_do_not_change_a_mail() -> None:
    assert content_hash(mail().replace(b"\r\n", b"\n") + b"\n\n") == content_hash(mail())


def test_headers_in_the_body_are_content() -> None:
    one, other = mail(text="X-Nota: 1"), mail(text="X-Nota: 2")
    assert content_hash(one) != content_hash(other)


@given(st.binary(max_size=300))
def test_any_bytes_have_an_identity(raw: bytes) -> None:
    assert len(content_hash(raw)) == 64
    assert len(message_id_of(raw)) <= 500
    assert len(message_id_of(b"Message-ID:" + raw)) <= 500


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Message-ID: <a@b>", "<a@b>"),
        ("message-id:<a@b> (comment)", "<a@b>"),
        ("Message-Id:\r\n <a@b>", "<a@b>"),
        ("MESSAGE-ID: no brackets  here", "no brackets here"),
        ("Message-ID:", ""),
        ("Subject: Message-ID: <a@b>", ""),
        ("Subject: x\r\n\r\nMessage-ID: <a@b>", ""),
        (f"Message-ID: <{'a' * 3000}@b>", None),
    ],
)
def test_the_message_id_is_found_in_the_header(header: str, expected: str | None) -> None:
    found = message_id_of(f"{header}\r\n\r\nx".encode())
    if expected is None:
        assert len(found) == 500
    else:
        assert found == expected


def test_ids_are_looked_up_whatever_the_blanks() -> None:
    assert id_hash(" <a@b>\r\n") == id_hash("<a@b>")
    assert id_hash("<a@b>") != id_hash("<A@b>")

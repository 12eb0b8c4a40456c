"""Headers: decoded, on one line, and no author that another mail program would not see."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.mail.parsing import Limits, read
from bot.workflow.message import Address

from .reading_mails import HEAD, mail, typed, understood

ANA = Address("ana.torres@upaep.mx", "Ana Torres Vela")


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("raw-8bit-subject", "Petición de reactivación"),
        ("encoded-word-cut-in-a-character", "Petición de lista"),
        ("nul-bytes", "Lista"),
        ("mbox-from-line", "Solicitud de lista"),
        ("stray-header-line", "Solicitud de lista"),
        ("old-mac-line-ends", "Solicitud de lista"),
        ("missing-blank-line", "Lista"),
    ],
)
def test_subject(name: str, subject: str) -> None:
    assert mail(name).subject == subject


def test_broken_encoded_words_lose_nothing_else() -> None:
    incoming = mail("broken-encoded-words")
    assert incoming.subject.startswith("Petici")
    assert "año" not in incoming.subject  # an unknown charset is guessed: latin-1
    assert incoming.subject.endswith("=?utf-8?Q?sin fin")
    assert [a.email for a in incoming.senders] == ["ana.torres@upaep.mx"]


def test_bare_cr_starts_no_header() -> None:
    incoming = mail("bare-cr-in-subject")
    assert incoming.senders == (ANA,)
    assert incoming.subject == "Lista From: jefa@upaep.mx X-Bot-Case: CI-2021-0001"
    assert "x-bot-case" not in incoming.headers


def test_own_headers_from_outside_are_kept_for_screening() -> None:
    incoming = mail("own-headers-from-outside")
    assert incoming.headers["x-bot-case"] == ("CI-2021-0042",)
    assert incoming.header("X-Bot-Template") == "review"
    assert incoming.header("authentication-results") == "otro.example; dmarc=pass"


def test_values_are_on_one_line_and_bounded() -> None:
    raw = (
        HEAD
        + b"X-Long: "
        + b"a b\tc\n " * 5_000
        + b"z\nX-Twice: 1\nx-twice: =?utf-8?Q?=00dos?=\n\n"
    )
    incoming = understood(raw)
    assert len(incoming.header("x-long")) <= Limits().header_chars
    assert "\n" not in incoming.header("x-long")
    assert incoming.headers["x-twice"] == ("1", "dos")
    assert "header-too-long" in incoming.defects


@pytest.mark.parametrize(
    ("name", "senders"),
    [
        ("raw-latin1-author", [("jose.pena@upaep.mx", "José Peña Núñez")]),
        ("encoded-words-in-quotes", [("maria.ruiz@upaep.mx", "María Ruíz")]),
        ("address-as-display-name", [("otro@malo.example", "jefa@upaep.mx")]),
        ("encoded-second-address-in-name", [("otro@malo.example", "Jefa <jefa@upaep.mx>,")]),
        ("address-in-comment", []),
        (
            "two-authors",
            [("ana.torres@upaep.mx", "Ana"), ("luis.rey@upaep.mx", "Luis")],
        ),
        (
            "two-from-headers",
            [("luis.rey@upaep.mx", "Luis"), ("ana.torres@upaep.mx", "Ana Torres Vela")],
        ),
    ],
)
def test_senders(name: str, senders: list[tuple[str, str]]) -> None:
    found = {(a.email, a.name) for a in mail(name).senders}
    assert found == set(senders)


def test_encoded_words_are_never_decoded_into_an_address() -> None:
    incoming = mail("encoded-address")
    assert all(a.domain == "malo.example" for a in incoming.senders)
    assert "jefa@upaep.mx" not in {a.email for a in incoming.senders}


@pytest.mark.parametrize("author", ["jefa@upaep.mx x", "<jefa@upaep.mx", "a@x.mx <b@x.mx> c@x.mx"])
def test_an_ambiguous_author_is_no_author(author: str) -> None:
    raw = f"From: otro@x.mx, {author}\nSubject: x\n\nHola".encode()
    assert understood(raw).senders == ()


def test_an_author_cut_short_is_no_author() -> None:
    raw = b"From: (" + b"a" * 20_000 + b") jefa@upaep.mx.malo.example\nSubject: x\n\nHola"
    assert understood(raw).senders == ()


def test_recipients_are_bounded_and_never_cut_in_the_middle() -> None:
    many = b", ".join(b"p%05d@upaep.mx" % n for n in range(100_000))
    incoming = understood(b"From: a@x.mx\nTo: " + many + b"\nSubject: x\n\nHola")
    assert len(incoming.to) == Limits().addresses
    assert {len(a.email) for a in incoming.to} == {len("p00000@upaep.mx")}


def test_message_ids_keep_their_brackets_and_lose_folds() -> None:
    incoming = mail("folded-message-ids")
    assert incoming.message_id == "<largo.identificador@upaep.mx>"
    assert incoming.in_reply_to == ("<ci-2021-0042.k7q@comunicacion.interna.upaep.mx>",)
    assert incoming.references == ("<uno@x.mx>", "<dos@x.mx>")


def test_what_is_missing_is_empty() -> None:
    incoming = mail("no-message-id-no-date")
    assert (incoming.message_id, incoming.date, incoming.references) == ("", None, ())
    assert (incoming.to, incoming.cc) == ((), ())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 28 Jun 2021 09:00:00 -0500", dt.datetime(2021, 6, 28, 14, tzinfo=dt.UTC)),
        ("Mon, 28 Jun 2021 09:00:00 -0000", dt.datetime(2021, 6, 28, 9, tzinfo=dt.UTC)),
        ("28 Jun 21 09:00 CST", dt.datetime(2021, 6, 28, 15, tzinfo=dt.UTC)),
        ("Mon, 99 Foo 99999 99:99:99 +9999", None),
        ("ayer", None),
        ("Mon, 1 Jan 1900 00:00:00 +0000", None),
    ],
)
def test_date(value: str, expected: dt.datetime | None) -> None:
    found = typed("Hola", Date=value).date
    assert found == expected
    assert found is None or found.tzinfo is not None


def test_date_keeps_its_zone() -> None:
    found = mail("gmail-top-reply").date
    assert found is not None
    assert found.isoformat() == "2021-06-28T09:00:00-05:00"


def test_bytes_without_headers_are_no_mail() -> None:
    for raw in (b"", b"\n\n", b"\x00\xff" * 500, b"Nota: hola\n\nqu\xe9 tal", b"%PDF-1.7\n1 0 obj"):
        unread = read(raw)
        assert getattr(unread, "reason", "").startswith("No es un correo"), raw

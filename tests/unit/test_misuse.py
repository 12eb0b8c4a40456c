"""A mass mail that somebody hands on: taken apart, told to staff, and nobody written to unasked.

The mails of tests/mails/misuse were written, with the truth about them, before the rule.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.explain import as_dict
from bot.lists.misuse import MassMail, mass_mail
from bot.lists.records import KIND
from bot.lists.register import ListEntry, ListState
from bot.mail.parsing import read
from bot.mail.parsing.handed_on import recipients_in
from bot.runtime.analysis import MessageAnalysis
from bot.workflow.context import Original
from bot.workflow.inbound import decide
from bot.workflow.message import Address, HandedOn, ParsedMessage
from bot.workflow.notification import Purpose
from bot.workflow.outcome import Outcome
from nlp.types import Command, Intent, ParsedCommands, Prediction
from tests.builders import ANA, ORGANIZATION, REVIEWER, REVIEWER_2, SAY, context, mail, notice

MAILS = Path(__file__).parents[1] / "mails" / "misuse"
TRUTH = yaml.safe_load((MAILS / "truth.yaml").read_text("utf-8"))
EVENTS = Address("eventos@upaep.mx", "Eventos UPAEP")
MANY = tuple(f"p{n}@upaep.mx" for n in range(143))
HEAD = HandedOn(EVENTS, MANY, 0, "Gran bazar", "mar, 4 ago 2026", dt.date(2026, 8, 4))
ENTRY = ListEntry(
    "avisos-biblioteca", "avisos-biblioteca@upaep.mx", responsible="Elvira Santoyo",
    end_date=dt.date(2027, 6, 30),
)  # fmt: skip
MISUSE = Prediction(Intent.REPORT_MISUSE, 0.95, {})


def found_in(name: str) -> MassMail:
    parsed = read((MAILS / f"{name}.eml").read_bytes())
    assert isinstance(parsed, ParsedMessage)
    found = mass_mail(ORGANIZATION, parsed, ())
    assert found is not None
    return found


def test_who_sent_it_and_to_how_many_of_forty_samples() -> None:
    """What docs/understanding.md tells as measured."""
    assert len(TRUTH) >= 40
    wrong = []
    for name, truth in TRUTH.items():
        head = found_in(name).head
        told = (head.sender.email if head.sender else "", head.in_sight)
        if told != (truth["sender"], truth["recipients"]):
            wrong.append((name, told))
    assert len(wrong) <= 0.05 * len(TRUTH), wrong


@pytest.mark.parametrize("name", [name for name, truth in TRUTH.items() if "list" in truth])
def test_by_which_list(name: str) -> None:
    assert found_in(name).via == TRUTH[name]["list"]


def test_when() -> None:
    days = {name: str(found_in(name).head.sent_on) for name in TRUTH}
    right = sum(days[name] == truth["sent"] for name, truth in TRUTH.items())
    assert right >= 0.95 * len(TRUTH)


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("", 0),
        ("undisclosed-recipients:;", 0),
        ("Destinatarios ocultos", 0),
        ("ana@upaep.mx", 1),
        ("Ana Prado <ana@upaep.mx>, Luis Luna <luis@upaep.mx>", 2),
        ("Prado, Ana <ana@upaep.mx>, Luna, Luis <luis@upaep.mx>", 2),
        ('"Prado; Ana" <ana@upaep.mx>, luis@upaep.mx', 2),
        ("Prado Luna, Ana; Luna Mota, Luis; Docentes", 3),
        ("Ana Prado; Luis Luna <luis@upaep.mx>; docentes@upaep.mx", 3),
        ("ana@upaep.mx<mailto:ana@upaep.mx>; luis@upaep.mx<mailto:luis@upaep.mx>", 2),
        ("ana@upaep.mx, ANA@upaep.mx", 1),
        ("Ana, Luis y 45 más", 47),
        ("ana@upaep.mx, luis@upaep.mx and 12 others", 14),
        ("Ana Prado <ana@upaep.mx>;", 1),
    ],
)
def test_recipients_in_sight(line: str, count: int) -> None:
    shown, more = recipients_in(line)
    # "Ana, Luis y 45 más" hides who the last one shown is behind the number.
    assert len(shown) + more == count


@given(st.lists(st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}", fullmatch=True), unique=True, max_size=40),
       st.sampled_from([", ", "; ", ",\n ", ";"]), st.booleans())  # fmt: skip
def test_addresses_are_counted_once_each_however_they_are_parted(
    names: list[str], parted: str, named: bool
) -> None:
    written = [f"Una Persona <{n}@upaep.mx>" if named else f"{n}@upaep.mx" for n in names]
    shown, more = recipients_in(parted.join(written))
    assert (set(shown), more) == ({f"{n}@upaep.mx" for n in names}, 0)


def complaint(*heads: HandedOn) -> ParsedMessage:
    return mail("Reporto este envío.", handed_on=heads)


def complained(*heads: HandedOn, entries: tuple[ListEntry, ...] = ()) -> Outcome:
    return decide(context(complaint(*heads), prediction=MISUSE, records={KIND: entries}))


def test_staff_get_it_taken_apart_and_nobody_else_is_written_to() -> None:
    done = complained(HEAD)
    told = {(n.template, n.to.email) for n in done.notifications}
    assert told == {
        ("guidance", ANA.email),
        ("misuse", REVIEWER.address.email),
        ("misuse", REVIEWER_2.address.email),
    }
    values = done.notifications[-1].values
    assert (values["by"], values["in_sight"]) == (EVENTS.email, "143")
    assert values["sent"] == "4 de agosto de 2026"
    assert "143" in str(values["invitation"])
    token = done.notifications[-1].token
    assert token is not None
    assert "invite" in token.commands
    assert done.notifications[-1].purpose is Purpose.TRIAGE


@pytest.mark.parametrize(
    "to", ["Ana Prado; Luis Luna; Docentes UPAEP", "Ana Prado, Luis Luna, Docentes UPAEP"]
)
def test_who_stands_there_by_name_alone_is_told_by_name_and_not_written_to(to: str) -> None:
    text = (
        "Reporto esto.\n\nDe: Eventos UPAEP\nEnviado: martes, 4 de agosto de 2026 10:12\n"
        f"Para: {to}\nAsunto: Gran bazar\n\nVengan"
    )
    parsed = read(f"From: {ANA.email}\r\nSubject: RV: Gran bazar\r\n\r\n{text}\r\n".encode())
    assert isinstance(parsed, ParsedMessage)
    (head,) = parsed.handed_on
    assert (head.sender, head.named, head.in_sight) == (None, "Eventos UPAEP", 3)
    values = complained(head).notifications[-1].values
    assert (values["by"], values["invitation"]) == ("Eventos UPAEP", ())


def test_what_the_register_knows_of_the_list() -> None:
    by_list = replace(HEAD, recipients=(ENTRY.address,))
    known = complained(by_list, entries=(ENTRY,)).notifications[-1].values
    assert known["via"] == ENTRY.address
    assert known["via_words"] == SAY(
        "misuse.authorised", who="Elvira Santoyo", until="30 de junio de 2027"
    )
    by_name = replace(HEAD, recipients=("Avisos-Biblioteca", "Ana Prado"))
    gone = replace(ENTRY, state=ListState.HISTORICAL)
    assert complained(by_name, entries=(gone,)).notifications[-1].values["via_words"] == (
        "dada de baja en 2021"
    )
    unknown = complained(replace(HEAD, recipients=("todos@upaep.mx",))).notifications[-1].values
    assert (unknown["via"], unknown["via_words"]) == ("todos@upaep.mx", "no está en el registro")


@pytest.mark.parametrize(
    "head",
    [
        replace(HEAD, sender=Address("ventas@tienda.example")),
        replace(HEAD, sender=None),
        replace(HEAD, sender=Address("todos@upaep.mx"), recipients=("todos@upaep.mx",)),
    ],
    ids=["from outside", "unknown", "the list itself"],
)
def test_where_there_is_nobody_to_invite_no_letter_is_offered(head: HandedOn) -> None:
    note = complained(head).notifications[-1]
    assert note.template == "misuse"
    assert note.values["invitation"] == ()
    assert note.token is not None
    assert "invite" not in note.token.commands
    assert [n.to for n in invited(head).notifications] == [REVIEWER.address]


def test_a_complaint_without_the_mail_is_told_as_ever() -> None:
    assert {n.template for n in complained().notifications} == {"guidance", "remark"}


def test_of_several_the_innermost_or_the_widest_counts() -> None:
    colleague = HandedOn(Address("luis@upaep.mx"), (ANA.email,))
    hidden = replace(HEAD, recipients=())
    assert mass_mail(ORGANIZATION, complaint(colleague, HEAD), ()).head == HEAD  # type: ignore[union-attr]
    assert mass_mail(ORGANIZATION, complaint(colleague, hidden), ()).head == hidden  # type: ignore[union-attr]
    quoting = replace(HEAD, recipients=MANY[:3])
    assert mass_mail(ORGANIZATION, complaint(HEAD, quoting), ()).head == HEAD  # type: ignore[union-attr]


def invited(head: HandedOn = HEAD, argument: str | None = None, **token: object) -> Outcome:
    key = notice(
        REVIEWER, folio="", stage="remark", version=0, message=7, commands=frozenset({"invite"})
    )
    return decide(
        context(
            mail("INVITAR", REVIEWER.address), token=replace(key, **token),  # type: ignore[arg-type]
            staff_commands=ParsedCommands((Command("invite", argument),)),
            original=Original(7, complaint(head), MISUSE), records={KIND: ()},
        )
    )  # fmt: skip


def test_a_person_sends_the_invitation_and_colleagues_hear_so() -> None:
    done = invited(argument="Con gusto le ayudo.")
    invitation = done.notifications[0]
    assert (invitation.template, invitation.to) == ("invitation", EVENTS)
    lines = invitation.values["lines"]
    assert isinstance(lines, tuple)
    assert "Gran bazar" in lines[0]
    assert lines[-1] == "Con gusto le ayudo."
    assert [(n.template, n.to) for n in done.notifications[1:]] == [
        ("remark", REVIEWER_2.address),
        ("command_result", REVIEWER.address),
    ]
    assert done.consumes


def test_an_invitation_about_an_undated_mail_names_no_day() -> None:
    invitation = invited(replace(HEAD, sent="", sent_on=None)).notifications[0]
    lines = invitation.values["lines"]
    assert isinstance(lines, tuple)
    assert "«Gran bazar»." in lines[0]


def test_without_the_notice_nothing_is_sent() -> None:
    for flaw in ({"commands": frozenset({"answer"})}, {"void": True}):
        templates = {n.template for n in invited(**flaw).notifications}
        assert "invitation" not in templates


def test_classified_by_hand_it_is_taken_apart_too() -> None:
    key = notice(
        REVIEWER, folio="", stage="remark", version=0, message=7, commands=frozenset({"classify"})
    )
    other = Prediction(Intent.OTHER, 0.3, {})
    done = decide(
        context(
            mail("CLASIFICAR reporte", REVIEWER.address), token=key,
            staff_commands=ParsedCommands((Command("classify", "reporte"),)),
            original=Original(7, complaint(HEAD), other), records={KIND: ()},
        )
    )  # fmt: skip
    misuse = [n for n in done.notifications if n.template == "misuse"]
    assert [n.to for n in misuse] == [REVIEWER.address, REVIEWER_2.address]
    assert all(n.token is not None and n.token.about == 7 for n in misuse)


def handed_on(text: str) -> tuple[HandedOn, ...]:
    head = "From: a@upaep.mx\nSubject: Fwd: Bazar\nDate: Wed, 5 Aug 2026 10:00:00 -0600\n"
    parsed = read(f"{head}\nReporto esto.\n\n{text}\n".replace("\n", "\r\n").encode())
    assert isinstance(parsed, ParsedMessage)
    return parsed.handed_on


def test_what_is_only_quoted_tells_who_and_when_but_not_to_whom() -> None:
    (head,) = handed_on(
        "El mar, 4 ago 2026 a las 9:10, Eventos (<eventos@upaep.mx>) escribió:\n\n> Vengan."
    )
    assert (head.sender, head.sent_on) == (Address("eventos@upaep.mx"), dt.date(2026, 8, 4))
    assert complained(head).notifications[-1].values["in_sight"] == ""
    found = mass_mail(ORGANIZATION, complaint(HEAD, head), ())
    assert found is not None
    assert found.head == HEAD


@pytest.mark.parametrize("written", ["avisos-biblioteca@upaep.mx", "avisos-biblioteca+x@upaep.mx"])
def test_a_list_that_a_head_names_as_its_sender_is_not_invited(written: str) -> None:
    """Nor are staff told that it was: anybody can write such a head."""
    forged = replace(HEAD, sender=Address(written, "Biblioteca"))
    (*_, told) = complained(forged, entries=(ENTRY,)).notifications
    assert (told.template, told.values["invitation"]) == ("misuse", ())
    assert told.token is not None
    assert "invite" not in told.token.commands


def test_thousands_of_names_beside_hundreds_of_lists_keep_nobody_waiting() -> None:
    """Who is shown may be anything: whole names as well as addresses, as many as fit in a mail."""
    many = replace(HEAD, recipients=tuple(f"Área número {n}" for n in range(15_000)))
    register = tuple(ListEntry(f"lista-{n}", f"lista-{n}@upaep.mx") for n in range(300))
    begin = time.thread_time()
    assert mass_mail(ORGANIZATION, complaint(many), register) == MassMail(many)
    assert time.thread_time() - begin < 1.0
    by_name = replace(many, recipients=(*many.recipients, "Lista-299"))
    assert mass_mail(ORGANIZATION, complaint(by_name), register) == MassMail(
        by_name, register[-1].address, register[-1]
    )


def test_our_own_mail_is_no_mass_mail() -> None:
    ours = replace(HEAD, sender=ORGANIZATION.mailbox)
    assert {n.template for n in complained(ours).notifications} == {"guidance", "remark"}


def test_explain_tells_what_was_handed_on() -> None:
    parsed = read((MAILS / "two-attached.eml").read_bytes())
    answer = as_dict("x.eml", MessageAnalysis(parsed), ORGANIZATION)
    assert [(one["sent"], one["recipients"]) for one in answer["handed_on"]] == [
        ("2026-08-04", 3),
        ("2026-08-04", 34),
    ]
    assert "handed_on" not in as_dict("x.eml", MessageAnalysis(mail()), ORGANIZATION)


@pytest.mark.parametrize("style", ["gmail", "outlook"])
def test_hundreds_of_recipients_over_as_many_lines_are_counted(style: str) -> None:
    people = [f"Persona {n} <persona.{n}@upaep.mx>" for n in range(600)]
    head = "De: Eventos <eventos@upaep.mx>\nEnviado: martes, 4 de agosto de 2026 09:10\n"
    if style == "gmail":
        head = f"---------- Forwarded message ---------\n{head}Asunto: Bazar\n"
    to = "Para: " + (",\n" if style == "gmail" else ";\n").join(people)
    end = "\n\n" if style == "gmail" else "\nAsunto: Bazar\n\n"
    raw = f"From: a@upaep.mx\nSubject: Fwd: Bazar\n\nReporto esto.\n\n{head}{to}{end}Vengan.\n"
    parsed = read(raw.replace("\n", "\r\n").encode())
    assert isinstance(parsed, ParsedMessage)
    assert [one.in_sight for one in parsed.handed_on] == [600]
    assert parsed.text == "Reporto esto."

"""A list whose responsible has no address any more: who is asked, and what comes of silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.config.form import FormFieldSettings, shipped_form, to_form
from bot.config.load import ConfigError, load
from bot.config.organization import organization_of
from bot.lists.kind import list_kind
from bot.lists.orphans import LeftBehind, left_behind
from bot.lists.records import KIND
from bot.lists.register import ListEntry, ListState
from bot.lists.request import ORPHAN, is_removal
from bot.mail.parsing import read
from bot.workflow.authority import SenderPolicy
from bot.workflow.case import Case, Event, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.message import Address, ParsedMessage, Screened
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.schedule.reminding import steps, take, untaken
from nlp.turns.types import CommandInProse, RequesterCommand
from nlp.types import Command, Extraction, Intent, ParsedCommands
from tests.builders import (
    ANA,
    APPROVER,
    NOW,
    ORGANIZATION,
    REVIEWER,
    REVIEWER_2,
    case,
    context,
    found,
    full_form,
    mail,
    turn,
)

MAILS = Path(__file__).parents[1] / "mails" / "automatic"
GONE = "elvira.santoyo@upaep.mx"
LUZ, JOAQUIN = Address("luz.prado@upaep.mx"), Address("joaquin@upaep.mx", "Joaquín Verduzco")
BOUNCED = Screened("delivery_report", "bounce", "es un aviso de que un correo no se entregó")
ENTRY = ListEntry(
    "avisos", "avisos@upaep.mx", area="Biblioteca Central", responsible="Elvira Santoyo",
    responsible_email=GONE, folio="CI-2021-0007", end_date=dt.date(2022, 8, 30),
)  # fmt: skip
OTHER = replace(ENTRY, name="otra", address="otra@upaep.mx", folio="")
FORM = to_form((*shipped_form(), FormFieldSettings(name="deputy", label="Correo de quien suple")))
HERE = replace(ORGANIZATION, kinds=(list_kind(FORM, orphan_days=30),))


def authorised(deputy: str = LUZ.email, people: tuple[Address, ...] = (ANA, JOAQUIN)) -> Case:
    """The case that led to the list, with who else may know of it."""
    form: Mapping[str, Extraction] = {**full_form(), "sponsor": found("Joaquín Verduzco Leal")}
    named = {"deputy": found(deputy)} if deputy else {}
    return case(State.CLOSED, folio="CI-2021-0007", people=people, form={**form, **named})


def bounce(**changes: object) -> ParsedMessage:
    daemon = Address("mailer-daemon@upaep.mx")
    gone = {"failed_recipients": (GONE,), "gone_recipients": (GONE,), **changes}
    return mail("No existe.", daemon, **gone)


def bounced(
    left: LeftBehind | None = None,
    report: ParsedMessage | None = None,
    reached: frozenset[str] = frozenset({GONE}),
    **changes: object,
) -> Outcome:
    made = context(
        report or bounce(), screened=BOUNCED, reached=reached, organization=HERE,
        records={KIND: left or LeftBehind((ENTRY,), (authorised(),))},
    )  # fmt: skip
    return decide(replace(made, **changes))  # type: ignore[arg-type]


def opened(left: LeftBehind | None = None) -> Case:
    made = bounced(left).case
    assert made is not None
    return made


def passing(about: Case, days: int, history: list[Event], organization: Organization = HERE):  # type: ignore[no-untyped-def]
    """What the calendar does so many days later."""
    now = NOW + dt.timedelta(days=days)
    due = untaken(steps(about, organization, now), history)
    return [done for step in due if (done := take(about, step, organization, now))]


def test_the_deputy_is_asked_who_answers_for_the_list() -> None:
    done = bounced()
    assert done.opens
    assert done.case is not None
    assert (done.case.state, done.case.requester) == (State.INCOMPLETE, LUZ)
    assert HERE.kind(done.case).missing(done.case) == ("responsible", "email")
    assert done.case.form["area"].value == "Biblioteca Central"
    asked = [(n.template, n.to) for n in done.notifications if n.template != "alarm"]
    assert asked == [("owner_asked", LUZ)]
    assert [event.what for event in done.events] == ["opened", "asked"]


@pytest.mark.parametrize(
    ("authorised_case", "first"),
    [
        (authorised(deputy=""), JOAQUIN.email),
        (authorised(deputy=GONE), JOAQUIN.email),
        (authorised(deputy="luz@example.com"), JOAQUIN.email),
        (authorised(deputy=APPROVER.address.email), JOAQUIN.email),
        (authorised("", people=(ANA, Address("joaquin.verduzco@upaep.mx"))),
         "joaquin.verduzco@upaep.mx"),
        (authorised("", people=(ANA, Address("joaquin@upaep.mx"))), ""),
        (authorised("", people=(ANA,)), ""),
    ],
    ids=["no deputy", "the same", "outside", "of the staff", "by address", "unclear", "nobody"],
)  # fmt: skip
def test_then_who_backed_it_then_staff(authorised_case: Case, first: str) -> None:
    done = bounced(LeftBehind((ENTRY,), (authorised_case,)))
    told = {n.to.email for n in done.notifications}
    assert told == ({first} if first else {p.address.email for p in (REVIEWER, REVIEWER_2)})
    assert all(n.token is not None for n in done.notifications) is not bool(first)


def test_the_newest_of_its_requests_names_the_deputy() -> None:
    newer = replace(
        authorised("marta.rivas@upaep.mx"), folio="CI-2021-0019", intent=Intent.CHANGE_LIST,
        form=MappingProxyType({"list_name": found("avisos"),
                               "deputy": found("marta.rivas@upaep.mx")}),
    )  # fmt: skip
    assert opened(LeftBehind((ENTRY,), (newer, authorised()))).requester.email == (
        "marta.rivas@upaep.mx"
    )


PINNED = replace(HERE, sender_policy=SenderPolicy("mx.google.com"))
FORGED = {"authentication-results": ("mx.google.com; dmarc=fail header.from=upaep.mx",)}
NO_WORD = {"authentication-results": ("mx.google.com; spf=none smtp.mailfrom=x",)}


@pytest.mark.parametrize(
    "done",
    [
        bounced(reached=frozenset()),
        bounced(reached=frozenset({ANA.email})),
        bounced(report=bounce(gone_recipients=())),
        bounced(report=bounce(headers=FORGED), organization=PINNED),
        bounced(LeftBehind((), ())),
        bounced(LeftBehind((ENTRY,), (opened(), authorised()))),
        bounced(screened=Screened("auto_replied", "auto_reply", "es automática")),
    ],
    ids=["answers nothing of ours", "another's mail", "full, or late", "disowned", "no list",
         "asked already", "no bounce"],
)  # fmt: skip
def test_anything_else_asks_nobody(done: Outcome) -> None:
    assert done.case is None
    assert "owner_asked" not in {n.template for n in done.notifications}


def test_reports_that_nobody_vouches_for_count_by_what_they_answer() -> None:
    assert bounced(report=bounce(headers=NO_WORD), organization=PINNED).opens


def test_each_list_is_asked_about_once_that_of_the_mail_first() -> None:
    left = LeftBehind((OTHER, ENTRY), (authorised(),))
    of_case = bounced(left, case=authorised(), link=Link.THREAD)
    assert of_case.case is not None
    assert of_case.case.form["list_name"].value == "avisos"
    again = bounced(LeftBehind((OTHER, ENTRY), (of_case.case, authorised())))
    assert again.case is not None
    assert again.case.form["list_name"].value == "otra"


def test_days_are_shared_among_who_is_asked_and_in_the_end_the_withdrawal_is_proposed() -> None:
    about, history = opened(), []
    assert passing(about, 9, history) == []
    (sponsor,) = passing(about, 10, history)
    assert [(n.template, n.to) for n in sponsor.notifications] == [("owner_asked", JOAQUIN)]
    history.append(sponsor.event)
    assert passing(sponsor.case, 17, history) == []
    (staff,) = passing(sponsor.case, 21, history)
    assert {n.to.email for n in staff.notifications} == {
        p.address.email for p in (REVIEWER, REVIEWER_2)
    }
    history.append(staff.event)
    (proposed,) = passing(staff.case, 30, history)
    assert (proposed.case.state, is_removal(proposed.case)) == (State.REVIEW, True)
    assert proposed.case.requester == HERE.mailbox
    assert {notice.person for notice in proposed.notices} == {REVIEWER, REVIEWER_2}
    assert "ya no existe" in proposed.notices[0].note
    assert [n.to for n in proposed.notifications] == [LUZ, JOAQUIN]
    later = passing(proposed.case, 60, [*history, proposed.event])
    assert {n.template for done in later for n in done.notifications} <= {
        "reminder", "escalation", "progress",
    }  # fmt: skip


@pytest.mark.parametrize(
    "state", [State.INCOMPLETE, State.REVIEW, State.APPROVAL, State.REJECTED, State.WITHDRAWN]
)
@pytest.mark.parametrize("role", ["deputy", "sponsor"])
def test_who_asks_for_a_change_of_a_list_is_not_its_deputy_for_that(
    state: State, role: str
) -> None:
    """Else they would be told who answered for it, and be asked who shall."""
    student = Address("saul.mora@upaep.mx", "Saúl Mora")
    named = {"deputy": found(student.email)} if role == "deputy" else {
        "sponsor": replace(found(student.name), evidence=f"{student.name}, {student.email}")
    }  # fmt: skip
    asks = case(
        state, folio="CI-2021-0019", intent=Intent.CHANGE_LIST, requester=student,
        people=(student,), form=MappingProxyType({"list_name": found("avisos"), **named}),
    )  # fmt: skip
    made = opened(LeftBehind((ENTRY,), (asks, authorised())))
    assert not made.belongs_to(student.email)
    of_responsible = replace(asks, requester=Address(GONE))
    made = opened(LeftBehind((ENTRY,), (of_responsible, authorised())))
    assert made.belongs_to(student.email)


def test_where_the_deputy_is_gone_too_the_next_one_is_asked_at_once() -> None:
    about = opened()
    report = bounce(failed_recipients=(LUZ.email,), gone_recipients=(LUZ.email,))
    reached = frozenset({LUZ.email})
    done = bounced(LeftBehind(), report, reached, case=about, link=Link.THREAD)
    assert done.case is not None
    assert done.case.requester == JOAQUIN
    assert passing(done.case, 10, []) == []  # their turn has come already
    report = bounce(failed_recipients=(JOAQUIN.email,), gone_recipients=(JOAQUIN.email,))
    last = {"case": done.case, "link": Link.THREAD, "reached": frozenset({JOAQUIN.email})}
    staff = bounced(LeftBehind(), report, **last)  # type: ignore[arg-type]
    assert {n.to.email for n in staff.notifications if n.template == "owner_asked"} == {
        p.address.email for p in (REVIEWER, REVIEWER_2)
    }
    assert staff.case is not None
    assert passing(staff.case, 21, []) == []
    again = bounced(LeftBehind(), report, **{**last, "case": staff.case})  # type: ignore[arg-type]
    assert again.case is None


def test_who_is_asked_says_baja_and_people_decide() -> None:
    about = opened()
    done = decide(
        context(
            mail("BAJA", LUZ), organization=HERE, case=about, link=Link.THREAD,
            turn=turn(), requester_commands=ParsedCommands((Command("drop"),)),
            records={KIND: (ENTRY,)},
        )
    )  # fmt: skip
    assert done.case is not None
    assert (done.case.state, is_removal(done.case)) == (State.REVIEW, True)
    assert done.case.requester == LUZ
    assert not done.opens


def test_an_answer_goes_to_review_and_ends_a_proposed_withdrawal() -> None:
    about = opened()
    said = turn({"responsible": "Marta Rivas", "email": "marta.rivas@upaep.mx"})
    answered = decide(
        context(mail("Marta Rivas, marta.rivas@upaep.mx", LUZ), organization=HERE, case=about,
                link=Link.THREAD, turn=said)
    ).case  # fmt: skip
    assert answered is not None
    assert (answered.state, is_removal(answered)) == (State.REVIEW, False)
    (proposed,) = passing(about, 30, [])
    late = decide(
        context(mail("Marta Rivas, marta.rivas@upaep.mx", LUZ), organization=HERE,
                case=proposed.case, link=Link.THREAD, turn=said)
    ).case  # fmt: skip
    assert late is not None
    assert not is_removal(late)


NAMED = Address(LUZ.email, "Luz Prado Nájera")
MARTA = ("Marta Rivas", "marta.rivas@upaep.mx")


@pytest.mark.parametrize(
    ("text", "read", "owner"),
    [
        ("Yo", {"responsible": "Luz Prado Nájera"}, ("Luz Prado Nájera", LUZ.email)),
        ("Yo, a este correo", {"email": LUZ.email}, ("Luz Prado Nájera", LUZ.email)),
        ("Ahora es Marta Rivas, marta.rivas@upaep.mx", {"email": MARTA[1]}, MARTA),
        ("Es la Mtra. Marta Rivas (marta.rivas@upaep.mx)", {"responsible": MARTA[0]}, MARTA),
        ("Marta Rivas", {"responsible": MARTA[0]}, (MARTA[0], None)),
        ("Marta Rivas o Hugo Cano: x@upaep.mx", {"email": "x@upaep.mx"}, (None, "x@upaep.mx")),
        ("Marta Rivas: a@upaep.mx o b@upaep.mx", {"responsible": MARTA[0]}, (MARTA[0], None)),
    ],
)
def test_half_an_answer_is_read_on(
    text: str, read: dict[str, str], owner: tuple[str | None, str | None]
) -> None:
    said = {"organization": HERE, "case": opened(), "link": Link.THREAD, "turn": turn(read)}
    answered = decide(context(mail(text, NAMED), **said)).case
    assert answered is not None
    values = {name: found.value for name, found in answered.form.items()}
    assert (values.get("responsible"), values.get("email")) == owner
    assert (answered.state is State.REVIEW) is (None not in owner)


def test_who_is_asked_cannot_take_the_question_back() -> None:
    done = decide(
        context(
            mail("Ya no la usamos, cancélenla", LUZ), organization=HERE, case=opened(),
            link=Link.THREAD,
            turn=turn(commands=(CommandInProse(RequesterCommand.CANCEL, True, "cancélenla"),)),
        )
    )  # fmt: skip
    assert done.case is not None
    assert (done.case.state, is_removal(done.case)) == (State.REVIEW, True)


def test_only_lists_in_use_are_left_behind() -> None:
    withdrawn = replace(OTHER, state=ListState.WITHDRAWN)

    class Work:
        class lists:  # noqa: N801  (as the unit of work calls it)
            known = staticmethod(lambda: (ENTRY, withdrawn))

        class cases:  # noqa: N801
            newest_open = staticmethod(tuple)
            of_area = staticmethod(lambda area: (authorised(),))
            get = staticmethod(lambda folio: authorised())

    left = left_behind(Work, frozenset({GONE}))  # type: ignore[arg-type]
    assert left.lists == (ENTRY,)
    assert [c.folio for c in left.cases] == ["CI-2021-0007"]
    assert left_behind(Work, frozenset({"x@upaep.mx"})) == LeftBehind()  # type: ignore[arg-type]


GONE_FOR_GOOD = {"b-01", "b-04", "b-11", "b-18"}


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(MAILS.glob("b-*.eml")) if "status:" in p.read_text("latin-1").lower()],
    ids=lambda path: path.stem,
)
def test_real_reports_say_whether_there_is_such_an_address(path: Path) -> None:
    report = read(path.read_bytes())
    assert isinstance(report, ParsedMessage)
    assert bool(report.gone_recipients) is (path.stem[:4] in GONE_FOR_GOOD)


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "gone"),
    [
        ("failed", "5.1.1", "", True),
        ("failed", "5.1.10", "", True),
        ("failed", "5.0.0", "smtp; 550 5.1.1 User unknown", True),
        ("failed", "5.0.0", "smtp; 554 refused", False),
        ("failed", "5.1.8", "", False),  # the sender's own address
        ("failed", "5.2.2", "smtp; 552 5.1.1 is not what this is about", False),
        ("delayed", "4.1.1", "", False),
        ("delayed", "5.1.1", "", False),
        ("delivered", "5.1.1", "", False),
        ("failed", "nothing", "", False),
    ],
)
def test_codes_of_a_report(action: str, status: str, diagnostic: str, gone: bool) -> None:
    raw = f"""From: MAILER-DAEMON@upaep.mx
To: comunicacion.interna@upaep.mx
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.upaep.mx

Final-Recipient: rfc822; <{GONE.upper()}>
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b--
"""
    report = read(raw.replace("\n", "\r\n").encode())
    assert isinstance(report, ParsedMessage)
    assert report.gone_recipients == ((GONE,) if gone else ())


def test_the_days_are_configuration(tmp_path: Path) -> None:
    staff = "[{name: U, email: u@upaep.mx, roles: [reviewer, approver, provisioner, admin]}]"
    file = tmp_path / "config.yaml"
    file.write_text(f"staff: {staff}\nrenewal: {{orphan_days: 4}}\n")
    short = replace(HERE, kinds=organization_of(load(file)).kinds)
    assert passing(opened(), 3, [], short)[0].case.state is State.INCOMPLETE
    assert passing(opened(), 4, [], short)[0].case.state is State.REVIEW
    assert "deputy" not in {field.name for field in short.kinds[0].form.fields}
    file.write_text(f"staff: {staff}\nrenewal: {{orphan_days: 0}}\n")
    with pytest.raises(ConfigError, match=r"renewal\.orphan_days"):
        load(file)
    assert ORPHAN in opened().details

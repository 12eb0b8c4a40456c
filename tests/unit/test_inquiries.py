"""A question to one person who takes no part in a case: how it is asked, answered, and by whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.load import ConfigError, load
from bot.config.organization import organization_of
from bot.workflow.authority import SenderPolicy
from bot.workflow.calendar import add_business_days
from bot.workflow.case import Case, Event, Inquiry, Reply, State
from bot.workflow.consents import Consents, Quorum, given_up, waited_for, wanted
from bot.workflow.context import ASKED, Link, ReplyToken
from bot.workflow.inbound import decide
from bot.workflow.inquiries import asking
from bot.workflow.kinds import RequestKind
from bot.workflow.message import Address
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.present import InquiryLine
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.schedule.reminding import Kind, steps, take, untaken
from bot.workflow.schedule.staffing import caught_up
from nlp.types import Command, Extraction, Form, ParsedCommands, Part
from tests.builders import (
    ANA,
    APPROVER,
    KEY_HASH,
    KIND,
    NOW,
    ORGANIZATION,
    REVIEWER,
    REVIEWER_2,
    asked,
    case,
    context,
    found,
    full_form,
    mail,
    notice,
)

INES = Address("ines.robles@upaep.mx", "Inés Robles")
QUESTION = Inquiry("consent", INES, "alumnos", NOW)
KEY = ReplyToken(
    KEY_HASH, "CI-2021-0042", INES.email, f"{ASKED}consent", 1, frozenset(map(str, Reply)), NOW
)


CONSULTS = replace(ORGANIZATION, consents=Consents({"students": INES}, Quorum.ALL))


def answer(
    text: str,
    about: Case | None = None,
    key: ReplyToken = KEY,
    sender: Address = INES,
    organization: Organization = CONSULTS,
    **more: object,
) -> Outcome:
    made = context(
        mail(text, sender, **more),
        organization=organization,
        case=case(inquiries=(QUESTION,)) if about is None else about,
        link=Link.TOKEN,
        token=key,
        staff_commands=ParsedCommands((Command("approve"),)),  # as anybody's SÍ might be read
    )
    return decide(made)


def heard(done: Outcome) -> tuple[Reply | None, str]:
    assert done.case is not None
    (inquiry,) = done.case.inquiries
    return inquiry.reply, inquiry.words


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("SÍ", "yes"),
        ("si", "yes"),
        ("Sí, lo respaldo.", "yes"),
        ("Sí, estoy de acuerdo. Saludos", "yes"),
        ("Buenas tardes. Sí, de acuerdo.\n\nGracias\nInés Robles", "yes"),
        ("No tengo inconveniente", "yes"),
        ("NO", "no"),
        ("NO: ya reciben demasiado", "no"),
        ("No, ya reciben demasiados correos.", "no"),
        ("No estoy de acuerdo", "no"),
        ("PREGUNTAR: ¿cada cuánto?", "asks"),
        ("¿Cada cuánto sería?", "asks"),
        ("Sí, pero solo a los de primer ingreso", "asks"),
        ("Sí, siempre que sea mensual", "asks"),
        ("Si se trata de los de primer ingreso", "asks"),
        ("No sé", "asks"),
        ("No, no tengo inconveniente", "asks"),  # a NO that agrees is for people to read
        ("No, sin inconveniente", "asks"),
        ("Lo veo mañana", "asks"),
    ],
)
def test_only_a_plain_answer_is_one(text: str, reply: str) -> None:
    assert heard(answer(text))[0] == reply


@pytest.mark.parametrize("seen", ["No, lo respaldo", "No", "Gracias por avisar"])
def test_what_the_eye_does_not_read_agrees_to_nothing(seen: str) -> None:
    assert heard(answer("Sí, lo respaldo", visible_text=seen))[0] == "asks"


@pytest.mark.parametrize("text", ["NO: ", "PREGUNTAR: ", ""])
def test_a_huge_answer_is_kept_and_told_in_part(text: str) -> None:
    for size in (5_000, 100_000):
        done = answer(text + "ya reciben demasiado " * (size // 20))
        told = [*(n.note for n in done.notices), *(e.text for e in done.events), heard(done)[1]]
        assert all(len(one) < 2_000 for one in told)
        assert heard(done)[1].endswith("…")


def test_an_answer_is_an_event_and_decides_nothing() -> None:
    done = answer("NO: ya reciben demasiado")
    assert done.case is not None
    assert done.case.state is State.REVIEW
    assert heard(done) == (Reply.NO, "ya reciben demasiado")
    assert [(e.what, e.actor) for e in done.events] == [("replied_inquiry", INES.email)]
    assert done.consumes == (KEY_HASH,)
    assert [n.template for n in done.notifications] == ["inquiry"]  # with a key to say otherwise
    assert {n.person for n in done.notices} == {REVIEWER, REVIEWER_2}
    assert all("ya reciben demasiado" in n.note for n in done.notices)


def test_a_yes_bothers_nobody_and_a_question_reaches_people() -> None:
    calm = replace(CONSULTS, consents=Consents({"students": INES}))
    assert not answer("SÍ", organization=calm).notices
    asks = answer("PREGUNTAR: ¿cada cuánto?")
    remarks = [n.to.email for n in asks.notifications if n.template == "remark"]
    assert remarks == [REVIEWER.address.email, REVIEWER_2.address.email]
    assert asks.case is not None
    assert not asks.case.inquiries[0].is_answered


@pytest.mark.parametrize(
    "flaw",
    [
        {"consumed_at": NOW},
        {"void": True},
        {"created_at": NOW - ORGANIZATION.token_life - dt.timedelta(seconds=1)},
        {"version": 2},
    ],
    ids=lambda flaw: next(iter(flaw)),
)
def test_with_a_key_that_does_not_serve_the_question_comes_again(flaw: dict[str, object]) -> None:
    done = answer("SÍ", key=replace(KEY, **flaw))  # type: ignore[arg-type]
    assert heard(done) == (None, "")
    assert [n.template for n in done.notifications] == ["inquiry"]
    assert done.notifications[0].token is not None
    assert (done.events, done.consumes) == ((), ())


@pytest.mark.parametrize("state", [s for s in State if s not in (State.REVIEW, State.APPROVAL)])
def test_where_it_was_decided_or_waits_for_the_area_nothing_is_noted(state: State) -> None:
    about = case(state, inquiries=(QUESTION,))
    done = answer("SÍ", about)
    assert done.case == about
    assert [(n.to, n.token) for n in done.notifications] == [(INES, None)]


def test_who_is_not_waited_for_any_more_is_told_so() -> None:
    other = replace(QUESTION, to=ANA)
    done = answer("NO", case(inquiries=(other,)), organization=ORGANIZATION)
    assert done.case is not None
    assert done.case.inquiries == ()
    assert [(n.to, n.token) for n in done.notifications] == [(INES, None)]


@pytest.mark.parametrize("sender", [ANA, APPROVER.address, REVIEWER.address, Address("x@y.mx")])
def test_a_key_serves_nobody_else(sender: Address) -> None:
    done = answer("SÍ", sender=sender)
    assert heard(done)[0] is None
    assert done.case is not None
    assert done.case.state is State.REVIEW
    assert not done.consumes


def test_who_is_not_vouched_for_is_not_believed() -> None:
    pinned = replace(CONSULTS, sender_policy=SenderPolicy("mx.google.com"))
    about = case(inquiries=(QUESTION,))
    made = context(mail("SÍ", INES), organization=pinned, case=about, link=Link.TOKEN, token=KEY)
    assert heard(decide(made))[0] is None


def test_an_approver_who_is_asked_answers_and_does_not_approve() -> None:
    mine = replace(QUESTION, to=APPROVER.address)
    about = case(State.APPROVAL, inquiries=(mine,))
    key = replace(KEY, person=APPROVER.address.email)
    asks = replace(ORGANIZATION, consents=Consents({"students": APPROVER.address}))
    done = answer("APROBAR", about, key, APPROVER.address, asks)
    assert done.case is not None
    assert done.case.state is State.APPROVAL
    assert heard(done)[0] is Reply.YES


def test_an_answer_to_all_spends_the_key_for_good() -> None:
    done = answer("SÍ", cc=(ANA,))
    assert heard(done)[0] is Reply.YES
    assert done.revokes == (KEY_HASH,)


def test_everybody_wanted_is_asked_once() -> None:
    first = asking(ORGANIZATION, case(), (QUESTION,))
    assert first.case is not None
    assert [(n.template, n.to) for n in first.notifications] == [("inquiry", INES)]
    grant = first.notifications[0].token
    assert grant is not None
    assert (grant.person, grant.stage, grant.version) == (INES.email, "asked consent", 1)
    assert [event.what for event in first.events] == ["asked"]
    again = asking(ORGANIZATION, first.case, (QUESTION, replace(QUESTION, to=ANA)))
    assert [n.to for n in again.notifications] == [ANA]
    assert again.case is not None
    nobody = asking(ORGANIZATION, again.case, ())
    assert nobody.case is not None
    assert nobody.case.inquiries == ()


def test_who_answers_for_those_it_reaches_is_asked_once_beside_review() -> None:
    both = Consents({"students": INES, "faculty": INES, "parents": REVIEWER.address})
    organization = replace(ORGANIZATION, consents=both)
    audience = replace(full_form()["audience"], value=("faculty", "parents", "students", "staff"))
    about = case(form={**full_form(), "audience": audience})
    assert [(one.to, one.about) for one in wanted(organization, about, NOW)] == [
        (INES, "docentes y alumnos"), (REVIEWER.address, "padres de familia"),
    ]  # fmt: skip
    assert wanted(ORGANIZATION, about, NOW) == ()  # off by default
    own = replace(about, requester=INES)
    assert [one.to for one in wanted(organization, own, NOW)] == [REVIEWER.address]


def reaching(field: str) -> RequestKind:
    """The kind with another field, or none, as that which tells whom a list reaches."""
    told = (replace(f, part=Part.FOR_WHOM if f.name == field else None) for f in KIND.form.fields)
    return replace(KIND, form=Form(tuple(told)))


def test_whom_a_request_reaches_its_kind_tells() -> None:
    kind, consents = reaching("frequency"), Consents({"daily": INES})
    organization = replace(ORGANIZATION, kinds=(kind,), consents=consents)
    about = case(form={**full_form(), "frequency": found("daily")})
    assert [(one.to, one.about) for one in wanted(organization, about, NOW)] == [(INES, "diaria")]
    silent = replace(organization, kinds=(reaching(""),))
    assert wanted(silent, about, NOW) == ()


@pytest.mark.parametrize(
    ("quorum", "replies", "waits"),
    [
        ("none", (None, None), 0),
        ("any", (None, None), 2),
        ("any", (Reply.ASKS, None), 2),
        ("any", (Reply.NO, None), 0),
        ("all", (Reply.YES, None), 1),
        ("all", (Reply.YES, Reply.ASKS), 1),
        ("all", (Reply.YES, Reply.NO), 0),  # a NO is told, and forbids nothing
    ],
)
def test_a_quorum_is_of_answers(quorum: str, replies: tuple[Reply | None, ...], waits: int) -> None:
    organization = replace(ORGANIZATION, consents=Consents({}, Quorum(quorum)))
    people = (replace(QUESTION, to=to, reply=r) for to, r in zip((INES, ANA), replies, strict=True))
    assert len(waited_for(organization, case(inquiries=tuple(people)), NOW.date())) == waits


@pytest.mark.parametrize(
    ("command", "state"),
    [("approve", State.REVIEW), ("reject", State.APPROVAL)],
    ids=["recommended", "rejected"],
)
def test_while_an_answer_is_waited_for_all_but_approval_goes_on(command: str, state: State) -> None:
    assert decided(command, state).state is not state


def test_nothing_is_approved_before_those_who_are_waited_for_answered() -> None:
    assert decided("approve", State.APPROVAL).state is State.APPROVAL
    said = replace(QUESTION, reply=Reply.NO)
    assert decided("approve", State.APPROVAL, said).state is State.PROVISIONING


def decided(
    command: str, state: State, inquiry: Inquiry = QUESTION, now: dt.datetime = NOW
) -> Case:
    person = REVIEWER if state is State.REVIEW else APPROVER
    given = context(
        mail("…", person.address),
        organization=CONSULTS,
        case=case(state, inquiries=(inquiry,)),
        link=Link.TOKEN,
        token=replace(notice(person, state), created_at=now),
        staff_commands=ParsedCommands((Command(command, "Repetida."),)),
        now=now,
    )
    done = decide(given)
    assert done.case is not None
    return done.case


def test_a_completed_case_asks_and_a_changed_configuration_catches_up() -> None:
    other = Address("otra@upaep.mx", "Otra")
    first = caught_up(CONSULTS, case(), {p.address.email for p in ORGANIZATION.staff}, NOW)
    assert first is not None
    assert [n.to for n in first.notifications] == [INES]
    assert first.case is not None
    moved = replace(CONSULTS, consents=Consents({"students": other}))
    again = caught_up(moved, first.case, {p.address.email for p in ORGANIZATION.staff}, NOW)
    assert again is not None
    assert [n.to for n in again.notifications] == [other]
    assert again.case is not None
    assert [one.to for one in again.case.inquiries] == [other]


def test_who_has_not_answered_is_reminded_as_often_as_an_area() -> None:
    about = case(inquiries=(QUESTION, replace(QUESTION, to=ANA, reply=Reply.ASKS)))
    told = {}
    for days in range(14):
        now = NOW + dt.timedelta(days=days)
        for step in steps(about, CONSULTS, now):
            taken = take(about, step, CONSULTS, now) if step.name.startswith("inquiry") else None
            if taken is not None:
                told[step.name] = [n.to for n in taken.notifications]
    assert told == {"inquiry-3": [INES], "inquiry-7": [INES]}


@pytest.mark.parametrize("state", [s for s in State if s not in (State.REVIEW, State.APPROVAL)])
def test_once_it_is_decided_nobody_is_asked_again(state: State) -> None:
    about = case(state, inquiries=(QUESTION,))
    later = [NOW + dt.timedelta(days=days) for days in range(20)]
    names = {step.name for now in later for step in steps(about, CONSULTS, now)}
    assert not {name for name in names if name.startswith(("inquiry", "silence"))}


@pytest.mark.parametrize("reply", [None, Reply.ASKS])
def test_silence_is_told_after_the_reminders_and_holds_up_approval_no_more(
    reply: Reply | None,
) -> None:
    about = case(State.APPROVAL, inquiries=(replace(QUESTION, reply=reply),), entered={})
    told: list[tuple[int, tuple[StageNotice, ...]]] = []
    history: list[Event] = []
    for days in range(30):
        now = NOW + dt.timedelta(days=days)
        due = [one for one in steps(about, CONSULTS, now) if one.kind is Kind.SILENCE]
        for step in untaken(due, history):
            taken = take(about, step, CONSULTS, now)
            assert taken is not None
            history.append(taken.event)
            told.append((days, taken.notices))
        waits = bool(waited_for(CONSULTS, about, now.date()))
        assert waits is not bool(told)
    ((day, asks),) = told  # nine business days: the last reminder is on the seventh
    assert day == business_days_later(9)
    assert {one.person for one in asks} == {APPROVER}
    assert all("Inés Robles" in one.note for one in asks)
    late = NOW + dt.timedelta(days=day)
    assert decided("approve", State.APPROVAL, now=late).state is State.PROVISIONING


def business_days_later(count: int) -> int:
    day = add_business_days(NOW.date(), count, ORGANIZATION.closed_on)
    return (day - NOW.date()).days


@pytest.mark.parametrize(
    ("quorum", "replies", "silent"),
    [
        ("none", (None, None), set()),
        ("any", (None, Reply.ASKS), {INES, ANA}),
        ("any", (None, Reply.NO), set()),
        ("all", (Reply.YES, None), {ANA}),
        ("all", (Reply.YES, Reply.NO), set()),
    ],
)
def test_only_silence_that_held_something_up_is_told(
    quorum: str, replies: tuple[Reply | None, ...], silent: set[Address]
) -> None:
    organization = replace(ORGANIZATION, consents=Consents({}, Quorum(quorum)))
    people = (replace(QUESTION, to=to, reply=r) for to, r in zip((INES, ANA), replies, strict=True))
    about = case(inquiries=tuple(people))
    late = NOW.date() + dt.timedelta(days=30)
    assert {one.to for one in given_up(organization, about, late)} == silent


def test_while_one_is_still_waited_for_nobody_is_told_of_the_other() -> None:
    later = replace(QUESTION, to=ANA, asked_at=NOW + dt.timedelta(days=10))
    about = case(inquiries=(QUESTION, later))
    day = NOW.date() + dt.timedelta(days=15)
    assert [one.to for one in waited_for(CONSULTS, about, day)] == [ANA]
    assert given_up(CONSULTS, about, day) == ()


def test_the_approver_sees_what_was_said() -> None:
    said = replace(QUESTION, reply=Reply.NO, words="Ya reciben cuatro.", version=1)
    about = case(State.APPROVAL, version=2, inquiries=(said,))
    (notice_,) = asked(notices(CONSULTS, about), CONSULTS)
    assert notice_.values["inquiries"] == (
        InquiryLine(
            "Inés Robles", "responde por alumnos", "NO (antes de los últimos cambios)",
            "Ya reciben cuatro.",
        ),
    )  # fmt: skip


STAFF = """
staff:
  - {name: R, email: r@upaep.mx, roles: [reviewer]}
  - {name: A, email: a@upaep.mx, roles: [approver, provisioner, admin]}
workflow:
  consents:
    people:
      %s
"""


def test_they_come_from_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(STAFF % "students: {name: Inés Robles, email: Ines.Robles@upaep.mx}", "utf-8")
    found = organization_of(load(file)).consents
    assert found == Consents({"students": INES}, Quorum.NONE)
    file.write_text("staff: [{name: A, email: a@upaep.mx,"
                    " roles: [reviewer, approver, provisioner, admin]}]", "utf-8")  # fmt: skip
    assert organization_of(load(file)).consents == Consents()


@pytest.mark.parametrize(
    ("one", "says"),
    [
        ("student: {name: I, email: i@upaep.mx}", "did you mean students?"),
        ("students: {name: I, email: i@gmail.com}", "mailbox.domains"),
        ("students: {name: I, email: comunicacion.interna@upaep.mx}", "bot's own address"),
    ],
)
def test_what_could_ask_nobody_is_a_mistake(tmp_path: Path, one: str, says: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(STAFF % one, "utf-8")
    with pytest.raises(ConfigError) as error:
        load(file)
    assert any("workflow.consents" in p and says in p for p in error.value.problems)


# --- who backs a request ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "evidence", "to"),
    [
        ((ANA, INES), "lo autoriza la Dra. Inés Robles", INES.email),
        ((ANA,), "Dra. Inés Robles (ines.robles@upaep.mx)", INES.email),
        ((ANA,), "Dra. Inés Robles, escriban a otra.persona@upaep.mx", ""),
        ((ANA,), "Dra. Inés Robles (ines.robles@gmail.com)", ""),
        ((ANA,), "Dra. Inés Robles", ""),
        ((ANA, Address("irobles@upaep.mx", "Inés Robles")), "Inés Robles", "irobles@upaep.mx"),
        ((ANA, Address("otra.persona@upaep.mx", "Inés Robles")), "Inés Robles", ""),
    ],
)
def test_who_backs_a_request_is_asked_where_they_have_an_address(
    people: tuple[Address, ...], evidence: str, to: str
) -> None:
    sponsor = Extraction("Inés Robles", "text", evidence)
    about = case(form={**full_form(), "sponsor": sponsor}, people=people)
    asks = replace(ORGANIZATION, ask_sponsor=True)
    assert [one.to.email for one in wanted(asks, about, NOW)] == ([to] if to else [])
    assert wanted(ORGANIZATION, about, NOW) == ()


def test_the_backing_is_asked_for_with_one_tap_and_stands_on_the_notice() -> None:
    asks = replace(ORGANIZATION, ask_sponsor=True)
    question = Inquiry("sponsor", INES, INES.name, NOW)
    backed = {**full_form(), "sponsor": Extraction("Inés Robles", "text", "Inés Robles")}
    about = case(form=backed, people=(ANA, INES), inquiries=(question,))
    (mail_out,) = asking(asks, replace(about, inquiries=()), [question]).notifications
    assert mail_out.values["agree"] == "Sí, lo respaldo"
    assert "¿La respalda?" in str(mail_out.values["question"])
    key = replace(KEY, stage=f"{ASKED}sponsor")
    done = answer("Sí, lo respaldo", about, key, organization=asks)
    assert heard(done) == (Reply.YES, "")
    assert [event.what for event in done.events] == ["replied_inquiry"]
    assert done.case is not None
    assert done.case.state is State.REVIEW
    (notice_, *_) = asked(notices(asks, done.case), asks)
    who = f"{INES.name} ({INES.email})"  # who asks for it told whom to ask
    assert notice_.values["inquiries"] == (InquiryLine(who, "da el visto bueno", "SÍ", ""),)

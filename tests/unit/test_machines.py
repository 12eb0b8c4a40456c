"""What machines' mail leads to: no answer, but word to people where a case is concerned."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.workflow.authority import SenderPolicy
from bot.workflow.context import Context, Link
from bot.workflow.inbound import decide
from bot.workflow.machines import quarantined
from bot.workflow.message import Address, ParsedMessage, Screened, UnparseableMessage
from bot.workflow.staff import Leave, Person
from nlp.types import Command, Intent, ParsedCommands, Prediction
from tests.builders import (
    ADMIN,
    ANA,
    APPROVER,
    NOW,
    ORGANIZATION,
    REVIEWER,
    REVIEWER_2,
    case,
    context,
    mail,
)

AWAY = Screened("auto_replied", "auto_reply", "es una respuesta automática")
BOUNCED = Screened("delivery_report", "bounce", "es un aviso de que un correo no se entregó")


def passed_over(incoming: ParsedMessage, screened: Screened, **changes: object) -> Context:
    made = context(incoming, screened=screened, case=case(), link=Link.THREAD)
    return replace(made, **changes)  # type: ignore[arg-type]


def absent(person: Person = APPROVER, **changes: object) -> Context:
    """In answer to a mail that they were sent."""
    changes = {"reached": frozenset({person.address.email}), **changes}
    return passed_over(mail("Regreso el 23 de agosto.", person.address), AWAY, **changes)


def test_an_absence_marks_who_is_away_and_tells_their_colleagues() -> None:
    done = decide(absent())
    assert [(leave.person, leave.last) for leave in done.leaves] == [
        (APPROVER.address.email, dt.date(2021, 8, 22))
    ]
    (update,) = done.related
    assert [event.what for event in update.events] == ["absent"]
    assert not update.changes
    told = {(x.template, x.to.email) for x in update.notifications}
    assert told == {("remark", p.address.email) for p in (REVIEWER, REVIEWER_2)}
    assert "hasta el 22 de agosto de 2021" in str(update.notifications[0].values["why"])
    assert done.case is None


def test_whom_nobody_vouches_for_is_not_away() -> None:
    pinned = replace(ORGANIZATION, sender_policy=SenderPolicy("mx.google.com"))
    done = decide(absent(organization=pinned))
    assert done.leaves == ()
    assert done.related[0].notifications


def test_an_absence_ends_with_their_next_mail_and_a_delegation_does_not() -> None:
    today = NOW.date()
    away = Leave(REVIEWER.address.email, today, today + dt.timedelta(days=5))
    lent = Leave(REVIEWER.address.email, today, today, Address("luis.mora@upaep.mx"))
    other = Leave(APPROVER.address.email, today, today)
    organization = ORGANIZATION.on(today, (away, lent, other))
    back = context(mail("ESTADO", REVIEWER.address), organization=organization)
    (ended,) = decide(back).leaves
    assert (ended.person, ended.delegate) == (away.person, None)
    assert not ended.covers(today)
    pinned = replace(organization, sender_policy=SenderPolicy("mx.google.com"))
    assert decide(replace(back, organization=pinned)).leaves == ()


def test_where_no_colleague_is_left_administrators_hear_of_it() -> None:
    alone = replace(ORGANIZATION, staff=(APPROVER, ADMIN))
    (update,) = decide(absent(organization=alone)).related
    assert [(x.template, x.to) for x in update.notifications] == [("alarm", ADMIN.address)]


def test_a_bounce_of_a_case_is_told_to_administrators() -> None:
    bounce = mail("…", failed_recipients=tuple(f"p{n}@upaep.mx" for n in range(9)))
    sent_to = frozenset(f"p{n}@upaep.mx" for n in range(9))
    (update,) = decide(passed_over(bounce, BOUNCED, reached=sent_to)).related
    assert [event.what for event in update.events] == ["bounced"]
    (notification,) = update.notifications
    assert notification.to == ADMIN.address
    assert "p4@upaep.mx" in str(notification.values["title"])
    assert "p5@upaep.mx" not in str(notification.values["title"])


@pytest.mark.parametrize(
    "incoming",
    [
        absent(case=None),
        absent(reached=frozenset()),
        absent(reached=frozenset({REVIEWER.address.email})),
        passed_over(mail("…", failed_recipients=(ANA.email,)), BOUNCED),
        passed_over(
            mail("…", failed_recipients=(ANA.email,)), BOUNCED, reached=frozenset({"otra@upaep.mx"})
        ),
        passed_over(mail("…"), AWAY),
        passed_over(mail("APROBAR", REVIEWER.address), BOUNCED),
        passed_over(mail("APROBAR"), Screened("list", "bulk", "llegó por una lista")),
    ],
    ids=[
        "no case",
        "answers nothing of ours",
        "answers another's",
        "forged report",
        "report of another's",
        "an area's",
        "no recipient",
        "bulk",
    ],
)
def test_anything_else_leads_to_nothing(incoming: Context) -> None:
    done = decide(incoming)
    assert (done.case, done.notifications, done.related, done.leaves) == (None, (), (), ())
    assert done.why == incoming.screened.reason if incoming.screened else False


def test_of_the_quarantine_administrators_hear_with_what_to_do() -> None:
    mail_ = UnparseableMessage("no se pudo leer", 10, "ana@upaep.mx", "Lista")
    (notification,) = quarantined(ORGANIZATION, 7, mail_)
    assert notification.to == ADMIN.address
    assert "quarantine show 7" in str(notification.values["lines"])


REACTED = Screened("reaction", None, "es una reacción y no dice nada más")
RECALLED = Screened("recall", None, "pide que se le devuelva un mensaje anterior")


def test_a_reaction_is_a_line_of_the_history_and_bothers_nobody() -> None:
    done = decide(passed_over(mail("👍", reaction="👍"), REACTED))
    (update,) = done.related
    assert [(event.what, event.actor) for event in update.events] == [("reacted", ANA.email)]
    assert "👍" in update.events[0].text
    assert (update.notifications, done.notifications, update.changes) == ((), (), False)


def test_a_stranger_s_reaction_is_not_even_that() -> None:
    stranger = mail("👍", Address("otra@upaep.mx"), reaction="👍")
    assert decide(passed_over(stranger, REACTED)).related == ()


@pytest.mark.parametrize("subject", ["Lista de distribución", "RE: [EXT] Lista de distribución"])
def test_a_recall_marks_the_case_that_it_is_about_and_tells_people(subject: str) -> None:
    back = mail("", recalls=subject)
    done = decide(passed_over(back, RECALLED, case=None, cases=(case(),)))
    (update,) = done.related
    assert [event.what for event in update.events] == ["recalled"]
    assert {x.template for x in update.notifications} == {"remark"}
    assert not done.opens
    assert not update.changes


def test_a_recall_of_something_unknown_tells_people_all_the_same() -> None:
    done = decide(passed_over(mail("", recalls="Otra cosa"), RECALLED, case=None))
    assert done.related == ()
    assert {x.to.email for x in done.notifications} == {
        REVIEWER.address.email,
        REVIEWER_2.address.email,
    }


RELAYED = Screened("suppress", "auto_reply", "pide que no se le conteste por sistema", relayed=True)
ASKS = Prediction(Intent.CREATE_LIST, 0.99, {})


def test_a_request_that_a_group_or_a_rule_handed_on_is_told_to_people_and_not_answered() -> None:
    done = decide(passed_over(mail("Solicito una lista."), RELAYED, case=None, prediction=ASKS))
    assert {(x.template, x.to.email) for x in done.notifications} == {
        ("remark", REVIEWER.address.email),
        ("remark", REVIEWER_2.address.email),
    }
    assert all("CLASIFICAR" in str(x.values) for x in done.notifications)
    assert not done.opens


@pytest.mark.parametrize(
    ("text", "sender", "prediction", "screened"),
    [
        ("Oferta", ANA, Prediction(Intent.OTHER, 0.99, {}), RELAYED),
        ("Lista", ANA, Prediction(Intent.CREATE_LIST, 0.2, {}), RELAYED),
        ("Lista", Address("x@example.com"), ASKS, RELAYED),
        ("Lista", ANA, ASKS, replace(RELAYED, relayed=False)),
    ],
)
def test_other_mail_of_lists_bothers_nobody(
    text: str, sender: Address, prediction: Prediction, screened: Screened
) -> None:
    done = decide(passed_over(mail(text, sender), screened, case=None, prediction=prediction))
    assert done.notifications == ()


def test_who_wrote_by_way_of_a_group_is_the_writer_but_not_the_sender() -> None:
    group = mail("Lista", Address("enlaces@upaep.mx", "'Ana Prado' via Enlaces"))
    headed = {"x-original-sender": ("ana.prado@upaep.mx",), "list-id": ("<enlaces.upaep.mx>",)}
    via = replace(group, headers=headed)
    assert via.writer == ANA
    outside = replace(via, senders=(Address("x@example.com"),))
    assert outside.writer == outside.sender
    assert replace(group, headers={"x-original-sender": headed["x-original-sender"]}).writer == (
        group.sender
    )
    assert via.sender == Address("enlaces@upaep.mx", "'Ana Prado' via Enlaces")


@pytest.mark.parametrize("linked", [True, False], ids=["of a case", "of none"])
def test_where_only_the_classifier_sees_a_machine_people_decide(linked: bool) -> None:
    doubt = Screened("doubt", None, "parece de un sistema", doubtful=True)
    changes = {} if linked else {"case": None}
    done = decide(passed_over(mail("Su mensaje fue recibido."), doubt, **changes))
    told = {(x.template, x.to.email) for x in done.notifications}
    assert told == {("remark", p.address.email) for p in (REVIEWER, REVIEWER_2)}
    assert not done.opens


UNSURE = Screened("absent", "auto_reply", "avisa de una ausencia", unsure=True)


@pytest.mark.parametrize("linked", [True, False], ids=["of a case", "of none"])
def test_what_few_machines_word_like_it_meets_no_silence(linked: bool) -> None:
    changes = {} if linked else {"case": None}
    done = decide(passed_over(mail("El lunes no estoy, pero contesten hoy."), UNSURE, **changes))
    told = {(x.template, x.to.email) for x in done.notifications}
    assert told == {("remark", p.address.email) for p in (REVIEWER, REVIEWER_2)}
    assert not done.opens


def test_an_absence_of_staff_that_few_machines_word_like_it_is_noted_all_the_same() -> None:
    away = replace(absent(), screened=UNSURE)
    done = decide(away)
    assert [leave.person for leave in done.leaves] == [APPROVER.address.email]
    assert done.notifications == ()  # what is noted on the case tells of it
    assert done.related[0].notifications == decide(absent()).related[0].notifications


@pytest.mark.parametrize(
    ("sender", "changes"),
    [
        (ANA, {"prediction": Prediction(Intent.OTHER, 0.9, {})}),
        (REVIEWER.address, {"case": None, "staff_commands": ParsedCommands((Command("approve"),))}),
    ],
    ids=["an answer of the area", "a command of staff"],
)
def test_what_a_rule_handed_on_within_a_conversation_is_told(
    sender: Address, changes: dict[str, object]
) -> None:
    done = decide(passed_over(mail("La extensión es 7415.", sender), RELAYED, **changes))
    assert {x.template for x in done.notifications} == {"remark"}

"""A mail of which nobody is sure: its writer says what they want, or people read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.workflow.case import Case, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.notifications.updates import WANTED
from bot.workflow.outcome import Outcome
from bot.workflow.schedule.reminding import Kind, ReminderStep, take
from nlp.turns.types import Turn
from nlp.types import Command, Extraction, Intent, ParsedCommands, Prediction
from tests.builders import ANA, NOW, ORGANIZATION, context, mail, notifications_of

UNSURE = Prediction(Intent.OTHER, 0.4, MappingProxyType({}))
WORDS = "sobre lo de los correos de la biblioteca"


def templates(done: Outcome) -> list[str]:
    return sorted({one.template for one in notifications_of(done)})


def asked(prediction: Prediction = UNSURE) -> Case:
    done = decide(context(mail(WORDS), prediction=prediction))
    assert done.opens
    (told,) = notifications_of(done)
    assert (told.template, told.to) == ("wanted", ANA)
    assert told.values["choices"] == ("UNA LISTA NUEVA", "RECUPERAR UNA LISTA", "OTRA COSA")
    assert done.case is not None
    return done.case


def answered(text: str, about: Case, prediction: Prediction = UNSURE, **changes: object) -> Outcome:
    heard = context(mail(text), prediction=prediction, case=about, link=Link.THREAD, **changes)
    return decide(heard)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("UNA LISTA NUEVA", Intent.CREATE_LIST),
        ("una nueva, por favor", Intent.CREATE_LIST),
        ("RECUPERAR UNA LISTA", Intent.REINSTATE_LIST),
        ("queremos recuperar la que teníamos", Intent.REINSTATE_LIST),
    ],
)
def test_a_button_or_its_word_decides(text: str, intent: Intent) -> None:
    done = answered(text, asked(), turn=Turn(rest=text))
    assert done.case is not None
    assert (done.case.intent, done.case.state) == (intent, State.INCOMPLETE)
    assert WANTED not in done.case.details
    assert templates(done) == ["form"]


def test_words_of_their_own_decide_with_what_they_say() -> None:
    said = MappingProxyType({"recipients": Extraction(120, "text", "somos 120")})
    long = "la que nos quitaron en junio, somos 120 y la usamos cada mes para los avisos del acervo"
    done = answered(long, asked(), Prediction(Intent.REINSTATE_LIST, 0.97, said))
    assert done.case is not None
    assert done.case.intent == Intent.REINSTATE_LIST
    assert done.case.form["recipients"].value == 120


def test_who_says_what_they_want_and_asks_for_a_person_gets_one() -> None:
    long = (
        "una lista nueva para los avisos del acervo, pero de verdad prefiero que me hable alguien"
    )
    done = answered(long, asked(), Prediction(Intent.CREATE_LIST, 0.97, MappingProxyType({})))
    assert templates(done) == ["form", "remark"]
    (form,) = (one for one in notifications_of(done) if one.template == "form")
    assert "Ya le avisamos a una persona" in str(form.values["notes"])


def test_what_the_first_mail_said_is_kept() -> None:
    first = {
        "area": Extraction("Biblioteca", "text", "", 0.97),
        "recipients": Extraction(80, "text", "unos 80", 0.5),
    }
    done = answered("UNA LISTA NUEVA", asked(Prediction(Intent.REINSTATE_LIST, 0.5, first)))
    assert done.case is not None
    values = {name: one.value for name, one in done.case.form.items()}
    assert values == {"area": "Biblioteca", "request_type": "creation"}
    (form,) = notifications_of(done)
    assert "destinatarios: 80" in str(form.values["notes"])


@pytest.mark.parametrize("text", ["OTRA COSA", "no sé, es por lo del evento del viernes"])
def test_anything_else_is_for_people_with_what_was_written_first(text: str) -> None:
    done = answered(text, asked())
    assert templates(done) == ["noted", "remark"]
    assert WORDS in str([one.values for one in notifications_of(done)])
    assert done.case is not None
    assert done.case.state is State.WITHDRAWN


def test_what_may_be_a_machines_is_for_people() -> None:
    text = "Su buzón llegó al 95 % de su cuota. Este mensaje se generó de forma automática."
    for mails in (mail(text, subject="Aviso de cuota"), mail(WORDS, in_reply_to=("<x@upaep.mx>",))):
        done = decide(context(mails, prediction=UNSURE))
        assert (done.case, templates(done)) == (None, ["remark"])


def test_thanks_are_no_answer_and_a_clear_cancellation_is_one() -> None:
    thanks = answered("¡Gracias!", asked(), turn=Turn(thanks=True))
    assert templates(thanks) == []
    assert thanks.case is not None
    assert WANTED in thanks.case.details
    cancels = ParsedCommands((Command("cancel"),))
    cancelled = answered("CANCELAR", asked(), requester_commands=cancels)
    assert cancelled.case is not None
    assert (cancelled.case.state, templates(cancelled)) == (
        State.WITHDRAWN,
        ["withdrawn"],
    )


def test_silence_is_reminded_of_and_then_for_people() -> None:
    about = replace(asked(), updated_at=NOW)
    reminded = take(about, ReminderStep(Kind.AREA, "area-3", NOW.date(), 3), ORGANIZATION, NOW)
    assert reminded is not None
    (again,) = reminded.notifications
    assert (again.template, again.values["again"]) == ("wanted", True)
    later = NOW + dt.timedelta(days=21)
    expired = take(about, ReminderStep(Kind.EXPIRE, "expire", NOW.date(), 15), ORGANIZATION, later)
    assert expired is not None
    assert expired.case.state is State.EXPIRED
    assert {one.template for one in expired.notifications} == {"remark"}
    assert all(WORDS in str(one.values["text"]) for one in expired.notifications)

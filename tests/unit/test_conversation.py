"""What each kind of turn does, in every state of a case."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from bot.workflow.case import Case, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.message import Address
from bot.workflow.outcome import Outcome
from bot.workflow.requester.conversation import ASKED, TABLE, Brings, Step, brought, turn_context
from nlp.turns.types import (
    CommandInProse,
    GivenValue,
    Question,
    QuestionTopic,
    RequesterCommand,
    Turn,
    Unclear,
)
from nlp.types import (
    Block,
    BlockKind,
    Command,
    Extraction,
    FurtherRequest,
    Intent,
    ParsedCommands,
    Prediction,
)
from tests.builders import (
    ANA,
    KIND,
    NOW,
    REVIEWER,
    SAY,
    case,
    context,
    full_form,
    mail,
    notifications_of,
    sent,
    turn,
)

EVERY: dict[Brings, Turn] = {
    Brings.YES: Turn(agrees=True),
    Brings.CANCEL: Turn(commands=(CommandInProse(RequesterCommand.CANCEL, True, ""),)),
    Brings.RESUME: Turn(commands=(CommandInProse(RequesterCommand.RESUME, True, ""),)),
    Brings.ACCEPT: Turn(commands=(CommandInProse(RequesterCommand.ACCEPT, True, ""),)),
    Brings.OF_KIND: Turn(commands=(CommandInProse(RequesterCommand.RENEW, True, ""),)),
    Brings.MAYBE_OF_KIND: Turn(commands=(CommandInProse(RequesterCommand.DROP, True, ""),)),
    Brings.VALUES: turn({}, {"recipients": 900}),
    Brings.UNCLEAR: Turn(unclear=(Unclear("7230", ("phone_ext", "recipients")),)),
    Brings.MAYBE_CANCEL: Turn(commands=(CommandInProse(RequesterCommand.CANCEL, False, ""),)),
    Brings.MAYBE_RESUME: Turn(commands=(CommandInProse(RequesterCommand.RESUME, False, ""),)),
    Brings.ASKS_FIELD: Turn(questions=(Question(QuestionTopic.FIELD, "¿qué pongo?", "sponsor"),)),
    Brings.ASKS_STAGE: Turn(questions=(Question(QuestionTopic.DATE, "¿cuándo?"),)),
    Brings.ASKS: Turn(questions=(Question(QuestionTopic.OTHER, "¿puede ser semanal?"),)),
    Brings.FURTHER: Turn(further=(FurtherRequest("otra, para los tutores", {}),)),
    Brings.WORDS: Turn(rest="No estoy de acuerdo."),
    Brings.BY_THE_WAY: Turn(rest="Mañana a primera hora les hago llegar lo pendiente."),
    Brings.THANKS: Turn(thanks=True),
}


# What means something else at another state: a list that is there is renewed, not resumed.
_BY_STATE = (Brings.OF_KIND, Brings.MAYBE_OF_KIND, Brings.RESUME, Brings.MAYBE_RESUME)


def says(at: State, said: Turn, **details: str) -> Outcome:
    about = case(at, details={ASKED: "cancel"} if said.agrees is not None else details)
    return decide(context(mail(), case=about, link=Link.THREAD, turn=said))


def test_every_turn_in_every_state_has_its_step() -> None:
    assert set(TABLE) == set(State)
    for steps in TABLE.values():
        assert set(steps) == set(Brings)


@pytest.mark.parametrize("brings", Brings)
def test_a_turn_brings_what_it_says(brings: Brings) -> None:
    of_kind = brings in (Brings.OF_KIND, Brings.MAYBE_OF_KIND)
    at = State.CLOSED if of_kind else State.REVIEW
    about = case(at, details={ASKED: "cancel"} if brings is Brings.YES else {})
    assert brought(EVERY[brings], about)[0] is brings


@pytest.mark.parametrize("at", State)
@pytest.mark.parametrize("brings", Brings)
def test_nobody_meets_silence_and_nothing_unsaid_is_written(at: State, brings: Brings) -> None:
    """The table walked whole: only values change values, only thanks go unanswered."""
    done = says(at, EVERY[brings])
    assert done.case is not None
    step = TABLE[at][brought(EVERY[brings], done.case)[0] if brings in _BY_STATE else brings]
    told = {to for one in (done, *done.several) for _, to in sent(one)}
    assert (ANA.email in told) is (step is not Step.NOTHING)
    if brings is not Brings.VALUES:
        assert done.case.form == case(at).form
    if step is Step.NOTHING:
        assert not told
    if step is Step.TO_PEOPLE:
        assert REVIEWER.address.email in told
        assert done.case.state is at


@pytest.mark.parametrize("word", ["cancel", "accept", "resume"])
@pytest.mark.parametrize("at", State)
def test_a_word_of_ours_is_enough_in_every_state(at: State, word: str) -> None:
    """What the reader of turns tells nothing of, as where both texts of a mail are read alike."""
    words = ParsedCommands((Command(word),))
    said = context(mail(), case=case(at), link=Link.THREAD, requester_commands=words)
    done = decide(said)
    assert done.case is not None
    assert ANA.email in {to for _, to in sent(done)}
    assert done.case.form == case(at).form


def _both(one: Turn, other: Turn) -> Turn:
    """A turn that brings what two bring."""
    return replace(
        one,
        answers=one.answers + other.answers,
        corrections=one.corrections + other.corrections,
        unclear=one.unclear + other.unclear,
        questions=one.questions + other.questions,
        commands=one.commands + other.commands,
        rest=one.rest or other.rest,
    )


@pytest.mark.parametrize("asked_by", ["", REVIEWER.address.email], ids=["unasked", "asked"])
@pytest.mark.parametrize("at", State)
def test_one_turn_brings_nobody_two_mails(at: State, asked_by: str) -> None:
    for one, other in combinations(Brings, 2):
        said = _both(EVERY[one], EVERY[other])
        about = replace(case(at, details={ASKED: "cancel"}), asked_by=asked_by)
        done = decide(context(mail(), case=about, link=Link.THREAD, turn=said))
        mails = Counter(one.to.email for one in notifications_of(done))
        assert set(mails.values()) <= {1}, (one, other, mails)


def test_what_stands_beside_a_correction_is_read_by_who_decides() -> None:
    said = replace(turn({}, {"recipients": 900}), rest="El objetivo quedó revuelto.")
    done = says(State.REVIEW, said)
    assert done.notices
    assert all("Además escribe" in notice.note for notice in done.notices)
    assert {to for _, to in sent(done)} >= {ANA.email}
    assert not any(
        "Además" in one.note for one in says(State.REVIEW, replace(said, rest="")).notices
    )


def test_a_correction_names_what_changed_and_is_taken_back() -> None:
    done = says(State.REVIEW, EVERY[Brings.VALUES])
    (received,) = (x for x in notifications_of(done) if x.template == "received")
    (change,) = received.values["changes"]  # type: ignore[misc, attr-defined]
    assert (change.before, change.value) == ("1,850", "900")
    assert done.case is not None
    undo = context(
        mail("DESHACER"), case=done.case, link=Link.THREAD, turn=Turn(rest="DESHACER"),
        staff_commands=ParsedCommands((Command("undo"),)),
    )  # fmt: skip
    back = decide(undo)
    assert back.case is not None
    assert back.case.form == case().form
    assert back.case.version == done.case.version + 1


def test_what_is_said_beside_the_word_that_takes_back_counts() -> None:
    done = says(State.REVIEW, EVERY[Brings.VALUES])
    right = GivenValue("frequency", "monthly", "La frecuencia es mensual.")
    undo = context(
        mail("DESHACER\n\nLa frecuencia es mensual."), case=done.case, link=Link.THREAD,
        turn=Turn(corrections=(right,)), staff_commands=ParsedCommands((Command("undo"),)),
    )  # fmt: skip
    back = decide(undo)
    assert back.case is not None
    assert back.case.form["recipients"] == case().form["recipients"]
    assert back.case.form["frequency"].value == "monthly"


def test_a_cancellation_is_taken_back_by_one_word() -> None:
    undo = context(
        mail("DESHACER"), case=case(State.WITHDRAWN), link=Link.THREAD, turn=Turn(rest="DESHACER"),
        staff_commands=ParsedCommands((Command("undo"),)),
    )  # fmt: skip
    back = decide(undo)
    assert back.case is not None
    assert back.case.state is State.REVIEW


@pytest.mark.parametrize("at", [State.WITHDRAWN, State.EXPIRED, State.REVIEW, State.APPROVAL])
def test_what_comes_with_the_word_that_resumes_is_taken(at: State) -> None:
    word = ParsedCommands((Command("resume"),))
    said = turn(corrections={"recipients": 220}, commands=EVERY[Brings.RESUME].commands)
    done = decide(
        context(mail(), case=case(at), link=Link.THREAD, turn=said, requester_commands=word)
    )
    assert done.case is not None
    assert done.case.form["recipients"].value == 220
    assert done.case.state in (State.REVIEW, State.APPROVAL)


@pytest.mark.parametrize("lacks", [(), ("sponsor",)])
def test_who_resumes_hears_what_goes_to_people_and_that_it_is_reviewed_anew(
    lacks: tuple[str, ...],
) -> None:
    days = {"review": 1, "approval": 2, "withdrawn": 3}
    entered = {state: NOW + dt.timedelta(day) for state, day in days.items()}
    slept = case(State.WITHDRAWN, entered=entered, form=full_form(*lacks))
    said = replace(EVERY[Brings.RESUME], rest="Y vienen además los de posgrado.")
    done = decide(context(mail("Va de nuevo."), case=slept, link=Link.THREAD, turn=said))
    told = [str(n.values) for n in notifications_of(done) if n.to == ANA]
    assert [SAY("requester.resumed_anew") in text for text in told] == [True]
    assert [SAY("requester.rest_passed_on") in text for text in told] == [True]
    assert any(
        "Va de nuevo." in f"{n.values} {n.page}"
        for n in notifications_of(done)
        if n.to == REVIEWER.address
    )


def test_what_changed_stays_marked_until_it_is_decided() -> None:
    first = says(State.REVIEW, turn({}, {"recipients": 900})).case
    assert first is not None
    second = decide(
        context(mail(), case=first, link=Link.THREAD, turn=turn({}, {"phone_ext": "7001"}))
    )
    notice = next(x for x in notifications_of(second) if x.template == "review")
    marked = {row.name: row.before for row in notice.values["rows"] if row.before}  # type: ignore[attr-defined]
    assert marked == {"recipients": "1,850", "phone_ext": "7415"}


def test_a_likely_command_is_asked_and_yes_carries_it_out() -> None:
    asked = says(State.REVIEW, EVERY[Brings.MAYBE_CANCEL])
    assert asked.case is not None
    assert asked.case.state is State.REVIEW
    yes = decide(context(mail(), case=asked.case, link=Link.THREAD, turn=Turn(agrees=True)))
    assert yes.case is not None
    assert yes.case.state is State.WITHDRAWN
    no = decide(context(mail(), case=asked.case, link=Link.THREAD, turn=Turn(agrees=False)))
    assert no.case is not None
    assert no.case.state is State.REVIEW


def test_a_plain_yes_to_nothing_cancels_nothing() -> None:
    done = decide(context(mail(), case=case(), link=Link.THREAD, turn=Turn(agrees=True)))
    assert done.case is not None
    assert done.case.state is State.REVIEW


def test_a_field_is_explained_in_the_words_of_the_form() -> None:
    done = says(State.INCOMPLETE, EVERY[Brings.ASKS_FIELD])
    (told,) = notifications_of(done)
    assert "respalda la solicitud" in str(told.values["lines"])


def test_what_is_asked_beside_an_answer_is_not_lost() -> None:
    said = turn(
        {"phone_ext": "7415"},
        questions=(Question(QuestionTopic.FIELD, "¿es una firma?", "sponsor"),),
    )
    about = case(State.INCOMPLETE, form=full_form("phone_ext", "sponsor"))
    done = decide(context(mail(), case=about, link=Link.THREAD, turn=said))
    (form,) = notifications_of(done)
    assert form.template == "form"
    assert "Visto bueno" in str(form.values["notes"])


def test_the_context_of_a_turn_is_what_stands_in_the_case() -> None:
    about = case(State.INCOMPLETE, form=full_form("phone_ext", "sponsor"))
    found = turn_context(KIND, about)
    assert found.missing == ("phone_ext", "sponsor")
    assert found.known["recipients"] == 1850
    assert (found.folio, found.version) == (about.folio, about.version)


def asked_if_right() -> Case:
    found = {
        "area": Extraction("Biblioteca", "text", "", 0.95),
        "recipients": Extraction(350, "text", "como 350", 0.6),
        "frequency": Extraction("monthly", "text", "al mes", 0.7),
    }
    opened = decide(context(mail(), prediction=Prediction(Intent.CREATE_LIST, 0.99, found)))
    assert opened.case is not None
    assert [n for n in found if n in opened.case.form] == ["area"]
    (form,) = (x for x in notifications_of(opened) if x.template == "form")
    (asked,) = (str(x) for x in form.values["notes"] if "¿Es correcto?" in str(x))  # type: ignore[attr-defined]
    assert "destinatarios: 350, Frecuencia de envío: mensual" in asked
    return opened.case


@pytest.mark.parametrize(
    ("text", "taken"), [("Sí", True), ("Sí, es correcto", True), ("No", False)]
)
def test_what_was_read_with_doubt_is_written_once_it_is_confirmed(text: str, taken: bool) -> None:
    said = Turn(agrees=taken)
    done = decide(context(mail(text), case=asked_if_right(), link=Link.THREAD, turn=said))
    assert done.case is not None
    assert ("recipients" in done.case.form, "frequency" in done.case.form) == (taken, taken)
    assert taken or "¿Es correcto?" not in str([x.values for x in notifications_of(done)])


@pytest.mark.parametrize(
    "again", [Turn(agrees=True), Turn(answers=(GivenValue("recipients", 75, "75", sure=0.4),))]
)
def test_a_later_answer_read_with_doubt_is_asked_about_once(again: Turn) -> None:
    about = case(State.INCOMPLETE, form=full_form("recipients", "sponsor"))
    said = Turn(answers=(GivenValue("recipients", 75, "75 personas", sure=0.4),))
    done = decide(context(mail("75 personas"), case=about, link=Link.THREAD, turn=said))
    assert done.case is not None
    assert "recipients" not in done.case.form
    assert "75. Si es así, responda SÍ" in str(notifications_of(done)[0].values)
    later = decide(context(mail("Sí, son 75"), case=done.case, link=Link.THREAD, turn=again))
    assert later.case is not None
    assert later.case.form["recipients"].value == 75


def test_a_question_beside_a_likely_command_is_answered_in_the_same_mail() -> None:
    asks = Question(QuestionTopic.DATE, "¿cuándo me dan respuesta?")
    said = Turn(
        questions=(asks,),
        commands=(CommandInProse(RequesterCommand.CANCEL, False, "mejor la cancelamos"),),
    )
    about = case(State.INCOMPLETE, form=full_form("sponsor"))
    (told,) = decide(context(mail(), case=about, link=Link.THREAD, turn=said)).notifications
    assert "5 días hábiles" in str(told.values)
    other = replace(said, questions=(Question(QuestionTopic.OTHER, "¿y si se satura?"),))
    passed = decide(context(mail(), case=case(), link=Link.THREAD, turn=other))
    assert {x.template for x in passed.notifications} == {"noted", "remark"}


def test_what_is_not_confirmed_is_asked_again_beside_what_is_answered() -> None:
    said = Turn(
        answers=(GivenValue("recipients", 400, "400"), GivenValue("position", "Jefa", "Jefa"))
    )
    done = decide(context(mail("400, Jefa"), case=asked_if_right(), link=Link.THREAD, turn=said))
    assert done.case is not None
    assert done.case.form["recipients"].value == 400
    assert "Frecuencia de envío: mensual. Si es así" in str(notifications_of(done)[0].values)
    later = decide(context(mail("Sí"), case=done.case, link=Link.THREAD, turn=Turn(agrees=True)))
    assert later.case is not None
    assert later.case.form["frequency"].value == "monthly"


def asked_who_is_responsible() -> Case:
    signature = Block(BlockKind.SIGNATURE, "Ana Prado Ruiz\nJefa de Acervo\nExt. 7311")
    first = mail(sender=Address(ANA.email, "Ana Prado"))
    first = replace(first, blocks=(*first.blocks, signature))
    found = {"area": Extraction("Biblioteca", "text", "")}
    opened = decide(context(first, prediction=Prediction(Intent.CREATE_LIST, 0.99, found)))
    assert opened.case is not None
    (form,) = (x for x in notifications_of(opened) if x.template == "form")
    assert "Ana Prado Ruiz" in str(form.values["notes"])
    assert "7311" in str(form.values["notes"])
    return opened.case


@pytest.mark.parametrize(
    ("text", "taken"), [("SÍ", True), ("Sí, soy yo", True), ("Ok, gracias", False), ("No", False)]
)
def test_the_writer_is_proposed_and_a_yes_takes_it(text: str, taken: bool) -> None:
    asked = asked_who_is_responsible()
    said = Turn(agrees=not text.startswith("No"), thanks="gracias" in text)
    done = decide(context(mail(text), case=asked, link=Link.THREAD, turn=said)).case
    assert done is not None
    found = {n: done.form[n].value for n in ("responsible", "position", "email", "phone_ext")
             if n in done.form}  # fmt: skip
    whole = {"responsible": "Ana Prado Ruiz", "position": "Jefa de Acervo", "email": ANA.email,
             "phone_ext": "7311"}  # fmt: skip
    assert found == (whole if taken else {})


def test_an_answer_to_our_question_is_believed_sooner_than_what_is_told_unasked() -> None:
    about = case(State.INCOMPLETE, form=full_form("recipients", "sponsor"))
    said = Turn(answers=(GivenValue("recipients", 75, "75 personas", sure=0.6),))
    done = decide(context(mail("75 personas"), case=about, link=Link.THREAD, turn=said))
    assert done.case is not None
    assert done.case.form["recipients"].value == 75


def test_only_the_name_tells_that_a_further_request_was_made_already() -> None:
    name = full_form()["list_name"]
    same = Turn(further=(FurtherRequest("otra", {"list_name": name}),))
    assert not says(State.REVIEW, same).several
    alike = Extraction(name.value, "text", "")  # an area that bears the name of a list
    other = Turn(further=(FurtherRequest("otra", {"area": alike}),))
    assert len(says(State.REVIEW, other).several) == 1


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("Mañana a primera hora les hago llegar lo pendiente.", Brings.BY_THE_WAY),
        ("Acuso de recibo. Lo otro se los paso al rato.", Brings.BY_THE_WAY),
        (
            "La directora va en copia y les contesta en cuanto salga de su examen.",
            Brings.BY_THE_WAY,
        ),
        ("No estoy de acuerdo.", Brings.WORDS),
        ("No les mando nada hasta que me contesten.", Brings.WORDS),
        ("Paso a cancelar la próxima semana.", Brings.WORDS),
        ("Mañana le digo al rector que no contestan.", Brings.WORDS),
        ("Luego les mando lo que falta. ¿Hasta cuándo puedo?", Brings.WORDS),
    ],
)
def test_what_asks_for_nobody_is_told_from_what_people_must_read(said: str, what: Brings) -> None:
    about = case(State.INCOMPLETE, form=full_form("recipients"))
    assert brought(Turn(rest=said), about) == (what,)
    asked = replace(about, asked_by="rodrigo.espino@upaep.mx")
    assert brought(Turn(rest=said), asked) == (Brings.WORDS,)


def test_praise_beside_thanks_bothers_nobody() -> None:
    done = case(State.CLOSED, form=full_form())
    pleased = Turn(thanks=True, rest="¡Ya la estrenamos y quedó de maravilla!")
    assert brought(pleased, done) == (Brings.THANKS,)
    failed = replace(pleased, rest="Hoy rebotó a la mitad de los alumnos.")
    assert TABLE[State.CLOSED][brought(failed, done)[0]] is Step.TO_PEOPLE

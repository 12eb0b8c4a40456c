"""What somebody of a case may do with it: cancel, resume, attach, accept, follow."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.lists.records import KIND
from bot.lists.register import ListEntry
from bot.lists.request import is_removal
from bot.workflow.absence import leave_told
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.context import Link
from bot.workflow.followers import followers
from bot.workflow.inbound import decide
from bot.workflow.message import Address, Attachment
from bot.workflow.outcome import Outcome
from bot.workflow.requester.commands import asks_how_it_goes, grammar
from bot.workflow.requester.opening import first_step
from nlp.commands import parse_commands
from nlp.turns.types import Question, QuestionTopic, Turn
from nlp.types import Block, BlockKind, Command, Intent, Message, ParsedCommands, Prediction
from tests.builders import (
    ANA,
    NOW,
    ORGANIZATION,
    PROVISIONER,
    REVIEWER,
    case,
    context,
    found,
    full_form,
    mail,
    news_of,
    notifications_of,
    sent,
    turn,
)

OTHERS = tuple(Address(f"persona{n}@upaep.mx") for n in range(14))
OUTSIDER = Address("ventas@empresa.example")
ELVIRA = Address("elvira.santoyo@upaep.mx")
ENTRY = ListEntry(
    "avisos-biblioteca", "avisos@upaep.mx", area="Biblioteca", responsible="Elvira Santoyo",
    responsible_email=ELVIRA.email, audience=("students",), frequency="weekly",
    start_date=dt.date(2020, 9, 1), end_date=dt.date(2021, 8, 31), folio="CI-2020-0003",
)  # fmt: skip

KEPT = {KIND: (ENTRY,)}


def says(name: str, about: Case | None, sender: Address = ANA, **changes: object) -> Outcome:
    made = context(
        mail(sender=sender),
        case=about,
        link=Link.THREAD if about else Link.NONE,
        requester_commands=ParsedCommands((Command(name),) if name else ()),
        prediction=Prediction(Intent.OTHER, 0.9, {}),
    )
    return decide(replace(made, **changes))  # type: ignore[arg-type]


def read(text: str) -> list[str]:
    message = Message("", (Block(BlockKind.NEW, text),), NOW.date(), is_reply=True)
    return [o.name for o in parse_commands(message, grammar(ORGANIZATION)).commands]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CANCELAR", "cancel"), ("Ya no la necesitamos, gracias.", "cancel"),
        ("Cancelar la solicitud, por favor", "cancel"), ("ACEPTO", "accept"),
        ("Acepto los lineamientos.", "accept"), ("Renovar", "renew"), ("BAJA", "drop"),
        ("REANUDAR", "resume"),
    ],
)  # fmt: skip
def test_a_clear_requester_command_is_read(text: str, name: str) -> None:
    assert read(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "¿Podemos cancelar después?", "Si no la aprueban pronto, cancelamos", "No cancelar",
        "Gracias por todo", "Creo que ya no la necesitamos", "ACEPTO\n\nCANCELAR",
    ],
)  # fmt: skip
def test_a_doubtful_one_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("at", "roles"),
    [
        (State.INCOMPLETE, None),  # nobody of the staff knows of it
        (State.REVIEW, {"reviewer"}),
        (State.APPROVAL, {"reviewer", "approver"}),
        (State.PROVISIONING, {"reviewer", "approver"}),
    ],
)
def test_a_request_is_cancelled_and_who_had_it_reads_of_it(
    at: State, roles: set[str] | None
) -> None:
    done = says("cancel", case(at, due_on=None if roles is None else NOW.date()))
    assert done.case is not None
    assert done.case.state is State.WITHDRAWN
    assert done.cancels_held
    at_work = [("decided", PROVISIONER.address.email)] if at is State.PROVISIONING else []
    assert sent(done) == [("withdrawn", ANA.email), *at_work]
    assert news_of(done).get("withdrawn") == roles


def test_what_is_over_cannot_be_cancelled() -> None:
    done = says("cancel", case(State.REJECTED))
    assert done.case is not None
    assert done.case.state is State.REJECTED
    assert ("remark", REVIEWER.address.email) in sent(done)


@pytest.mark.parametrize("at", [State.EXPIRED, State.WITHDRAWN])
def test_a_reply_with_content_reopens_and_thanks_do_not(at: State) -> None:
    half = case(at, form=full_form("phone_ext"))
    done = says("", half, turn=turn({"phone_ext": "7415"}))
    assert done.case is not None
    assert done.case.state is State.REVIEW
    assert [e.what for e in done.events] == ["reopened", "filled_in", "complete"]
    thanks = says("", half, turn=Turn(thanks=True))
    assert sent(thanks) == []
    assert thanks.case is not None
    assert thanks.case.state is at


def test_an_attachment_is_told_by_its_name() -> None:
    plan = Attachment("plan.pdf", "application/pdf", 9, text="Plan")
    done = says("", case(), incoming=mail(attachments=(plan,)))
    assert ("remark", REVIEWER.address.email) in sent(done)
    assert "plan.pdf" in str(notifications_of(done)[0].values["why"])
    assert "attached" in [e.what for e in done.events]


@pytest.mark.parametrize("sender", [ANA, ELVIRA])
def test_the_rules_are_accepted_by_who_answers_for_the_list(sender: Address) -> None:
    done = says("accept", case(State.PROVISIONING), sender)
    assert [e.what for e in done.events] == ["accepted_rules"]
    assert sent(done) == [("noted", sender.email)]
    assert news_of(done) == {"accepted_rules": {"reviewer"}}


def test_who_writes_is_answered_and_whose_request_it_is_but_nobody_in_copy() -> None:
    about = case(people=(ANA, OUTSIDER, *OTHERS), writers=(OTHERS[1].email,))
    for writer, answered in ((ANA, [ANA]), (OTHERS[0], [ANA, OTHERS[0]])):
        for done in (
            says("cancel", about, writer),
            says("", about, writer, turn=turn(corrections={"phone_ext": "7999"})),
            says("", about, writer, turn=Turn(rest="¿Me llaman, por favor?")),
        ):
            staff = {p.address.email for p in ORGANIZATION.staff}
            to = [n.to.email for n in notifications_of(done) if n.to.email not in staff]
            assert set(to) <= {p.email for p in answered}
            assert writer.email in to
            assert len(to) == len(set(to))


def test_who_is_in_copy_follows_once_they_wrote_or_it_was_accepted() -> None:
    """But never from outside, and never more than ten."""
    about = case(people=(ANA, OUTSIDER, *OTHERS), writers=(OTHERS[1].email, OUTSIDER.email))
    assert followers(ORGANIZATION, about) == (OTHERS[1],)
    wrote = says("", about, OTHERS[0], turn=turn(corrections={"phone_ext": "7999"})).case
    assert wrote is not None
    assert followers(ORGANIZATION, wrote) == OTHERS[:2]
    accepted = replace(about, state=State.PROVISIONING)
    assert followers(ORGANIZATION, accepted) == OTHERS[:10]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("¿Cómo va?", True),
        ("Buenos días, ¿cómo va mi trámite?\n\nAna", True),
        ("Hola, ¿en qué va lo de nuestra lista? Gracias", True),
        ("¿Ya hay respuesta?", True),
        ("¿Qué pasó con mi solicitud?", True),
        ("¿Cómo va a funcionar la lista?", False),
        ("Lo redacta Elvira.", False),
        ("Gracias", False),
        ("Les cuento cómo va a quedar: " + "la usaremos cada mes " * 8 + "¿cómo va?", False),
    ],
)
def test_how_it_goes_is_asked_in_few_words(text: str, asks: bool) -> None:
    assert asks_how_it_goes(text) is asks


def test_an_answer_reaches_who_asked_whatever_else_it_brings() -> None:
    asked = case(State.REVIEW, asked_by=PROVISIONER.address.email)
    to_asker = ("remark", PROVISIONER.address.email)
    for said in (turn({}, {"phone_ext": "7999"}), Turn(rest="Lo redacta Elvira.")):
        done = says("", asked, turn=said)
        assert to_asker in sent(done)
        assert done.case is not None
        assert not done.case.asked_by
    question = Question(QuestionTopic.STAGE, "¿Cómo va?")
    status = says("", asked, incoming=mail("¿Cómo va?"), turn=Turn(questions=(question,)))
    assert {to_asker, ("status", ANA.email)} <= set(sent(status))
    assert status.case is not None
    assert status.case.asked_by
    both = says("", asked, turn=Turn(questions=(question,), rest="Son los de licenciatura."))
    assert {to_asker, ("status", ANA.email)} <= set(sent(both))
    assert both.case is not None
    assert not both.case.asked_by
    assert [to for _, to in sent(both)].count(ANA.email) == 1


def test_a_correction_beside_the_acceptance_is_read_by_people() -> None:
    done = says("accept", case(State.PROVISIONING), turn=turn({}, {"recipients": 32}))
    assert [e.what for e in done.events] == ["accepted_rules"]
    assert ("remark", REVIEWER.address.email) in sent(done)
    noted = next(n for n in notifications_of(done) if n.template == "noted")
    assert "Lo demás que nos escribe lo lee ahora una persona" in str(noted.values)


# --- lists that exist -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["renew", "drop"])
def test_renewal_and_withdrawal_go_through_review(name: str) -> None:
    done = says(name, None, ELVIRA, records=KEPT)
    assert done.opens
    assert done.case is not None
    assert (done.case.intent, done.case.state) == (Intent.CHANGE_LIST, State.REVIEW)
    assert is_removal(done.case) is (name == "drop")
    assert not done.records
    if name == "renew":
        period = [done.case.form[name].value for name in ("start_date", "end_date")]
        assert period == [ENTRY.end_date, dt.date(2022, 8, 30)]
    twice = says(name, None, ELVIRA, records=KEPT, cases=(done.case,))
    assert not twice.opens


def test_nobody_else_renews() -> None:
    done = says("renew", None, records=KEPT)
    assert not done.opens


@pytest.mark.parametrize(
    ("text", "known"),
    [("el responsable de avisos@upaep.mx", True), ("el responsable de otra@upaep.mx", False)],
)
def test_a_change_of_a_known_list_is_a_case(text: str, known: bool) -> None:
    understood = Prediction(Intent.CHANGE_LIST, 0.9, {"responsible": found("Ramiro Ledesma")})
    done = says("", None, incoming=mail(f"Cambien {text}."), records=KEPT, prediction=understood)
    assert done.opens is known
    if done.case is not None:
        assert done.case.form["responsible"].value == "Ramiro Ledesma"
        review = next(x for x in notifications_of(done) if x.template == "review")
        assert "Lo que pide:" in str(review.values["note"])
    else:
        assert ("guidance", ANA.email) in sent(done)


def test_a_renewal_in_prose_is_for_a_period_as_long() -> None:
    wanted = Prediction(Intent.CHANGE_LIST, 0.9, {})
    asked = mail("Solicitamos renovar la lista avisos@upaep.mx por otro periodo.", sender=ELVIRA)
    done = says("", None, incoming=asked, records=KEPT, prediction=wanted)
    assert done.case is not None
    assert done.case.form["end_date"].value == dt.date(2022, 8, 30)
    dated = replace(wanted, fields={"end_date": replace(found("x"), value=dt.date(2022, 1, 31))})
    done = says("", None, incoming=asked, records=KEPT, prediction=dated)
    assert done.case is not None
    assert done.case.form["end_date"].value == dt.date(2022, 1, 31)
    assert done.case.form["start_date"].value == ENTRY.start_date


# --- absence ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Estaré fuera hasta el 20 de agosto.", dt.date(2021, 8, 20)),
        ("Regreso el 23 de agosto.", dt.date(2021, 8, 22)),
        ("Estoy de vacaciones del 10 al 27 de agosto de 2021.", dt.date(2021, 8, 27)),
        ("No estoy.", dt.date(2021, 8, 23)),
        ("Volveré el 3 de mayo de 2090", dt.date(2021, 8, 23)),
    ],
)
def test_until_when_an_automatic_reply_says_somebody_is_away(text: str, last: dt.date) -> None:
    assert leave_told("a@upaep.mx", text, NOW.date()).last == last


PHOTO = "El archivo «foto.heic» es una foto o una imagen y no podemos leer lo que dice."


def with_photo(about: Case | None, *, thanks: bool = False) -> Outcome:
    """A mail that says nothing and brings a photo."""
    made = context(
        replace(mail(""), attachments=(Attachment("foto.heic", "image/heic", 9, problem=PHOTO),)),
        case=about,
        link=Link.THREAD if about else Link.NONE,
        prediction=Prediction(Intent.OTHER, 0.9, {}),
        turn=turn(thanks=thanks) if about else None,
    )
    return decide(made)


@pytest.mark.parametrize("thanks", [True, False])
@pytest.mark.parametrize("state", [None, State.INCOMPLETE, State.REVIEW, State.CLOSED])
def test_who_sends_only_a_photo_hears_that_it_cannot_be_read(
    state: State | None, thanks: bool
) -> None:
    about = None if state is None else case(state, form=full_form())
    to_ana = [x for x in with_photo(about, thanks=thanks).notifications if x.to == ANA]
    assert any(PHOTO in str(x.values) for x in to_ana)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Quiero una lista, pero ¿me pueden marcar a la ext. 7433?", True),
        ("De verdad prefiero que me hable alguien.", True),
        ("Preferiría que me atienda una persona", True),
        ("¿Alguien me puede explicar el formato?", True),
        ("Ante cualquier duda me pueden marcar a la ext. 7433.", False),
        ("La lista es para llamar a los alumnos a su inscripción.", False),
        ("Necesito contactar a los alumnos de nuevo ingreso.", False),
    ],
)
def test_who_asks_for_a_person_gets_one_beside_the_form(text: str, asks: bool) -> None:
    wanted = context(mail(text), prediction=Prediction(Intent.CREATE_LIST, 0.95, {}))
    outcome = decide(wanted)
    assert outcome.opens
    told = [n.to.email for n in notifications_of(outcome) if n.template == "remark"]
    assert (REVIEWER.address.email in told) is asks
    form = next(n for n in notifications_of(outcome) if n.template == "form")
    assert ("una persona" in str(form.values["notes"])) is asks


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Destinatarios: jubilados", ["No reconocimos «jubilados»; puede ser alumnos, docentes"]),
        ("Iría a los de siempre: jubilados", []),  # no label of the form
        ("DIRIGIDA A : los jubilados", ["No reconocimos «los jubilados»; puede ser alumnos"]),
        ("Destinatarios: por definir", []),
        ("Destinatarios:", []),
        ("Frecuencia de envío: a ratos", []),  # it is known already
    ],
)
def test_what_is_none_of_the_choices_is_told_with_those_in_force(
    line: str, told: list[str]
) -> None:
    asks = case(State.INCOMPLETE, form=full_form("audience"))
    (notification,) = first_step(context(mail(f"Buenas tardes.\n{line}")), asks).notifications
    notes = notification.values["notes"]
    assert isinstance(notes, tuple)
    assert [note[: len(start)] for note, start in zip(notes, told, strict=True)] == told


def test_how_it_goes_tells_no_decision_that_can_still_be_undone() -> None:
    later = NOW + dt.timedelta(minutes=10)
    decision = Decision(Move.APPROVED, "direccion@upaep.mx", NOW, later, State.APPROVAL)
    accepted = case(State.PROVISIONING, decision=decision, due_on=NOW.date())
    asked = Turn(questions=(Question(QuestionTopic.STAGE, "¿Cómo va?"),))
    held = says("", accepted, incoming=mail("¿Cómo va?"), turn=asked)
    out = says("", accepted, incoming=mail("¿Cómo va?"), turn=asked, now=later)
    (before,), (after,) = ([n.values for n in notifications_of(d)] for d in (held, out))
    assert "en aprobación" in str(before["cases"])
    assert "aceptada" in str(after["cases"])
    assert after["cases"][0]["due_on"] == ""  # type: ignore[index]

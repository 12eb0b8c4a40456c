"""Each staff command beyond deciding: carried out, refused, and asked for what it lacks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.mail.compose import write
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.commands.registry import CommandSpec, spec, table
from bot.workflow.context import ROWS, Link, Original, ReplyToken
from bot.workflow.inbound import decide
from bot.workflow.message import Address
from bot.workflow.news import news_for
from bot.workflow.notifications.mails import CommandHint
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Leave, Person
from nlp.turns.types import GivenValue, Turn
from nlp.types import Command, Doubt, Intent, ParsedCommands, Prediction
from tests.builders import (
    ADMIN,
    ANA,
    APPROVER,
    KEY_HASH,
    NOW,
    ORGANIZATION,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    case,
    context,
    found,
    full_form,
    mail,
    notice,
    notifications_of,
    sent,
)
from tests.rig.rooms import BOOK, ROOMS

OUTSIDER = Address("ventas@empresa.example")
COLLEAGUE = Address("luis.mora@upaep.mx", "Luis Mora")
OTHER = case(State.REVIEW, folio="CI-2021-0007", requester=COLLEAGUE, people=(COLLEAGUE,))
WITH_WORDS = frozenset({"answer", "classify"})
TRIAGE_KEY = ReplyToken(
    KEY_HASH, "", REVIEWER.address.email, "remark", 0, WITH_WORDS, NOW, message=5
)


def give(
    name: str,
    argument: str = "",
    person: Person = REVIEWER,
    about: Case | None = None,
    text: str = "…",
    **changes: object,
) -> Outcome:
    """What a command leads to, given with a key of the case."""
    about = about or case()
    given = Command(name, argument or None)
    key = notice(person, about.state, folio=about.folio)
    if (
        "token" not in changes and spec(ORGANIZATION, name).beyond_the_case
    ):  # as when its own CONFIRM is answered
        key = replace(key, waiting=(given,), commands=frozenset({"confirm"}))
        given = Command("confirm")
    made = context(
        mail(text, person.address),
        case=about,
        link=Link.TOKEN,
        token=key,
        staff_commands=ParsedCommands((given,)),
    )
    return decide(replace(made, **changes))  # type: ignore[arg-type]


def told(outcome: Outcome) -> str:
    """What the person who gave the command reads."""
    notification = next(x for x in notifications_of(outcome) if x.template == "command_result")
    return " ".join((str(notification.values["title"]), *notification.values["lines"]))  # type: ignore[misc]


def is_refused(outcome: Outcome) -> bool:
    result = next(x for x in notifications_of(outcome) if x.template == "command_result")
    return not result.values["done"]


def givers(spec: CommandSpec) -> list[tuple[State, Person]]:
    """Where a case may stand for a command, and who may give it then."""
    return [
        (state, person)
        for state in State
        for person in ORGANIZATION.staff
        if spec.allowed(ORGANIZATION, person, case(state))
    ]


NEED_TEXT = sorted(s.name for s in table(ORGANIZATION) if s.needs_text)


@pytest.mark.parametrize("name", NEED_TEXT)
def test_a_command_without_its_text_is_asked_for_it(name: str) -> None:
    spec = next(s for s in table(ORGANIZATION) if s.name == name)
    at, person = givers(spec)[0]
    about = case(at)
    done = give(name, "", person, about)
    assert is_refused(done)
    assert done.case is None or done.case.state is at
    assert sent(done) == [("command_result", person.address.email)]


@pytest.mark.parametrize("spec", table(ORGANIZATION), ids=lambda s: s.name)
def test_a_command_that_changes_something_needs_a_key(spec: CommandSpec) -> None:
    name, changes = spec.name, spec.changes
    at, person = givers(spec)[0]
    if name == "confirm":
        return
    said = f"{REVIEWER_2.address.email} hasta el viernes" if name == "delegate" else "algo: 5"
    done = give(name, said, person, case(at), token=None, link=Link.THREAD)
    assert (sent(done)[0][0] == "confirm") == changes
    assert done.case is None or done.case.state is at


def test_what_reaches_beyond_a_case_is_confirmed_whatever_key_it_comes_with() -> None:
    done = give("delegate", f"{COLLEAGUE.email} hasta el 20 de agosto", token=notice(REVIEWER))
    assert sent(done) == [("confirm", REVIEWER.address.email)]
    assert not done.leaves
    joins = give("merge", "CI-2021-0007", other_cases=(OTHER,))  # it opens the other to this area
    assert sent(joins) == [("confirm", REVIEWER.address.email)]
    own = replace(OTHER, people=(COLLEAGUE, ANA))
    joined = give("merge", "CI-2021-0007", other_cases=(own,))
    assert joined.case is not None
    assert joined.case.merged_into == OTHER.folio
    both = ParsedCommands((Command("classify", "pregunta"), Command("classify", "otro")))
    bulk = give("classify", token=TRIAGE_KEY, case=None, staff_commands=both,
                original=Original(5, mail(), Prediction(Intent.OTHER, 0.4, {})))  # fmt: skip
    assert {template for template, _ in sent(bulk)} == {"confirm"}


def test_nobody_changes_a_request_of_their_own() -> None:
    """Not even who answers for it, by correcting that away."""
    own = replace(case(), requester=REVIEWER.address)
    for name, argument in (("correct", "extensión: 7999"), ("assign", REVIEWER_2.address.email)):
        done = give(name, argument, REVIEWER, own)
        assert is_refused(done)
        assert done.case == own


def test_nor_of_one_that_was_theirs_before_its_form_was_corrected() -> None:
    of_reviewer = found(REVIEWER.address.email)
    about = case(form=MappingProxyType({**full_form(), "email": of_reviewer}))
    done = give("correct", "correo: otra.persona@upaep.mx", REVIEWER_2, about)
    corrected = done.case
    assert corrected is not None
    assert REVIEWER.address.email not in {n.to.email for n in notifications_of(done)}
    assert corrected.form["email"].value == "otra.persona@upaep.mx"
    again = give("correct", "extensión: 7001", REVIEWER_2, corrected,
                 token=notice(REVIEWER_2, version=2)).case  # fmt: skip
    assert again is not None
    for name in ("approve", "note", "correct", "assign"):
        given = "extensión: 7999" if name == "correct" else REVIEWER_2.address.email
        done = give(name, given, REVIEWER, again, token=notice(REVIEWER, version=3))
        assert is_refused(done), name
        assert done.case == again
    joined = give("merge", OTHER.folio, REVIEWER_2, again, other_cases=(replace(OTHER, people=(ANA,
                  COLLEAGUE)),), token=notice(REVIEWER_2, version=3)).related[0].case  # fmt: skip
    assert is_refused(give("note", "x", REVIEWER, joined))


@pytest.mark.parametrize("spec", table(ORGANIZATION), ids=lambda s: s.name)
def test_nobody_without_the_role_gives_a_command(spec: CommandSpec) -> None:
    for state in State:
        for person in ORGANIZATION.staff:
            if not spec.allowed(ORGANIZATION, person, case(state)) and spec.subject != "nothing":
                about = case(state)
                done = give(spec.name, "CI-2021-0007", person, about, other_cases=(OTHER,))
                assert done.case == about, (state, person)
                assert is_refused(done)


def test_every_answer_says_more_than_that_it_was_done() -> None:
    for name, argument in (
        ("ask", "¿cuántos?"), ("answer", "sí"), ("note", "x"), ("assign", "valeria@upaep.mx"),
        ("correct", "extensión: 7999"), ("reopen", "llegó"),
    ):  # fmt: skip
        about = case(State.REJECTED) if name == "reopen" else None
        done = give(name, argument, about=about)
        notification = next(x for x in notifications_of(done) if x.template == "command_result")
        assert notification.values["lines"], name


# --- RESPONDER, ASIGNAR, CORREGIR -------------------------------------------------------------


def test_an_answer_is_relayed_and_what_comes_back_goes_to_who_answered() -> None:
    done = give("answer", "Sí, incluye posgrado.")
    assert ("answer", ANA.email) in sent(done)
    assert done.case is not None
    assert done.case.asked_by == REVIEWER.address.email


@pytest.mark.parametrize(("writer", "answered"), [(ANA, True), (OUTSIDER, False)])
def test_a_message_without_a_case_is_answered_inside_only(writer: Address, answered: bool) -> None:
    original = Original(5, mail(sender=writer), Prediction(Intent.QUESTION, 0.5, {}))
    done = give("answer", "Sí.", token=TRIAGE_KEY, case=None, original=original)
    assert (("answer", writer.email) in sent(done)) is answered
    assert is_refused(done) is not answered


def test_a_case_is_assigned_to_staff_only_and_they_are_told() -> None:
    done = give("assign", REVIEWER_2.address.email)
    assert done.case is not None
    assert done.case.assignee == REVIEWER_2.address.email
    assert ("review", REVIEWER_2.address.email) in sent(done)
    assert is_refused(give("assign", ANA.email))


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("extensión: 7999", "phone_ext", "7999"),
        ("numero de destinatarios = 2,100", "recipients", 2100),
        ("vijencia (fin): 31 de agosto de 2022", "end_date", dt.date(2022, 8, 31)),
        ("Frecuencia: quincenal", "frequency", "biweekly"),
        ("correo: otra.persona@upaep.mx", "email", "otra.persona@upaep.mx"),
    ],
)
def test_a_field_is_corrected_by_its_label(text: str, field: str, value: object) -> None:
    done = give("correct", text)
    assert done.case is not None
    assert done.case.form[field].value == value
    assert done.case.form[field].source == "staff"
    assert done.case.version == 2
    assert ("updated", ANA.email) in sent(done)
    fresh = next(x for x in notifications_of(done) if x.template == "review")
    assert any(r.before for r in fresh.values["rows"] if r.name == field)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "frecuencia quincenal en lugar de semanal, y 850 destinatarios y no 900",
            {"frequency": "biweekly", "recipients": 850},
        ),
        (
            "los destinatarios a 6,200 y el responsable a Ramiro Salgado Pozos,",
            {"recipients": 6200, "responsible": "Ramiro Salgado Pozos"},
        ),
        (
            "el responsable a Fernanda López Ruiz y el cargo a Jefa de Caja",
            {"responsible": "Fernanda López Ruiz", "position": "Jefa de Caja"},
        ),
        ("el responsable Ramiro Salgado Pozos", {"responsible": "Ramiro Salgado Pozos"}),
        ("el responsable ramiro salgado pozos", {"responsible": "ramiro salgado pozos"}),
        ("un dato: los destinatarios son 280 y no 2800", {"recipients": 280}),
        ("el cargo a jefa de caja y archivo", {"position": "jefa de caja y archivo"}),
        (
            "el objetivo a avisar cambios de salón y exámenes",
            {"purpose": "avisar cambios de salón y exámenes"},
        ),
        (
            "el nombre de la lista a nutricion-avisos en vez de nutri-lista",
            {"list_name": "nutricion-avisos"},
        ),
    ],
)
def test_fields_are_corrected_in_sentences(text: str, values: dict[str, object]) -> None:
    done = give("correct", text)
    assert done.case is not None
    staff = {n: x.value for n, x in done.case.form.items() if x.source == "staff"}
    assert staff == values


@pytest.mark.parametrize(
    "text",
    [
        "color: rojo",
        "extensión: ninguna",
        "x",
        "destinatarios:",
        "la vigencia al 3 de mayo de 2027",
        "extensión 7412 y la vigencia al 3 de mayo de 2027",
    ],
)
def test_what_cannot_be_corrected_is_told(text: str) -> None:
    done = give("correct", text)
    assert is_refused(done)
    assert done.case == case()


def test_the_last_missing_field_sends_the_case_to_review() -> None:
    done = give(
        "correct", "extensión: 7415", about=case(State.INCOMPLETE, form=full_form("phone_ext"))
    )
    assert done.case is not None
    assert done.case.state is State.REVIEW
    assert done.case.due_on is not None


# --- REABRIR, UNIR ----------------------------------------------------------------------------


@pytest.mark.parametrize("at", [State.REJECTED, State.WITHDRAWN, State.EXPIRED, State.CLOSED])
def test_a_case_is_reopened_where_it_can_go_on(at: State) -> None:
    done = give("reopen", "llegó lo que faltaba", about=case(at))
    assert done.case is not None
    assert done.case.state is State.REVIEW
    assert ("noted", ANA.email) in sent(done)
    half = give("reopen", "llegó", about=case(at, form=full_form("phone_ext")))
    assert half.case is not None
    assert half.case.state is State.INCOMPLETE
    assert ("form", ANA.email) in sent(half)


def test_a_duplicate_is_joined_to_the_other_case() -> None:
    _, done = confirmed("merge", "UNIR CI-2021-0007", other_cases=(OTHER,))
    assert done.case is not None
    assert (done.case.state, done.case.merged_into) == (State.WITHDRAWN, OTHER.folio)
    related = done.related[0]
    assert related.case.belongs_to(ANA.email)
    assert [e.what for e in (*done.events, *related.events)] == ["merged", "joined"]
    assert ("noted", ANA.email) in sent(done)


@pytest.mark.parametrize(
    ("argument", "others"),
    [
        ("CI-2021-0099", ()),
        ("CI-2021-0042", (OTHER,)),
        ("la otra", (OTHER,)),
        ("CI-2021-0007", (replace(OTHER, state=State.REJECTED),)),
        ("CI-2021-0007", (replace(OTHER, requester=REVIEWER.address, people=(ANA,)),)),
        ("CI-2021-0007", (replace(OTHER, owners=(REVIEWER.address.email,), people=(ANA,)),)),
    ],
)
def test_nothing_is_joined_to_what_is_not_there(argument: str, others: tuple[Case, ...]) -> None:
    done = give("merge", argument, other_cases=others)
    assert is_refused(done)
    assert not done.related


# --- without a key ----------------------------------------------------------------------------


def confirmed(name: str, text: str, argument: str = "", **changes: object) -> tuple[str, Outcome]:
    """A command without a key: what CONFIRMAR is asked for, and what it then does."""
    asked = give(name, argument, text=text, token=None, link=Link.FOLIO, **changes)  # type: ignore[arg-type]
    (notification,) = notifications_of(asked)
    assert notification.template == "confirm"
    assert notification.token is not None
    key = notice(REVIEWER, waiting=notification.token.waiting)
    done = give("confirm", text="CONFIRMAR", token=key, **changes)  # type: ignore[arg-type]
    return str(notification.values["command"]), done


def test_two_commands_without_a_key_are_confirmed_as_one() -> None:
    said = (Command("correct", "Frecuencia de envío: mensual"), Command("approve"))
    asked = give("approve", text="x", staff_commands=ParsedCommands(said), token=None,
                 link=Link.FOLIO)  # fmt: skip
    (confirm,) = notifications_of(asked)
    assert confirm.values["command"] == "CORREGIR Frecuencia de envío: mensual\nAPROBAR"
    assert confirm.token is not None
    key = notice(REVIEWER, waiting=confirm.token.waiting)
    done = give("confirm", text="CONFIRMAR", token=key).case
    assert done is not None
    assert (done.state, done.form["frequency"].value) == (State.APPROVAL, "monthly")


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("UNIR CI-2021-0007", ""),  # a folio alone is read as no text
        ("CI-2021-0042: UNIR CI-2021-0007", ""),
        ("UNIR es la misma que CI-2021-0007", "es la misma que CI-2021-0007"),
        ("UNIR con la otra\n\nCI-2021-0007", "con la otra"),
    ],
)
def test_a_folio_is_kept_until_it_is_confirmed(text: str, argument: str) -> None:
    says, done = confirmed("merge", text, argument, other_cases=(OTHER,))
    assert says == "UNIR CI-2021-0007"
    assert done.case is not None
    assert (done.case.state, done.case.merged_into) == (State.WITHDRAWN, OTHER.folio)


@pytest.mark.parametrize("argument", ["", "pregunta"])  # alone it may be read as a courtesy
def test_a_kind_is_kept_until_it_is_confirmed(argument: str) -> None:
    says, done = confirmed("classify", "CLASIFICAR pregunta", argument)
    assert says == "CLASIFICAR pregunta"
    assert done.case is not None
    assert done.case.state is State.WITHDRAWN
    assert "classified" in [e.what for e in done.events]


@pytest.mark.parametrize(("text", "is_done"), [("Sí.", True), ("¿Sí?", False), ("Sí?", False)])
def test_a_question_confirms_nothing(text: str, *, is_done: bool) -> None:
    key = notice(REVIEWER, waiting=(Command("note", "x"),), commands=frozenset({"confirm"}))
    done = give("note", text=text, token=key, staff_commands=ParsedCommands())
    assert ("noted" in [e.what for e in done.events]) is is_done


# --- CLASIFICAR -------------------------------------------------------------------------------


def classify(kind: str, writer: Address = ANA, **changes: object) -> Outcome:
    original = Original(5, mail(sender=writer), Prediction(Intent.OTHER, 0.4, full_form()))
    return give(
        "classify", kind, token=TRIAGE_KEY, case=None, original=replace(original, **changes)  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["creación", "Creacion", "create_list", "creasión"])
def test_a_doubtful_message_becomes_the_request_it_is(kind: str) -> None:
    done = classify(kind)
    assert done.opens
    assert done.case is not None
    assert done.case.requester == ANA
    assert ("received", ANA.email) in sent(done)
    learnt = done.corrections[0]
    assert (learnt.message, learnt.was, learnt.intent) == (5, Intent.OTHER, Intent.CREATE_LIST)
    assert set(done.consumes) == {KEY_HASH}


def test_a_message_is_classified_once_inside_and_as_something() -> None:
    assert is_refused(classify("creación", corrected_by="valeria@upaep.mx"))
    assert is_refused(classify("creación", OUTSIDER))
    assert is_refused(classify("receta"))
    guided = classify("pregunta")
    assert ("guidance", ANA.email) in sent(guided)
    assert guided.corrections


def test_a_case_taken_for_the_wrong_kind_changes_or_ends() -> None:
    original = Original(3, mail(), Prediction(Intent.CREATE_LIST, 0.9, {}))
    changed = give("classify", "restablecimiento", original=original)
    assert changed.case is not None
    assert changed.case.intent is Intent.REINSTATE_LIST
    assert changed.case.version == 2
    ended = give("classify", "pregunta", original=original)
    assert ended.case is not None
    assert ended.case.state is State.WITHDRAWN
    assert ("guidance", ANA.email) in sent(ended)


def test_a_case_that_is_another_kind_of_request_is_asked_for_that_kind_s_form() -> None:
    organization = replace(ORGANIZATION, kinds=(*ORGANIZATION.kinds, ROOMS))
    done = give("classify", "espacio", organization=organization)
    assert done.case is not None
    assert (done.case.intent, done.case.state) == (BOOK, State.INCOMPLETE)
    form = next(x for x in done.notifications if x.template == "form")
    missing = [row.name for row in form.values["missing"]]  # type: ignore[attr-defined]
    assert missing == ["event", "room", "day", "guests", "host", "host_email"]
    assert not done.notices


@pytest.mark.parametrize("at", [State.REVIEW, State.APPROVAL])
def test_a_case_whose_kind_is_no_longer_in_use_can_be_decided_on(at: State) -> None:
    person = REVIEWER if at is State.REVIEW else APPROVER
    done = give("approve", person=person, about=case(at, intent=BOOK))
    assert not is_refused(done)
    for notification in notifications_of(done):
        assert "solicitud" in write(notification, ORGANIZATION, NOW).raw.decode()
    assert "CI-2021-0042" in told(give("status", about=case(at, intent=BOOK)))


# --- ESTADO, LISTA ----------------------------------------------------------------------------


def test_status_of_another_case() -> None:
    assert "CI-2021-0007" in told(give("status", text="ESTADO CI-2021-0007", other_cases=(OTHER,)))
    assert told(give("status")).startswith("CI-2021-0042")


LATE = case(due_on=NOW.date() - dt.timedelta(days=1), folio="CI-2021-0001")
AT_APPROVAL = case(State.APPROVAL, folio="CI-2021-0002")


@pytest.mark.parametrize(
    ("text", "folios"),
    [
        ("LISTA", ["CI-2021-0001", "CI-2021-0007"]),
        ("LISTA mías", ["CI-2021-0001", "CI-2021-0007"]),
        ("LISTA atrasadas", ["CI-2021-0001"]),
        ("LISTA todas", ["CI-2021-0001", "CI-2021-0002", "CI-2021-0007"]),
    ],
)
def test_lists_of_cases(text: str, folios: list[str]) -> None:
    done = give("list", text=text, other_cases=(LATE, AT_APPROVAL, OTHER), token=None, case=None)
    assert sent(done) == [("case_list", REVIEWER.address.email)]
    assert [c.folio for c in notifications_of(done)[0].values["cases"]] == folios  # type: ignore[attr-defined]


# --- DELEGAR, absence -------------------------------------------------------------------------


def test_a_role_is_lent_for_some_days() -> None:
    done = give("delegate", f"{COLLEAGUE.email} hasta el 20 de agosto", APPROVER, AT_APPROVAL,
                other_cases=(AT_APPROVAL, OTHER))  # fmt: skip
    leave = done.leaves[0]
    assert (leave.person, leave.last) == (APPROVER.address.email, dt.date(2021, 8, 20))
    assert ("delegated", COLLEAGUE.email) in sent(done)
    assert ("alarm", ADMIN.address.email) in sent(done)  # who may decide has changed
    assert [b.case.folio for b in done.related] == [AT_APPROVAL.folio]
    assert not any(b.changes for b in done.related)


@pytest.mark.parametrize(
    "argument",
    [
        "hasta el 20 de agosto", f"{COLLEAGUE.email}", "x@empresa.example hasta el 20 de agosto",
        f"{APPROVER.address.email} hasta el 20 de agosto", f"{COLLEAGUE.email} hasta el 1/8/2021",
        "comunicacion.interna@upaep.mx hasta el 20 de agosto", "nadie",
        f"{ANA.email} hasta el 20 de agosto",  # neither of the staff nor listed
    ],
)  # fmt: skip
def test_what_cannot_be_lent_is_told(argument: str) -> None:
    done = give("delegate", argument, APPROVER, AT_APPROVAL)
    assert is_refused(done)
    assert not done.leaves


def standing_in(until: dt.date = dt.date(2021, 8, 20)) -> tuple[Organization, Person]:
    leave = Leave(APPROVER.address.email, NOW.date(), until, COLLEAGUE)
    organization = ORGANIZATION.on(NOW.date(), (leave,))
    person = organization.person(COLLEAGUE.email)
    assert person is not None
    return organization, person


def test_who_stands_in_decides_but_not_on_what_is_theirs_or_the_others() -> None:
    organization, person = standing_in()
    done = give("approve", "", person, AT_APPROVAL, organization=organization,
                token=notice(person, State.APPROVAL, folio=AT_APPROVAL.folio))  # fmt: skip
    assert done.case is not None
    assert done.case.state is State.PROVISIONING
    own = replace(AT_APPROVAL, requester=APPROVER.address)
    refused = give("approve", "", person, own, organization=organization,
                   token=notice(person, State.APPROVAL, folio=own.folio))  # fmt: skip
    assert is_refused(refused)
    again = give(
        "delegate",
        f"{ANA.email} hasta el 19 de agosto",
        person,
        AT_APPROVAL,
        organization=organization,
    )
    assert is_refused(again)


def test_who_stands_in_is_told_of_as_such() -> None:
    organization, person = standing_in()
    done = give("approve", "", person, AT_APPROVAL, organization=organization,
                token=notice(person, State.APPROVAL, folio=AT_APPROVAL.folio))  # fmt: skip
    assert done.case is not None
    happened = {done.case.folio: done.events}
    (told,) = news_for(organization, REVIEWER, (done.case,), happened)
    who = f"{person.address.name}, por encargo de {APPROVER.address.name},"
    assert told.said == (f"{who} aprobó la solicitud",)


def test_a_delegation_ends_by_its_day() -> None:
    leave = Leave(APPROVER.address.email, NOW.date(), dt.date(2021, 8, 20), COLLEAGUE)
    assert ORGANIZATION.on(dt.date(2021, 8, 21), (leave,)).person(COLLEAGUE.email) is None
    assert ORGANIZATION.on(NOW.date(), (leave,)).away_until(APPROVER.address.email) == leave.last


def test_notices_tell_which_colleagues_are_away() -> None:
    organization = ORGANIZATION.on(
        NOW.date(), (Leave(REVIEWER_2.address.email, NOW.date(), dt.date(2021, 8, 20)),)
    )
    done = give("correct", "extensión: 7999", organization=organization)
    told = notifications_of(done, organization)
    mine = next(x for x in told if x.template == "review" and x.to == REVIEWER.address)
    assert "Valeria Quiroz está fuera hasta el 20 de agosto de 2021" in str(mine.values["note"])


def test_several_commands_of_one_mail_are_told_once() -> None:
    said = (
        Command("correct", "Número aproximado de destinatarios: 530"),
        Command("correct", "Frecuencia de envío: mensual"),
        Command("approve"),
    )
    done = give("approve", text="x", staff_commands=ParsedCommands(said))
    mails = notifications_of(done)
    (updated,) = (x for x in mails if x.template == "updated")
    assert len(updated.values["changes"]) == 2  # type: ignore[arg-type]
    (answer,) = (x for x in mails if x.template == "command_result")
    assert len(answer.values["lines"]) >= 2  # type: ignore[arg-type]
    assert not [x for x in mails if x.template == "review"]
    assert done.case is not None
    assert done.case.state is State.APPROVAL
    assert done.case.form["recipients"].value == 530


def test_nothing_is_decided_on_what_could_not_be_corrected() -> None:
    said = (Command("correct", "Color favorito: azul"), Command("approve"))
    done = give("approve", text="x", staff_commands=ParsedCommands(said))
    assert done.case == case()
    (answer,) = (x for x in notifications_of(done) if x.template == "command_result")
    assert answer.values["done"] is False


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("los destinatarios a 530", "recipients", 530),
        ("la frecuencia a mensual", "frequency", "monthly"),
    ],
)
def test_a_correction_may_say_to_what(said: str, field: str, value: object) -> None:
    done = give("correct", said)
    assert done.case is not None
    assert done.case.form[field].value == value


@pytest.mark.parametrize(
    ("text", "says", "written"),
    [
        ("Asígnasela a Valeria", "ASIGNAR", REVIEWER_2.address.email),
        ("Que este lo vea Valeria por favor", "ASIGNAR", REVIEWER_2.address.email),
        ("que Valeria vea lo mío hasta el viernes", "DELEGAR",
         "que Valeria vea lo mío hasta el viernes"),
    ],
)  # fmt: skip
def test_a_colleague_who_is_named_stands_on_the_button(text: str, says: str, written: str) -> None:
    done = give("help", text=text, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    likely = notifications_of(done)[0].values["likely"]
    assert isinstance(likely, CommandHint)
    assert (likely.text, likely.argument) == (says, written)


def test_a_colleague_is_delegated_to_by_name_until_a_weekday() -> None:
    done = give("delegate", f"a {REVIEWER_2.address.name.split()[0]} hasta el viernes")
    assert not is_refused(done)


# --- what is no command -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says", "written"),
    [
        ("APRUEVAR", "APROBAR", ""),
        ("preguntarr algo", "PREGUNTAR", "algo"),
        (
            "¿Qué alumnos son? Para cargarlos necesito el semestre.",
            "PREGUNTAR",
            "¿Qué alumnos son? Para cargarlos necesito el semestre.",
        ),
        ("Clasifcar creación", "CLASIFICAR", ""),
        ("Por mi parte no hay inconveniente, adelante con el trámite.", "APROBAR", ""),
        ("va", "APROBAR", ""),
        ("No sé si aprobarla", "APROBAR", ""),
        ("No autorizado", "RECHAZAR", ""),
        ("Hola, ¿y por qué semanal? Saludos", "PREGUNTAR", "¿y por qué semanal?"),
    ],
)
def test_the_likely_command_is_offered_and_not_carried_out(
    text: str, says: str, written: str
) -> None:
    done = give("help", text=text, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    (answer,) = notifications_of(done)
    likely = answer.values["likely"]
    assert isinstance(likely, CommandHint)
    assert (likely.text, likely.argument) == (says, written)
    assert done.case == case()


LETTER = """Paulina, buenas tardes:

Revisamos con calma la solicitud y por ahora no podemos autorizarla.

El personal ya recibe tres boletines al mes. Les sugerimos usar el Correo del Día."""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{LETTER}\n\nSaludos,\nValeria Quiroz", LETTER.partition("\n\n")[2]),
        ("Lo siento pero no: los pagos los avisa Becas. Pídanle a ellos.",
         "los pagos los avisa Becas. Pídanle a ellos."),
        ("No, es que no procede. Rechazada por lo que les expliqué: el personal ya tiene tres.",
         "el personal ya tiene tres."),
        ("no, los pagos los avisa Becas", "los pagos los avisa Becas"),
        ("no podemos autorizarla", ""),
    ],
)  # fmt: skip
def test_words_against_a_request_are_offered_as_its_rejection(text: str, reason: str) -> None:
    done = give("help", text=text, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    likely = notifications_of(done)[0].values["likely"]
    assert isinstance(likely, CommandHint)
    assert (likely.text, likely.argument) == ("RECHAZAR", reason)


@pytest.mark.parametrize(
    "text",
    [
        "De acuerdo, pero que sea una vez al mes",
        "Aprobada con la condición de que Norma quede como responsable",
        "adelante si bajan la frecuencia",
        "Todavía no la apruebo, falta el oficio",
        "No, espera, me equivoqué, deténganla",
        "Yo creo que no va",
    ],
)
def test_what_hangs_on_something_is_never_offered_as_an_approval(text: str) -> None:
    done = give("help", text=text, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    assert notifications_of(done)[0].values["likely"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("De acuerdo, pero que sea una vez al mes", " Frecuencia de envío: mensual\nAPROBAR"),
        ("Que sea una vez al mes", " Frecuencia de envío: mensual"),
    ],
)
def test_a_correction_in_free_words_is_offered_before_the_approval(text: str, said: str) -> None:
    turn = Turn(corrections=(GivenValue("frequency", "monthly", text),))
    done = give("help", text=text, turn=turn, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    likely = notifications_of(done)[0].values["likely"]
    assert isinstance(likely, CommandHint)
    assert (likely.text, likely.argument, likely.needs_text) == ("CORREGIR", said, False)


TO_ANA = f"{ANA.name.split()[0]}, esa otra no la tenemos; mándanos por favor los datos."


def answered(first: Outcome, text: str, about: Case | None = None) -> Outcome:
    """What a free answer to the answer that commands got leads to."""
    (told,) = notifications_of(first)
    assert told.token is not None
    key = replace(notice(REVIEWER), commands=told.token.commands, waiting=told.token.waiting)
    unclear = ParsedCommands(why=Doubt.UNCLEAR)
    return give("help", text=text, about=about, token=key, staff_commands=unclear)


def free(text: str) -> Outcome:
    return give("help", text=text, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))


@pytest.mark.parametrize("yes", ["Sí", "Sí, envíenlo así.", "SÍ\n", "Confirmo", "sí, por favor"])
def test_yes_carries_out_what_was_proposed_and_nothing_else(yes: str) -> None:
    reason = LETTER.partition("\n\n")[2]
    rejected = answered(free(f"{LETTER}\n\nSaludos,\nValeria Quiroz"), yes)
    assert rejected.case is not None
    assert rejected.case.state is State.REJECTED
    assert rejected.case.decision is not None
    assert repr(reason)[1:-1] in str([one.values for one in notifications_of(rejected)])
    approved = answered(free("Por mi parte no hay inconveniente, adelante con el trámite."), yes)
    assert approved.case is not None
    assert approved.case.state is State.APPROVAL
    turn = Turn(corrections=(GivenValue("frequency", "monthly", "al mes"),))
    said = "De acuerdo, pero que sea una vez al mes"
    both = give("help", text=said, turn=turn, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    corrected = answered(both, yes)
    assert corrected.case is not None
    assert corrected.case.form["frequency"].value == "monthly"
    assert corrected.case.state is State.APPROVAL


@pytest.mark.parametrize(
    "text", ["¿Sí?", "No", "Sí, pero déjenme verlo", "adelante", "va", "apruébenla", "Sí. O no."]
)  # fmt: skip
def test_nothing_but_a_plain_yes_carries_out_a_proposed_rejection(text: str) -> None:
    done = answered(free("no, los pagos los avisa Becas"), text)
    assert done.case == case()
    likely = notifications_of(done)[0].values["likely"]
    assert likely is None or (isinstance(likely, CommandHint) and likely.text != "APROBAR")


def test_yes_to_what_lacks_its_text_or_to_a_form_that_changed_does_nothing() -> None:
    lacking = answered(free("no podemos autorizarla"), "Sí")
    assert lacking.case == case()
    later = replace(case(), version=case().version + 1)
    assert answered(free("va"), "Sí", later).case == later


@pytest.mark.parametrize(
    ("text", "says", "written"),
    [
        ("Pregúntenle a Iván si son de octavo y de qué serían los avisos. Gracias", "PREGUNTAR",
         "si son de octavo y de qué serían los avisos."),
        ("Ese nombre ya existe en el servidor. ¿Puede ser arq-avisos?", "PREGUNTAR",
         "Ese nombre ya existe en el servidor. ¿Puede ser arq-avisos?"),
        ("¿Qué alumnos son? Para cargarlos necesito el semestre.\n\nSaludos", "PREGUNTAR",
         "¿Qué alumnos son? Para cargarlos necesito el semestre."),
        ("La apruebo, creo. ¿Y por qué semanal?", "PREGUNTAR", "¿Y por qué semanal?"),
        ("Que esta la vea Valeria, por favor.", "ASIGNAR", REVIEWER_2.address.email),
        (TO_ANA, "RESPONDER", TO_ANA),
    ],
)  # fmt: skip
def test_a_proposal_carries_the_words_that_it_would_send(
    text: str, says: str, written: str
) -> None:
    likely = notifications_of(free(text))[0].values["likely"]
    assert isinstance(likely, CommandHint)
    assert (likely.text, likely.argument) == (says, written)


def test_beside_a_proposal_only_a_reason_that_is_certain_is_told() -> None:
    for why in (Doubt.UNCLEAR, Doubt.PAST, Doubt.HESITATION, Doubt.CONDITION, Doubt.OTHERS):
        (answer,) = notifications_of(
            give("help", text="va", staff_commands=ParsedCommands(why=why))
        )
        assert answer.values["lines"] == ()
    unclear = ParsedCommands(why=Doubt.TAMPERED)
    (answer,) = notifications_of(give("help", text="va", staff_commands=unclear))
    assert answer.values["lines"]


def test_an_unclear_answer_to_a_numbered_mail_hears_that_nothing_was_done() -> None:
    said = "La 2 y la 3 sí. A la 4 pregúntenle qué retiros son."
    (answer,) = notifications_of(
        give("help", text=said, token=None, case=None, link=Link.NONE,
             batch=replace(notice(REVIEWER), stage=ROWS),
             prediction=Prediction(Intent.CASE_STATUS, 1.0, {}),
             staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    )  # fmt: skip
    assert (answer.template, answer.values["done"]) == ("command_result", False)
    assert "numerada" in str(answer.values["lines"])


@pytest.mark.parametrize("text", ["Buenas tardes", "", "Lo veo con calma"])
def test_nothing_is_guessed_where_nothing_is_near(text: str) -> None:
    done = give("help", text=text, staff_commands=ParsedCommands(why=Doubt.UNCLEAR))
    assert notifications_of(done)[0].values["likely"] is None


@pytest.mark.parametrize(
    ("text", "says", "at"),
    [
        ("Tienes razón Paulina, la reabrimos para verla otra vez", "REABRIR", State.REJECTED),
        ("Ah perfecto, entonces sí, aprobada. Lo del francés que lo pida aparte", "APROBAR",
         State.REVIEW),
        ("Sí, pueden pedirla así", "", State.REVIEW),
        ("Cuando esté aprobada les avisamos", "", State.REVIEW),
        ("La solicitud ya fue aprobada por otra oficina", "", State.REVIEW),
    ],
)  # fmt: skip
def test_what_is_decided_in_an_answer_is_confirmed_and_not_sent(
    text: str, says: str, at: State
) -> None:
    key = replace(notice(REVIEWER), stage="remark", commands=WITH_WORDS)
    original = Original(5, mail(), Prediction(Intent.OTHER, 1.0, {}))
    done = give("help", text=text, about=case(at), token=key, original=original,
                staff_commands=ParsedCommands(why=Doubt.UNCLEAR))  # fmt: skip
    (asked,) = notifications_of(done)
    assert asked.template == "confirm"
    assert str(asked.values["command"]).startswith(says)
    assert bool(says) is not bool(asked.values["asks"])


def test_hands_over_in_free_words_with_the_colleague_and_the_days() -> None:
    text = "Salgo del 1 al 11 de diciembre. Valeria Quiroz se hace cargo de mis aprobaciones."
    said = {"text": text, "staff_commands": ParsedCommands(why=Doubt.UNCLEAR), "token": None,
            "case": None, "link": Link.NONE,
            "prediction": Prediction("other", 1.0, {})}  # fmt: skip
    (asked,) = notifications_of(give("help", **said))  # type: ignore[arg-type]
    says = f"DELEGAR {REVIEWER_2.address.email} del 01/12/2021 al 11/12/2021"
    assert (asked.template, asked.values["command"]) == ("confirm", says)
    unknown = text.replace("Valeria Quiroz", "Ulises Portugal")
    (refused,) = notifications_of(give("help", **{**said, "text": unknown}))  # type: ignore[arg-type]
    assert refused.template == "command_result"


@pytest.mark.parametrize(
    ("name", "address"),
    [("avisos-biblioteca", "avisos-biblioteca@upaep.mx"), ("Biblioteca Central", "")],
)
@pytest.mark.parametrize("text", ["Listo, ya quedó", "Ya quedó"])
def test_what_is_done_is_offered_with_the_address_of_its_work_order(
    text: str, name: str, address: str
) -> None:
    form = MappingProxyType({**full_form(), "list_name": found(name)})
    done = give("help", text=text, person=PROVISIONER, about=case(State.PROVISIONING, form=form),
                staff_commands=ParsedCommands(why=Doubt.ADDRESS))  # fmt: skip
    likely = notifications_of(done)[0].values["likely"]
    assert isinstance(likely, CommandHint)
    assert (likely.text, likely.argument) == ("HECHO", address)


def test_free_words_undo_in_time_and_are_told_late_what_is_left() -> None:
    at = case(State.APPROVAL)
    decision = Decision(Move.TO_APPROVAL, REVIEWER.address.email, NOW, NOW, State.REVIEW)
    free = {
        "text": "No, espera, me equivoqué",
        "staff_commands": ParsedCommands(why=Doubt.WITHDRAWN),
    }
    late = give("help", about=replace(at, decision=decision), **free)  # type: ignore[arg-type]
    assert "aún no decide" in str(notifications_of(late)[0].values["lines"])
    decision = replace(decision, goes_out_at=NOW + dt.timedelta(minutes=5))
    early = give("help", about=replace(at, decision=decision), **free)  # type: ignore[arg-type]
    likely = notifications_of(early)[0].values["likely"]
    assert isinstance(likely, CommandHint)
    assert likely.text == "DESHACER"


def test_the_key_of_triage_decides_nothing() -> None:
    key = replace(notice(REVIEWER), stage="remark", commands=WITH_WORDS)
    done = give("approve", token=key)
    assert done.case == case()
    assert ("review", REVIEWER.address.email) in sent(done)


def test_admin_and_provisioner_have_their_own_commands_only() -> None:
    for person in (ADMIN, PROVISIONER):
        assert is_refused(give("correct", "extensión: 7999", person))

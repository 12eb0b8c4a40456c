"""An area hears what stands in the way of its request before staff do, and what it mended."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.lists.guidelines import RULES, Guidelines
from bot.lists.kind import list_kind
from bot.workflow.case import Case, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.kinds import Check
from bot.workflow.notification import Notification
from bot.workflow.notifications.advice import advice
from bot.workflow.outcome import Outcome
from nlp.pipeline import Predictor, load
from nlp.types import Block, BlockKind, Extraction, FieldValue, Intent, Message, Prediction
from tests.builders import ANA, FORM, NOW, ORGANIZATION, SAY, case, context, mail, turn

TODAY = NOW.date()
CLEAN: dict[str, str] = {
    "Tipo de solicitud": "Creación",
    "Área solicitante": "Biblioteca Central",
    "Responsable del envío": "Elvira Santoyo Quiroz",
    "Cargo": "Jefa de Servicios",
    "Correo institucional": "elvira.santoyo@upaep.mx",
    "Extensión": "7415",
    "Nombre de la lista": "avisos-biblioteca",
    "Objetivo de la lista": "difundir las nuevas adquisiciones y los cursos",
    "Destinatarios": "alumnos y docentes",
    "Número aproximado de destinatarios": "1,850",
    "Frecuencia de envío": "mensual",
    "Vigencia": "del 1 de septiembre de 2021 al 31 de agosto de 2022",
    "Justificación": "el Correo del Día publica un solo renglón por aviso y no basta",
    "Visto bueno": "Joaquín Verduzco Leal",
}
OFFICES = (
    ("Biblioteca Central", "avisos-biblioteca", "Elvira Santoyo Quiroz", "Joaquín Verduzco Leal"),
    (
        "Facultad de Enfermería",
        "practicas.enfermeria",
        "Raúl Cisneros Ávila",
        "Inés Paredes Toxqui",
    ),
    ("Dirección de Deportes", "torneos", "Marisol Juárez Rentería", "Hugo Betancourt Solís"),
    ("Servicio Social", "servicio-social", "Abel Xicoténcatl Mora", "Norma Ugalde Barrientos"),
)
FAULTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("institutional_email", "Correo institucional", ("avisos.area@gmail.com", "jefa@hotmail.com")),
    ("responsible", "Responsable del envío", ("Elvira", "Marisol")),
    ("period", "Vigencia", ("del 1 de septiembre de 2021 al 31 de agosto de 2024",
                            "del 1 de septiembre de 2021 al 15 de agosto de 2021",
                            "del 1 de marzo de 2021 al 28 de febrero de 2022")),
    ("frequency", "Frecuencia de envío", ("diaria", "todos los días")),
    ("justification", "Justificación", ("hace falta", "es muy importante para nosotros")),
    ("list_name", "Nombre de la lista", ("Avisos Biblioteca", "señales", "avisos@gmail.com")),
    ("recipients", "Número aproximado de destinatarios", ("1", "950,000")),
    ("sponsor", "Visto bueno", ("Joaquín", "Norma")),
    ("sponsor_is_not_responsible", "Visto bueno", ("",)),
)  # fmt: skip


def test_a_fault_is_planted_for_every_rule() -> None:
    assert [fault[0] for fault in FAULTS] == list(RULES)


def requests(count: int, *, faulty: bool) -> Iterator[tuple[str, str]]:
    """Mails with a filled-in form, one rule broken in each or none; the rule's key."""
    chance = random.Random(17)
    for number in range(count):
        area, name, responsible, sponsor = chance.choice(OFFICES)
        form = CLEAN | {
            "Área solicitante": area,
            "Nombre de la lista": name,
            "Responsable del envío": responsible,
            "Visto bueno": sponsor,
            "Número aproximado de destinatarios": str(chance.randrange(20, 5000)),
            "Frecuencia de envío": chance.choice(("semanal", "quincenal", "mensual", "trimestral")),
        }
        rule, label, values = FAULTS[number % len(FAULTS)]
        if faulty:
            form[label] = chance.choice(values) or responsible.upper()
        lines = list(form.items())
        if chance.random() < 0.5:
            chance.shuffle(lines)
        parting = chance.choice((": ", ":\n", " - "))
        yield "\n".join(f"{label}{parting}{value}" for label, value in lines), rule


def first_answer(predictor: Predictor, text: str) -> Notification:
    message = Message("Formato", (Block(BlockKind.NEW, text),), TODAY, sender="Ana Prado")
    found = predictor.understand(message, FORM).fields
    asks = Prediction(Intent.CREATE_LIST, 0.99, found)
    made = context(mail(text), prediction=asks)
    (answer,) = decide(made).notifications
    return answer


def checks_of(answer: Notification) -> tuple[Check, ...]:
    checks = answer.values["checks"]
    assert isinstance(checks, tuple)
    return checks


def tells(answer: Notification, rule: str) -> bool:
    """Whether a fault is told: as a check that fails, or asked for where nothing could be read."""
    fields = RULES[rule][0]
    missing = answer.values.get("missing", ())
    assert isinstance(missing, tuple)
    told = {SAY(f"guidelines.rule.{rule}")} & {c.name for c in checks_of(answer) if not c.passed}
    return bool(told or {row.name for row in missing} & set(fields))


def test_planted_faults_are_told_in_the_first_answer_and_none_where_there_are_none() -> None:
    predictor, planted = load(), list(requests(100, faulty=True))
    assert sum(tells(first_answer(predictor, text), rule) for text, rule in planted) >= 95
    for text, _ in requests(100, faulty=False):
        answer = first_answer(predictor, text)
        assert answer.template == "received", text
        assert checks_of(answer) == ()


# --- one case ---------------------------------------------------------------------------------

GOOD: dict[str, FieldValue] = {
    "responsible": "Elvira Santoyo Quiroz",
    "email": "elvira.santoyo@upaep.mx",
    "list_name": "avisos-biblioteca",
    "recipients": 1850,
    "frequency": "weekly",
    "start_date": dt.date(2021, 9, 1),
    "end_date": dt.date(2022, 8, 31),
    "justification": "el Correo del Día publica un solo renglón por aviso y no basta",
    "sponsor": "Joaquín Verduzco Leal",
}


def asking(state: State = State.REVIEW, **changes: FieldValue | None) -> Case:
    made = case(state)
    values = {**made.form} | {n: Extraction(v, "text", "") for n, v in GOOD.items()}
    for name, value in changes.items():
        if value is None:
            del values[name]
        else:
            values[name] = Extraction(value, "text", "")
    return replace(made, form=MappingProxyType(values))


def said(checks: tuple[Check, ...]) -> list[tuple[str, bool]]:
    return [(check.name, check.passed) for check in checks]


def corrects(about: Case, **values: FieldValue) -> Outcome:
    return decide(context(mail(), case=about, link=Link.THREAD, turn=turn({}, values)))


def to_area(done: Outcome) -> Notification:
    return next(n for n in done.notifications if n.to == ANA)


def test_what_is_mended_comes_back_as_a_tick_and_the_rest_is_not_said_again() -> None:
    faulty = asking(end_date=dt.date(2024, 8, 31), frequency="daily")
    assert said(advice(ORGANIZATION, faulty, TODAY)) == [("Vigencia", False), ("Frecuencia", False)]
    answer = to_area(corrects(faulty, end_date=dt.date(2022, 8, 31)))
    assert said(checks_of(answer)) == [("Vigencia", True)]


def test_what_is_still_wrong_after_a_correction_is_said_again() -> None:
    faulty = asking(end_date=dt.date(2024, 8, 31))
    (check,) = checks_of(to_area(corrects(faulty, end_date=dt.date(2023, 8, 31))))
    assert not check.passed
    assert "729 días" in check.text
    assert check.mend.startswith("Responda con otras fechas")


def test_a_correction_that_breaks_a_rule_is_told_and_one_that_does_not_is_not() -> None:
    assert said(checks_of(to_area(corrects(asking(), frequency="daily")))) == [
        ("Frecuencia", False)
    ]
    assert checks_of(to_area(corrects(asking(), frequency="monthly"))) == ()


def test_what_is_asked_for_is_no_fault_and_what_is_given_is_checked_at_once() -> None:
    partial = asking(State.INCOMPLETE, start_date=None, sponsor=None, frequency="daily")
    assert said(advice(ORGANIZATION, partial, TODAY)) == [("Frecuencia", False)]
    given = turn({"sponsor": "Joaquín Verduzco Leal"}, {"frequency": "weekly"})
    done = decide(context(mail(), case=partial, link=Link.THREAD, turn=given))
    answer = to_area(done)
    assert answer.template == "form"
    assert said(checks_of(answer)) == [("Frecuencia", True)]


def test_a_person_named_twice_is_told_once() -> None:
    nobody = asking(sponsor="Elvira")
    assert said(advice(ORGANIZATION, nobody, TODAY)) == [("Visto bueno", False)]


@pytest.mark.parametrize(
    "guidelines", [Guidelines(tell_area=False), Guidelines(skip=frozenset({"frequency"}))]
)
def test_what_the_configuration_leaves_out_is_not_told(guidelines: Guidelines) -> None:
    organization = replace(ORGANIZATION, kinds=(list_kind(FORM, guidelines=guidelines),))
    assert advice(organization, asking(frequency="daily"), TODAY) == ()

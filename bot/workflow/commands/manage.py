"""Orders that move a case along without deciding on it: assign, correct, reopen, merge."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import FINAL, Case, Move, State
from bot.workflow.commands.answers import event, refused, told
from bot.workflow.commands.correct import Unreadable, read_correction
from bot.workflow.commands.registry import LIVE, STAFF, Act, order
from bot.workflow.context import Beside, Decision, Situation
from bot.workflow.folio import folios_in
from bot.workflow.followers import with_followers
from bot.workflow.notification import Letter
from bot.workflow.notifications.mails import decided, display_name, form
from bot.workflow.notifications.notices import STAGES, notice, notices
from bot.workflow.notifications.updates import Change, change, noted, updated
from bot.workflow.organization import Role
from bot.workflow.steps import completed
from nlp.types import Found

_LIVE = dict.fromkeys(LIVE, STAFF)
_DESK = frozenset({Role.REVIEWER, Role.APPROVER})
_OPEN = (State.INCOMPLETE, State.REVIEW, State.APPROVAL)


@order(
    "assign",
    "ASIGNAR",
    ("asignarle", "turnar a", "assign"),
    _LIVE,
    argument="address",
    needs_text=True,
    verbs=("asignar", "turnar"),
)
def assign(act: Act) -> Decision:
    """Encarga la solicitud a alguien del personal; escriba después su correo."""
    house, email = act.situation.house, act.argument.strip().lower()
    person = house.person(email)
    if person is None:
        known = ", ".join(p.address.email for p in house.staff)
        why = f"{email} no es del personal." if email else "Falta el correo de a quién se asigna."
        return refused(act, why, f"Puede asignarse a: {known}.")
    case = replace(act.case, assignee=email, updated_at=act.situation.now)
    who, by = display_name(person.address), display_name(act.person.address)
    letters = [told(
        act,
        f"Asignó {case.folio} a {who}.",
        "Ya se lo avisamos. Para cambiarlo, escriba ASIGNAR y otro correo.",
        case=case,
    )]  # fmt: skip
    if person.address.email != act.person.address.email:
        letters.append(_handed_over(act, case, email, by))
    line = event(act, "assigned", f"asignó la solicitud a {who}")
    return Decision(line.text, case, events=(line,), letters=tuple(letters))


def _handed_over(act: Act, case: Case, email: str, by: str) -> Letter:
    """A notice where the new assignee can act now, else just word of it."""
    house = act.situation.house
    person = house.person(email)
    assert person is not None  # noqa: S101  (assign asked)
    may = case.state in STAGES and STAGES[case.state][1] in person.roles
    if may and not case.is_own_request_of(email):
        return notice(house, case, person, note=f"{by} le asignó esta solicitud.")
    return decided(house, case, act.person, "le asignó la solicitud", [person])[0]


@order(
    "correct",
    "CORREGIR",
    ("correct",),
    dict.fromkeys(_OPEN, _DESK),
    argument="text",
    needs_text=True,
    verbs=("corregir/corrij",),
)
def correct(act: Act) -> Decision:
    """Corrige un dato del formato: campo, dos puntos y el valor; se avisa al área."""
    house, before = act.situation.house, act.case
    try:
        values = read_correction(house.form, act.argument, act.situation.now.date())
    except Unreadable as unreadable:
        return refused(act, unreadable.why, *unreadable.lines)
    changes = tuple(change(house, before, name, value) for name, value in values.items())
    if all(c.value == c.before for c in changes):
        return refused(act, "Ese dato ya estaba así.")
    found = {n: Found(v, "staff", act.argument[:200]) for n, v in values.items()}
    case = replace(
        before,
        form=MappingProxyType({**before.form, **found}),
        version=before.version + 1,
        updated_at=act.situation.now,
    )
    who = display_name(act.person.address)
    said = "; ".join(_changed(c) for c in changes)
    line = event(act, "corrected", f"corrigió {said}", case)
    step = _after_correction(act, case, before, f"{who} corrigió {said}.")
    result = told(
        act,
        f"Corrigió {said}.",
        "El área ya fue avisada y quienes deciden recibieron un aviso nuevo."
        if step.case and step.case.state in STAGES else "El área ya fue avisada.",
        "Para deshacerlo, escriba CORREGIR con el valor anterior.",
        case=case,
    )  # fmt: skip
    letters = (*with_followers(house, case, updated(case, changes)), result)
    return Decision("corrected by staff", case, events=(line,), letters=letters).then(step)


def _after_correction(act: Act, case: Case, before: Case, news: str) -> Decision:
    """Goes on where nothing is missing any more; else fresh notices with the change marked."""
    situation = act.situation
    if case.state is State.INCOMPLETE and not case.missing(situation.house.form):
        return completed(situation.house, case, situation.now, act.person.address.email)
    return Decision("", case, letters=notices(situation.house, case, before, news))


def _changed(one: Change) -> str:
    old = f" (antes: {one.before})" if one.before else ""
    return f"«{one.label}»: {one.value}{old}"


@order(
    "reopen",
    "REABRIR",
    ("reabro", "reopen"),
    dict.fromkeys(FINAL, _DESK),
    argument="text",
    needs_text=True,
    verbs=("reabrir",),
)
def reopen(act: Act) -> Decision:
    """Reabre una solicitud ya cerrada; escriba después el motivo, que se envía al área."""
    situation, case = act.situation, act.case
    if not act.argument:
        return refused(act, "Falta el motivo: escriba REABRIR y el motivo.")
    if case.ruling and situation.now < case.ruling.goes_out_at:
        why = "La decisión aún no sale: quien la tomó puede escribir DESHACER."
        return refused(act, why)
    case = replace(case.moved(Move.REOPENED, situation.now), ruling=None, merged_into="")
    line = event(act, "reopened", f"reabrió la solicitud: {act.argument}")
    said = "Su solicitud se reabrió"
    step = Decision("", case)
    if case.missing(situation.house.form):
        step = Decision("", case, letters=(form(situation.house, case, first=False),))
    else:
        who = act.person.address.email
        step = completed(situation.house, case, situation.now, who, tell_area=False)
    area = noted(
        case,
        said,
        "Comunicación Interna reabrió su solicitud y el trámite continúa.",
        "No tiene que enviarla de nuevo.",
        quote=act.argument,
    )
    result = told(
        act,
        f"Reabrió {case.folio}.",
        "El área ya fue avisada con el motivo.",
        "Si fue un error, puede rechazarla o pedir al área que la cancele.",
        case=step.case,
    )
    letters = (*with_followers(situation.house, case, area), result)
    done = Decision("reopened", case, events=(line,), letters=letters)
    return done.then(step)


def _folios(situation: Situation, argument: str) -> str:
    """The folios in an order's text or else in its mail: one alone is read as no text."""
    own = situation.case.folio if situation.case else ""
    for said in (argument, situation.incoming.text):
        found = [f for f in folios_in(said, situation.house.folio_prefix) if f != own]
        if found:
            return " ".join(found)
    return argument


@order(
    "merge",
    "UNIR",
    ("unificar", "duplicada de", "merge"),
    dict.fromkeys(_OPEN, _DESK),
    argument="text",
    needs_text=True,
    verbs=("unir",),
    finds=_folios,
)
def merge(act: Act) -> Decision:
    """Une esta solicitud a otra que pide lo mismo; escriba después el folio de la otra."""
    house, case, now = act.situation.house, act.case, act.situation.now
    wanted = [f for f in folios_in(act.argument, house.folio_prefix) if f != case.folio]
    if len(wanted) != 1:
        return refused(act, "Falta el folio de la otra solicitud: escriba UNIR y el folio.")
    target = next((c for c in act.situation.others if c.folio == wanted[0]), None)
    if target is None:
        return refused(act, f"No hay ninguna solicitud {wanted[0]}.")
    if target.state in FINAL - {State.CLOSED}:
        return refused(act, f"{target.folio} ya no está en trámite; no se le puede unir otra.")
    closed = replace(case.moved(Move.WITHDRAWN, now), merged_into=target.folio, ruling=None)
    people = {p.email: p for p in (*target.people, case.requester, *case.people)}
    joined = replace(target, people=tuple(people.values()), updated_at=now)
    line = event(act, "merged", f"unió la solicitud a {target.folio}")
    there = event(act, "joined", f"unió a esta la solicitud {case.folio}", joined)
    area = noted(
        closed,
        "Su solicitud se unió a otra igual",
        f"{closed.folio} pide lo mismo que {target.folio}, que sigue su trámite.",
        f"Usted recibirá las respuestas sobre {target.folio} y puede escribir sobre ella.",
    )
    result = told(
        act,
        f"Unió {closed.folio} a {target.folio}.",
        f"{closed.folio} quedó cerrada; sus personas siguen ahora {target.folio}.",
        f"Para deshacerlo, responda REABRIR y el motivo sobre {closed.folio}.",
        case=closed,
        key=True,
    )
    others = house.with_role(Role.REVIEWER)
    letters = (
        *with_followers(house, closed, area),
        result,
        *decided(house, closed, act.person, f"la unió a {target.folio}", others),
    )
    return Decision(
        line.text, closed, events=(line,), letters=letters, spends=act.key, cancels_held=True,
        beside=(Beside(joined, (there,)),),
    )  # fmt: skip

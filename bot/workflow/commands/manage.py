"""Commands that move a case along without deciding on it: assign, correct, reopen, merge."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import FINAL, Case, Move, State
from bot.workflow.commands.answers import event, refused, told
from bot.workflow.commands.correct import Unreadable, read_correction
from bot.workflow.commands.registry import LIVE, STAFF, CommandContext, command
from bot.workflow.context import Context, Need
from bot.workflow.folio import folios_in
from bot.workflow.followers import with_followers
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import decided, display_name, form
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.updates import Change, change, noted, updated
from bot.workflow.outcome import Outcome, RelatedUpdate
from bot.workflow.staff import Role
from bot.workflow.steps import completed
from nlp.types import Extraction

_LIVE = dict.fromkeys(LIVE, STAFF)
_DESK = frozenset({Role.REVIEWER, Role.APPROVER})
_OPEN = (State.INCOMPLETE, State.REVIEW, State.APPROVAL)


@command(
    "assign",
    "ASIGNAR",
    ("asignarle", "turnar a", "assign"),
    _LIVE,
    argument="address",
    needs_text=True,
    verbs=("asignar", "turnar"),
)
def assign(command: CommandContext) -> Outcome:
    """Encarga la solicitud a alguien del personal; escriba después su correo."""
    organization, email = command.context.organization, command.argument.strip().lower()
    person = organization.person(email)
    if person is None:
        known = ", ".join(p.address.email for p in organization.staff)
        why = f"{email} no es del personal." if email else "Falta el correo de a quién se asigna."
        return refused(command, why, f"Puede asignarse a: {known}.")
    case = replace(command.case, assignee=email, updated_at=command.context.now)
    who, by = display_name(person.address), display_name(command.person.address)
    result = told(
        command,
        f"Asignó {case.folio} a {who}.",
        "Ya se lo avisamos. Para cambiarlo, escriba ASIGNAR y otro correo.",
        case=case,
    )
    line = event(command, "assigned", f"asignó la solicitud a {who}")
    done = Outcome(line.text, case, events=(line,), notifications=(result,))
    if organization.may_act(person, case) and person != command.person:
        return done.asking(StageNotice(case, person, note=f"{by} le asignó esta solicitud."))
    what = "le asignó la solicitud"
    return done.plus(*decided(organization, case, command.person, what, [person]))


@command(
    "correct",
    "CORREGIR",
    ("correct",),
    dict.fromkeys(_OPEN, _DESK),
    argument="text",
    needs_text=True,
    verbs=("corregir/corrij",),
)
def correct(command: CommandContext) -> Outcome:
    """Corrige un dato del formato: campo, dos puntos y el valor; se avisa al área."""
    organization, before = command.context.organization, command.case
    form_, today = organization.kind(before).form, command.context.now.date()
    try:
        values = read_correction(form_, command.argument, today)
    except Unreadable as unreadable:
        return refused(command, unreadable.why, *unreadable.lines)
    changes = tuple(change(organization, before, name, value) for name, value in values.items())
    if all(c.value == c.before for c in changes):
        return refused(command, "Ese dato ya estaba así.")
    found = {n: Extraction(v, "staff", command.argument[:200]) for n, v in values.items()}
    case = replace(
        before,
        form=MappingProxyType({**before.form, **found}),
        version=before.version + 1,
        updated_at=command.context.now,
    )
    who = display_name(command.person.address)
    said = "; ".join(_changed(c) for c in changes)
    line = event(command, "corrected", f"corrigió {said}", case)
    step = _after_correction(command, case, before, f"{who} corrigió {said}.")
    result = told(
        command,
        f"Corrigió {said}.",
        "El área ya fue avisada y quienes deciden recibieron un aviso nuevo."
        if step.case and organization.stage(step.case) else "El área ya fue avisada.",
        "Para deshacerlo, escriba CORREGIR con el valor anterior.",
        case=case,
    )  # fmt: skip
    notifications = (*with_followers(organization, case, updated(case, changes)), result)
    return Outcome("corrected by staff", case, events=(line,), notifications=notifications).then(
        step
    )


def _after_correction(command: CommandContext, case: Case, before: Case, news: str) -> Outcome:
    """Goes on where nothing is missing any more; else fresh notices with the change marked."""
    context = command.context
    if case.state is State.INCOMPLETE and not context.organization.kind(case).missing(case):
        return completed(context.organization, case, context.now, command.person.address.email)
    return Outcome("", case, notices=notices(context.organization, case, before, news))


def _changed(one: Change) -> str:
    old = f" (antes: {one.before})" if one.before else ""
    return f"«{one.label}»: {one.value}{old}"


@command(
    "reopen",
    "REABRIR",
    ("reabro", "reopen"),
    dict.fromkeys(FINAL, _DESK),
    argument="text",
    needs_text=True,
    verbs=("reabrir",),
)
def reopen(command: CommandContext) -> Outcome:
    """Reabre una solicitud ya cerrada; escriba después el motivo, que se envía al área."""
    context, case = command.context, command.case
    if not command.argument:
        return refused(command, "Falta el motivo: escriba REABRIR y el motivo.")
    if case.decision and context.now < case.decision.goes_out_at:
        why = "La decisión aún no sale: quien la tomó puede escribir DESHACER."
        return refused(command, why)
    case = replace(case.moved(Move.REOPENED, context.now), decision=None, merged_into="")
    line = event(command, "reopened", f"reabrió la solicitud: {command.argument}")
    said = "Su solicitud se reabrió"
    step = Outcome("", case)
    if context.organization.kind(case).missing(case):
        step = Outcome("", case, notifications=(form(context.organization, case, first=False),))
    else:
        who = command.person.address.email
        step = completed(context.organization, case, context.now, who, tell_requester=False)
    area = noted(
        case,
        said,
        "Comunicación Interna reabrió su solicitud y el trámite continúa.",
        "No tiene que enviarla de nuevo.",
        quote=command.argument,
    )
    result = told(
        command,
        f"Reabrió {case.folio}.",
        "El área ya fue avisada con el motivo.",
        "Si fue un error, puede rechazarla o pedir al área que la cancele.",
        case=step.case,
    )
    notifications = (*with_followers(context.organization, case, area), result)
    done = Outcome("reopened", case, events=(line,), notifications=notifications)
    return done.then(step)


def _folios(context: Context, argument: str) -> str:
    """The folios in a command's text or else in its mail: one alone is read as no text."""
    own = context.case.folio if context.case else ""
    for said in (argument, context.incoming.text):
        found = [f for f in folios_in(said, context.organization.folio_prefix) if f != own]
        if found:
            return " ".join(found)
    return argument


@command(
    "merge",
    "UNIR",
    ("unificar", "duplicada de", "merge"),
    dict.fromkeys(_OPEN, _DESK),
    argument="text",
    needs_text=True,
    verbs=("unir",),
    needs=frozenset({Need.CITED_CASES}),
    finds=_folios,
)
def merge(command: CommandContext) -> Outcome:
    """Une esta solicitud a otra que pide lo mismo; escriba después el folio de la otra."""
    organization, case, now = command.context.organization, command.case, command.context.now
    wanted = [f for f in folios_in(command.argument, organization.folio_prefix) if f != case.folio]
    if len(wanted) != 1:
        return refused(command, "Falta el folio de la otra solicitud: escriba UNIR y el folio.")
    target = next((c for c in command.context.others if c.folio == wanted[0]), None)
    if target is None:
        return refused(command, f"No hay ninguna solicitud {wanted[0]}.")
    if target.state in FINAL - {State.CLOSED}:
        return refused(command, f"{target.folio} ya no está en trámite; no se le puede unir otra.")
    closed = replace(case.moved(Move.WITHDRAWN, now), merged_into=target.folio, decision=None)
    people = {p.email: p for p in (*target.people, case.requester, *case.people)}
    joined = replace(target, people=tuple(people.values()), updated_at=now)
    line = event(command, "merged", f"unió la solicitud a {target.folio}")
    there = event(command, "joined", f"unió a esta la solicitud {case.folio}", joined)
    area = noted(
        closed,
        "Su solicitud se unió a otra igual",
        f"{closed.folio} pide lo mismo que {target.folio}, que sigue su trámite.",
        f"Usted recibirá las respuestas sobre {target.folio} y puede escribir sobre ella.",
    )
    result = told(
        command,
        f"Unió {closed.folio} a {target.folio}.",
        f"{closed.folio} quedó cerrada; sus personas siguen ahora {target.folio}.",
        f"Para deshacerlo, responda REABRIR y el motivo sobre {closed.folio}.",
        case=closed,
        with_token=True,
    )
    others = organization.with_role(Role.REVIEWER)
    notifications = (
        *with_followers(organization, closed, area),
        result,
        *decided(organization, closed, command.person, f"la unió a {target.folio}", others),
    )
    return Outcome(
        line.text, closed, events=(line,), notifications=notifications, consumes=command.token,
        cancels_held=True, related=(RelatedUpdate(joined, (there,)),),
    )  # fmt: skip

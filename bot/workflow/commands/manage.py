"""Commands that move a case along without deciding on it: assign, correct, reopen, merge."""

import datetime as dt
from dataclasses import replace

from bot.workflow.case import FINAL, LIVE, UNDECIDED, Case, Move, State
from bot.workflow.commands.answers import event, refused, told
from bot.workflow.commands.correct import UnreadableCorrection, read_correction
from bot.workflow.commands.registry import STAFF, CommandContext, Offer, command
from bot.workflow.context import Context, Need
from bot.workflow.followers import with_followers
from bot.workflow.news import as_news
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import Change, display_name, form
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.updates import change, noted, updated
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome, RelatedUpdate
from bot.workflow.staff import Role
from bot.workflow.steps import completed
from nlp.text.folios import folios_in
from nlp.types import Extraction

_DESK = frozenset({Role.REVIEWER, Role.APPROVER})


@command("assign", "ASIGNAR", ("asignarle", "turnar a", "assign", "le corresponde a", "le toca a",
         "que la atienda", "que la vea", "que la revise"), dict.fromkeys(LIVE, STAFF),
         argument="address", argument_hint="correo", verbs=("asignar", "turnar", "pasar",
         "reasignar", "canalizar", "encargar"), offers=frozenset({Offer.NOTICE, Offer.LATE}),
         staff_only=True, likely=("se la paso a", "se lo paso a", "la vea", "la atienda",
         "la revise", "lo vea", "lo revise", "lo atienda"))  # fmt: skip
def assign(command: CommandContext) -> Outcome:
    """Encarga la solicitud a alguien del personal; escriba después su correo."""
    organization, email = command.organization, command.argument.strip().lower()
    person = organization.person(email)
    if person is None:
        known = ", ".join(p.address.email for p in organization.staff)
        why = command.say("manage.assign_to_whom")
        if email:
            why = command.say("manage.assign_stranger", email=email)
        return refused(command, why, command.say("manage.assign_may_be", people=known))
    case = replace(command.case, assignee=email, updated_at=command.now)
    who, by = display_name(person.address), display_name(command.person.address)
    may_act, stage = organization.may_act(person, case), organization.stage(case)
    result = told(
        command,
        command.say("manage.assigned", folio=case.folio, who=who),
        command.say("manage.assigned_next" if may_act else "manage.assigned_later"),
        command.say("manage.assigned_change"),
        case=case,
    )
    line = event(command, "assigned", command.say("history.assigned", who=who))
    line = as_news(line, (stage.role,) if stage and may_act else person.roles)
    done = Outcome(line.text, case, events=(line,), results=(result,))
    if not may_act or person == command.person:
        return done
    note = command.say("manage.assigned_to_you", by=by)
    return done.asking(StageNotice(case, person, note=note))


@command("correct", "CORREGIR", ("correct",), dict.fromkeys(UNDECIDED, _DESK), argument="text",
         argument_hint="campo: valor", verbs=("corregir/corrij", "cambiar"),
         prepares=True)  # fmt: skip
def correct(command: CommandContext) -> Outcome:
    """Corrige un dato del formato: campo, dos puntos y el valor; se avisa al área."""
    organization, before = command.organization, command.case
    form_, today = organization.kind(before).form, command.now.date()
    try:
        values = read_correction(command.say, form_, " ".join(command.argument.split()), today)
    except UnreadableCorrection as unreadable:
        return refused(command, unreadable.why, *unreadable.lines)
    changes = tuple(change(organization, before, name, value) for name, value in values.items())
    if all(c.value == c.before for c in changes):
        return refused(command, command.say("manage.correct_same"))
    found = {n: Extraction(v, "staff", command.argument[:200]) for n, v in values.items()}
    case = replace(before.knowing(found), version=before.version + 1, updated_at=command.now)
    who = display_name(command.person.address)
    said = "; ".join(_changed(command, c) for c in changes)
    line = event(command, "corrected", command.say("history.corrected", said=said), case)
    news = command.say("manage.corrected_by", who=who, said=said)
    step = _after_correction(command, case, before, news)
    holds = step.case is not None and organization.stage(step.case) is not None
    result = told(
        command,
        command.say("manage.corrected", said=said),
        command.say("manage.corrected_notices" if holds else "manage.corrected_told"),
        command.say("manage.correct_undo"),
        case=case,
    )
    then = organization.kind(before).as_told(before)
    told_changes = tuple(change(organization, then, name, value) for name, value in values.items())
    area = with_followers(organization, case, updated(case, told_changes))
    done = Outcome(
        "corrected by staff", case, events=(line,), notifications=area, results=(result,)
    )
    return done.then(step)


def _after_correction(command: CommandContext, case: Case, before: Case, news: str) -> Outcome:
    """Goes on where nothing is missing any more; else fresh notices with the change marked."""
    context = command.context
    if case.state is State.INCOMPLETE and not context.organization.kind(case).missing(case):
        return completed(context.organization, case, context.now, command.person.address.email)
    return Outcome("", case, notices=notices(context.organization, case, before, news))


def _changed(command: CommandContext, one: Change) -> str:
    if not one.before:
        return command.say("manage.first", label=one.label, value=one.value)
    return command.say("manage.change", label=one.label, value=one.value, before=one.before)


@command("reopen", "REABRIR", ("reabro", "reopen"), dict.fromkeys(FINAL, _DESK), argument="text",
         argument_hint="motivo", verbs=("reabrir",), staff_only=True, free_words=True,
         likely=("la reabrimos", "la reabro", "lo reabrimos", "se reabre"))  # fmt: skip
def reopen(command: CommandContext) -> Outcome:
    """Reabre una solicitud ya cerrada; escriba después el motivo, que se envía al área."""
    context, case = command.context, command.case
    if not command.argument:
        return refused(command, command.say("manage.reopen_why"))
    if case.decision and context.now < case.decision.goes_out_at:
        return refused(command, command.say("manage.reopen_undo"))
    case = replace(case.moved(Move.REOPENED, context.now), decision=None, merged_into="")
    line = event(command, "reopened", command.say("history.reopened", argument=command.argument))
    said = command.say("manage.reopened_title")
    if context.organization.kind(case).missing(case):
        step = Outcome("", case, notifications=(form(context.organization, case, first=False),))
    else:
        who = command.person.address.email
        step = completed(context.organization, case, context.now, who, tell_requester=False)
    news = noted(
        case,
        said,
        command.say("manage.reopened"),
        command.say("manage.reopened_no_need"),
        quote=command.argument,
    )
    result = told(
        command,
        command.say("manage.reopened_done", folio=case.folio),
        command.say("manage.reopened_told"),
        command.say("manage.reopened_mistake"),
        case=step.case,
    )
    area = with_followers(context.organization, case, news)
    done = Outcome("reopened", case, events=(line,), notifications=area, results=(result,))
    return done.then(step)


def _folios(context: Context, argument: str) -> str:
    """The folios in a command's text or else in its mail: one alone is read as no text."""
    own = context.case.folio if context.case else ""
    for said in (argument, context.incoming.text):
        found = [f for f in folios_in(said, context.organization.folio_prefix) if f != own]
        if found:
            return " ".join(found)
    return argument


def _brings_others(command: CommandContext) -> bool:
    """Whether joining opens the other case to somebody who takes no part in it."""
    cited = folios_in(command.argument, command.organization.folio_prefix)
    others = [c for c in command.context.other_cases if c.folio in cited]
    people = {p.email for p in (command.case.requester, *command.case.people)}
    return any(not other.belongs_to(email) for other in others for email in people)


@command("merge", "UNIR", ("unificar", "duplicada de", "merge"), dict.fromkeys(UNDECIDED, _DESK),
         argument="text", argument_hint="folio", verbs=("unir",),
         needs=frozenset({Need.CITED_CASES}), finds=_folios, staff_only=True,
         reaches=_brings_others)  # fmt: skip
def merge(command: CommandContext) -> Outcome:
    """Une esta solicitud a otra que pide lo mismo; escriba después el folio de la otra."""
    organization, case, now = command.organization, command.case, command.now
    wanted = [f for f in folios_in(command.argument, organization.folio_prefix) if f != case.folio]
    if len(wanted) != 1:
        return refused(command, command.say("manage.merge_which"))
    target = next((c for c in command.context.other_cases if c.folio == wanted[0]), None)
    if target is None:
        return refused(command, command.say("manage.merge_unknown", wanted=wanted[0]))
    if target.state in FINAL - {State.CLOSED}:
        return refused(command, command.say("manage.merge_closed", folio=target.folio))
    if organization.is_own_request(target, command.person):
        return refused(command, command.say("manage.merge_own", folio=target.folio))
    closed = replace(case.moved(Move.WITHDRAWN, now), merged_into=target.folio, decision=None)
    joined = _joined(target, case, organization, now)
    line = event(command, "merged", command.say("history.merged_into", folio=target.folio))
    line = as_news(line, _DESK)
    there = event(command, "joined", command.say("history.merged_here", folio=case.folio), joined)
    area = noted(
        closed,
        command.say("manage.merged_title"),
        command.say("manage.merged_same", folio=closed.folio, folio_2=target.folio),
        command.say("manage.merged_answers", folio=target.folio),
    )
    result = told(
        command,
        command.say("manage.merged", folio=closed.folio, folio_2=target.folio),
        command.say("manage.merged_people", folio=closed.folio, folio_2=target.folio),
        command.say("manage.merge_undo", folio=closed.folio),
        case=closed,
        with_token=True,
    )
    notifications = with_followers(organization, closed, area)
    return Outcome(
        line.text, closed, events=(line,), notifications=notifications, results=(result,),
        cancels_held=True, related=(RelatedUpdate(joined, (there,)),),
    )  # fmt: skip


def _joined(target: Case, case: Case, organization: Organization, now: dt.datetime) -> Case:
    """A case with the people of another: they go on with it, and none of them decides on it."""
    people = {p.email: p for p in (*target.people, case.requester, *case.people)}
    return replace(
        target,
        people=tuple(people.values()),
        owners=tuple(sorted(organization.owners_of(target, case))),
        writers=tuple(dict.fromkeys((*target.writers, case.requester.email, *case.writers))),
        updated_at=now,
    )

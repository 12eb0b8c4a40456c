"""Commands that only look something up: how a case goes, which ones there are."""

import datetime as dt
from dataclasses import dataclass, replace

from bot.workflow.absence import away_lines
from bot.workflow.calendar import plain_date
from bot.workflow.case import DECIDED_AT, Case, State
from bot.workflow.commands.answers import only_told
from bot.workflow.commands.grants import numbered_tokens, rows_grant
from bot.workflow.commands.registry import ANY_STATE, CommandContext, command
from bot.workflow.context import Need
from bot.workflow.notification import StageNotice
from bot.workflow.notifications.mails import display_name, staff_name, state_words, to_staff
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.present import missing_rows, rows
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person
from nlp.text.fold import words
from nlp.text.folios import folios_in

_SHORT = 3  # letters of words that name nothing
MOST = 60  # cases on a list
MOST_NUMBERED = 20  # of them that can be decided on by their numbers


@command("status", "ESTADO", ("estado", "estatus", "status"), ANY_STATE, changes=False,
       subject="nothing", aside=True, everyday=True, allows_comment=True,
       needs=frozenset({Need.CITED_CASES, Need.OPEN_CASES}),
       argument_hint="[folio]")  # fmt: skip
def status(command: CommandContext) -> Outcome:
    """Le dice cómo va la solicitud o, si escribe un folio, cómo va otra."""
    case = _meant(command)
    if case is None and not _cited(command):
        spoken = _spoken_of(command)
        if len(spoken) != 1:
            return list_(command)
        case = spoken[0]
    if case is None:
        return _unknown(command)
    return only_told(command, case.folio, *_status_lines(case, command.organization))


def _cited(command: CommandContext) -> str:
    prefix = command.organization.folio_prefix
    return next(iter(folios_in(command.context.incoming.text, prefix)), "")


def _meant(command: CommandContext) -> Case | None:
    """The case whose folio the message cites, else the one it is about."""
    others = {c.folio: c for c in command.context.other_cases}
    cited = _cited(command)
    return others.get(cited) if cited else command.about


def _spoken_of(command: CommandContext) -> tuple[Case, ...]:
    """The open cases whose area or name the message names best: "lo de Derecho"."""
    said = {word for word in words(command.context.incoming.text) if len(word) > _SHORT}
    hits = []
    for case in command.context.other_cases:
        told = command.organization.kind(case).words(case)
        own = words(f"{told.area} {told.name.replace('-', ' ')}")
        hits.append((len(said.intersection(own)), case))
    best = max((count for count, _ in hits), default=0)
    return tuple(case for count, case in hits if best and count == best)


def _unknown(command: CommandContext) -> Outcome:
    cited = _cited(command)
    why = command.say("query.unknown", wanted=cited) if cited else command.say("query.which")
    return only_told(command, why, command.say("query.open_ones"))


def _status_lines(case: Case, organization: Organization) -> list[str]:
    email, state = case.requester.email, state_words(case, organization)
    lines = [organization.say("query.request_of", email=email, state_words=state)]
    if case.state is State.INCOMPLETE:
        names = ", ".join(row.label for row in missing_rows(organization.kind(case), case))
        lines.append(organization.say("query.missing", names=names))
    if case.due_on and case.state in DECIDED_AT:
        lines.append(organization.say("query.due", due_on=case.due_on))
    if case.assignee:
        name = staff_name(organization, case.assignee)
        lines.append(organization.say("query.assigned", staff_name=name))
    form = rows(organization.kind(case).form, case)
    lines += [f"{row.label}: {row.value}" for row in form if row.value]
    return [*lines, *away_lines(organization)]


@command("notice", "AVISO", ("aviso", "otro aviso", "reenviar aviso", "reenviar el aviso"),
         ANY_STATE, changes=False, subject="nothing", aside=True, everyday=True,
         allows_comment=True, needs=frozenset({Need.CITED_CASES}),
         argument_hint="[folio]")  # fmt: skip
def notice(command: CommandContext) -> Outcome:
    """Envía otra vez el aviso de la solicitud a quien debe atenderla."""
    case = _meant(command)
    if case is None:
        return _unknown(command)
    organization = command.organization
    people = organization.who_may_act(case)
    if not people:
        state = state_words(case, organization)
        return only_told(command, command.say("query.nobody_acts", folio=case.folio, state=state))
    if command.person in people:
        return Outcome("notice", command.about, notices=(StageNotice(case, command.person),))
    told = only_told(
        command,
        command.say("query.notice_again", folio=case.folio),
        *(display_name(p.address) for p in people),
    )
    return told.asking(*notices(organization, case))


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case on a list, in words."""

    folio: str
    area: str
    name: str
    state: str
    since: str
    due: str
    late: bool
    assignee: str


@command(
    "list",
    "LISTA",
    ("lista", "lista mias", "lista atrasadas", "lista todas", "lista de todas",
     "lista de pendientes", "pendientes", "mis pendientes", "listar", "list"),
    ANY_STATE,
    changes=False,
    subject="nothing",
    aside=True,
    everyday=True,
    allows_comment=True,
    needs=frozenset({Need.OPEN_CASES}),
    argument_hint="[mías|atrasadas|todas]",
)  # fmt: skip
def list_(command: CommandContext) -> Outcome:
    """Le envía las solicitudes abiertas: LISTA mías, atrasadas o todas."""
    organization, today = command.organization, command.now.date()
    said = set(words(command.context.incoming.text[:200]))
    open_cases = sorted(command.context.other_cases, key=lambda c: (c.opened_at, c.folio))
    if said & {"todas", "todo", "all"}:
        title, chosen = command.say("query.all_open"), open_cases
    elif said & {"atrasadas", "atrasados", "vencidas", "late"}:
        title, chosen = command.say("query.late"), [c for c in open_cases if _is_late(c, today)]
    else:
        title = command.say("query.waiting_for_you")
        chosen = [c for c in open_cases if _waits(organization, command.person, c)]
    values: dict[str, object] = {
        "title": title,
        "cases": tuple(_line(c, organization, today) for c in chosen[:MOST]),
        "more": max(0, len(chosen) - MOST),
        "away": tuple(away_lines(organization)),
        "numbered": min(len(chosen), MOST_NUMBERED),
    }
    numbered = tuple(chosen[:MOST_NUMBERED])
    notification = replace(
        to_staff("case_list", command.person.address, values, None),
        token=rows_grant(command.person) if numbered else None,
        case_tokens=numbered_tokens(organization, command.person, enumerate(numbered, 1)),
    )
    return Outcome("a list of cases", command.about, notifications=(notification,))


def _waits(organization: Organization, person: Person, case: Case) -> bool:
    if case.assignee:
        return case.assignee in (person.address.email, *person.stands_for)
    return organization.may_act(person, case)


def _is_late(case: Case, today: dt.date) -> bool:
    waits = case.state in DECIDED_AT
    return waits and case.due_on is not None and case.due_on < today


def _line(case: Case, organization: Organization, today: dt.date) -> CaseLine:
    words = organization.kind(case).words(case)
    return CaseLine(
        folio=case.folio,
        area=words.area or case.requester.email,
        name=words.name,
        state=state_words(case, organization),
        since=plain_date(organization.day(case.opened_at)),
        due=plain_date(case.due_on) if case.due_on and case.state in DECIDED_AT else "",
        late=_is_late(case, today),
        assignee=staff_name(organization, case.assignee) if case.assignee else "",
    )

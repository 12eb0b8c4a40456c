"""Commands for the rows of a mail that numbers cases: "APROBAR 1, 3; RECHAZAR 2 duplicada".

Each row has a key of its own, for its person, case, stage and form version: it is decided as by an
answer to its own notice, wholly or not at all, and what stands in the way of one stops no other.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.workflow.authority import is_authenticated
from bot.workflow.commands.carry_out import carry_out
from bot.workflow.commands.exposed_tokens import used_by_another, without_exposed_token
from bot.workflow.commands.grants import rows_grant
from bot.workflow.commands.registry import spec, table
from bot.workflow.context import Context, Link, Need
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import CaseToken, Notification, Purpose
from bot.workflow.notifications.mails import to_staff
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.requester.requests import answer_requester
from bot.workflow.staff import Person
from nlp.commands.numbered import parse_numbered
from nlp.types import NOT_NUMBERED, Message, NumberedCommand, NumberedCommands, ParsedCommands


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of the command for one row, in words; until when it can be undone."""

    number: int
    folio: str
    title: str
    lines: tuple[str, ...] = ()
    done: bool = False
    undo_until: str = ""


def said_of_rows(organization: Organization, mail: ParsedMessage) -> NumberedCommands:
    """What a mail says of numbered rows, whoever wrote it."""
    reads = [
        row.reads for row in table(organization)
        if row.changes and row.subject == "case" and row.needs <= {Need.RECORDS}
    ]  # fmt: skip
    message = Message(mail.subject, mail.blocks, dt.date.min)  # no command reads a date
    writer, said = mail.sender.name if mail.sender else "", organization.said_here(reads)
    return parse_numbered(message, said, visible_text=mail.visible_text, writer=writer)


def carry_out_rows(context: Context, decide: Callable[[Context], Outcome]) -> Outcome:
    """What a mail leads to that answers one with numbered rows; `decide` is for one row's case."""
    person, token, policy = context.staff, context.token, context.organization.sender_policy
    if token is None or person is None:
        return answer_requester(context).then(used_by_another(context))
    said = context.numbered
    believed = is_authenticated(context.incoming, policy)
    if token.person != person.address.email or not believed or not said.commands:
        done = carry_out(replace(context, staff_commands=ParsedCommands(why=said.why)), person)
        return without_exposed_token(context, person, done)
    results: list[RowResult] = []
    done = Outcome("commands for numbered rows")
    tokens: list[CaseToken] = []
    looked: set[tuple[str, str]] = set()
    for one in said.commands:
        outcome = _refused(context, one, looked) or _one(context, one, decide)
        if isinstance(outcome, RowResult):
            results.append(outcome)
            continue
        results.append(_result(context, one, outcome))
        if results[-1].undo_until:
            tokens += [
                CaseToken(n.case.folio, n.token, one.number)
                for n in outcome.results
                if n.case and n.token
            ]
        done = done.then(Outcome("", several=(replace(outcome, results=(), leaves=()),)))
    return without_exposed_token(context, person, done.plus(_table(person, results, tokens)))


def _refused(
    context: Context, one: NumberedCommand, looked: set[tuple[str, str]]
) -> RowResult | None:
    """Why a row is not even looked at: there is none, or another is meant."""
    row = context.rows.get(one.number)
    if row is None:
        return RowResult(one.number, "", context.say("rows.none", number=one.number))
    if one.folio and one.folio != row.case.folio:
        other = context.say("rows.other_folio", number=one.number, folio=one.folio)
        return RowResult(one.number, row.case.folio, other)
    if spec(context.organization, one.command.name).needs:
        key = (one.command.name, one.command.argument or "")
        if key in looked:  # what the first of them keeps the second would not know of
            return RowResult(one.number, row.case.folio, context.say("rows.same_argument"))
        looked.add(key)
    return None


def _one(context: Context, one: NumberedCommand, decide: Callable[[Context], Outcome]) -> Outcome:
    row = context.rows[one.number]
    alone = replace(
        context, case=row.case, token=row.token, link=Link.TOKEN, turn=None,
        staff_commands=ParsedCommands((one.command,)), numbered=NOT_NUMBERED, rows={},
    )  # fmt: skip
    return decide(alone)


def _result(context: Context, one: NumberedCommand, outcome: Outcome) -> RowResult:
    folio = outcome.case.folio if outcome.case else ""
    for told in outcome.results:
        return RowResult(one.number, folio, told.title, told.lines, told.done, told.undo_until)
    return RowResult(one.number, folio, context.say("rows.to_confirm"))


def _table(person: Person, results: list[RowResult], tokens: list[CaseToken]) -> Notification:
    undoable = {one.number: at for at, one in enumerate(tokens)}
    values: dict[str, object] = {
        "count": sum(one.done for one in results),
        "rows": tuple(sorted(results, key=lambda one: one.number)),
        "undoable": undoable,
    }
    mail = to_staff("rows_done", person.address, values, None, Purpose.RESULT)
    return replace(mail, token=rows_grant(person) if tokens else None, case_tokens=tuple(tokens))

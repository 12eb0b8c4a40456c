"""What staff command with a message, and what must be known for that."""

from bot.workflow.commands.query import status
from bot.workflow.commands.registry import row_of, spec
from bot.workflow.context import TRIAGE, Context, Need
from bot.workflow.kinds import CASE_STATUS
from bot.workflow.requester.commands import asks_how_it_goes
from nlp.types import Command


def commands_given(context: Context) -> tuple[Command, ...]:
    """The commands of a message, if staff wrote it; ESTADO where it has none, but asks how requests
    of others stand."""
    said = context.staff_commands.commands
    return (Command(row_of(status).name),) if not said and _only_looks_up(context) else said


def all_given(context: Context) -> tuple[Command, ...]:
    """The same with those that wait for CONFIRMAR, and those for rows of a mail."""
    waiting = context.token.waiting if context.token else ()
    return (*commands_given(context), *waiting, *(one.command for one in context.numbered.commands))


def needed(context: Context) -> frozenset[Need]:
    """What must be known besides the case; words with somebody's words answer those."""
    commands, token = all_given(context), context.token
    if token is not None and token.stage == TRIAGE and not commands:
        return frozenset({Need.ORIGINAL})
    rows = (spec(context.organization, one.name) for one in commands)
    return frozenset(need for row in rows for need in row.needs)


def _only_looks_up(context: Context) -> bool:
    """Whether one of the staff, who asked for nothing, asks how requests of others stand."""
    if context.staff is None or context.cases or context.token is not None:
        return False
    intent = context.prediction.intent
    learned = intent == CASE_STATUS and context.batch is None  # a mail with rows is mostly decided
    asks = learned or asks_how_it_goes(context.incoming.text)
    return asks and not context.organization.topic(intent).is_request

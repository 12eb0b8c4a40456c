"""What was probably meant, shown as a question: SÍ carries out exactly what its mail shows."""

import re
from dataclasses import replace

from bot.workflow.case import Case, State
from bot.workflow.commands.grants import case_grant
from bot.workflow.commands.nearest import meant
from bot.workflow.commands.registry import lines, may_give, row_of, spec, table
from bot.workflow.commands.talk import answer_
from bot.workflow.context import Context
from bot.workflow.notification import CONFIRM, TokenGrant
from bot.workflow.notifications.mails import CommandHint
from bot.workflow.notifications.notices import written
from bot.workflow.notifications.updates import change
from bot.workflow.organization import Organization
from bot.workflow.staff import Person
from nlp.commands.numbered import told_of_rows
from nlp.text.fold import fold, words
from nlp.turns.courtesy import agreement
from nlp.types import Command

_ADDRESSED = re.compile(
    r"\s{0,9}(?:(?i:hola|estimad[oa]|buen[oa]s (?:d[ií]as|tardes)|mtr[oa]|dra?|lic|ing)[.,]? ){0,2}"
    r"(?P<name>\w{3,20})(?: [A-ZÁÉÍÓÚÑ]\w{1,20}){0,3} ?[,:]"
)
_WORDS = 1_500  # characters of an answer that is offered to be sent


def corrections(context: Context, case: Case | None) -> tuple[str, ...]:
    """What a reply of staff corrects in the form, as CORREGIR takes it."""
    if case is None:
        return ()
    turn, known = context.turn, context.organization.kind(case).form
    said = (*turn.corrections, *turn.answers) if turn else ()
    changes = [
        change(context.organization, case, one.field, one.value)
        for one in said
        if one.value is not None and one.field in known
    ]
    return tuple(f"{one.label}: {one.value}" for one in changes if one.value != one.before)


def likely(context: Context, person: Person, case: Case) -> CommandHint | None:
    """What an answer to a notice of the case probably meant, with all that it needs."""
    organization, text = context.organization, context.incoming.text
    colleague = organization.colleague_in(text, person)
    email = colleague.email if colleague else ""
    near = meant(text, may_give(organization, person, case), email, corrections(context, case))
    waiting = context.token.waiting if context.token else ()
    if waiting and (near is None or _decides(organization, near)):  # never its opposite
        denied = agreement([text]) is False
        return None if denied else _shown_again(organization, person, case, waiting)
    if near is None and _speaks_to(text, case):
        return replace(lines((row_of(answer_),))[0], argument=text.strip()[:_WORDS])
    if near is None or near.argument or case.state is not State.PROVISIONING:
        return near
    shown = organization.kind(case).shows(case, organization, None, context.now.date())
    return written((near,), shown)[0]


def likely_of_rows(context: Context, person: Person) -> CommandHint | None:
    """What free words say of the rows of a person's own mail, as the commands for them."""
    of, says = context.batch or context.token, dict[tuple[str, str], list[str]]()
    if of is None or of.person != person.address.email:
        return None
    for numbers, told in told_of_rows(context.incoming.text):
        for number in (one for one in numbers if one in context.rows):
            hint = meant(told, may_give(context.organization, person, context.rows[number].case))
            if hint is not None and bool(hint.argument) is hint.needs_text:
                says.setdefault((hint.text, hint.argument), []).append(str(number))
    said = [
        f"{word} {', '.join(rows)}" + (f": {why}" if why else "")
        for (word, why), rows in says.items()
    ]
    first, _, rest = "\n".join(said).partition(" ")
    return CommandHint(first, "", argument=f" {rest}") if said else None


def _speaks_to(text: str, case: Case) -> bool:
    """Whether a text addresses one of those who ask by name: "Gerardo, …"."""
    named = _ADDRESSED.match(text)
    names = {name for one in (case.requester, *case.people) for name in words(fold(one.name))}
    return named is not None and fold(named["name"]) in names


def agrees(context: Context, waiting: tuple[Command, ...]) -> bool:
    """Whether a message is the SÍ to commands that wait; "adelante" rejects nothing."""
    text = context.incoming.text
    if not waiting or not agreement([text]):
        return False
    rows = [spec(context.organization, one.name) for one in waiting]
    return not any(row.decides and row.needs_text for row in rows) or _plain_yes(text)


def _plain_yes(text: str) -> bool:
    return next(iter(words(fold(text[:80]))), "") in ("si", "confirmo", "confirmado")


def proposing(
    organization: Organization, person: Person, case: Case, hint: CommandHint | None
) -> TokenGrant:
    """A token for all that may be ordered about a case, with what a `hint` says waiting for SÍ."""
    grant = case_grant(organization, person, case)
    waiting = _commands(organization, hint) if hint else ()
    if not all(_may(organization, person, case, one) for one in waiting):
        return grant
    return replace(grant, commands=grant.commands | {CONFIRM}, waiting=waiting)


def _shown_again(
    organization: Organization, person: Person, case: Case, waiting: tuple[Command, ...]
) -> CommandHint | None:
    """Commands that wait, as they were shown; None where they cannot be given any more."""
    if not waiting or not all(_may(organization, person, case, one) for one in waiting):
        return None
    rows = [spec(organization, one.name) for one in waiting]
    hint = lines(rows)[0]
    if len(waiting) == 1 and hint.needs_text:
        return replace(hint, argument=waiting[0].argument or "")
    said = [
        f"{row.says} {one.argument or ''}".strip()
        for row, one in zip(rows, waiting, strict=True)
    ]  # fmt: skip
    return replace(hint, needs_text=False, argument="\n".join(said).removeprefix(hint.text))


def _may(organization: Organization, person: Person, case: Case, command: Command) -> bool:
    row = spec(organization, command.name)
    lacks = row.needs_text and not command.argument
    return not (lacks or row.beyond_the_case) and row.allowed(organization, person, case)


def _decides(organization: Organization, hint: CommandHint) -> bool:
    return any(spec(organization, one.name).decides for one in _commands(organization, hint))


def _commands(organization: Organization, hint: CommandHint) -> tuple[Command, ...]:
    """The commands that a hint says, each on a line where they are several."""
    names = {row.says: row.name for row in table(organization)}
    if hint.needs_text:
        return (Command(names[hint.text], hint.argument or None),)
    said = (line.partition(" ") for line in f"{hint.text}{hint.argument}".splitlines())
    return tuple(Command(names[says], argument.strip() or None) for says, _, argument in said)

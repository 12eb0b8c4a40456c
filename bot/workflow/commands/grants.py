"""What a reply token is made for, and whether one that comes back serves for a command."""

from collections.abc import Iterable
from enum import StrEnum

from bot.workflow.case import Case
from bot.workflow.commands.registry import CommandSpec, Offer, table
from bot.workflow.context import ROWS, TRIAGE, Context
from bot.workflow.notification import CaseToken, TokenGrant
from bot.workflow.organization import Organization
from bot.workflow.staff import Person


class Flaw(StrEnum):
    """Why a token does not serve for a command; the values name what is said of it."""

    MISSING = "missing"
    USED = "token_used"
    OLD = "token_old"
    TRIAGE = "no_notice"  # it came with somebody's words, not with a notice to decide
    OTHER_FORM = "form_changed"
    OTHER_STAGE = "other_stage"
    NOT_OFFERED = "not_offered"


def case_grant(organization: Organization, person: Person, case: Case) -> TokenGrant:
    """A token for all that a person may command about a case as it stands."""
    about_cases = (r for r in table(organization) if r.changes and not r.beyond_the_case)
    names = frozenset(r.name for r in about_cases if r.allowed(organization, person, case))
    return TokenGrant(person.address.email, case.state, case.version, names)


def rows_grant(person: Person) -> TokenGrant:
    """A token for the rows of a mail: alone it serves for nothing, each row has its own."""
    return TokenGrant(person.address.email, ROWS, 0, frozenset())


def numbered_tokens(
    organization: Organization, person: Person, cases: Iterable[tuple[int, Case]]
) -> tuple[CaseToken, ...]:
    """The tokens of the rows of a mail that numbers cases."""
    return tuple(
        CaseToken(case.folio, case_grant(organization, person, case), number)
        for number, case in cases
    )


def triage_grant(person: Person, case: Case | None, offered: Iterable[CommandSpec]) -> TokenGrant:
    """A token to answer somebody's words: what is offered with them, and nothing that decides."""
    names = frozenset(row.name for row in offered)
    return TokenGrant(person.address.email, TRIAGE, case.version if case else 0, names)


def offered_with_words(
    organization: Organization, person: Person, case: Case | None
) -> tuple[CommandSpec, ...]:
    """The commands that are offered with somebody's words that a person must look at."""
    return tuple(
        row
        for row in table(organization)
        if Offer.TRIAGE in row.offers and (case is None or row.allowed(organization, person, case))
    )


def flaw_of(context: Context, case: Case | None, row: CommandSpec, offered_as: str) -> Flaw | None:
    """What keeps the token presented from serving for a command; None where nothing does.

    `case` is the case as the commands before it in the same mail left it: they may have corrected
    its form, but nothing is decided at a stage that the token is not for. `offered_as` is the name
    that the token must bear, CONFIRMAR's where that was asked for.
    """
    token, organization = context.token, context.organization
    if token is None:
        return Flaw.MISSING
    if context.now - token.created_at > organization.token_life:
        return Flaw.OLD
    if context.case is not None and token.version != context.case.version:
        return Flaw.OTHER_FORM
    standing = case if row.decides else context.case
    if token.void or (standing is not None and token.stage not in (standing.state, TRIAGE)):
        return Flaw.OTHER_STAGE
    if token.consumed_at is not None:
        return Flaw.USED
    if offered_as in token.commands:
        return None
    return Flaw.TRIAGE if token.stage == TRIAGE else Flaw.NOT_OFFERED

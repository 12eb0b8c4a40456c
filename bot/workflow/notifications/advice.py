"""What an area hears of the rules of its request before staff do: what to mend, what it mended."""

import datetime as dt

from bot.workflow.case import Case
from bot.workflow.kinds import Check
from bot.workflow.organization import Organization


def advice(
    organization: Organization,
    case: Case,
    today: dt.date,
    before: Case | None = None,
    *,
    only_changes: bool = False,
) -> tuple[Check, ...]:
    """The checks to be told: those that fail, one a field, and with `before` those mended since.

    With `only_changes`, of those that fail only such as failed for another reason, or did not.
    What is still asked for is no fault yet.
    """
    now = _settled(organization, case, today)
    earlier = _settled(organization, before, today) if before else ()
    failed = {check.name for check in earlier if not check.passed}
    mended = tuple(check for check in now if check.passed and check.name in failed)
    failing: dict[str, Check] = {}
    for check in now:
        if not check.passed and not (only_changes and check in earlier):
            failing.setdefault(check.fields[0], check)
    return (*mended, *failing.values())


def _settled(organization: Organization, case: Case, today: dt.date) -> tuple[Check, ...]:
    kind = organization.kind(case)
    if kind.as_told(case) != case:
        return ()  # it would tell what its requester is not told
    asked = set(kind.missing(case))
    return tuple(c for c in kind.checks(case, organization, today) if asked.isdisjoint(c.fields))

"""What a case asks of a list: the details that it keeps beside the form."""

from __future__ import annotations

from bot.workflow.case import Case

WISH, REMOVAL = "change", "removal"
"""Keys of `Case.details`: what is asked of an existing list, in the area's words; whether it is to
be withdrawn."""


def wish(case: Case) -> str:
    """What is asked of an existing list, in the area's words."""
    return str(case.details.get(WISH, ""))


def is_removal(case: Case) -> bool:
    """Whether a list is to be withdrawn."""
    return bool(case.details.get(REMOVAL))

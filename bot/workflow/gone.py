"""Addresses that there are none of any more, and what that means to the kinds of request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.workflow.case import Case
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Gone:
    """`addresses` of which a server said so when a mail of ours went there, and what is known.

    `case` is what the mail was about, `next_folio` the number a new one would take; `records` are
    what these addresses answer for, by the name of the kind of request.
    """

    addresses: frozenset[str]
    organization: Organization
    now: dt.datetime
    next_folio: str
    case: Case | None
    records: Mapping[str, Any]


def owners_gone(gone: Gone) -> Outcome:
    """What the first kind of request does that they answer for something of; nothing else."""
    found = (kind.owner_gone(gone) for kind in gone.organization.kinds)
    return next((done for done in found if done is not None), Outcome(""))

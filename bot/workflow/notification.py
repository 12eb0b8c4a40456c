"""Mail to be written: what the core asks the shell to render and send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.workflow.message import Address
from nlp.types import Order


@dataclass(frozen=True, slots=True)
class NoticeFor:
    """A letter that carries a capability: a key to answer `stage` of a case as `person`.

    The key holds for the form's `version` only; `stage` is where the case stood. `order` waits
    for CONFIRMAR.
    """

    person: str
    stage: str
    version: int
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """One of the capabilities of a letter that speaks of several cases, such as a digest."""

    folio: str
    notice: NoticeFor


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail: which reply (`template`), to whom, with which values.

    `automatic` letters answer a message without a person's order and fall under the caps; one that
    says something new since the last of its template (`news`) is not held to one a day.
    `hold_until` keeps it in the outbox (a decision that can still be undone).
    `with_form` attaches the form as .docx, pre-filled. `notices` are capabilities for cases other
    than the letter's own: the reply finds their addresses, in this order, in `reply_addresses`.
    """

    template: str
    to: Address
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    folio: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = True
    news: bool = False
    hold_until: dt.datetime | None = None
    notice: NoticeFor | None = None
    with_form: bool = False
    notices: tuple[CaseNotice, ...] = ()

"""The same guard in front of the outbox: which letters must not leave, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.house import House
from bot.core.letter import Letter
from bot.core.message import Address

# Addresses behind which nobody reads, or where an answer would reach a whole list.
_MACHINE = re.compile(
    r"(?:mailer-?daemon|mail-?daemon|post-?master|mdaemon|double-?bounce|nobody|abuse|listserv"
    r"|majordomo|sympa|mailman|microsoftexchange[0-9a-f]{8,})(?:\+.*)?"
    r"|(?:.{0,60}[._+-])?(?:no-?_?\.?repl(?:y|ies)|do-?not-?reply|no-?_?responder|no-?contestar"
    r"|noresponda|bounces?|unsubscribe)(?:[._+=-].*)?"
    r"|.{1,60}-(?:request|bounces?|owner|subscribe|unsubscribe|leave|join|confirm|admin)(?:\+.*)?"
    r"|owner-.{1,60}|(?:srs[01]|prvs)[=+-].*",
    re.DOTALL,
)
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_WRITABLE = re.compile(rf"(?!.*=\?){_ATOM}(?:\.{_ATOM})*@[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


@dataclass(frozen=True, slots=True)
class SendCounts:
    """What was written before: this template to this address in this case since a day ago, all
    automatic mail to the address since an hour ago, all automatic mail to anybody since a day ago.
    """

    same_today: int = 0
    last_hour: int = 0
    total_today: int = 0


def may_send(letter: Letter, counts: SendCounts, house: House) -> str:
    """Why a letter must not be sent, in words; empty where nothing is against it.

    The caps hold automatic letters only: what a person ordered is sent however much was before.
    """
    if why := _closed(letter.to, house):
        return why
    if not letter.automatic:
        return ""
    caps = house.caps
    if counts.same_today >= caps.same_reply_per_day and not letter.news:
        return "ya recibió hoy este mismo aviso"
    if counts.last_hour >= caps.replies_per_hour:
        return f"ya recibió {counts.last_hour} correos automáticos en la última hora"
    if counts.total_today >= caps.replies_per_day_total:
        return f"ya salieron {counts.total_today} correos automáticos hoy"
    return ""


def _closed(address: Address, house: House) -> str:
    local, at, domain = address.email.lower().rpartition("@")
    if not (at and _WRITABLE.fullmatch(address.email.lower())):
        return f"«{address.email}» no es una dirección"
    own_local, _, own_domain = house.mailbox.email.lower().partition("@")
    if domain == own_domain and local.partition("+")[0] == own_local:
        return "es la dirección de este mismo buzón"
    if _MACHINE.fullmatch(local):
        return f"{address.email} no es la dirección de una persona"
    return ""

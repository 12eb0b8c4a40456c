"""The guard in front of the outbox: which notifications must not leave, and why.

Mail that nobody vouches for may not flood the staff either (CVE-2020-9369): past a cap they hear
of it again only when ten times as much has come, with how much that was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.workflow.message import Address
from bot.workflow.notification import Flood, Notification, Purpose
from bot.workflow.organization import Organization

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

    Of notifications to staff that no key of theirs asked for: which one this is within the hour,
    about its sender and about anybody; 0 where that does not count.
    `reaches_many`: the address is one of what a kind of request keeps, such as a list's.
    """

    same_today: int = 0
    last_hour: int = 0
    total_today: int = 0
    of_sender: int = 0
    of_anybody: int = 0
    reaches_many: bool = False


def may_send(notification: Notification, counts: SendCounts, organization: Organization) -> str:
    """Why a notification must not be sent, in words; empty where nothing is against it.

    The caps hold automatic notifications only: what a person commanded is sent however much was
    before.
    """
    if why := _closed(notification.to, organization):
        return why
    if counts.reaches_many:
        return organization.say("held_back.reaches_many", email=notification.to.email)
    if not notification.automatic:
        return _too_many(notification, counts, organization)
    caps = organization.caps
    if counts.same_today >= caps.same_reply_per_day and not notification.news:
        return organization.say("held_back.same_today")
    if counts.last_hour >= caps.replies_per_hour:
        return organization.say("held_back.hour", last_hour=counts.last_hour)
    if counts.total_today >= caps.replies_per_day_total:
        return organization.say("held_back.day", total_today=counts.total_today)
    return ""


def counts_for_all(notification: Notification) -> bool:
    """Whether a notification to staff counts among those about anybody; a notice of work does
    not."""
    return notification.purpose is not Purpose.ORDINARY


def flood_of(
    notification: Notification, counts: SendCounts, organization: Organization
) -> Flood | None:
    """What the last notification before the cap holds must tell, and those that still come after
    it."""
    caps, of_one_sender = organization.caps, counts.of_anybody < organization.caps.remarks_per_hour
    number = counts.of_sender if of_one_sender else counts.of_anybody
    most = caps.remarks_per_sender if of_one_sender else caps.remarks_per_hour
    if notification.purpose not in _SUMMED_UP or number < most:
        return None
    return Flood(number, of_one_sender, number - number // 10 - 1 if number > most else 0)


_SUMMED_UP = frozenset({Purpose.TRIAGE, Purpose.ALARM})
"""What is told of again when ten times as much has come; the rest just stops."""


def _too_many(notification: Notification, counts: SendCounts, organization: Organization) -> str:
    caps = organization.caps
    again = notification.purpose in _SUMMED_UP
    most = caps.remarks_per_sender if again else caps.notices_per_sender
    if not _may_tell(counts.of_sender, most, again=again):
        return organization.say("held_back.staff_of_sender", most=most)
    if not _may_tell(counts.of_anybody, caps.remarks_per_hour, again=again):
        return organization.say("held_back.staff_hour", remarks_per_hour=caps.remarks_per_hour)
    return ""


def _may_tell(number: int, most: int, *, again: bool) -> bool:
    """Whether the notification of this number goes: up to `most`, then, where `again`, at ten times
    that, a hundred times …
    """
    if number <= most:
        return True
    while again and number > most > 0:
        most *= 10
    return number == most


def _closed(address: Address, organization: Organization) -> str:
    local, at, domain = address.email.lower().rpartition("@")
    if not (at and _WRITABLE.fullmatch(address.email.lower())):
        return organization.say("held_back.no_address", email=address.email)
    own_local, _, own_domain = organization.mailbox.email.lower().partition("@")
    if domain == own_domain and local.partition("+")[0] == own_local:
        return organization.say("held_back.own_mailbox")
    if _MACHINE.fullmatch(local):
        return organization.say("held_back.no_person", email=address.email)
    return ""

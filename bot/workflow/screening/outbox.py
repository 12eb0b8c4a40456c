"""The guard in front of the outbox: which notifications must not leave, or not yet, and why.

Caps protect and do not silence: what they hold back goes out later, and is charged to whose mail
led to it, never to who gets it. Mail that nobody vouches for may not flood the staff either
(CVE-2020-9369): past a cap they hear of it again only when ten times as much has come, with how
much that was.
"""

import datetime as dt
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
    r"|noresponda|bounces?|unsubscribe)(?:[._+=-].*)?|.{1,60}-(?:request|bounces?|owner|subscribe"
    r"|unsubscribe|leave|join|confirm|admin)(?:\+.*)?|owner-.{1,60}|(?:srs[01]|prvs)[=+-].*",
    re.DOTALL,
)
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_WRITABLE = re.compile(rf"(?!.*=\?){_ATOM}(?:\.{_ATOM})*@[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


@dataclass(frozen=True, slots=True)
class SendCounts:
    """Of notifications to staff that no key of theirs asked for: which one this is within the hour,
    about its sender and about anybody; 0 where that does not count.

    `reaches_many`: the address is one of what a kind of request keeps, such as a list's.
    """

    of_sender: int = 0
    of_anybody: int = 0
    reaches_many: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Whose mail led to notifications.

    `proven`: the receiving server vouches for them; `with_key`: a key that was sent to them does.
    `others_key` is whose key it came with where it is not theirs.
    """

    author: str
    proven: bool = False
    with_key: bool = False
    others_key: str = ""

    @property
    def counted(self) -> str:
        """To whom notifications to staff are counted: whoever comes with one person's key is one
        sender, for names can be made up as many as one likes."""
        return f"key of {self.others_key}" if self.others_key else self.author

    @property
    def charged(self) -> str:
        """To whom automatic notifications are charged: what anybody may have sent in somebody's
        name is not charged to them."""
        return self.author if self.proven else f"unproven {self.author}"


@dataclass(frozen=True, slots=True)
class Recent:
    """The newest mails that the caps go by, each as many back as its cap lets through.

    `first`: none was written in the case yet. The others are when a mail goes or went out: of the
    same template to the same address in the case, of those charged to the same sender, and of
    anybody's; None where there were not so many.
    """

    first: bool = False
    same: dt.datetime | None = None
    charged: dt.datetime | None = None
    anybody: dt.datetime | None = None


HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Until when a notification waits, and why, in words; `cap` names the cap that holds it."""

    until: dt.datetime
    cap: str
    why: str


def held_back(
    notification: Notification,
    recent: Recent,
    organization: Organization,
    now: dt.datetime,
    *,
    proven: bool = False,
) -> HeldBack | None:
    """When an automatic notification goes out; None for at once, as the first of each case does.

    What anybody's mail led to holds up nobody who is `proven` and has asked for little that day.
    """
    if not notification.automatic or recent.first:
        return None
    anybody = None if proven and recent.charged is None else recent.anybody
    waits = [
        (since + window, cap)
        for since, window, cap in (
            (None if notification.repeatable else recent.same, DAY, "same_today"),
            (recent.charged, HOUR, "hour"),
            (anybody, DAY, "day"),
        )
        if since is not None and since + window > now
    ]
    if not waits:
        return None
    until, cap = max(waits)
    return HeldBack(until, cap, organization.say(f"held_back.cap.{cap}"))


def held_from_staff(
    notification: Notification, counts: SendCounts, organization: Organization, now: dt.datetime
) -> HeldBack | None:
    """The same for notices and answers to staff that too much of one sender's mail led to."""
    most = organization.caps.notices_per_sender
    if notification.purpose in _SUMMED_UP or counts.of_sender <= most:
        return None
    hour = now.replace(minute=0, second=0, microsecond=0)
    until = hour + HOUR * ((counts.of_sender - 1) // most)
    why = organization.say("held_back.staff_of_sender", most=most)
    return HeldBack(until, "staff", why)


def may_send(notification: Notification, counts: SendCounts, organization: Organization) -> str:
    """Why a notification must never be sent, in words; empty where nothing is against it."""
    if why := _closed(notification.to, organization):
        return why
    if counts.reaches_many:
        return organization.say("held_back.reaches_many", email=notification.to.email)
    return _too_many(notification, counts, organization)


def counts_for_all(notification: Notification) -> bool:
    """Whether a notification to staff counts among those about anybody: what is summed up does."""
    return notification.purpose in _SUMMED_UP


def flood_of(
    notification: Notification, counts: SendCounts, organization: Organization
) -> Flood | None:
    """What the last notification before the cap holds must tell, and those that still come after
    it."""
    caps, of_one_sender = organization.caps, counts.of_anybody < organization.caps.triage_per_hour
    number = counts.of_sender if of_one_sender else counts.of_anybody
    most = caps.triage_per_sender if of_one_sender else caps.triage_per_hour
    if notification.purpose not in _SUMMED_UP or number < most:
        return None
    return Flood(number, of_one_sender, number - number // 10 - 1 if number > most else 0)


_SUMMED_UP = frozenset({Purpose.TRIAGE, Purpose.ALARM})
"""What is told of again when ten times as much has come; the rest waits."""


def _too_many(notification: Notification, counts: SendCounts, organization: Organization) -> str:
    caps = organization.caps
    if notification.purpose not in _SUMMED_UP:
        return ""
    if not _may_tell(counts.of_sender, caps.triage_per_sender):
        return organization.say("held_back.staff_of_sender", most=caps.triage_per_sender)
    if not _may_tell(counts.of_anybody, caps.triage_per_hour):
        return organization.say("held_back.staff_hour", most=caps.triage_per_hour)
    return ""


def _may_tell(number: int, most: int) -> bool:
    """Whether the notification of this number goes: up to `most`, then at ten times that, a hundred
    times …
    """
    if number <= most:
        return True
    while number > most > 0:
        most *= 10
    return number == most


def _closed(address: Address, organization: Organization) -> str:
    email = address.email.lower()
    if not _WRITABLE.fullmatch(email):
        return organization.say("held_back.no_address", email=address.email)
    if organization.is_mailbox(address):
        return organization.say("held_back.own_mailbox")
    if _MACHINE.fullmatch(email.rpartition("@")[0]):
        return organization.say("held_back.no_person", email=address.email)
    return ""

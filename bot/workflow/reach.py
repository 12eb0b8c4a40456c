"""Who is written to: everybody, those of a pilot alone, or nobody while the bot only observes."""

from dataclasses import dataclass

from bot.workflow.case import Case
from bot.workflow.message import Address
from bot.workflow.notification import Notification, Purpose
from bot.workflow.staff import Person


@dataclass(frozen=True, slots=True)
class Reach:
    """`observes`: nobody is written to; `pilot`: addresses and domains that are, none for all.

    What is not sent is told to the `observers` once a day.
    """

    observes: bool = False
    pilot: tuple[str, ...] = ()
    observers: tuple[Address, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everybody is written to."""
        return not self.observes and not self.pilot

    def includes(self, email: str) -> bool:
        """Whether somebody's mail is answered."""
        if self.observes:
            return False
        email = email.lower()
        return not self.pilot or any(_covers(one, email) for one in self.pilot)

    def is_observed(
        self,
        notification: Notification,
        case: Case | None,
        about: str | None,
        staff: tuple[Person, ...],
    ) -> bool:
        """Whether a mail is only noted: it is about somebody who is not answered.

        That is who asked for the case, else who wrote what led to it, else who would get it; what
        the staff alone is concerned with goes out in a pilot.
        """
        if self.is_whole or notification.purpose is Purpose.OBSERVATION:
            return False
        person = case.requester.email if case else about or notification.to.email
        is_ours = case is None and any(p.address.email == person for p in staff)
        return self.observes or not (is_ours or self.includes(person))


EVERYBODY = Reach()


def _covers(one: str, email: str) -> bool:
    if "@" in one.lstrip("@"):
        return one == email
    domain, own = one.lstrip("@"), email.rpartition("@")[2]
    return own == domain or own.endswith(f".{domain}")

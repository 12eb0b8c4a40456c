"""Who takes part in the demo, at the configuration's domain: invented people."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr

from bot.config.load import Settings


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the demo; `shown` is what the page at its end calls them."""

    name: str
    email: str
    shown: str

    @property
    def header(self) -> str:
        """As it stands in From."""
        return formataddr((self.name, self.email))


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by their part; `marks` stand for what differs from one institution to another."""

    mailbox: Player
    players: Mapping[str, Player]
    domain: str
    year: int

    def __getitem__(self, part: str) -> Player:
        return self.players[part]

    def localised(self, text: str) -> str:
        """A text of the story with its marks replaced."""
        marks = {
            "@MAILBOX@": self.mailbox.email,
            "@MAILBOX_NAME@": self.mailbox.name,
            "@DOMAIN@": self.domain,
            "@APPROVER@": self["approver"].header,
            "@NEXT_YEAR@": str(self.year + 1),
            "@YEAR_AFTER@": str(self.year + 2),
        }
        for mark, value in marks.items():
            text = text.replace(mark, value)
        return text


def cast_of(
    settings: Settings,
    people: Mapping[str, Mapping[str, str]],
    staff: Mapping[str, Mapping[str, str]],
    year: int,
) -> Cast:
    """The cast at the configuration's domain; in the story `people` ask and `staff` decide."""
    domain = settings.mailbox.domains[0]
    players = {
        part: Player(who["name"], f"{who['mailbox']}@{domain}", f"{who['name']} ({who['from']})")
        for part, who in people.items()
    }
    for part, who in staff.items():
        shown = f"{who['name']} ({who['role']})"
        players[part] = Player(who["name"], f"{who['mailbox']}@{domain}", shown)
    mailbox = Player(settings.mailbox.name, settings.mailbox.address, settings.mailbox.name)
    return Cast(mailbox, players, domain, year)

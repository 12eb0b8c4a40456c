"""The one base of what any room raises because of a file, a server or a process around the bot,
and what a look at one tells.

What is only a signal within a room (a message put off, an attachment refused) is not one of these.
"""

from dataclasses import dataclass


class BotError(Exception):
    """A command cannot go on; the operator is told why, in lines."""

    about = ""  # what the lines begin with, where the text does not say it
    status = 1  # of the process; 2 for wrong use or configuration

    @property
    def lines(self) -> tuple[str, ...]:
        """What is told."""
        return (f"{self.about}: {self}" if self.about else str(self),)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A line about one server; `advice` says what to do about a failure."""

    ok: bool
    line: str
    advice: str = ""

"""What every room may raise to end a command."""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot go on; the operator is told why, in lines."""

    about = ""  # what the lines begin with
    status = 1  # of the process

    @property
    def lines(self) -> tuple[str, ...]:
        """What is told."""
        return (f"{self.about}: {self}",)

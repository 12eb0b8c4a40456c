"""What a mail's head, and the mail of ours that it answers, tell of how its text is laid out."""

import re
from dataclasses import dataclass

from nlp.text.fold import fold

_PREFIX = re.compile(r"\s*(?:\[[^\]]{0,40}\]\s*)?([a-z]{1,5})(?:\s?\[?\d{1,3}\]?)?\s*:")
_REPLY = frozenset({"re", "resp", "aw", "r", "sv"})
_FORWARD = frozenset({"rv", "fw", "fwd", "reenv", "renv", "wg", "tr", "enc", "i"})


@dataclass(frozen=True, slots=True)
class Layout:
    """What helps to split a text.

    `recipients` are the bare addresses it was sent to, `names` the folded names beside them,
    `author` the sender's name and address. `answered` are the letters of our mail that it
    answers, as plain text and as HTML; `printed` those of what our mails tell everybody. `sent` is
    the text of the former.
    """

    subject: str = ""
    recipients: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    author: str = ""
    answered: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """The first prefix of the subject that says answer or forward, folded; perhaps none."""
        match = _PREFIX.match(fold(self.subject[:80]))
        return match[1] if match and match[1] in _REPLY | _FORWARD else ""

    @property
    def hands_on(self) -> bool:
        """Whether the subject says that a mail is forwarded."""
        return self.prefix in _FORWARD

    def names_recipient(self, text: str) -> bool:
        """Whether a folded text names somebody whom the mail was sent to."""
        return any(who in text for who in (*self.recipients, *self.names))


NOTHING_KNOWN = Layout()

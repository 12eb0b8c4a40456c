"""A message that the SMTP sink was sent."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property


@dataclass(frozen=True)
class Received:
    """A message as it came in, with the number of the connection it came over."""

    mail_from: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...]
    connection: int
    user: str
    at: float

    @cached_property  # whoever waits for a mail asks every one of them, again and again
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @cached_property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @cached_property
    def template(self) -> str:
        return str(self.message["X-Bot-Template"] or "")

    @cached_property
    def case(self) -> str:
        return str(self.message["X-Bot-Case"] or "")

    @cached_property
    def text(self) -> str:
        body = self.message.get_body(("plain", "html"))
        return "" if body is None else str(body.get_content())

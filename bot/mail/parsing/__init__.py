"""Raw bytes of a mail to what the bot knows of it: `read`, whatever bytes come, in bounded time."""

import logging
from dataclasses import replace

from bot.mail.parsing.assemble import OurTexts, assemble
from bot.mail.parsing.head import Head, split_head
from bot.mail.parsing.headers import header_values, message_ids, senders, text_header
from bot.mail.parsing.limits import DEFAULT, Limits, RefusedError
from bot.workflow.message import ParsedMessage, UnparseableMessage
from replies.phrases import say

__all__ = ["Limits", "answered_ids", "read", "read_head"]

log = logging.getLogger(__name__)

_FIRST = 65_536  # bytes
_DAMAGED = say("unreadable.damaged")
_TOO_LARGE = say("unreadable.large")
_TOO_MANY_LINES = say("unreadable.lines")


def read(
    raw: bytes, *, limits: Limits = DEFAULT, answered: OurTexts = (), printed: OurTexts = ()
) -> ParsedMessage | UnparseableMessage:
    """The message in `raw`, or why it cannot be read; no bytes make it raise or run away.

    `answered` is the text of our mail that it answers, in each of its forms: what it repeats of
    it is quoted, whether it says so or not; so is `printed`, what our mails tell everybody.
    """
    head: Head | None = None
    try:
        if len(raw) > limits.message_bytes:
            raise RefusedError(_TOO_LARGE)
        if raw.count(b"\n") + raw.count(b"\r") > 2 * limits.lines:
            raise RefusedError(_TOO_MANY_LINES)
        head = split_head(raw, limits)
        return assemble(len(raw), head, limits, ours=(answered, printed))
    except RefusedError as refused:
        return _unparseable(str(refused), len(raw), head or _peek(raw, limits), limits)
    except Exception:
        # Parsers of hostile bytes fail in ways nobody can list; the raw mail waits in quarantine.
        log.warning("A message could not be read", exc_info=True)
        return _unparseable(_DAMAGED, len(raw), head, limits)


def read_head(raw: bytes, reason: str, *, limits: Limits = DEFAULT) -> UnparseableMessage:
    """Who wrote a message that cannot be read for this `reason`, and about what.

    Only its first lines are looked at: the rest may be what cannot be read.
    """
    return _unparseable(reason, len(raw), _peek(raw, limits), limits)


def answered_ids(raw: bytes) -> tuple[str, ...]:
    """The Message-IDs that a message says it answers, the nearest ones where it names several."""
    head = _peek(raw, DEFAULT)
    if head is None:
        return ()
    named = message_ids(head, "in-reply-to", DEFAULT)
    return named or message_ids(head, "references", DEFAULT)[-1:]


def _peek(raw: bytes, limits: Limits) -> Head | None:
    """The first fields of what is not read further: who wrote it and about what."""
    try:
        return split_head(raw[:_FIRST], replace(limits, header_count=_FIRST))
    except RefusedError:
        return None


def _unparseable(reason: str, size: int, head: Head | None, limits: Limits) -> UnparseableMessage:
    if head is None:
        return UnparseableMessage(reason, size)
    try:
        found = senders(head, limits)
        return UnparseableMessage(
            reason,
            size,
            sender=found[0].email if len(found) == 1 else "",
            subject=text_header(head, "subject", limits),
            headers=header_values(head, limits),
        )
    except Exception:
        log.warning("The header of an unreadable message could not be read", exc_info=True)
        return UnparseableMessage(reason, size)

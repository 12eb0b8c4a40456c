"""One mail that comes twice: the same Message-ID, writer and words, whatever a relay made of it."""

from __future__ import annotations

import re

from bot.workflow.authority import is_authenticated
from bot.workflow.message import ParsedMessage
from bot.workflow.organization import Organization
from nlp.text.fold import fold
from nlp.text.links import without_links
from nlp.text.subjects import same_subject

_NO_LETTER = re.compile(r"[\W_]+")


def is_copy(mail: ParsedMessage, earlier: ParsedMessage, organization: Organization) -> bool:
    """Whether `mail` says again what `earlier` said: re-encoded, tagged or with a footer.

    Other words under the same Message-ID are another mail. Nobody keeps a mail out by sending
    ahead what only looks like it: what nobody vouched for is no original of what somebody does.
    """
    if not mail.message_id or mail.message_id != earlier.message_id:
        return False
    names = {one.email for one in (earlier.writer, earlier.sender) if one}  # or that of a group
    if mail.writer is None or mail.writer.email not in names:
        return False
    policy = organization.sender_policy
    if is_authenticated(mail, policy) and not is_authenticated(earlier, policy):
        return False
    same = mail.subject == earlier.subject or same_subject(mail.subject, earlier.subject)
    return same and _said(mail) == _said(earlier)


def _said(mail: ParsedMessage) -> tuple[str, frozenset[tuple[str, int, str]]]:
    """What was typed, but for links, which gateways rewrite, and the files that came with it."""
    files = frozenset((a.name, a.size, a.text) for a in mail.attachments if not a.inline)
    return _NO_LETTER.sub("", fold(without_links(mail.text))), files

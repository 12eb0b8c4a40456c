"""What is never answered: an ordered table of small rules, the first that holds counts.

The union of RFC 3834 (section 2), of the headers that mail systems use beside it, and of how
machines word their mail when they send no header at all. Where only the wording speaks, a rule
asks for more than one sign: a person's mail must never be taken for a machine's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.workflow.message import ParsedMessage, Screened
from bot.workflow.organization import Organization
from bot.workflow.screening import headers, worded, wording
from bot.workflow.screening.context import ScreeningContext
from nlp.kinds import machine


@dataclass(frozen=True, slots=True)
class Rule:
    """One row; why such a message gets no answer says `screening.NAME` of the catalogue."""

    name: str
    kind: str | None
    check: Callable[[ScreeningContext], bool]


REACTION, RECALL, DOUBT = "reaction", "recall", "doubt"
RULES = (
    Rule("own_mail", None, headers.own),
    Rule("loop", None, headers.loop),
    Rule(REACTION, None, lambda s: bool(s.mail.reaction)),
    Rule(RECALL, None, lambda s: bool(s.mail.recalls)),
    Rule("delivered", "receipt", headers.delivered),
    Rule("read_report", "receipt", headers.read_report),
    Rule("calendar", "calendar", headers.calendar),
    Rule("calendar_notice", "calendar", headers.calendar_notice),
    Rule("delivery_report", "bounce", headers.delivery_report),
    Rule("domain_report", "bulk", headers.domain_report),
    Rule("bounce_headers", "bounce", headers.bounce_headers),
    Rule("bounce_wording", "bounce", worded.bounce_wording),
    Rule("daemon", "bounce", lambda s: s.from_daemon and not wording.AUTO_SUBJECT.match(s.subject)),
    Rule("read_notice", "receipt", worded.read_notice),
    Rule(
        "auto_replied",
        "auto_reply",
        lambda s: s.auto_submitted in ("auto-replied", "auto-notified"),
    ),
    Rule("auto_headers", "auto_reply", headers.auto_headers),
    Rule("ticket_headers", "auto_reply", lambda s: s.has(*headers.TICKET_HEADERS)),
    Rule("auto_subject", "auto_reply", worded.auto_subject),
    Rule("list", "bulk", lambda s: s.has(*headers.LIST_HEADERS)),
    Rule("ticket", "auto_reply", worded.ticket),
    Rule("generated", "auto_reply", lambda s: bool(s.auto_submitted)),
    Rule("bulk_precedence", "bulk", headers.bulk_precedence),
    Rule("suppress", "auto_reply", headers.suppress),
    Rule("challenge", "auto_reply", worded.challenge),
    Rule("says_automatic", "auto_reply", worded.says_automatic),
    Rule("absent", "auto_reply", worded.absent),
    Rule("notification", "bulk", worded.notification),
    Rule("recording", "bulk", worded.recording),
    Rule("null_path", "auto_reply", lambda s: s.null_path),
    Rule("no_reply", "bulk", worded.no_reply),
    Rule("newsletter", "bulk", worded.newsletter),
    Rule("worded_absence", "auto_reply", worded.worded(wording.AWAY_HINT, machine.LIKELY)),
    Rule("worded_ticket", "auto_reply", worded.worded(wording.TICKET_HINT, machine.LIKELY)),
    Rule("worded_bounce", "bounce", worded.worded(wording.BOUNCE_HINT, machine.CERTAIN)),
    Rule("worded_receipt", "receipt", worded.worded(wording.RECEIPT_HINT, machine.CERTAIN)),
    Rule("worded_notification", "bulk", worded.worded(wording.BULK_HINT, machine.CERTAIN)),
    Rule(DOUBT, None, worded.reads_like_a_machine),
)


_OF_A_MAILBOX = frozenset({"daemon", "ticket_headers", "ticket", "says_automatic"})
_ON_THE_WAY = frozenset({"list", "generated", "bulk_precedence", "suppress", "null_path"})
# What programs frame somebody's words with: where these want something, people are told.
_FRAMED = frozenset(
    {"daemon", "ticket", "ticket_headers", "generated", "says_automatic", "no_reply", "suppress"}
)
# Known by what they are made of; their words may be those of a mail that came back.
_MADE_OF = frozenset({
    "own_mail", "loop", REACTION, RECALL, "delivered", "read_report", "delivery_report",
    "domain_report",
})  # fmt: skip
# What people say in their own words as well.
_PEOPLES_WORDS = frozenset(
    {"auto_subject", "absent", "says_automatic", "bounce_wording", "recording"}
)
_OF_AN_ABSENCE = frozenset({"auto_subject", "absent", "worded_absence"})
# Who sends these says that a program does, in words that may be somebody's own.
_SAYS_SO = frozenset({"calendar", "auto_replied", "auto_headers"})
# Where the classifier finds a machine less likely than this, people are told and the mail bears
# no machine's name; of other rules below UNLIKELY.
_TOLD_BELOW = {
    **dict.fromkeys(_PEOPLES_WORDS, machine.SURE),
    **dict.fromkeys(("worded_absence", "worded_ticket"), machine.CERTAIN),
}


def screen(incoming: ParsedMessage, organization: Organization) -> Screened | None:
    """The first rule that holds, or None: then a person wrote it.

    X-Bot-* headers of incoming mail count for nothing here or elsewhere: anybody can write them
    (CVE-2023-41259 believed such headers).
    """
    context = ScreeningContext(incoming, organization)
    held = [rule for rule in RULES if rule.check(context)]
    if not held:
        return None
    found, names = held[0], {rule.name for rule in held} - {DOUBT}
    relayed = bool(names) and names <= _ON_THE_WAY
    is_persons = bool(names) and names <= _OF_A_MAILBOX | _ON_THE_WAY
    is_persons = is_persons and _is_persons(context, found, of_a_mailbox=not relayed)
    to_us = _asks_us(context, found)
    unlike = is_persons or _reads_otherwise(context, found, relayed=relayed, to_us=to_us)
    kind = worded.likely_kind(context) if found.name == DOUBT else found.kind
    # An absence that answers a mail is a machine's, however a person worded it.
    keeps_kind = found.name in _OF_AN_ABSENCE and context.answers
    keeps_kind = keeps_kind or (found.name == "list" and _is_bulk(context))
    return Screened(
        rule=found.name,
        kind=None if is_persons or (unlike and not keeps_kind) else kind,
        reason=organization.say(f"screening.{found.name}"),
        relayed=relayed,
        doubtful=found.name == DOUBT or unlike,
        unsure=_is_unsure(context, found),
    )


def _asks_us(context: ScreeningContext, found: Rule) -> bool:
    """Whether words in a program's frame want something, or a mailing asks for a list."""
    if found.name == "list":
        return context.wants_a_request
    return found.name in _FRAMED and context.wants_something


def _is_bulk(context: ScreeningContext) -> bool:
    """Whether a list's header makes a mail bulk, however personal it sounds: not an answer, nor
    what surely a person posts to a list (RFC 2919), or asks of us through a platform."""
    if context.answers:
        return False
    if context.has("list-id"):
        return context.likeness >= machine.UNLIKELY
    return not context.wants_a_request


def _is_persons(context: ScreeningContext, found: Rule, *, of_a_mailbox: bool) -> bool:
    """Whether a mail that only the way it came makes a machine's is a person's all the same.

    Who keeps a server or a help desk writes from its mailbox, or by way of it. Of a list, what
    strangers say to each other is no mail to us. Without a return path only a request is: servers
    leave it out of what they say themselves.
    """
    if of_a_mailbox:
        return context.says_enough and context.likeness < machine.PERSONS
    if context.is_request and (context.fills_form or context.quotes):
        return True
    if found.name == "null_path" and not context.is_request:
        return False
    if found.kind == "bulk" and not context.is_inside:
        return False
    if context.says_enough:
        return context.likeness < machine.PERSONS
    # A few words tell less: they must want something, too.
    wants = context.wants_something or (context.is_inside and context.is_about_requests)
    wants = wants or context.answers
    return wants and context.likeness < machine.HARDLY


def _is_unsure(context: ScreeningContext, found: Rule) -> bool:
    """Whether few machines word theirs like it, so that nobody may be met with silence."""
    if found.name in _MADE_OF | _SAYS_SO or (found.name == "list" and not context.is_inside):
        return False
    if found.name in _OF_AN_ABSENCE and not context.wants_something:
        return False  # they are worded in as many ways as there are people
    return context.says_something and context.likeness < machine.QUIET


def _reads_otherwise(context: ScreeningContext, found: Rule, *, relayed: bool, to_us: bool) -> bool:
    """Whether the classifier finds a machine less likely than this rule needs it to be."""
    if found.name in _MADE_OF:
        return False
    least = _TOLD_BELOW.get(found.name, machine.UNLIKELY)
    if relayed:
        least = machine.SURE if context.asks else machine.HARDLY
    if to_us:
        least = machine.CERTAIN
    return context.says_enough and context.likeness < least

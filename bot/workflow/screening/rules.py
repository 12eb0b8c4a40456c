"""What is never answered: an ordered table of small rules, the first that holds counts.

The union of RFC 3834 (section 2), of the headers that mail systems use beside it, and of how
machines word their mail when they send no header at all. Where only the wording speaks, a rule
asks for more than one sign: a person's mail must never be taken for a machine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bot.workflow.message import ParsedMessage
from bot.workflow.organization import Organization
from bot.workflow.screening import wording
from nlp.kinds import machine
from nlp.text.fold import fold
from nlp.types import BlockKind


@dataclass(frozen=True, slots=True)
class Screened:
    """A message that gets no answer; `kind` is what `explain` calls it.

    None for our own mail, for what a person sends that says nothing, and in doubt. `relayed`: only
    headers stopped it that a group or a rule on the way may have put on a person's mail.
    `doubtful`: wording and trained classifier disagree on whether a person wrote it.
    """

    rule: str
    kind: str | None
    reason: str
    relayed: bool = False
    doubtful: bool = False


@dataclass(frozen=True)
class ScreeningContext:
    """A message with what several rules look at, worked out once."""

    mail: ParsedMessage
    organization: Organization

    @cached_property
    def subject(self) -> str:
        return fold(self.mail.subject[:500]).strip()

    @cached_property
    def text(self) -> str:
        """What was not quoted, folded, on one line."""
        kinds = (BlockKind.NEW, BlockKind.SIGNATURE, BlockKind.INSERTED)
        text = " ".join(b.text for b in self.mail.blocks if b.kind in kinds)
        return " ".join(fold(text[: wording.READ]).split())

    @cached_property
    def typed(self) -> str:
        """The same of what was typed alone: footers of a person's mail are a machine's words."""
        return " ".join(fold(self.mail.text[: wording.READ]).split())

    @cached_property
    def is_about_requests(self) -> bool:
        """Whether the text speaks of what is requested here, as no machine does."""
        return any(kind.is_about(self.text) for kind in self.organization.kinds)

    @cached_property
    def asks(self) -> bool:
        """Whether a person wants something: what an absence notice asks back does not count."""
        return bool(wording.ASKS.search(wording.RHETORICAL.sub(" ", self.text)))

    @cached_property
    def likeness(self) -> float:
        """How much the trained classifier takes the wording for a machine's."""
        return machine.machine(self.sender, self.mail.subject, self.typed)

    @cached_property
    def says_enough(self) -> bool:
        """Whether enough was typed, and nothing sent along, to judge the wording by."""
        return len(self.typed.split()) >= _ENOUGH and not self.mail.attachments

    @cached_property
    def hands_over(self) -> bool:
        """Whether somebody speaks of a list, or of who is to see to their work."""
        return bool(wording.HANDS_OVER.search(self.text) or self.is_about_requests)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Types of the message's own parts: those of a message attached to it are not."""
        types = self.mail.part_types or (self.mail.content_type,)
        end = next((n for n, t in enumerate(types) if n and t == "message/rfc822"), len(types))
        return types[:end]

    @cached_property
    def sender(self) -> str:
        """The local part of From, folded; empty where From names nobody."""
        return self.mail.senders[0].email.partition("@")[0].lower() if self.mail.senders else ""

    @cached_property
    def null_path(self) -> bool:
        """The empty return path of machines (RFC 5321, 4.5.5)."""
        path = self.mail.headers.get("return-path", ())
        return any(p.strip().lower() in ("<>", "<mailer-daemon>", "mailer-daemon") for p in path)

    @cached_property
    def from_daemon(self) -> bool:
        return bool(_DAEMON.match(self.sender))

    @cached_property
    def auto_submitted(self) -> str:
        """The keyword of Auto-Submitted (RFC 3834, section 5), empty for "no"."""
        found = re.match(r"\s*([a-z-]*)", self.mail.header("auto-submitted").lower())
        return "" if found is None or found[1] == "no" else found[1]

    def has(self, *names: str) -> bool:
        return any(name in self.mail.headers for name in names)

    def report(self, kind: str) -> bool:
        """Whether the message itself is a report of a kind (RFC 6522)."""
        head = self.parts[0] if self.parts else ""
        own = head.startswith("multipart/report") and kind in head
        return own or f"message/{kind}" in self.parts


_DAEMON = re.compile(
    r"mailer-?daemon|post-?master|mail-?daemon|mdaemon|microsoftexchange[0-9a-f]{8,}|bounces?\b"
    r"|mail-?delivery|no-entregado|maildelivery"
)
_NO_REPLY = re.compile(
    r"(?:.{0,60}[._+-])?(?:no-?_?\.?repl(?:y|ies)|do-?not-?reply|no-?_?responder|no-?contestar|noresponda)"
    r"(?:[._+-].{0,60})?$"
)
_LIST_HEADERS = (
    "list-id", "list-post", "list-unsubscribe", "list-owner", "list-help", "list-subscribe",
    "list-archive", "list-unsubscribe-post", "mailing-list", "x-mailing-list", "x-beenthere",
    "x-mailman-version", "x-list-administrivia", "x-sympa-to", "x-google-group-id", "feedback-id",
    "x-campaign", "x-campaignid", "x-campaign-id", "x-listmember", "x-linkedin-template",
    "x-linkedin-class", "x-facebook-notify", "x-notifications", "x-notification-type",
    "x-mc-user", "x-csa-campaign", "x-newsletter",
)  # fmt: skip
_TICKET_HEADERS = (
    "x-zendesk-from-account-id", "x-otrs-loop", "x-znuny-loop", "rt-ticket", "x-rt-loop-prevention",
    "x-fd-auto-generated", "x-servicenow-generated", "x-jira-fingerprint", "x-glpi-ticket",
    "x-boxtrapper", "x-fc-machinegenerated", "x-osticket-id", "x-freescout-mail-type",
    "x-zammad-ticket", "x-redmine-host", "x-intercom-bin",
)  # fmt: skip
_AUTO_HEADERS = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-auto-reply",
    "x-autogenerated", "x-auto-response", "x-mail-autoreply", "x-vacation", "x-cron-env",
)  # fmt: skip
_CALENDAR_TYPES = ("text/calendar", "application/ics")
_ANSWER = ("re:", "fw:", "fwd:", "rv:")
_ENOUGH = 8  # words that the classifier can judge by
_PRECEDENCE = re.compile(r"[a-z_-]+")


def _own(s: ScreeningContext) -> bool:
    local, _, domain = s.organization.mailbox.email.partition("@")
    ours = re.compile(rf"{re.escape(local)}(?:\+[^@]*)?@{re.escape(domain)}")
    return any(ours.fullmatch(a.email) for a in s.mail.senders)


def _loop(s: ScreeningContext) -> bool:
    loops = (v for n in ("x-loop", "x-loops") for v in s.mail.headers.get(n, ()))
    return any(s.organization.mailbox.email in value.lower() for value in loops)


def _reaction(s: ScreeningContext) -> bool:
    return bool(s.mail.reaction)


def _recall(s: ScreeningContext) -> bool:
    return bool(s.mail.recalls)


def _delivered(s: ScreeningContext) -> bool:
    """A report of success (RFC 3464, "delivered", "relayed", "expanded")."""
    if s.mail.failed_recipients or not (s.report("delivery-status") or s.from_daemon):
        return False
    if wording.DELIVERED_SUBJECT.match(s.subject):
        return True
    told = wording.DELIVERED_BODY.search(s.text)
    return bool(told) and not wording.NOT_DELIVERED.search(s.text)


def _read_report(s: ScreeningContext) -> bool:
    """A disposition notification (RFC 8098)."""
    return s.report("disposition-notification")


def _read_notice(s: ScreeningContext) -> bool:
    return bool(
        wording.RECEIPT_SUBJECT.match(s.subject)
        and wording.RECEIPT_BODY.search(s.text)
        and len(s.text) < wording.SHORT
        and not wording.ASKS.search(s.text)
    )


def _calendar(s: ScreeningContext) -> bool:
    """An invitation or its answer (RFC 5545, RFC 6047); an .ics sent along by a person is not."""
    calendars = [t for t in s.parts if t.startswith(_CALENDAR_TYPES)]
    if any("method=" in t and "publish" not in t for t in calendars):
        return True
    attached = sum(a.content_type.startswith(_CALENDAR_TYPES) for a in s.mail.attachments)
    if len(calendars) > attached:
        return True
    worded = wording.CALENDAR_SUBJECT.match(s.subject)
    return bool(calendars) and bool(worded or wording.CALENDAR_BODY.search(s.text))


def _calendar_notice(s: ScreeningContext) -> bool:
    sent_by = fold(s.mail.header("sender")) + s.sender
    if not wording.CALENDAR_SUBJECT.match(s.subject):
        return "calendar-notification" in sent_by
    machine = s.auto_submitted or s.from_daemon or "calendar" in sent_by
    when = wording.CALENDAR_WHEN.search(s.subject) or wording.CALENDAR_BODY.search(s.text)
    return bool(machine and when)


def _delivery_report(s: ScreeningContext) -> bool:
    """A report of failure or delay (RFC 3464), or of abuse (RFC 5965)."""
    return s.report("delivery-status") or s.report("feedback-report")


def _bounce_headers(s: ScreeningContext) -> bool:
    return s.has("x-failed-recipients", "x-ms-exchange-message-is-ndr", "x-mddsn-message") or (
        bool(s.mail.failed_recipients) and (s.null_path or s.from_daemon)
    )


def _daemon(s: ScreeningContext) -> bool:
    return s.from_daemon and not wording.AUTO_SUBJECT.match(s.subject)


def _bounce_wording(s: ScreeningContext) -> bool:
    subject, body = wording.BOUNCE_SUBJECT.match(s.subject), wording.BOUNCE_BODY.search(s.text)
    if s.null_path:
        return bool(subject or body) and not wording.AUTO_SUBJECT.match(s.subject)
    return (
        bool(subject and body and wording.BOUNCE_MACHINE.search(s.text))
        and not s.mail.in_reply_to
        and not wording.OWN_BOUNCE.search(s.text[:400])
    )


def _auto_replied(s: ScreeningContext) -> bool:
    return s.auto_submitted in ("auto-replied", "auto-notified")


def _auto_headers(s: ScreeningContext) -> bool:
    if s.has(*_AUTO_HEADERS):
        return True
    return bool({"auto_reply", "auto-reply", "autoreply"} & set(_precedence(s)))


def _ticket_headers(s: ScreeningContext) -> bool:
    return s.has(*_TICKET_HEADERS)


def _auto_subject(s: ScreeningContext) -> bool:
    subject = s.subject.lstrip("¡!*[(~ ")
    if wording.AUTO_SUBJECT.match(subject):
        away = wording.AWAY_SUBJECT.match(subject)
        return not (away and s.hands_over)
    found = wording.AWAY_SUBJECT.match(subject)
    if not found and not s.subject.startswith(_ANSWER):
        found = wording.AUTO_SUBJECT_INSIDE.search(subject)
        return bool(found) and not s.asks and not s.is_about_requests
    return bool(found) and not s.asks and not s.hands_over


def _ticket(s: ScreeningContext) -> bool:
    if wording.REPLY_ABOVE.match(s.text):
        return True
    if s.subject.startswith(_ANSWER) and not s.auto_submitted:
        return False
    subject, body = wording.TICKET_SUBJECT.search(s.subject), wording.TICKET_BODY.search(s.text)
    machine = s.auto_submitted or _NO_REPLY.match(s.sender) or wording.SAYS_AUTOMATIC.search(s.text)
    machine = machine or wording.NO_REPLY_WANTED.search(s.text)
    return bool(subject and (body or machine)) or bool(body and machine)


def _list(s: ScreeningContext) -> bool:
    """Mail by way of a list (RFC 2369, RFC 2919) or a mailing platform."""
    return s.has(*_LIST_HEADERS)


def _bulk_precedence(s: ScreeningContext) -> bool:
    return bool({"bulk", "list", "junk"} & set(_precedence(s)))


def _precedence(s: ScreeningContext) -> list[str]:
    names = ("precedence", "x-precedence")
    values = (v for n in names for v in s.mail.headers.get(n, ()))
    return [word for value in values for word in _PRECEDENCE.findall(value.lower()[:100])]


def _generated(s: ScreeningContext) -> bool:
    return bool(s.auto_submitted)


def _suppress(s: ScreeningContext) -> bool:
    """Exchange's wish for no answers; "None" is no wish (MS-OXCMAIL, 2.2.3.2.14)."""
    words = re.findall(r"[a-z]+", s.mail.header("x-auto-response-suppress").lower()[:200])
    return bool({"all", "oof", "autoreply"} & set(words))


def _notification(s: ScreeningContext) -> bool:
    """A digest of a quarantine, a DMARC report, a survey, the word of a moderator."""
    if len(s.text) > wording.SHORT or wording.ASKS.search(s.text) or s.mail.in_reply_to:
        return False
    if wording.DMARC_REPORT.match(s.subject):
        return True
    about = wording.NOTIFICATION_SUBJECT.match(s.subject)
    return bool(about and wording.NOTIFICATION_BODY.search(s.typed))


def _worded(
    *hints: re.Pattern[str], of: Callable[[ScreeningContext], str]
) -> Callable[[ScreeningContext], bool]:
    """One word of a machine alone proves nothing; with the classifier's agreement it does."""

    def check(s: ScreeningContext) -> bool:
        if not s.says_enough or s.asks or s.hands_over:
            return False
        return any(hint.search(of(s)) for hint in hints) and s.likeness >= machine.LIKELY

    return check


def _all_words(s: ScreeningContext) -> str:
    return f"{s.subject}\n{s.typed}"


def _reads_like_a_machine(s: ScreeningContext) -> bool:
    """Nothing but the classifier says so: people decide."""
    if not s.says_enough or s.hands_over or s.mail.in_reply_to:
        return False
    return s.likeness >= (machine.CERTAIN if s.asks else machine.SURE)


def _null_path(s: ScreeningContext) -> bool:
    return s.null_path


def _says_automatic(s: ScreeningContext) -> bool:
    """It says so itself; who asks not to be answered must ask for nothing either."""
    if len(s.text) > wording.SHORT or s.is_about_requests:
        return False
    if wording.SAYS_AUTOMATIC.search(s.text):
        return True
    hint = wording.UNATTENDED.search(s.text) or wording.NO_REPLY_WANTED.search(s.text)
    return bool(hint) and not wording.ASKS.search(s.text)


def _challenge(s: ScreeningContext) -> bool:
    return len(s.text) < wording.SHORT and bool(wording.CHALLENGE.search(s.text))


def _absent(s: ScreeningContext) -> bool:
    """Nothing but the words of an absence: only in a short answer that asks for nothing."""
    if len(s.text) > wording.SHORT or s.mail.attachments:
        return False
    if s.asks or s.hands_over:
        return False
    return bool(wording.ABSENT.search(s.text) and wording.RETURNS.search(s.text))


def _no_reply(s: ScreeningContext) -> bool:
    return bool(_NO_REPLY.match(s.sender))


def _newsletter(s: ScreeningContext) -> bool:
    """A mailing without any header: from outside, to nobody in particular, with a way out of it."""
    sender = s.mail.sender
    if sender is None or s.organization.is_institutional(sender) or s.mail.in_reply_to:
        return False
    # The way out stands at the end, with the address of a page.
    end = s.text[-400:]
    return bool(wording.NEWSLETTER.search(end)) and "http" in end


@dataclass(frozen=True, slots=True)
class Rule:
    """One row; why such a message gets no answer says `screening.NAME` of the catalogue."""

    name: str
    kind: str | None
    check: Callable[[ScreeningContext], bool]


REACTION, RECALL, DOUBT = "reaction", "recall", "doubt"
RULES = (
    Rule("own_mail", None, _own),
    Rule("loop", None, _loop),
    Rule(REACTION, None, _reaction),
    Rule(RECALL, None, _recall),
    Rule("delivered", "receipt", _delivered),
    Rule("read_report", "receipt", _read_report),
    Rule("calendar", "calendar", _calendar),
    Rule("calendar_notice", "calendar", _calendar_notice),
    Rule("delivery_report", "bounce", _delivery_report),
    Rule("bounce_headers", "bounce", _bounce_headers),
    Rule("bounce_wording", "bounce", _bounce_wording),
    Rule("daemon", "bounce", _daemon),
    Rule("read_notice", "receipt", _read_notice),
    Rule("auto_replied", "auto_reply", _auto_replied),
    Rule("auto_headers", "auto_reply", _auto_headers),
    Rule("ticket_headers", "auto_reply", _ticket_headers),
    Rule("auto_subject", "auto_reply", _auto_subject),
    Rule("list", "bulk", _list),
    Rule("ticket", "auto_reply", _ticket),
    Rule("generated", "auto_reply", _generated),
    Rule("bulk_precedence", "bulk", _bulk_precedence),
    Rule("suppress", "auto_reply", _suppress),
    Rule("challenge", "auto_reply", _challenge),
    Rule("says_automatic", "auto_reply", _says_automatic),
    Rule("absent", "auto_reply", _absent),
    Rule("notification", "bulk", _notification),
    Rule("null_path", "auto_reply", _null_path),
    Rule("no_reply", "bulk", _no_reply),
    Rule("newsletter", "bulk", _newsletter),
    Rule("worded_absence", "auto_reply", _worded(wording.AWAY_HINT, of=_all_words)),
    Rule("worded_ticket", "auto_reply", _worded(wording.TICKET_HINT, of=_all_words)),
    Rule("worded_bounce", "bounce", _worded(wording.BOUNCE_HINT, of=_all_words)),
    Rule("worded_receipt", "receipt", _worded(wording.RECEIPT_HINT, of=_all_words)),
    Rule("worded_notification", "bulk", _worded(wording.BULK_HINT, of=_all_words)),
    Rule(DOUBT, None, _reads_like_a_machine),
)


_ON_THE_WAY = frozenset({"list", "generated", "bulk_precedence", "suppress"})
# What only its wording makes a machine's: where the classifier sees a person, people are told.
_BY_WORDS = frozenset({
    "bounce_wording", "read_notice", "calendar_notice", "ticket", "challenge", "says_automatic",
    "absent", "notification", "newsletter",
})  # fmt: skip


def screen(incoming: ParsedMessage, organization: Organization) -> Screened | None:
    """The first rule that holds, or None: then a person wrote it.

    X-Bot-* headers of incoming mail count for nothing here or elsewhere: anybody can write them
    (CVE-2023-41259 believed such headers).
    """
    sight = ScreeningContext(incoming, organization)
    found = next((rule for rule in RULES if rule.check(sight)), None)
    if found is None:
        return None
    relayed = found.name in _ON_THE_WAY and not any(
        rule.check(sight) for rule in RULES if rule.name not in _ON_THE_WAY | {DOUBT}
    )
    unlikely = sight.says_enough and sight.likeness < machine.UNLIKELY
    doubtful = found.name == DOUBT or (found.name in _BY_WORDS and unlikely)
    reason = organization.say(f"screening.{found.name}")
    return Screened(found.name, found.kind, reason, relayed, doubtful)

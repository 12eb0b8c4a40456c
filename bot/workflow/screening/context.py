"""A message with what the rules look at, worked out once."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.workflow.message import ParsedMessage
from bot.workflow.organization import Organization
from bot.workflow.screening import wording
from nlp.fields.labels import labels_of
from nlp.kinds import machine
from nlp.text.fold import fold, words
from nlp.text.folios import folios_in
from nlp.text.links import without_links
from nlp.text.rhythm import rhythms_in
from nlp.turns.hints import sizes
from nlp.types import WRITTEN, BlockKind

_ROWS = 4  # labels with answers that are a form
_ENOUGH = 8  # words that the classifier can judge by
_DAEMON = re.compile(
    r"mailer-?daemon|post-?master|mail-?daemon|mdaemon|microsoftexchange[0-9a-f]{8,}|bounces?\b"
    r"|mail-?delivery|no-entregado|maildelivery"
)
_NO_REPLY = re.compile(
    r"(?:.{0,60}[._+-])?(?:no-?_?\.?repl(?:y|ies)|do-?not-?reply|no-?_?responder|no-?contestar"
    r"|noresponda)(?:[._+-].{0,60})?$"
)


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
        return self._said(*WRITTEN)

    @cached_property
    def typed(self) -> str:
        """The same of what was typed, and of what only the classifier takes for added: a machine's
        mail may be all like that. Footers of a person's mail are a machine's words."""
        return self._said(BlockKind.NEW, BlockKind.SUPPOSED)

    def _said(self, *kinds: BlockKind) -> str:
        text = " ".join(b.text for b in self.mail.blocks if b.kind in kinds)
        return " ".join(fold(text[: wording.READ]).split())

    @cached_property
    def is_about_requests(self) -> bool:
        """Whether the text speaks of what is requested here, as no machine does."""
        return any(kind.is_about(self.text) for kind in self.organization.kinds)

    @cached_property
    def told(self) -> str:
        """The text without links, and without whom an absence notice sends us to."""
        return without_links(wording.REDIRECTS.sub(" ", self.text))

    @cached_property
    def asks(self) -> bool:
        """Whether a person wants something: what an absence notice asks back does not count."""
        return bool(wording.ASKS.search(wording.RHETORICAL.sub(" ", self.told)))

    @cached_property
    def wants_something(self) -> bool:
        """Whether a person or an area wants something: "la Facultad solicita la baja"."""
        return self.asks or wording.AREA_ASKS.search(self.told) is not None

    @cached_property
    def wants_a_request(self) -> bool:
        """Whether what is wanted is what is requested here."""
        return self.wants_something and self.is_about_requests

    @cached_property
    def is_personal(self) -> bool:
        """Whether it comes from the mailbox of somebody of the house: ana.prado@…"""
        return self.is_inside and re.fullmatch(r"[a-z]+\.[a-z]+\d{0,2}", self.sender) is not None

    @cached_property
    def is_inside(self) -> bool:
        """Whether somebody of the house wrote it."""
        writer = self.mail.writer
        return writer is not None and self.organization.is_institutional(writer)

    @cached_property
    def is_request(self) -> bool:
        """Whether somebody of the house asks for what is requested here, fills the form in, answers
        a mail, or writes of a case."""
        goes_on = self.quotes or self.cites
        return self.is_inside and bool(self.fills_form or goes_on or self.wants_a_request)

    @cached_property
    def cites(self) -> bool:
        """Whether the head names a case."""
        cited = " ".join((self.mail.subject, *self.mail.in_reply_to, *self.mail.references))
        return bool(folios_in(cited, self.organization.folio_prefix))

    @cached_property
    def fills_form(self) -> bool:
        """Whether some lines answer what a form asks, label by label."""
        heads = [line.partition(":") for line in self.mail.text[: wording.READ].split("\n")]
        asked = [head for head, _, answer in heads if answer.strip()]
        known = [labels_of(kind.form) for kind in self.organization.kinds]
        rows = [sum(1 for a in asked if labels.exactly(a)) for labels in known]
        return max(rows, default=0) >= (2 if self.cites else _ROWS)

    @cached_property
    def goes_on(self) -> bool:
        """Whether somebody writes on in a conversation: says how many or how often, or writes as
        no machine does.

        An absence notice is an answer, too, may repeat our mail and name who is there instead.
        """
        if not (self.quotes or self.cites):
            return False
        orders = wording.SHOUTED.search(self.mail.text[: wording.READ])
        said = self._said(BlockKind.NEW)
        if orders or rhythms_in(said) or sizes(said, said):
            return self.likeness < machine.CERTAIN
        # Staff say who is to decide while they are away.
        return self.likeness < (machine.SURE if self.is_of_staff else machine.HARDLY)

    @cached_property
    def is_of_staff(self) -> bool:
        sender = self.mail.sender
        return sender is not None and self.organization.person(sender.email) is not None

    @cached_property
    def likeness(self) -> float:
        """How much the trained classifier takes the wording for a machine's."""
        writer = self.mail.writer.email.partition("@")[0] if self.mail.writer else self.sender
        return machine.machine(writer, self.mail.subject, self.typed)

    @cached_property
    def says_something(self) -> bool:
        """Whether enough was typed to judge the wording by."""
        return len(self.typed.split()) >= _ENOUGH

    @cached_property
    def says_enough(self) -> bool:
        """The same where nothing was sent along, which may be what the mail is about."""
        return self.says_something and not self.mail.attachments

    @cached_property
    def answers(self) -> bool:
        """Whether its head says that it answers a mail, or hands one on."""
        return bool(self.mail.in_reply_to) or self.subject.startswith(wording.ANSWERS)

    @cached_property
    def quotes(self) -> bool:
        """Whether a mail that it answers stands below what was typed."""
        quoted = any(b.kind is BlockKind.QUOTE and b.text.strip() for b in self.mail.blocks)
        return quoted and bool(self.mail.in_reply_to)

    @cached_property
    def hands_over(self) -> bool:
        """Whether somebody speaks of what is requested or of a case, of who is to see to their
        work, or says that no machine wrote it."""
        about = any(kind.is_about(self.told) for kind in self.organization.kinds)
        said = wording.HANDS_OVER.search(self.told) or wording.NO_MACHINE.search(self.text)
        cited = folios_in(self.told, self.organization.folio_prefix)
        things, said_of = self.organization.things, pairwise(words(self.told))
        theirs = (of in wording.THEIR and it in things for of, it in said_of)
        return bool(said or about or cited) or any(theirs)

    @cached_property
    def is_joking(self) -> bool:
        """Whether somebody writes under a machine's words: "Out of office: my list"."""
        speaks = self.asks or self.hands_over
        unlike = self.likeness < (machine.LIKELY if speaks else machine.HARDLY)
        return self.says_enough and (unlike or wording.NO_MACHINE.search(self.text) is not None)

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

    @cached_property
    def takes_no_answers(self) -> bool:
        """Whether From itself says that nobody reads what is sent there."""
        return bool(_NO_REPLY.match(self.sender))

"""A message as the rest of the bot sees it: parsed, bounded, decoded."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from nlp.types import Block, Document, new_text


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox address; `email` is bare and in lower case, `name` decoded and on one line."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the body. `size` in bytes.

    `content_type` is told by the content where the label lies. `text` is what could be read
    (see `nlp.types.Document`), empty where there is nothing to read; `problem` says in Spanish why
    a document that should be readable was not. What a photo or a scan says is `photographed`:
    read with doubt, to be asked about.
    """

    name: str
    content_type: str
    size: int
    inline: bool = False
    text: str = ""
    problem: str = ""
    photographed: bool = False


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The head of a message that somebody handed on, in the text or as a file.

    `recipients` are all that it shows, by address or else by name, once each; it counts `more`
    without showing them; where it `shows_recipients` at all, as an attribution does not. `sent` is
    when as it is written there, `sent_on` that day. `named` is who sent it where no address shows.
    """

    sender: Address | None
    recipients: tuple[str, ...] = ()
    more: int = 0
    subject: str = ""
    sent: str = ""
    sent_on: dt.date | None = None
    shows_recipients: bool = True
    named: str = ""

    @property
    def in_sight(self) -> int:
        """To how many it went in sight of all."""
        return len(self.recipients) + self.more


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """A parsed message.

    `headers` has lower-case names, each with its decoded values in order of appearance, bounded in
    number and length. `senders` holds every address of From: one is normal, none or several are
    not to be trusted. Message-IDs keep their angle brackets. `failed_recipients` are the addresses
    that a bounce names as failed for good, `gone_recipients` those of them that do not exist,
    `returned_ids` the Message-IDs of what it gives back.
    `visible_text` is the other reading of the new text where the plain and the HTML part disagree,
    else empty: `blocks` follow one, this is what the eye reads of the other, and two readings of
    one command are none.
    `reaction` is the sign of a message that is nothing but a reaction (👍), `recalls` the subject
    of the one that it asks to have back; both empty for any other.
    `handed_on` are the heads of the messages that it hands on, the outermost first.
    `part_types` are the content types of all parts in order, lower case, the message's own first;
    a report carries its kind ("multipart/report; report-type=delivery-status"), a calendar what it
    is for ("text/calendar; method=reply").
    """

    message_id: str
    senders: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: dt.datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]]
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...] = ()
    content_type: str = "text/plain"
    part_types: tuple[str, ...] = ()
    size: int = 0
    failed_recipients: tuple[str, ...] = ()
    gone_recipients: tuple[str, ...] = ()
    returned_ids: tuple[str, ...] = ()
    visible_text: str = ""
    reaction: str = ""
    recalls: str = ""
    handed_on: tuple[HandedOn, ...] = ()
    defects: tuple[str, ...] = field(default=())

    @property
    def sender(self) -> Address | None:
        """The one author, or None where From names none or more than one."""
        return self.senders[0] if len(self.senders) == 1 else None

    @property
    def writer(self) -> Address | None:
        """Who wrote it, also where a group of the same domain stands in From ("Ana via Enlaces").

        To read it and to answer, never for authority: anybody can write such a header.
        """
        named = self.header("x-original-sender").strip().strip("<>").lower()
        local, _, domain = named.partition("@")
        if self.sender is None or not self.header("list-id") or not local or " " in named:
            return self.sender
        if domain != self.sender.domain:
            return self.sender
        return Address(named, self.sender.name.partition(" via ")[0].strip("'\" "))

    @property
    def text(self) -> str:
        """The new text, without quotes and signature."""
        return new_text(self.blocks)

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(Document(a.name, a.text, a.photographed) for a in self.attachments if a.text)

    def header(self, name: str) -> str:
        """The first value of a header, or the empty string."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class UnparseableMessage:
    """A message that could not be read; `reason` in words for the quarantine.

    What little could be told of it (sender, subject) is kept so that a person can act on it.
    """

    reason: str
    size: int
    sender: str = ""
    subject: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Screened:
    """A message that gets no answer; `kind` is what `explain` calls it.

    `kind` is None for our own mail, for what a person sends that says nothing, in doubt, and for a
    request that was `relayed`: only headers stopped it that a group or a rule on the way may have
    put on a person's mail.
    `doubtful`: wording and trained classifier disagree on whether a person wrote it.
    `unsure`: few machines word theirs like it, so that people hear of it where nothing else tells
    them.
    """

    rule: str
    kind: str | None
    reason: str
    relayed: bool = False
    doubtful: bool = False
    unsure: bool = False

    @property
    def may_be_a_persons(self) -> bool:
        """Whether it is read all the same, for people to decide."""
        return self.relayed or self.doubtful or self.unsure

"""Puts a message together from its head, its text and its files, and opens messages inside."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import replace

from bot.mail.parsing.body import BodyText, read_body
from bot.mail.parsing.bounces import failed_recipients, gone_recipients, returned_ids
from bot.mail.parsing.bounds import check_structure
from bot.mail.parsing.files import AttachmentAllowance, attachment, is_message, shown_name, unpack
from bot.mail.parsing.gestures import reaction, recalled
from bot.mail.parsing.handed_on import head_of, heads_in
from bot.mail.parsing.head import Head, rebuild, split_head
from bot.mail.parsing.headers import (
    addresses,
    date,
    header_values,
    message_ids,
    senders,
    text_header,
)
from bot.mail.parsing.layout import Layout
from bot.mail.parsing.limits import Limits, RefusedError
from bot.mail.parsing.own_mail import keys
from bot.mail.parsing.pictures import is_ornament
from bot.mail.parsing.segments import merged
from bot.mail.parsing.structure import CLOSED, FilePart, Structure, TextPart, take_apart
from bot.workflow.case import bare
from bot.workflow.message import Attachment, HandedOn, ParsedMessage
from nlp.text.fold import fold
from nlp.types import WRITTEN, Block, BlockKind

_ANY_DAY = dt.date(2000, 1, 1)  # of a mail that does not say when it was written
_MOST_IN_SIGHT, _LONG_HEADER = 2_000, 65_536  # recipients, and bytes, of an attached message
_SHORT = 3  # line ends of a reaction that says nothing else
OurTexts = tuple[str, ...]


def assemble(
    size: int,
    head: Head,
    limits: Limits,
    level: int = 0,
    allowance: AttachmentAllowance | None = None,
    ours: tuple[OurTexts, OurTexts] = ((), ()),
) -> ParsedMessage:
    """The message whose bounded head and body are `head`; `level` counts messages round it.

    `allowance` is what their files have left to it; `ours` the text of our mail that it
    answers, in each of its forms, and what our mails tell everybody.

    Raises RefusedError, and whatever a parser raises that nobody foresaw.
    """
    allowance = allowance or AttachmentAllowance.of(limits)
    mime = rebuild(head, ("content-", "mime-version"))
    check_structure(mime, limits)
    structure = take_apart(mime, limits)
    del mime  # thirty megabytes, perhaps
    mail = _of_head(size, head, limits, level)
    files, hidden_text = unpack(structure.files, limits, allowance)
    body = _body(structure, hidden_text, _layout(mail, *ours), limits)
    attachments, inside = _open_files(files, limits, level, allowance)
    forwarded = _bounded([block for one in inside for block in merged(_handed_on(one))], limits)
    today = mail.date.date() if mail.date else _ANY_DAY
    text = "\n".join(b.text for b in body.blocks if b.kind is BlockKind.NEW)
    bare = all(a.inline for a in attachments)
    name = mail.senders[0].name if mail.senders else ""
    reacted = reaction(text, structure.reaction, name) if bare else ""
    if reacted and text.count("\n") > _SHORT:  # it repeats the message that it is about
        body = BodyText(tuple(replace(b, kind=BlockKind.QUOTE) for b in body.blocks))
    return replace(
        mail,
        blocks=(*body.blocks, *forwarded),
        attachments=attachments,
        content_type=structure.content_type,
        part_types=structure.part_types,
        visible_text=body.visible_text,
        reaction=reacted,
        recalls=recalled(text, mail.subject) if bare else "",
        handed_on=(*heads_in(body.blocks, today), *(h for one in inside for h in _heads(one))),
        defects=head.defects + structure.defects,
    )


def _of_head(size: int, head: Head, limits: Limits, level: int) -> ParsedMessage:
    """What the head tells, and the addresses of a report; text and files are still to come."""
    authors, headers = senders(head, limits), header_values(head, limits)
    ids = message_ids(head, "message-id", limits)
    failed = () if level else failed_recipients(head, authors, headers, limits)
    return ParsedMessage(
        message_id=ids[0] if ids else "",
        senders=authors,
        to=addresses(head, "to", limits),
        cc=addresses(head, "cc", limits),
        subject=text_header(head, "subject", limits),
        date=date(head),
        in_reply_to=message_ids(head, "in-reply-to", limits),
        references=message_ids(head, "references", limits),
        headers=headers,
        blocks=(),
        size=size,
        failed_recipients=failed,
        gone_recipients=tuple(a for a in gone_recipients(head) if a in failed) if failed else (),
        returned_ids=returned_ids(head) if failed else (),
    )


def _layout(mail: ParsedMessage, answered: OurTexts, printed: OurTexts) -> Layout:
    """What tells the blocks of the text apart; of each recipient also the mailbox without the part
    after a plus (RFC 5233)."""
    recipients, author = mail.to + mail.cc, ""
    mailboxes = frozenset(email for a in recipients for email in (a.email, bare(a.email)))
    names = frozenset(fold(a.name) for a in recipients if " " in a.name.strip())
    if mail.senders:
        author = f"{mail.senders[0].name} {mail.senders[0].email.partition('@')[0]}"
    ours = keys(answered), keys(printed)
    return Layout(mail.subject, mailboxes, names, author, *ours, sent=answered)


def _body(structure: Structure, hidden_text: str, layout: Layout, limits: Limits) -> BodyText:
    body = read_body(structure.plain, structure.html, layout, limits)
    if body.blocks or not hidden_text:
        return body
    only = (TextPart(hidden_text[: limits.text_chars]),)  # Outlook left it in winmail.dat
    return read_body(only, only, layout, limits)


def _open_files(
    files: tuple[FilePart, ...], limits: Limits, level: int, allowance: AttachmentAllowance
) -> tuple[tuple[Attachment, ...], list[ParsedMessage]]:
    """The files, with those of the messages among them, and these messages; what belongs to the
    form of a mail alone, signatures and logos, is none."""
    listed: list[Attachment] = []
    inside: list[ParsedMessage] = []
    limits = replace(limits, addresses=_MOST_IN_SIGHT, header_bytes=_LONG_HEADER)
    for number, part in enumerate(files, 1):
        one = attachment(part, number, limits, allowance)
        if is_ornament(part, one.content_type):
            continue
        if not is_message(part) or part.problem or level >= limits.forwarded:
            listed.append(one)
            continue
        try:
            opened = split_head(part.data, limits)
            inner = assemble(len(part.data), opened, limits, level + 1, allowance)
        except RefusedError as refused:
            listed.append(replace(one, problem=str(refused)))
        except Exception:  # a damaged attachment is no reason to refuse the message round it
            logging.getLogger(__name__).info("An attached message is damaged", exc_info=True)
            listed.append(replace(one, problem=CLOSED))
        else:
            name = part.name or f"{inner.subject or 'mensaje'}.eml"
            named = shown_name(name.replace("/", "-"), one.content_type, number, limits)
            listed += [replace(one, name=named), *inner.attachments]
            inside.append(inner)
    return tuple(listed)[: limits.attachments], inside


def _heads(inner: ParsedMessage) -> Iterator[HandedOn]:
    """Of an attached message and of those that it hands on itself."""
    recipients, written = (*inner.to, *inner.cc), inner.header("date")
    yield head_of(inner.sender, recipients, inner.subject, inner.date, written)
    yield from inner.handed_on


def _handed_on(inner: ParsedMessage) -> Iterator[Block]:
    """An attached message as it would look if it had been forwarded in the text."""
    sender = inner.header("from")
    sent = inner.header("date")
    to = inner.header("to")
    told = (("De", sender), ("Enviado", sent), ("Para", to), ("Asunto", inner.subject))
    lines = [f"{label}: {value[:500]}" for label, value in told if value]
    if lines:
        yield Block(BlockKind.ATTRIBUTION, "\n".join(lines))
    for block in inner.blocks:
        kind = BlockKind.FORWARD if block.kind in WRITTEN else block.kind
        yield Block(kind, block.text)


def _bounded(blocks: list[Block], limits: Limits) -> tuple[Block, ...]:
    chars, lines = limits.text_chars, limits.text_lines
    kept: list[Block] = []
    for block in blocks:
        if chars <= 0 or lines <= 0:
            break
        text = "\n".join(block.text[:chars].split("\n")[:lines])
        kept.append(Block(block.kind, text))
        chars, lines = chars - len(text), lines - text.count("\n") - 1
    return tuple(kept)

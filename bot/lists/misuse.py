"""A mass mail that somebody complains of, taken apart: who sent it, to how many, by which list.

Staff get it with an invitation to the sender to ask for a list; it goes out when one of them
says INVITAR, and never by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.lists.records import KIND, lists_in
from bot.lists.register import ListEntry, ListState
from bot.workflow.calendar import plain_date
from bot.workflow.case import State, bare
from bot.workflow.commands.answers import refused, told
from bot.workflow.commands.registry import NOWHERE, CommandContext, CommandSpec
from bot.workflow.context import Context, Need
from bot.workflow.message import Address, HandedOn, ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import display_name, name_and_address
from bot.workflow.notifications.notices import TriageReply, triage
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Role
from nlp.text.fold import plain


@dataclass(frozen=True, slots=True)
class MassMail:
    """A mass mail that was handed on; `via` is the address of the list that it went by, as far as
    that shows, `entry` that list in the register."""

    head: HandedOn
    via: str = ""
    entry: ListEntry | None = None


def mass_mail(
    organization: Organization, mail: ParsedMessage, entries: Iterable[ListEntry]
) -> MassMail | None:
    """The mass mail among what a message hands on; None where it hands on nothing of others'.

    It is the innermost one, but for one that went to more people in sight; one that is only
    quoted does not show to whom it went.
    """
    others = [h for h in mail.handed_on if not (h.sender and organization.is_mailbox(h.sender))]
    heads = [h for h in others if h.shows_recipients] or others
    if not heads:
        return None
    head = heads[-1]
    for other in heads[:-1]:
        if other.in_sight > max(head.in_sight, 1):
            head = other
    went_to = frozenset(head.recipients)
    named = frozenset(map(plain, went_to))  # once: there may be thousands, and hundreds of lists
    entry = next((e for e in entries if e.address in went_to or e.names & named), None)
    if entry is not None:
        return MassMail(head, entry.address, entry)
    own = {address.email for address in (*mail.senders, *mail.to)}
    alone = head.recipients[0] if head.in_sight == 1 and head.recipients else ""
    return MassMail(head, alone if "@" in alone and alone not in own else "")


def complaint_told(context: Context) -> tuple[Notification, ...]:
    """The complaint for the reviewers: what was handed on taken apart, with the invitation;
    nothing where it hands on no mail."""
    organization, incoming = context.organization, context.incoming
    entries = lists_in(context)
    found = mass_mail(organization, incoming, entries)
    if found is None:
        return ()
    invites = _to_invite(organization, found, entries) is not None
    sender, named = found.head.sender, found.head.named
    values: dict[str, object] = {
        "by": sender.email if sender else named or organization.say("notice.unknown_sender"),
        "by_name": sender.name if sender else "",
        "sent": _day(found.head),
        "subject_sent": found.head.subject,
        "in_sight": f"{found.head.in_sight:,}" if found.head.shows_recipients else "",
        "via": found.via,
        "via_words": _via_words(organization, found),
        "invitation": _invitation(organization, found) if invites else (),
    }
    reply = TriageReply("misuse", values, (INVITAR,) if invites else ())
    return triage(organization, incoming, organization.say("misuse.why"), reply=reply)


def _day(head: HandedOn) -> str:
    return plain_date(head.sent_on) if head.sent_on else head.sent


def _via_words(organization: Organization, found: MassMail) -> str:
    """What the register knows of the list that it went by."""
    entry = found.entry
    if entry is None:
        return organization.say("misuse.no_such_list")
    until = plain_date(entry.end_date) if entry.end_date else ""
    if entry.state is not ListState.ACTIVE or not until:
        return organization.say(f"lists.state.{entry.state}")
    who = entry.responsible or entry.responsible_email
    return organization.say("misuse.authorised", who=who, until=until)


def _invitation(organization: Organization, found: MassMail) -> tuple[str, ...]:
    """The paragraphs of the invitation to the area of who sent it."""
    head = found.head
    subject, day = head.subject or "…", _day(head)
    said = {"subject": subject, "day": day}
    what = organization.say(
        "misuse.invitation.what" if day else "misuse.invitation.undated", **said
    )
    many = organization.say("misuse.invitation.in_sight", count=f"{head.in_sight:,}")
    return (
        f"{what} {many}" if head.in_sight > 1 else what,
        organization.say("misuse.invitation.rules"),
        organization.say("misuse.invitation.how"),
    )


def _to_invite(
    organization: Organization, found: MassMail, entries: Iterable[ListEntry]
) -> Address | None:
    """Who sent it, where that is somebody of the university to write to, and no list."""
    sender = found.head.sender
    if sender is None or not organization.is_institutional(sender):
        return None
    lists = {organization.mailbox.email, found.via, *(entry.address for entry in entries)}
    return sender if lists.isdisjoint((sender.email, bare(sender.email))) else None


def invite(command: CommandContext) -> Outcome:
    """Envía a quien hizo el envío masivo la carta que lo invita a regularizarlo."""
    organization, original = command.organization, command.context.original
    entries = lists_in(command.context)
    found = mass_mail(organization, original.incoming, entries) if original else None
    sender = _to_invite(organization, found, entries) if found else None
    if found is None or sender is None:
        return refused(command, command.say("misuse.nobody_to_invite"))
    said = _invitation(organization, found)
    own_words = (command.argument,) if command.argument else ()
    values: dict[str, object] = {"lines": (*said, *own_words)}
    invitation = Notification("invitation", sender, values, automatic=False)
    result = told(command, command.say("misuse.invited", who=name_and_address(sender)))
    by = display_name(command.person.address)
    why = command.say("misuse.invited_by", by=by, who=sender.email)
    others = [
        p for p in organization.with_role(Role.REVIEWER)
        if p.address.email != command.person.address.email
    ]  # fmt: skip
    word = triage(organization, original.incoming, why, to=others) if original else ()
    mails = (invitation, *(replace(w, token=None) for w in word))
    return Outcome("the sender of a mass mail is invited", notifications=mails, results=(result,))


INVITAR = CommandSpec(
    invite,
    "invite",
    "INVITAR",
    ("invitar",),
    dict.fromkeys(State, frozenset({Role.REVIEWER})),
    argument="text",
    argument_hint="[texto]",
    offers=NOWHERE,  # but for the notice of a mass mail, whose key bears it
    subject="message",
    staff_only=True,
    needs=frozenset({Need.ORIGINAL, Need.RECORDS}),
    kind=KIND,
)

"""What the answers to an area have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import Case, Event, State
from bot.workflow.context import TRIAGE, Context
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.notices import triage
from bot.workflow.notifications.present import enumeration, missing_rows
from bot.workflow.notifications.updates import noted
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from nlp.kinds.put_off import put_off
from nlp.text.fold import fold, plain
from nlp.turns.bare import says_none
from nlp.turns.courtesy import signed_off
from nlp.turns.questions import number_to_call, wants_person
from nlp.turns.types import Writer
from nlp.turns.undecided import undecided
from nlp.types import BlockKind, Extraction, FieldKind

_LONGEST_LINE = 200  # of a mail, that is looked at as an answer
THREAD_LENGTH = 30  # Message-IDs kept of a conversation


def to_people(context: Context, why: str, case: Case | None = None) -> Outcome:
    """A person must look at this: the reviewers get it, nothing goes outside."""
    case = case or context.case
    notifications = triage(context.organization, context.incoming, why, case)
    events = (event(context, case, TRIAGE, why),) if case else ()
    return Outcome(why, case, events=events, notifications=notifications)


def people_of(organization: Organization, incoming: ParsedMessage) -> tuple[Address, ...]:
    """The requester and those in copy who belong to the university, once each, never the bot."""
    everyone = {
        a.email: a
        for a in (*incoming.senders, *incoming.to, *incoming.cc)
        if organization.is_institutional(a) and not organization.is_mailbox(a)
    }  # fmt: skip
    return tuple(everyone.values())


def thread_with(thread: tuple[str, ...], incoming: ParsedMessage) -> tuple[str, ...]:
    """The ids of a conversation with those of a message."""
    ids = dict.fromkeys((*thread, *incoming.references, *incoming.in_reply_to))
    ids.pop(incoming.message_id, None)
    if incoming.message_id:
        ids[incoming.message_id] = None  # last: it is what the next answer replies to
    return tuple(ids)[-THREAD_LENGTH:]


def problems(incoming: ParsedMessage) -> tuple[str, ...]:
    """Attachments that could not be read, in words."""
    return tuple(a.problem for a in incoming.attachments if a.problem)


_FREE = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.NAME})


def not_recognised(context: Context, case: Case, missing: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each line of the mail whose answer its missing field cannot take, or says that
    there is none."""
    form, told = context.organization.kind(case).form, []
    fields = [form[name] for name in missing]
    for line in context.incoming.text.splitlines() if fields else ():
        label, _, said = line[:_LONGEST_LINE].partition(":")
        if not plain(said):
            continue
        named, said = plain(label), said.strip()
        field = next((f for f in fields if named in map(plain, (f.label, *f.aliases))), None)
        if field is not None and says_none(fold(said)):
            meaning = field.help or field.hint or field.label
            told.append(context.say("requester.field", label=field.label, help=meaning))
        elif field is None or field.kind in _FREE or put_off(said):
            continue
        elif not field.choices:
            told.append(context.say("requester.not_read", said=said, label=field.label))
        elif not undecided(said):
            shown = enumeration([words[0] for words in field.choices.values()], "o")
            told.append(context.say("requester.not_one_of", said=said, choices=shown))
    return tuple(told)


def opened(
    context: Context,
    requester: Address,
    intent: str,
    form: Mapping[str, Extraction],
    details: Mapping[str, str | bool] = MappingProxyType({}),
) -> Case:
    """A case as a message of its requester's opens it, with what it says in `form`."""
    incoming = context.incoming
    return Case(
        folio=context.folios[0],
        state=State.INCOMPLETE,
        intent=intent,
        requester=requester,
        people=people_of(context.organization, incoming),
        subject=incoming.subject,
        opened_at=context.now,
        updated_at=context.now,
        form=form,
        thread=thread_with((), incoming),
        details=details,
    )


def event(context: Context, case: Case, what: str, text: str) -> Event:
    """A line of the history, by who wrote the message."""
    return Event(what, writer(context), text, case.version, context.incoming.message_id)


def writer(context: Context) -> str:
    """The address of who wrote the message, as the history names them."""
    sender = context.incoming.sender
    return sender.email if sender else context.say("quarantine.unknown")


def answer_writer(context: Context, case: Case, title: str, *lines: str) -> Notification:
    """A short answer to who wrote."""
    notification = noted(case, title, *lines)
    to = context.incoming.sender or case.requester
    return replace(notification, to=to, automatic=True, repeatable=True)


def with_people(context: Context, case: Case) -> Notification:
    """Tells who wrote that a person has it now."""
    title, line = context.say("requester.with_people_title"), context.say("requester.with_people")
    calls = (person_told(context),) if _number(context) else ()
    lacks = still_missing(context, case)
    return answer_writer(context, case, title, line, *calls, *lacks, *problems(context.incoming))


def still_missing(context: Context, case: Case) -> tuple[str, ...]:
    """What the form of a case lacks, told to its own people."""
    sender = context.incoming.sender
    own = sender is not None and case.belongs_to(sender.email)
    rows = missing_rows(context.organization.kind(case), case)
    if case.state is not State.INCOMPLETE or not own or not rows:
        return ()
    labels = enumeration([f"«{row.label}»" for row in rows])
    return (context.say("requester.still_missing", labels=labels),)


def person_wanted(context: Context) -> str:
    """Why people get a message that asks for a person, with the number to call; empty where it
    asks for none."""
    if not wants_person(context.incoming.text):
        return ""
    if number := _number(context):
        return context.say("requester.wants_call", number=number)
    return context.say("requester.wants_person")


def person_told(context: Context) -> str:
    """What who asks for a person hears."""
    if number := _number(context):
        return context.say("requester.call_told", number=number)
    return context.say("requester.person_told")


def _number(context: Context) -> str:
    """The number at which somebody asks to be called; empty where they do not."""
    text = context.incoming.text
    return number_to_call(f"{text}\n{signed(context.incoming)}") if wants_person(text) else ""


def signed(incoming: ParsedMessage) -> str:
    """How a message is signed: where no program marked it, from the writer's own name on."""
    marked = [b.text for b in incoming.blocks if b.kind is BlockKind.SIGNATURE]
    who, lines = incoming.sender, incoming.text.splitlines()
    if marked or who is None:
        return "\n".join(marked)
    return "\n".join(lines[signed_off(lines, Writer(who.name, who.email)) :])


def handed_to_people(context: Context, case: Case, why: str) -> Outcome:
    """A person must look at this, and the writer hears so."""
    return to_people(context, why, case).plus(with_people(context, case))


def to_asker(context: Context, case: Case, why: str) -> tuple[Notification, ...]:
    """The message to who asked; to all reviewers where they are no longer of the staff."""
    person = context.organization.person(case.asked_by)
    return triage(context.organization, context.incoming, why, case, [person] if person else None)


def unless_told(
    context: Context, case: Case, asker: str, done: Outcome
) -> tuple[Notification, ...]:
    """The area's words to who asked, where no notice of the decision brings them."""
    if not asker or any(notice.person.address.email == asker for notice in done.notices):
        return ()
    return to_asker(context, replace(case, asked_by=asker), context.say("requester.has_answered"))


def attached(context: Context) -> tuple[str, ...]:
    """What was attached, by name; pictures in the text are none of it."""
    return tuple(
        a.name or context.say("requester.a_file")
        for a in context.incoming.attachments
        if not a.inline
    )

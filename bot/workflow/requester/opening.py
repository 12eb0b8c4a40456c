"""The first step of a case by form: what its mail says is known, what is doubted is proposed.

Where a mail asks for several, each is a case, with what is said of it and of all of them.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import Case
from bot.workflow.context import MOST_OPENED, Context
from bot.workflow.kinds import RequestKind, Topic
from bot.workflow.message import Address
from bot.workflow.notifications.advice import advice
from bot.workflow.notifications.mails import form
from bot.workflow.notifications.notices import triage
from bot.workflow.notifications.present import labels
from bot.workflow.outcome import Outcome
from bot.workflow.requester.common import (
    event,
    not_recognised,
    opened,
    person_told,
    person_wanted,
    problems,
    signed,
    writer,
)
from bot.workflow.requester.conversation import proposed, proposed_words, proposing
from bot.workflow.steps import completed
from nlp.types import Extraction, Form, FurtherRequest

_LEAST = 0.01  # what is no surer than nothing is asked about, whatever is configured


def known(form: Form, topic: Topic, found: Mapping[str, Extraction]) -> Mapping[str, Extraction]:
    """The form as understood; what the request plainly is need not be asked again."""
    implied = {name: Extraction(value, "intent", "") for name, value in topic.implies.items()}
    values = {name: value for name, value in found.items() if name in form}
    values |= {n: v for n, v in implied.items() if n in form and n not in values}
    return MappingProxyType(values)


def doubting(context: Context, case: Case) -> Case:
    """The case with those values proposed, not known, of which its mail leaves a doubt."""
    least = context.organization.value_threshold
    unsure = {name: found for name, found in case.form.items() if found.sure < max(least, _LEAST)}
    if not unsure:
        return case
    sure = {name: found for name, found in case.form.items() if name not in unsure}
    case = replace(case, form=MappingProxyType(sure))
    return proposing(case, {**proposed(case, context.organization.kind(case)), **unsure})


def open_cases(context: Context, sender: Address, topic: Topic) -> Outcome:
    """The case that a mail opens, and one more for each thing that it asks for besides."""
    further = context.prediction.further[: MOST_OPENED - 1]
    folios = ", ".join(context.folios[1 : len(further) + 1])
    notes = (context.say("requester.first_of_several", folios=folios),) if further else ()
    done = _open(context, sender, topic, context.prediction.fields, notes)
    if not further or done.case is None:
        return done
    rest = replace(context, folios=context.folios[1:])
    several = open_further(rest, sender, further, done.case, asks_who=False)
    return replace(done, several=several)


def open_further(
    context: Context,
    sender: Address,
    further: tuple[FurtherRequest, ...],
    beside: Case,
    *,
    asks_who: bool,
) -> tuple[Outcome, ...]:
    """A case for each of what a message asks for besides the case that it opens or goes on with.

    What both share is copied where the message says that all else is the same; else `asks_who`
    tells to ask whether the same people ask for it.
    """
    organization = context.organization
    kind, topic = organization.kind(beside), organization.topic(beside.intent)
    if not topic.by_form:
        return ()
    done = []
    for number, other in enumerate(further[:MOST_OPENED]):
        here = replace(context, folios=context.folios[number:])
        shared = _shared(kind, beside, other)
        who = {n: v for n, v in shared.items() if n in kind.of_requester}
        copied, asked = (shared, {}) if other.like_ours else ({}, who if asks_who else {})
        notes = [context.say("requester.one_of_several", folio=beside.folio)]
        if copied:
            told = labels(kind.form, copied)
            notes.append(context.say("requester.copied", folio=beside.folio, labels=told))
        done.append(_open(here, sender, topic, {**copied, **other.fields}, tuple(notes), asked))
    return tuple(done)


def _shared(kind: RequestKind, beside: Case, other: FurtherRequest) -> dict[str, Extraction]:
    """What is known of a case that may hold for what is asked for besides, too."""
    return {
        name: found
        for name, found in beside.form.items()
        if name in kind.form and name not in kind.of_one and name not in other.fields
    }


def _open(
    context: Context,
    sender: Address,
    topic: Topic,
    found: Mapping[str, Extraction],
    notes: tuple[str, ...] = (),
    asked: Mapping[str, Extraction] = MappingProxyType({}),
) -> Outcome:
    """A case with what was found; whether what is `asked` is right is asked."""
    kind = context.organization.kind_about(topic.intent)
    case = opened(context, sender, topic.intent, known(kind.form, topic, found))
    case = doubting(context, proposing(case, asked) if asked else case)
    line = event(context, case, "opened", context.say("history.asks", title=topic.title))
    done = first_step(context, case, notes)
    return replace(done, opens=True, events=(line, *done.events))


def first_step(context: Context, case: Case, notes: tuple[str, ...] = ()) -> Outcome:
    """Asks for what is missing and whether what is proposed is right, or sends it to review; a
    person hears of it where the mail asks for one."""
    why = person_wanted(context)
    if not why:
        return _asked_or_completed(context, case, notes)
    done = _asked_or_completed(context, case, (*notes, person_told(context)))
    return done.plus(*triage(context.organization, context.incoming, why, case))


def _asked_or_completed(context: Context, case: Case, notes: tuple[str, ...]) -> Outcome:
    now, organization, kind = context.now, context.organization, context.organization.kind(case)
    missing = kind.missing(case)
    if missing:
        case, proposal = _proposed(context, case)
        unknown = not_recognised(context, case, set(missing) - set(proposed(case, kind)))
        notes = (*notes, *unknown, *proposal)
        checks, unread = advice(organization, case, now.date()), problems(context.incoming)
        notification = form(organization, case, unread, first=True, notes=notes, checks=checks)
        return Outcome(f"missing: {', '.join(missing)}", case, notifications=(notification,))
    # What need not be there is shown as it was read, unless on a photo.
    photos = {file.name for file in context.incoming.attachments if file.photographed}
    read = {n: v for n, v in proposed(case, kind).items() if v.source not in photos}
    message = context.incoming.message_id
    return completed(organization, case.knowing(read), now, writer(context), message, notes=notes)


def _proposed(context: Context, case: Case) -> tuple[Case, tuple[str, ...]]:
    """The case with what is proposed for its empty fields, and the questions about it: what was
    read with doubt, and the writer as who answers for it."""
    sender, kind = context.incoming.sender, context.organization.kind(case)
    signature = signed(context.incoming)
    unsure = proposed(case, kind)
    own = kind.proposes(case.knowing(unsure), sender, signature) if sender else {}
    values = {**unsure, **{name: Extraction(value, "text", "") for name, value in own.items()}}
    if not values:
        return case, ()
    case = proposing(case, values)
    of = {"right": proposed_words(case, kind, unsure), "you": proposed_words(case, kind, own)}
    notes = (context.say(f"requester.is_it_{it}", values=told) for it, told in of.items() if told)
    return case, tuple(notes)

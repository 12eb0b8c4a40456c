"""The first step of a case by form: what its mail says is known, what is doubted is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.case import Case
from bot.workflow.context import Context
from bot.workflow.kinds import Topic
from bot.workflow.notifications.advice import advice
from bot.workflow.notifications.mails import form
from bot.workflow.notifications.notices import triage
from bot.workflow.outcome import Outcome
from bot.workflow.requester.common import not_recognised, problems, writer
from bot.workflow.requester.conversation import proposed, proposed_words, proposing
from bot.workflow.steps import completed
from nlp.turns.person import wants_person
from nlp.types import BlockKind, Extraction, Form

_LEAST = 0.01  # what is no surer than nothing is asked about, whatever is configured
_LEFT = 120  # characters of what was asked for besides


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


def first_step(context: Context, case: Case) -> Outcome:
    """Asks for what is missing and whether what is proposed is right, or sends it to review; a
    person hears of it where the mail asks for one."""
    if not wants_person(context.incoming.text):
        return _asked_or_completed(context, case, ())
    done = _asked_or_completed(context, case, (context.say("requester.person_told"),))
    why = context.say("requester.wants_person")
    return done.plus(*triage(context.organization, context.incoming, why, case))


def _asked_or_completed(context: Context, case: Case, notes: tuple[str, ...]) -> Outcome:
    now, organization, kind = context.now, context.organization, context.organization.kind(case)
    missing, notes = kind.missing(case), (*_only_the_first(context), *notes)
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
    case = replace(case, form=MappingProxyType({**case.form, **read}))
    message = context.incoming.message_id
    return completed(organization, case, now, writer(context), message, notes=notes)


def _proposed(context: Context, case: Case) -> tuple[Case, tuple[str, ...]]:
    """The case with what is proposed for its empty fields, and the questions about it: what was
    read with doubt, and the writer as who answers for it."""
    sender, kind = context.incoming.sender, context.organization.kind(case)
    blocks = context.incoming.blocks
    signature = "\n".join(b.text for b in blocks if b.kind is BlockKind.SIGNATURE)
    unsure = proposed(case, kind)
    read = replace(case, form=MappingProxyType({**case.form, **unsure}))
    own = kind.proposes(read, sender, signature) if sender else {}
    values = {**unsure, **{name: Extraction(value, "text", "") for name, value in own.items()}}
    if not values:
        return case, ()
    case = proposing(case, values)
    of = {"right": proposed_words(case, kind, unsure), "you": proposed_words(case, kind, own)}
    notes = (context.say(f"requester.is_it_{it}", values=told) for it, told in of.items() if told)
    return case, tuple(notes)


def _only_the_first(context: Context) -> tuple[str, ...]:
    """Where a mail asks for several: that this case is for the first, and what was left."""
    others = context.prediction.besides
    if not others:
        return ()
    left = "; ".join(" ".join(other.split())[:_LEFT] for other in others)
    return (context.say("requester.one_at_a_time", left=left),)

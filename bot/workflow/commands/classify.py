"""CLASIFICAR: what a message asks for, where the bot was unsure or wrong."""

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

from rapidfuzz import fuzz, process

from bot.workflow.case import UNDECIDED, Case, Move, State
from bot.workflow.commands.answers import event, refused, told
from bot.workflow.commands.registry import CommandContext, Offer, command, spec
from bot.workflow.context import Context, Need, Original
from bot.workflow.followers import with_followers
from bot.workflow.kinds import Topic
from bot.workflow.news import as_news
from bot.workflow.notifications.mails import form as form_of
from bot.workflow.notifications.mails import guidance
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.present import enumeration
from bot.workflow.organization import Organization
from bot.workflow.outcome import Correction, Outcome
from bot.workflow.requester.requests import answer_classified
from bot.workflow.staff import Role
from nlp.text.fold import plain
from nlp.types import Extraction

NEAR = 78.0
KEPT = 6_000  # characters of a message to learn from


def _rest_of_line(context: Context, argument: str) -> str:
    """What stands behind the first word: a kind may read as a courtesy and no argument."""
    line = next((x for x in context.incoming.text.splitlines() if x.strip()), "")
    return argument or line.strip().partition(" ")[2][:80]


def _several(command: CommandContext) -> bool:
    """Whether one mail classifies more than once: a key is for one message."""
    given = command.context.staff_commands.commands
    return sum(spec(command.organization, one.name).command is classify for one in given) > 1


@command("classify", "CLASIFICAR", ("classify", "reclasificar"), dict.fromkeys(UNDECIDED,
         frozenset({Role.REVIEWER})), argument="text", argument_hint="tipo", subject="message",
         verbs=("clasificar",), needs=frozenset({Need.ORIGINAL, Need.RECORDS}),
         finds=_rest_of_line, reaches=_several,
         offers=frozenset({Offer.NOTICE, Offer.TRIAGE}))  # fmt: skip
def classify(command: CommandContext) -> Outcome:
    """Dice qué pide un mensaje (creación, cambio, pregunta…) y lo atiende así; el asistente
    aprende."""
    topics = command.organization.topics
    topic = topic_called(command.argument, topics)
    if topic is None:
        offers = enumeration([topic.names[0] for topic in topics])
        why = command.say("classify.unknown_kind")
        return refused(command, why, command.say("classify.may_be", kinds=offers))
    original = command.context.original
    if command.about is not None:
        return _classify_case(command, topic, original)
    if original is None:
        return refused(command, command.say("classify.which_message"))
    if original.corrected_by:
        by = original.corrected_by
        return refused(command, command.say("classify.classified_by", corrected_by=by))
    return _classify_message(command, topic, original)


def topic_called(text: str, topics: tuple[Topic, ...]) -> Topic | None:
    """The topic that somebody names, typing mistakes forgiven."""
    names = {plain(name): topic for topic in topics for name in (*topic.names, topic.intent)}
    wanted = plain(text)
    if wanted in names:
        return names[wanted]
    near = process.extractOne(wanted, list(names), scorer=fuzz.ratio, score_cutoff=NEAR)
    return names[near[0]] if near else None


def _classify_message(
    command: CommandContext, topic: Topic, original: Original, beside: Case | None = None
) -> Outcome:
    """The message is handled as if it had been understood so from the start; one of a case's
    conversation asks for another of the kind `beside` it."""
    handled = answer_classified(command.context, original, topic, beside)
    if handled is None:
        why = command.say("classify.cannot_answer")
        return refused(command, why, command.say("classify.write_yourself"))
    folio = command.say("classify.opened", folio=handled.case.folio) if handled.case else ""
    result = told(
        command,
        command.say("classify.classified", title=topic.title, folio=folio),
        command.say("classify.answered"),
        command.say("classify.opened_by_mistake")
        if handled.case else command.say("classify.say_more"),
        case=handled.case,
    )  # fmt: skip
    correction = _correction(command, original, topic)
    done = Outcome(f"classified as {topic.intent}", results=(result,), corrections=(correction,))
    return handled.then(done)


def _classify_case(command: CommandContext, topic: Topic, original: Original | None) -> Outcome:
    case = command.case
    if topic.intent == case.intent and original is not None and not original.opened:
        return _classify_message(command, topic, original, beside=case)
    if topic.intent == case.intent:
        why = command.say("classify.same_already", folio=case.folio, title=topic.title)
        return refused(command, why)
    learnt = (
        (_correction(command, original, topic),) if original and not original.corrected_by else ()
    )
    line = event(command, "classified", command.say("history.classified", title=topic.title))
    line = as_news(line, (Role.REVIEWER,))
    step = (
        _retyped(command, case, topic) if topic.by_form else _no_request(command, topic, original)
    )
    done = Outcome(line.text, case, events=(line,), corrections=learnt)
    return done.then(step)


def _retyped(command: CommandContext, case: Case, topic: Topic) -> Outcome:
    organization, now = command.organization, command.now
    kind, before = organization.kind_about(topic.intent), organization.kind(case)
    form, told_form = kind.form, before.as_told(case).form  # the rest is not its requester's
    values = {name: value for name, value in told_form.items() if name in form}
    values |= {n: Extraction(v, "staff", "") for n, v in topic.implies.items() if n in form}
    changed = replace(
        case, intent=topic.intent, form=MappingProxyType(values), version=case.version + 1,
        updated_at=now, details=MappingProxyType({}),
    )  # fmt: skip
    result = told(
        command,
        command.say("classify.is_now", folio=case.folio, title=topic.title),
        command.say("classify.goes_on"),
        command.say("classify.undo", topic=organization.topic(case.intent).names[0]),
        case=changed,
    )
    is_theirs = kind is before and told_form == case.form
    if not is_theirs and kind.missing(changed):
        return replace(_asked_again(organization, changed, now), results=(result,))
    asked = notices(organization, changed, case)
    return Outcome("", changed, results=(result,), notices=asked)


def _asked_again(organization: Organization, case: Case, now: dt.datetime) -> Outcome:
    """Another kind of request has another form: what it asks for is still missing."""
    if case.state is not State.INCOMPLETE:
        case = case.moved(Move.TO_AREA, now)
    asked = form_of(organization, case, first=False)
    return Outcome("", case, notifications=with_followers(organization, case, asked))


def _no_request(command: CommandContext, topic: Topic, original: Original | None) -> Outcome:
    """It was no request after all: the case ends, its writer is guided."""
    closed = replace(command.case.moved(Move.WITHDRAWN, command.now), decision=None)
    result = told(
        command,
        command.say("classify.closed", folio=closed.folio, title=topic.title),
        command.say("classify.guided"),
        command.say("classify.reopen"),
        case=closed,
        with_token=True,
    )
    done = Outcome("", closed, results=(result,), cancels_held=True)
    if original is None or original.incoming.sender is None:
        return done
    return done.plus(replace(guidance(original.incoming, topic.intent), automatic=False))


def _correction(command: CommandContext, original: Original, topic: Topic) -> Correction:
    mail, understood = original.incoming, original.prediction
    return Correction(
        message=original.number,
        was=understood.intent,
        confidence=understood.confidence,
        intent=topic.intent,
        by=command.person.address.email,
        sender=mail.sender.email if mail.sender else "",
        subject=mail.subject[:200],
        text=mail.text[:KEPT],
        sent_on=command.organization.day(mail.date or command.now),
    )

"""What a message from an area leads to: a case opened or gone on with, or guidance."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.workflow.authority import is_authenticated
from bot.workflow.case import UNDECIDED, Case, Move, State
from bot.workflow.context import Context, Link, Original
from bot.workflow.kinds import CASE_STATUS, Topic
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import CommandResult, command_result, guidance
from bot.workflow.notifications.notices import triage
from bot.workflow.notifications.status import status
from bot.workflow.notifications.updates import WANTED, choices, what_is_wanted
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.requester.colleagues import is_for_a_colleague
from bot.workflow.requester.commands import ACCEPT, CANCEL, asks_how_it_goes
from bot.workflow.requester.common import (
    event,
    handed_to_people,
    opened,
    person_told,
    person_wanted,
    thread_with,
    to_people,
    with_people,
)
from bot.workflow.requester.conversation import Brings, brought
from bot.workflow.requester.opening import doubting, first_step, known, open_cases, open_further
from bot.workflow.requester.participation import gives, go_on, is_suspicious
from bot.workflow.screening.context import ScreeningContext
from bot.workflow.staff import Person
from nlp.kinds import machine
from nlp.text.fold import fold, plain
from nlp.turns.sentences import word_at
from nlp.types import Extraction, FurtherRequest, ParsedCommands, Prediction

_KEPT = 1_500  # characters of what was written
_SHOWN = 300
_FEW = 12  # words of an answer that only names its choice

_GOES_ON = re.compile(
    r"\b(?:complement\w+|faltaban?|faltantes?|pendientes?|(?:mi|nuestra|la) solicitud"
    r"|que (?:solicit|ped)\w+|hace rato|les (?:mande|envie|escribi)\w*|en seguimiento)\b"
)
_ANOTHER = re.compile(r"\b(?:otra|nueva|segunda|distinta|adicional)\b(?! vez)")
_AGAIN = re.compile(
    r"\b(?:(?:segunda|otra|nueva) vez|(?:correo|mensaje|mail) anterior|no (?:les|te|le) lleg\w+"
    r"|sig(?:o|ue|uimos) necesit\w+|vuelvo a|volvemos a|de nuevo|reenvi\w+)\b"
)


def answer_requester(context: Context) -> Outcome:
    """What a message that is not staff at work leads to."""
    sender, case = context.incoming.sender, context.case
    if sender is None:
        return to_people(context, context.say("triage.unknown_writer"))
    if not is_authenticated(context.incoming, context.organization.sender_policy):
        return to_people(context, context.say("triage.unverified_writer"))
    if context.token is not None and context.token.person == sender.email:
        return _told_to_have_left(context, sender)
    of_kind = _said_of_kind(context)
    if of_kind is not None:
        return of_kind
    if case is not None and _takes_part(context, case, sender.email):
        return told_what(context, case) if _tells_what(context, case) else go_on(context, case)
    if case is not None and context.link is not Link.NONE:
        return _from_a_stranger(context, case)
    if is_for_a_colleague(context):
        return Outcome(context.say("history.left_to_a_colleague"))
    if is_suspicious(context):
        return to_people(context, context.say("triage.looks_like_command"))
    if not context.organization.is_institutional(sender):
        return to_people(context, context.say("triage.outsider"))
    if context.cases and _only_asks_how_it_goes(context):
        notification = status(context.organization, context.incoming, context.cases, context.now)
        wanted = person_wanted(context)  # "nadie nos resuelve, ¿quién nos puede ayudar?"
        case = context.cases[0] if len(context.cases) == 1 else None
        people = triage(context.organization, context.incoming, wanted, case) if wanted else ()
        return Outcome("asks how its requests go", notifications=(notification, *people))
    if several := may_be_of_several(context):
        asked = status(context.organization, context.incoming, several, context.now, which=True)
        return Outcome("asks which case is meant", notifications=(asked,))
    unsure = context.prediction.confidence < context.organization.threshold
    if unsure and not may_be_asked(context):
        return to_people(context, context.say("triage.unsure"))
    hour_ago, most = context.now - dt.timedelta(hours=1), context.organization.caps.cases_per_hour
    own = (c for c in context.cases if c.requester.email == sender.email)
    if sum(1 for c in own if c.opened_at > hour_ago) >= most:
        return to_people(context, context.say("triage.many_cases", most=most))
    if unsure and person_wanted(context):
        return _guide(context, context.organization.topic(context.prediction.intent))
    return asks_what(context, sender) if unsure else _start(context, sender)


def _tells_what(context: Context, case: Case) -> bool:
    """Whether a message answers what is wanted; thanks and a clear CANCELAR are no answer."""
    waits = WANTED in case.details and case.state is State.INCOMPLETE
    thanks = context.turn is not None and brought(context.turn, case) == (Brings.THANKS,)
    return waits and not thanks and not gives(context, CANCEL)


def _from_a_stranger(context: Context, case: Case) -> Outcome:
    """Who is not of a case completes nothing: people read it, and the writer hears so."""
    if context.turn is not None and brought(context.turn, case) == (Brings.THANKS,):
        return Outcome("thanks of somebody who is not of the case")
    done = to_people(context, context.say("triage.stranger_to_case"))
    sender, answers_us = context.incoming.sender, context.link is not Link.FOLIO
    if sender is None or not (answers_us or context.organization.is_institutional(sender)):
        return done  # a number can be guessed: nobody outside is written to for it
    return done.plus(_in_their_own_thread(context, with_people(context, case)))


def told_to_colleague(context: Context) -> tuple[Notification, ...]:
    """That a person has it, where a colleague answered a notice that was handed on to them."""
    sender, case, organization = context.incoming.sender, context.case, context.organization
    if sender is None or case is None or not organization.is_institutional(sender):
        return ()
    if not is_authenticated(context.incoming, organization.sender_policy):
        return ()
    return (_in_their_own_thread(context, with_people(context, case)),)


def _in_their_own_thread(context: Context, answer: Notification) -> Notification:
    """To somebody who is not of a case nothing of it goes: neither its folio nor its thread."""
    mail = context.incoming
    return replace(
        answer,
        folio="",
        in_reply_to=mail.message_id,
        references=(*mail.references, mail.message_id),
    )


def _told_to_have_left(context: Context, sender: Address) -> Outcome:
    """Somebody answers a notice of the time when they were of the staff; whoever is now has it."""
    who, case = Person(sender, frozenset()), context.case
    title = context.say("refused.left")
    result = CommandResult(title, (context.say("refused.left_advice"),), done=False, case=case)
    notification = command_result(context.organization, who, context.incoming, result)
    events = (event(context, case, "refused", title),) if case else ()
    return Outcome("no longer of the staff", case, events=events, notifications=(notification,))


def _said_of_kind(context: Context) -> Outcome | None:
    """What a clear line leads to that only some kind of request knows; None for anything else."""
    for kind in context.organization.kinds:
        for command in kind.commands:
            if gives(context, command.grammar.name):
                return command.leads_to(context)
    return None


def _only_asks_how_it_goes(context: Context) -> bool:
    intent, sure = context.prediction.intent, context.prediction.confidence
    if intent == CASE_STATUS and sure >= context.organization.threshold:
        return True
    topic = context.organization.topic(intent)
    return not topic.is_request and asks_how_it_goes(context.incoming.text)


def answer_classified(
    context: Context, original: Original, topic: Topic, beside: Case | None = None
) -> Outcome | None:
    """An earlier message, handled as what a person says it asks for, be it one of the
    conversation of another case (`beside`); None where it cannot be."""
    sender, organization = original.incoming.writer, context.organization
    if sender is None or not organization.is_institutional(sender):
        return None
    if not is_authenticated(original.incoming, organization.sender_policy):
        return None
    incoming = replace(original.incoming, senders=(sender,))  # not the group that handed it on
    understood = replace(original.prediction, intent=topic.intent, confidence=1.0)
    then = replace(
        context, incoming=incoming, prediction=understood, case=None, token=None,
        link=Link.NONE, staff_commands=ParsedCommands(), requester_commands=ParsedCommands(),
        cases=(),
    )  # fmt: skip
    if beside is not None:
        words = FurtherRequest(incoming.text, original.prediction.fields)
        done = next(iter(open_further(then, sender, (words,), beside, asks_who=True)), None)
    elif topic.is_request:
        done = _start(then, sender)
    else:
        told = guidance(then.incoming, topic.intent)
        copy = tuple(_about(original, one) for one in (topic.told(then) if topic.told else ()))
        done = Outcome(f"guidance: {topic.intent}", notifications=(told, *copy))
    if done is None:
        return None
    # A person asks for these notifications: no cap of automatic mail holds them back.
    return replace(
        done, notifications=tuple(replace(x, automatic=False) for x in done.notifications)
    )


def _about(original: Original, notice: Notification) -> Notification:
    """The notice with a key for that earlier message."""
    token = notice.token and replace(notice.token, about=original.number)
    return replace(notice, token=token)


def _takes_part(context: Context, case: Case, email: str) -> bool:
    """Whether somebody is of the case; who will answer for it may at least say ACEPTO."""
    owner = context.organization.kind(case).owner_of(case)
    answers = owner is not None and owner.email == email
    return case.belongs_to(email) or (answers and gives(context, ACCEPT))


def _start(context: Context, sender: Address) -> Outcome:
    topic = context.organization.topic(context.prediction.intent)
    if topic.by_form:
        return open_cases(context, sender, topic)
    opened = topic.opens(context) if topic.opens else None
    return opened or _guide(context, topic)


def _guide(context: Context, topic: Topic) -> Outcome:
    incoming, organization = context.incoming, context.organization
    copy = topic.told(context) if topic.told else ()
    wanted = person_wanted(context)
    why = wanted or context.say("classify.as", title=topic.title)
    copy = copy or triage(organization, incoming, why)
    told = guidance(incoming, topic.intent, person_told(context) if wanted else "")
    return Outcome(f"guidance: {topic.intent}", notifications=(told, *copy))


def joined(
    cases: Iterable[Case], mail: ParsedMessage, prediction: Prediction, organization: Organization
) -> Case | None:
    """The open case that a new mail goes on with: it gives what was missing, or asks for the same.

    With several open cases nothing tells which.
    """
    open_cases = [case for case in cases if case.state in UNDECIDED]
    said = fold(f"{mail.subject}\n{mail.text}")
    another = _ANOTHER.search(said) is not None
    named = [case for case in open_cases if _names(organization.kind(case).words(case).name, said)]
    again = _AGAIN.search(said) is not None
    if len(named) == 1 and (not another or again or named[0].intent == prediction.intent):
        return named[0]
    return open_cases[0] if _goes_on(said) and len(open_cases) == 1 else None


def may_be_of_several(context: Context) -> tuple[Case, ...]:
    """The open cases of which a new mail may go on with any: it names none, and nothing new."""
    open_cases = tuple(case for case in context.cases if case.state in UNDECIDED)
    said = fold(f"{context.incoming.subject}\n{context.incoming.text}")
    if len(open_cases) < 2 or not _goes_on(said):
        return ()
    kind = context.organization.kind(open_cases[0])
    told = {n: v for n, v in context.prediction.fields.items() if n in kind.form}
    return () if kind.name_of(open_cases[0], told) else open_cases


def _goes_on(said: str) -> bool:
    return _GOES_ON.search(said) is not None and _ANOTHER.search(said) is None


def _names(name: str, said: str) -> bool:
    return bool(name) and word_at(said, fold(name)) >= 0


def may_be_asked(context: Context) -> bool:
    """Whether a new mail was surely typed by a person: no machine is ever asked anything."""
    incoming = context.incoming
    if context.answers_us or incoming.in_reply_to:
        return False
    return ScreeningContext(incoming, context.organization).likeness < machine.HARDLY


def asks_what(context: Context, writer: Address) -> Outcome:
    """A case that waits for its writer to say what is wanted."""
    organization, understood = context.organization, context.prediction
    guess = organization.topic(understood.intent)
    topic = guess if guess.by_form else next(t for t in choices(organization) if t.by_form)
    form = known(organization.kind_about(topic.intent).form, topic, understood.fields)
    wanted = MappingProxyType({WANTED: context.incoming.text[:_KEPT]})
    case = doubting(context, opened(context, writer, topic.intent, form, wanted))
    line = event(context, case, "opened", context.say("history.asked_what"))
    asked = what_is_wanted(organization, case)
    return Outcome("asked what is wanted", case, opens=True, events=(line,), notifications=(asked,))


def told_what(context: Context, case: Case) -> Outcome:
    """The answer: the case goes on as what it says, or is people's."""
    incoming, organization = context.incoming, context.organization
    case = replace(case, thread=thread_with(case.thread, incoming), updated_at=context.now)
    text, case = str(case.details[WANTED]), case.without(WANTED)
    topic, found = _chosen(context)
    if topic is None or not topic.by_form:
        case = case.moved(Move.WITHDRAWN, context.now)
        why = context.say("triage.wants_other", said=text[:_SHOWN])
        return handed_to_people(context, case, why)
    kept = {name: value for name, value in case.form.items() if name not in topic.implies}
    form = known(organization.kind_about(topic.intent).form, topic, {**kept, **found})
    case = doubting(context, replace(case, intent=topic.intent, form=form))
    line = event(context, case, "filled_in", context.say("history.asks", title=topic.title))
    done = first_step(context, case)
    return replace(done, events=(line, *done.events))


def _chosen(context: Context) -> tuple[Topic | None, Mapping[str, Extraction]]:
    """What an answer names or, in its own words, asks for, with what it says besides."""
    said = f" {plain(context.incoming.text)} "
    offered = choices(context.organization)
    named = [t for t in offered if any(f" {plain(w)} " in said for w in (t.button, *t.names))]
    if len(named) == 1 and len(said.split()) <= _FEW and " no " not in said:
        return named[0], {}
    if context.prediction.confidence < context.organization.threshold:
        return None, {}
    return context.organization.topic(context.prediction.intent), context.prediction.fields

"""What each kind of turn does, given how its case stands: one table, and what it stands on.

A turn answers, corrects, asks, commands, thanks, or says what no rule knows. Only answers fill and
only corrections change a value; everything else is answered, asked back, or told to people.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from bot.workflow.case import QUESTION, Case, State
from bot.workflow.kinds import RequestKind
from bot.workflow.notifications.present import show
from nlp.fields.labels import labels_of
from nlp.kinds.for_people import BY_THE_WAY, PRAISE, odds_for_people
from nlp.text.fold import fold
from nlp.turns.mentions import mentions_in
from nlp.turns.sentences import sentences
from nlp.turns.types import (
    Asked,
    GivenValue,
    QuestionTopic,
    RequesterCommand,
    Turn,
    TurnContext,
    Unclear,
)
from nlp.types import Extraction, FieldKind, FieldValue, FormField, plain_value


class Brings(StrEnum):
    """What a turn brings; where it brings several, the first of these leads."""

    YES = "yes"  # to what we asked
    CANCEL = "cancel"
    ACCEPT = "accept"
    OF_KIND = "of_kind"  # what only its kind of request knows: renew, drop
    VALUES = "values"  # answers or corrections
    RESUME = "resume"
    UNCLEAR = "unclear"  # a value that fits several fields
    MAYBE_CANCEL = "maybe_cancel"  # likely, not clear
    MAYBE_RESUME = "maybe_resume"
    MAYBE_OF_KIND = "maybe_of_kind"
    ASKS_FIELD = "asks_field"  # what to write in a field
    ASKS_STAGE = "asks_stage"  # when, how it goes, who has it
    ASKS = "asks"  # anything else
    FURTHER = "further"  # it asks for another of the kind besides
    WORDS = "words"  # what no rule knows
    BY_THE_WAY = "by_the_way"  # told by the way, it asks for nobody: a promise, an errand
    THANKS = "thanks"  # and at most praise besides


class Step(StrEnum):
    """What is done with a turn."""

    CONFIRMED = "confirmed"  # what was asked is carried out
    CANCEL = "cancel"
    RESUME = "resume"
    ACCEPT = "accept"
    OF_KIND = "of_kind"
    FILL_IN = "fill_in"
    ASK_WHICH = "ask_which"
    ASK_IF_MEANT = "ask_if_meant"
    EXPLAIN = "explain"  # the field, with its help
    STATUS = "status"
    STILL_MISSING = "still_missing"
    OPEN_FURTHER = "open_further"
    TO_PEOPLE = "to_people"  # and the writer is told so
    NOTHING = "nothing"  # thanks bother nobody


# People answer what nothing else is done with.
_ANYWHERE: Mapping[Brings, Step] = MappingProxyType(
    dict.fromkeys(Brings, Step.TO_PEOPLE)
    | {
        Brings.YES: Step.CONFIRMED,
        Brings.ASKS_STAGE: Step.STATUS,
        Brings.FURTHER: Step.OPEN_FURTHER,
        Brings.THANKS: Step.NOTHING,
    }
)
_IN_PROGRESS: Mapping[Brings, Step] = MappingProxyType(
    {
        Brings.CANCEL: Step.CANCEL,
        Brings.RESUME: Step.STATUS,
        Brings.VALUES: Step.FILL_IN,
        Brings.MAYBE_CANCEL: Step.ASK_IF_MEANT,
        Brings.MAYBE_RESUME: Step.STATUS,
        Brings.ASKS_FIELD: Step.EXPLAIN,
    }
)
_SLEEPING: Mapping[Brings, Step] = MappingProxyType(
    {
        Brings.RESUME: Step.RESUME,
        Brings.VALUES: Step.RESUME,
        Brings.MAYBE_CANCEL: Step.STATUS,
        Brings.MAYBE_RESUME: Step.ASK_IF_MEANT,
        Brings.ASKS_FIELD: Step.EXPLAIN,
    }
)
_BEING_DONE: Mapping[Brings, Step] = MappingProxyType(
    {
        Brings.CANCEL: Step.CANCEL,
        Brings.ACCEPT: Step.ACCEPT,
        Brings.MAYBE_CANCEL: Step.ASK_IF_MEANT,
        Brings.RESUME: Step.STATUS,
    }
)
_DONE: Mapping[Brings, Step] = MappingProxyType(
    {
        Brings.ACCEPT: Step.ACCEPT,
        Brings.OF_KIND: Step.OF_KIND,
        Brings.MAYBE_OF_KIND: Step.ASK_IF_MEANT,
        Brings.CANCEL: Step.ASK_IF_MEANT,
        Brings.MAYBE_CANCEL: Step.ASK_IF_MEANT,
    }
)
# A rejection is protested or asked about: people answer that, never a status.
_REJECTED: Mapping[Brings, Step] = MappingProxyType({Brings.ASKS_STAGE: Step.TO_PEOPLE})

TABLE: Mapping[State, Mapping[Brings, Step]] = MappingProxyType(
    {
        State.INCOMPLETE: {
            **_ANYWHERE,
            **_IN_PROGRESS,
            Brings.UNCLEAR: Step.ASK_WHICH,
            Brings.BY_THE_WAY: Step.STILL_MISSING,
        },
        State.REVIEW: {**_ANYWHERE, **_IN_PROGRESS},
        State.APPROVAL: {**_ANYWHERE, **_IN_PROGRESS},
        State.PROVISIONING: {**_ANYWHERE, **_BEING_DONE},
        State.CLOSED: {**_ANYWHERE, **_DONE},
        State.REJECTED: {**_ANYWHERE, **_REJECTED},
        State.WITHDRAWN: {**_ANYWHERE, **_SLEEPING},
        State.EXPIRED: {**_ANYWHERE, **_SLEEPING},
    }
)
"""What a turn does in each state of a case."""

_COMMANDS: Mapping[tuple[RequesterCommand, bool], Brings] = MappingProxyType(
    {
        (RequesterCommand.CANCEL, True): Brings.CANCEL,
        (RequesterCommand.CANCEL, False): Brings.MAYBE_CANCEL,
        (RequesterCommand.RESUME, True): Brings.RESUME,
        (RequesterCommand.RESUME, False): Brings.MAYBE_RESUME,
        (RequesterCommand.ACCEPT, True): Brings.ACCEPT,
        (RequesterCommand.RENEW, True): Brings.OF_KIND,
        (RequesterCommand.RENEW, False): Brings.MAYBE_OF_KIND,
        (RequesterCommand.DROP, True): Brings.MAYBE_OF_KIND,
        (RequesterCommand.DROP, False): Brings.MAYBE_OF_KIND,
    }
)
_QUESTIONS: Mapping[QuestionTopic, Brings] = MappingProxyType(
    {
        QuestionTopic.FIELD: Brings.ASKS_FIELD,
        QuestionTopic.DATE: Brings.ASKS_STAGE,
        QuestionTopic.STAGE: Brings.ASKS_STAGE,
        QuestionTopic.WHO: Brings.ASKS_STAGE,
        QuestionTopic.OTHER: Brings.ASKS,
    }
)


def brought(turn: Turn, case: Case) -> tuple[Brings, ...]:
    """All that a turn brings, what leads first; at least one."""
    found: set[Brings] = set()
    if turn.agrees is not None and ASKED in case.details:
        found.add(Brings.YES)
    if turn.answers or turn.corrections or turn.doubted:
        found.add(Brings.VALUES)
    if turn.unclear:
        found.add(Brings.UNCLEAR)
    commands = {(command_here(c.command, case), c.clear) for c in turn.commands}
    found |= {_COMMANDS[command] for command in commands if command in _COMMANDS}
    if case.state is not State.CLOSED:  # nothing is there yet to be renewed
        found -= {Brings.OF_KIND, Brings.MAYBE_OF_KIND}
    found |= {_QUESTIONS[question.topic] for question in turn.questions}
    if turn.further:
        found.add(Brings.FURTHER)
    if turn.rest:
        found.add(_of_words(turn, case))
    if Brings.VALUES in found:  # "ya no quincenal" is part of a correction
        found -= {Brings.MAYBE_CANCEL, Brings.MAYBE_RESUME}
    if not found and (turn.thanks or turn.agrees is not None):
        found.add(Brings.THANKS)
    return tuple(one for one in Brings if one in (found or {Brings.WORDS}))


def _of_words(turn: Turn, case: Case) -> Brings:
    """What words are that no rule knows: what we asked about, people read in any case."""
    if "?" in turn.rest or case.asked_by:
        return Brings.WORDS
    odds = odds_for_people(turn.rest)
    if turn.thanks and odds < PRAISE:
        return Brings.THANKS
    return Brings.BY_THE_WAY if odds < BY_THE_WAY else Brings.WORDS


def command_here(command: RequesterCommand, case: Case) -> RequesterCommand:
    """What a command means at this state: what is there is dropped, or renewed."""
    closed = {RequesterCommand.CANCEL: RequesterCommand.DROP,
              RequesterCommand.RESUME: RequesterCommand.RENEW}  # fmt: skip
    before = {RequesterCommand.DROP: RequesterCommand.CANCEL}
    return (closed if case.state is State.CLOSED else before).get(command, command)


# --- the context of a turn --------------------------------------------------------------------

ASKED = "asked_if_meant"
"""Key of `Case.details`: the command that the requester was asked about, until they answer."""
UNDO = "values_before"
"""Key of `Case.details`: what the last correction replaced, which DESHACER brings back."""
UNCLEAR = "unclear"
"""Key of `Case.details`: the values of the last turn that fitted several fields."""
PROPOSED = "proposed"
"""Key of `Case.details`: the values that were proposed, which a SÍ takes and a NO drops."""
MARKED = "values_at_stage"
"""Key of `Case.details`: the values that were corrected since the case came to its stage."""


def turn_context(kind: RequestKind, case: Case) -> TurnContext:
    """What stands in a case when a turn of its requester is read."""
    missing, form = kind.missing(case), kind.form_of(case)
    known = {name: found.value for name, found in case.form.items() if name in form}
    asked = Asked.FORM if missing else Asked.NOTHING
    if case.asked_by:
        asked = Asked.QUESTION
    if ASKED in case.details:
        asked = Asked.CONFIRMATION
    unclear = json.loads(str(case.details.get(UNCLEAR, "[]")))
    return TurnContext(
        form=form,
        missing=missing,
        known=MappingProxyType(known),
        asked=asked,
        question=str(case.details.get(QUESTION, "")) if case.asked_by else "",
        folio=case.folio,
        version=case.version,
        pending=tuple(Unclear(text, tuple(fields)) for text, *fields in unclear),
    )


def remembering(case: Case, unclear: Iterable[Unclear]) -> Case:
    """The case with what its last turn left unclear, and nothing of the turns before."""
    kept, case = [[one.text, *one.fields] for one in unclear], case.without(UNCLEAR)
    return case.noting(UNCLEAR, json.dumps(kept, ensure_ascii=False)) if kept else case


def proposing(case: Case, values: Mapping[str, Extraction]) -> Case:
    """The case while its requester is asked whether these values are right."""
    return case.noting(PROPOSED, _kept(values))


def proposed(case: Case, kind: RequestKind) -> dict[str, Extraction]:
    """What its requester was asked about and has neither taken nor given otherwise."""
    values = _typed(_restored(str(case.details.get(PROPOSED, "{}"))), kind)
    return {name: found for name, found in values.items() if name not in case.form}


def proposed_words(case: Case, kind: RequestKind, names: Iterable[str]) -> str:
    """Those of the proposed values, with their labels."""
    values = proposed(case, kind)
    told = [name for name in names if name in values]
    return ", ".join(
        f"{kind.form[name].label}: {show(kind.form[name], values[name].value)}" for name in told
    )


def without_doubted(case: Case, kind: RequestKind, turn: Turn, least: float) -> tuple[Case, Turn]:
    """The turn without the answers less sure than `least`, which the case then proposes; what is
    said again, and a reason in the writer's own sentences, is sure."""
    before, missing = proposed(case, kind), kind.missing(case)
    doubted = {
        one.field: Extraction(one.value, one.source, one.evidence)
        for one in turn.answers
        if one.sure < least and one.value is not None and one.field in missing
        and kind.form[one.field].kind is not FieldKind.LONG_TEXT
        and (one.field not in before or before[one.field].value != one.value)
    }  # fmt: skip
    if not doubted:
        return case, turn
    answers = tuple(one for one in turn.answers if one.field not in doubted)
    return proposing(case, {**before, **doubted}), replace(turn, answers=answers)


_READ = 2_000  # characters in which a yes is taken back in part
_SAYS_YES = re.compile(r"\W*(?:si+|yes|soy yo|yo soy|asi es|correcto|confirmo|es correcto)\b")
_YES_FIRST = re.compile(
    r"^\W*(?:s[íi]+|es correcto|correcto|confirmo|as[íi] es|yes)\b"
    r"(?:\W*[.,;:!\n]|,? (?:pero|salvo|excepto|menos|a (?:los|las|todo|ambos)|soy yo|es)\b|\W*$)",
    re.IGNORECASE,
)
_ONLY_SO_FAR = re.compile(r"\b(?:pero|salvo|excepto|menos|no|mal|corrij\w*|cambi\w*)\b")


def with_proposed(case: Case, kind: RequestKind, turn: Turn, text: str) -> Turn:
    """The turn, and where it says SÍ to what was proposed, that; what it tells itself beats it,
    and what it takes exception to is asked again: "Sí, salvo la extensión"."""
    values = proposed(case, kind)
    if not values or ASKED in case.details:
        return turn
    plainly = turn.agrees and _SAYS_YES.match(fold(text[:40]))
    if not plainly and not (turn.agrees is None and _YES_FIRST.match(text)):
        return turn
    told = {one.field for one in (*turn.answers, *turn.corrections)}
    for sentence in () if plainly else sentences(text[:_READ].splitlines()):
        if _ONLY_SO_FAR.search(sentence.folded):
            named = mentions_in(sentence.folded, labels_of(kind.form))
            told |= {name for mention in named for name in mention.label.names}
    taken = tuple(
        GivenValue(name, found.value, found.evidence or text[:40].strip(), found.source, sure=1.0)
        for name, found in values.items()
        if name not in told
    )
    return replace(turn, answers=(*turn.answers, *taken), agrees=None)


# --- values and what they were ----------------------------------------------------------------

NONE = ""
"""The value of a field of which the area says that there is no such thing."""


def extractions(said: Iterable[GivenValue]) -> dict[str, Extraction]:
    """What a turn says, as values of a form."""
    return {
        one.field: Extraction(NONE if one.value is None else one.value, one.source, one.evidence)
        for one in said
    }


def filled(case: Case, news: Mapping[str, Extraction], changed: Iterable[str]) -> Case:
    """The case with new values; what those `changed` replaced is kept, to be shown and undone."""
    old = {name: case.form[name] for name in changed if name in case.form}
    case = replace(case.without(UNDO, ASKED).knowing(news), version=case.version + 1)
    if not old:
        return case
    first = {**old, **_restored(str(case.details.get(MARKED, "{}")))}
    return case.noting(UNDO, _kept(old)).noting(MARKED, _kept(first))


def undone(case: Case, kind: RequestKind) -> tuple[Case, tuple[str, ...]]:
    """The case as it was before the last correction, and the fields that this changes."""
    old = _typed(_restored(str(case.details.get(UNDO, "{}"))), kind)
    return replace(case.without(UNDO).knowing(old), version=case.version + 1), tuple(old)


def marked(case: Case, kind: RequestKind) -> dict[str, Extraction]:
    """What stood, when a case came to its stage, where it was corrected since."""
    return _typed(_restored(str(case.details.get(MARKED, "{}"))), kind)


def before_corrections(case: Case, kind: RequestKind) -> Case | None:
    """The case as it stood when it came to its stage; None where nothing was corrected since."""
    old = marked(case, kind)
    return case.knowing(old) if old else None


def asking(case: Case, command: RequesterCommand) -> Case:
    """The case while its requester is asked whether a command is meant."""
    return case.noting(ASKED, str(command))


def _kept(values: Mapping[str, Extraction]) -> str:
    plain = {name: [plain_value(v.value), v.source, v.evidence] for name, v in values.items()}
    return json.dumps(plain, ensure_ascii=False)


def _restored(text: str) -> dict[str, Extraction]:
    return {name: Extraction(value, source, words) for name, (value, source, words) in
            json.loads(text).items()}  # fmt: skip


def _typed(values: Mapping[str, Extraction], kind: RequestKind) -> dict[str, Extraction]:
    return {
        name: replace(found, value=_as_kind(found.value, kind.form[name]))
        for name, found in values.items()
        if name in kind.form
    }


def _as_kind(value: object, field: FormField) -> FieldValue:
    if field.kind is FieldKind.DATE and isinstance(value, str):
        return dt.date.fromisoformat(value)
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return value if isinstance(value, int | dt.date | tuple) else str(value)

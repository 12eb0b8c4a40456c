"""What is known around a message: its case, the notice it answers, whatever its commands speak of.

Only what something asks for is loaded: most messages need their case and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.runtime.analysis import MessageAnalysis
from bot.store import UnitOfWork
from bot.workflow.case import Case
from bot.workflow.commands.registry import spec
from bot.workflow.commands.several import said_of_rows
from bot.workflow.context import (
    REVOKED,
    ROWS,
    TRIAGE,
    Context,
    Link,
    Need,
    NumberedRow,
    Original,
    ReplyToken,
)
from bot.workflow.folio import folios_in
from bot.workflow.followers import hears_of
from bot.workflow.kinds import CASE_STATUS
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import ParsedMessage
from bot.workflow.organization import Organization
from bot.workflow.requester.commands import asks_how_it_goes
from bot.workflow.requester.conversation import ASKED, turn_context
from bot.workflow.requester.joining import joined
from bot.workflow.tokens import digest, tokens_in
from nlp.text.fold import fold
from nlp.turns.types import Turn
from nlp.types import NOT_NUMBERED, Command, Doubt, NumberedCommands, ParsedCommands

Analyse = Callable[[InboundMessage], MessageAnalysis]
MOST_CITED = 5


def load_context(
    work: UnitOfWork,
    message: InboundMessage,
    mail: ParsedMessage,
    analysis: MessageAnalysis,
    organization: Organization,
    analyse: Analyse,
    now: dt.datetime,
) -> Context:
    """The context of a message that is to be decided on; `organization` as it is staffed today.

    `analyse` reads an earlier message again, for the commands that are about one, and what this
    one says as a turn of its case.
    """
    message, mail, analysis = _read_again(work, message, mail, analysis, organization, analyse)
    if analysis.screened is not None:
        return _of_machine(work, mail, analysis, organization, now)
    said = _presented_with_rows(work, mail, analysis, organization)
    case, link = find_case(work, mail, analysis.folio, said.token)
    cases = _own_cases(work, mail.sender.email) if mail.sender else ()
    if _only_looks_up(mail, analysis, said, organization, cases):
        said = replace(said, staff_commands=ParsedCommands((Command("status"),)))
    token, commands = said.token, said.commands
    if case is None and token is None:
        going_on_with = joined(cases, mail, analysis.prediction, organization)
        case = work.cases.get(going_on_with.folio) if going_on_with else None
    in_thread = link is Link.THREAD or _corrects(said, organization)
    turn = _turn(message, mail, case, in_thread, organization, analyse)
    needs = frozenset(need for one in commands for need in spec(organization, one.name).needs)
    answers_words = token is not None and token.stage == TRIAGE and not commands
    wants_original = Need.ORIGINAL in needs or answers_words
    cited = " ".join((mail.text, *(command.argument or "" for command in commands)))
    return Context(
        incoming=mail,
        prediction=analysis.prediction,
        turn=turn,
        staff_commands=said.staff_commands,
        organization=organization,
        now=now,
        next_folio=work.cases.likely_folio(organization.folio_prefix, now.year),
        case=case,
        link=link,
        token=token,
        batch=said.batch,
        cases=cases,
        reached=work.outbox.reached(_answered(mail)),
        answers_us=message.answered is not None,
        requester_commands=analysis.requester_commands,
        numbered=said.numbered,
        rows=_rows(work, said),
        original=_original(work, message, token, case, analyse) if wants_original else None,
        others=_others(work, needs, cited, organization),
        records=_records(work, analysis, needs, organization, _wishes(turn, case)),
    )


def _corrects(said: _Presented, organization: Organization) -> bool:
    """Whether staff answer a notice with nothing but what may be corrections of its form."""
    if said.token is None or said.token.stage == TRIAGE:
        return False
    return all(spec(organization, one.name).prepares for one in said.commands)


def _turn(
    message: InboundMessage,
    mail: ParsedMessage,
    case: Case | None,
    in_thread: bool,
    organization: Organization,
    analyse: Analyse,
) -> Turn | None:
    """What somebody of a case says in a message as a turn of it; staff, what they correct."""
    if case is None or mail.sender is None:
        return None
    if not (case.belongs_to(mail.sender.email) or in_thread):
        return None
    going_on = turn_context(organization.kind(case), case)
    return analyse(replace(message, mail=mail, turn_context=going_on)).turn


def _read_again(
    work: UnitOfWork,
    message: InboundMessage,
    mail: ParsedMessage,
    analysis: MessageAnalysis,
    organization: Organization,
    analyse: Analyse,
) -> tuple[InboundMessage, ParsedMessage, MessageAnalysis]:
    """A person's message that names no mail of ours, read again with those that it may repeat.

    They are the last ones to its very writer in the cases that it cites, wherever it does, or,
    where it names us and cites none, those of no case: what went to others never tells in its
    reading, and none of them counts as answered.
    """
    as_before = message, mail, analysis
    if analysis.screened is not None or message.answered or not mail.sender:
        return as_before
    said = " ".join(
        (mail.subject, *(a.email for a in (*mail.to, *mail.cc)), *(b.text for b in mail.blocks))
    )
    cited = folios_in(said, organization.folio_prefix)[:MOST_CITED]
    names_us = fold(organization.mailbox.name) in fold(" ".join(said.split()))
    ours = work.outbox.last_to(mail.sender.email, cited) if cited or names_us else ()
    if not ours:
        return as_before
    message = replace(message, may_repeat=ours, folio=analysis.folio)
    read = analyse(message)
    return (message, read.mail, read) if isinstance(read.mail, ParsedMessage) else as_before


@dataclass(frozen=True, slots=True)
class _Presented:
    """The notice whose key a message presents, and what it commands with it if staff wrote it; the
    mail with numbered rows is its `batch` where it names none of them."""

    token: ReplyToken | None
    staff_commands: ParsedCommands
    numbered: NumberedCommands = NOT_NUMBERED
    batch: ReplyToken | None = None

    @property
    def commands(self) -> tuple[Command, ...]:
        """All of them, with those that wait for CONFIRMAR."""
        waiting = self.token.waiting if self.token else ()
        rows = (one.command for one in self.numbered.commands)
        return (*self.staff_commands.commands, *waiting, *rows)


def _only_looks_up(
    mail: ParsedMessage,
    analysis: MessageAnalysis,
    said: _Presented,
    organization: Organization,
    cases: tuple[Case, ...],
) -> bool:
    """Whether one of the staff, who asked for nothing, asks how requests of others stand."""
    if not mail.sender or organization.person(mail.sender.email) is None or cases:
        return False
    new = said.token is None and not said.commands and said.numbered == NOT_NUMBERED
    asks = analysis.prediction.intent == CASE_STATUS or asks_how_it_goes(mail.text)
    return new and asks and not organization.topic(analysis.prediction.intent).is_request


def _presented_with_rows(
    work: UnitOfWork, mail: ParsedMessage, analysis: MessageAnalysis, organization: Organization
) -> _Presented:
    notice, disagreement = presented(work, mail, organization, analysis.folio)
    commands = ParsedCommands(why=disagreement) if disagreement else analysis.staff_commands
    if notice is None or notice.stage != ROWS:
        return _Presented(notice, commands)
    numbered = said_of_rows(organization, mail)
    if numbered != NOT_NUMBERED:
        return _Presented(notice, commands, numbered)
    # It names no row: only where there is but one is it meant.
    only = tuple(notice.rows.values()) if len(notice.rows) == 1 else ()
    return _Presented(work.tokens.get(only[0]) if only else None, commands, batch=notice)


def _rows(work: UnitOfWork, said: _Presented) -> Mapping[int, NumberedRow]:
    """The rows that a message names, as they stand now."""
    found = {}
    for number in {one.number for one in said.numbered.commands}:
        token = work.tokens.get(said.token.rows.get(number, "")) if said.token else None
        case = work.cases.get(token.folio) if token else None
        if token and case:
            found[number] = NumberedRow(token, case)
    return found


def _of_machine(
    work: UnitOfWork,
    mail: ParsedMessage,
    analysis: MessageAnalysis,
    organization: Organization,
    now: dt.datetime,
) -> Context:
    """A machine opens nothing, commands nothing and presents no key: only its case is of use."""
    recalled = analysis.folio if mail.recalls else ""
    case, link = find_case(work, mail, recalled, None)
    own = _own_cases(work, mail.sender.email) if mail.recalls and mail.sender else ()
    reached = work.outbox.reached(_answered(mail))
    gone = reached.intersection(mail.gone_recipients)
    left = {k.name: k.left_behind(work, gone) for k in organization.kinds} if gone else {}
    return Context(
        incoming=mail,
        prediction=analysis.prediction,
        staff_commands=analysis.staff_commands,
        organization=organization,
        now=now,
        next_folio="",
        case=case,
        link=link,
        cases=own,
        requester_commands=analysis.requester_commands,
        screened=analysis.screened,
        reached=reached,
        records=left,
    )


def _own_cases(work: UnitOfWork, email: str) -> tuple[Case, ...]:
    return tuple(case for case in work.cases.of_person(email) if hears_of(case, email))


def _answered(mail: ParsedMessage) -> tuple[str, ...]:
    """What a message answers or gives back, the nearest first."""
    return (*mail.in_reply_to, *reversed(mail.references), *mail.returned_ids)


def presented(
    work: UnitOfWork, mail: ParsedMessage, organization: Organization, cited: str
) -> tuple[ReplyToken | None, Doubt | None]:
    """The notice whose key a message presents, and what contradicts it, if anything does: another
    key, which leaves none, or the folio that is `cited`."""
    notices = [work.tokens.get(digest(key)) for key in tokens_in(mail, organization)]
    known = [n for n in notices if n is not None and n.stage != REVOKED]
    if len({n.folio for n in known}) > 1:
        return None, Doubt.TWO_CASES
    notice = known[0] if known else None
    if notice and notice.folio and cited and cited != notice.folio:
        return notice, Doubt.FOLIO
    return notice, None


def find_case(
    work: UnitOfWork, mail: ParsedMessage, folio: str, notice: ReplyToken | None
) -> tuple[Case | None, Link]:
    """The case a message belongs to, by the strongest link there is."""
    if notice is not None and notice.folio:
        return work.cases.get(notice.folio), Link.TOKEN
    if notice is not None:
        return None, Link.TOKEN
    sender = mail.sender.email if mail.sender else ""
    case = work.cases.by_thread(_answered(mail), sender)
    link = Link.THREAD
    if case is None:
        case = work.cases.get(folio) if folio else None
        link = Link.FOLIO if case else Link.NONE
    if case is not None and case.merged_into and case.belongs_to(sender):
        return work.cases.get(case.merged_into) or case, link
    return case, link


def _others(
    work: UnitOfWork, needs: frozenset[Need], said: str, organization: Organization
) -> tuple[Case, ...]:
    found: tuple[Case, ...] = work.cases.newest_open() if Need.OPEN_CASES in needs else ()
    if Need.CITED_CASES in needs:
        cited = folios_in(said, organization.folio_prefix)[:MOST_CITED]
        more = (work.cases.get(folio) for folio in cited)
        known = {case.folio for case in found}
        found += tuple(case for case in more if case is not None and case.folio not in known)
    return found


def _wishes(turn: Turn | None, case: Case | None) -> set[str]:
    """What a turn wishes, and what its writer was asked about."""
    asked = str(case.details.get(ASKED, "")) if case else ""
    return {asked, *(str(one.wish) for one in turn.wishes)} if turn else set()


def _records(
    work: UnitOfWork,
    analysis: MessageAnalysis,
    needs: frozenset[Need],
    organization: Organization,
    wishes: set[str],
) -> Mapping[str, object]:
    """What kinds of request keep: those that a command or a requester's words are about."""
    said = {command.name for command in analysis.requester_commands.commands} | wishes
    found = {}
    for kind in organization.kinds:
        topic = kind.topic(analysis.prediction.intent)
        has_own_way = topic is not None and (topic.opens or topic.told) is not None
        if (
            Need.RECORDS in needs
            or has_own_way
            or any(command.grammar.name in said for command in kind.commands)
        ):
            found[kind.name] = kind.records(work)
    return found


def _original(
    work: UnitOfWork,
    message: InboundMessage,
    notice: ReplyToken | None,
    case: Case | None,
    analyse: Analyse,
) -> Original | None:
    """The message that a command is about: the one in triage, or the one that opened the case.

    It takes the time of who gives the command.
    """
    number = notice.message if notice and notice.stage in (TRIAGE, "") else 0
    if not number and case is not None:
        number = work.messages.first_of(case.folio)
    found = work.messages.raw(number) if number else None
    if found is None:
        return None
    raw, received_at = found
    earlier = analyse(InboundMessage(0, raw, received_at, turn=message.turn))
    if not isinstance(earlier.mail, ParsedMessage):
        return None
    by = work.staff.corrected_by(number)
    opened = case is None or work.messages.first_of(case.folio) == number
    return Original(number, earlier.mail, earlier.prediction, by, opened)

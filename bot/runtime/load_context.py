"""What is known around a message: its case, the notice it answers, whatever its commands speak of.

Only what something asks for is loaded: most messages need their case and nothing else.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.runtime.analysis import MessageAnalysis
from bot.store import UnitOfWork
from bot.workflow.case import LIVE, Case
from bot.workflow.commands.given import all_given, needed
from bot.workflow.commands.registry import spec
from bot.workflow.commands.several import said_of_rows
from bot.workflow.context import (
    MOST_OPENED,
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
from bot.workflow.followers import hears_of
from bot.workflow.lifecycle import InboundMessage
from bot.workflow.message import ParsedMessage
from bot.workflow.organization import Organization
from bot.workflow.requester.conversation import ASKED, turn_context
from bot.workflow.requester.requests import joined
from bot.workflow.tokens import digest, tokens_in
from nlp.text.fold import fold
from nlp.text.folios import folios_in
from nlp.turns.types import Turn
from nlp.types import NOT_NUMBERED, Doubt, NumberedCommands, ParsedCommands

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
    context = Context(
        incoming=mail,
        prediction=analysis.prediction,
        staff_commands=analysis.staff_commands,
        requester_commands=analysis.requester_commands,
        screened=analysis.screened,
        organization=organization,
        now=now,
        folios=work.cases.likely_folios(organization.folio_prefix, now.year, MOST_OPENED),
        reached=work.outbox.reached(_answered(mail)),
        answers_us=message.answered is not None,
    )
    if context.screened is not None:
        return _of_machine(work, context, analysis.folio)
    context = _with_case(work, _with_token(work, context, analysis.folio), analysis.folio)
    context = replace(context, turn=_turn(message, context, analyse))
    needs = needed(context)
    return replace(
        context,
        original=_original(work, message, context, analyse) if Need.ORIGINAL in needs else None,
        other_cases=_other_cases(work, needs, context),
        records=_records(work, needs, context),
    )


def _turn(message: InboundMessage, context: Context, analyse: Analyse) -> Turn | None:
    """What somebody of a case says in a message as a turn of it; staff, what they correct."""
    case, mail = context.case, context.incoming
    if case is None or mail.sender is None:
        return None
    in_thread = context.link is Link.THREAD or _corrects(context)
    if not (case.belongs_to(mail.sender.email) or in_thread):
        return None
    going_on = turn_context(context.organization.kind(case), case)
    names = (context.organization.kind(one).words(one).name for one in context.cases
             if one.state in LIVE and one.folio != case.folio)  # fmt: skip
    beside = tuple(filter(None, names))
    return analyse(replace(message, mail=mail, turn_context=going_on, beside=beside)).turn


def _corrects(context: Context) -> bool:
    """Whether staff answer a notice with nothing but what may be corrections of its form."""
    if context.token is None or context.token.stage == TRIAGE:
        return False
    return all(spec(context.organization, one.name).prepares for one in all_given(context))


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


def _with_token(work: UnitOfWork, context: Context, folio: str) -> Context:
    """With the notice whose key the message presents, and what it says of its rows; the mail with
    numbered rows is the `batch` where it names none of them."""
    mail, organization = context.incoming, context.organization
    token, doubt = presented(work, mail, organization, folio)
    if doubt is not None:
        context = replace(context, staff_commands=ParsedCommands(why=doubt))
    if token is None or token.stage != ROWS:
        return replace(context, token=token)
    numbered = said_of_rows(organization, mail)
    if numbered != NOT_NUMBERED:
        return replace(context, token=token, numbered=numbered, rows=_rows(work, token, numbered))
    # It names no row: only where there is but one is it meant.
    if len(token.rows) == 1:
        return replace(context, token=work.tokens.get(*token.rows.values()), batch=token)
    return replace(context, token=None, batch=token, rows=_rows(work, token, numbered))


def _rows(
    work: UnitOfWork, token: ReplyToken, numbered: NumberedCommands
) -> Mapping[int, NumberedRow]:
    """The rows that a message commands about, as they stand now; else all: it may tell of any."""
    found = {}
    for number in dict.fromkeys(one.number for one in numbered.commands) or token.rows:
        own = work.tokens.get(token.rows.get(number, ""))
        case = work.cases.get(own.folio) if own else None
        if own and case:
            found[number] = NumberedRow(own, case)
    return found


def _with_case(work: UnitOfWork, context: Context, folio: str) -> Context:
    """With the case that the message belongs to, and its sender's own."""
    mail = context.incoming
    case, link = find_case(work, mail, folio, context.token)
    cases = _own_cases(work, mail.sender.email) if mail.sender else ()
    if case is None and context.token is None:
        going_on_with = joined(cases, mail, context.prediction, context.organization)
        case = work.cases.get(going_on_with.folio) if going_on_with else None
    return replace(context, case=case, link=link, cases=cases)


def _of_machine(work: UnitOfWork, context: Context, folio: str) -> Context:
    """A machine opens nothing, commands nothing and presents no key: only its case is of use."""
    mail, kinds = context.incoming, context.organization.kinds
    case, link = find_case(work, mail, folio if mail.recalls else "", None)
    own = _own_cases(work, mail.sender.email) if mail.recalls and mail.sender else ()
    gone = context.reached.intersection(mail.gone_recipients)
    left = {kind.name: kind.left_behind(work, gone) for kind in kinds} if gone else {}
    return replace(context, case=case, link=link, cases=own, records=left)


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


def _other_cases(work: UnitOfWork, needs: frozenset[Need], context: Context) -> tuple[Case, ...]:
    found: tuple[Case, ...] = work.cases.newest_open() if Need.OPEN_CASES in needs else ()
    if Need.CITED_CASES in needs:
        arguments = (command.argument or "" for command in all_given(context))
        said = " ".join((context.incoming.text, *arguments))
        cited = folios_in(said, context.organization.folio_prefix)[:MOST_CITED]
        more = (work.cases.get(folio) for folio in cited)
        known = {case.folio for case in found}
        found += tuple(case for case in more if case is not None and case.folio not in known)
    return found


def _records(work: UnitOfWork, needs: frozenset[Need], context: Context) -> Mapping[str, object]:
    """What kinds of request keep: those that a command or a requester's words are about."""
    said = {command.name for command in context.requester_commands.commands} | _in_prose(context)
    found = {}
    for kind in context.organization.kinds:
        topic = kind.topic(context.prediction.intent)
        has_own_way = topic is not None and (topic.opens or topic.told) is not None
        if (
            Need.RECORDS in needs
            or has_own_way
            or any(command.grammar.name in said for command in kind.commands)
        ):
            found[kind.name] = kind.records(work)
    return found


def _in_prose(context: Context) -> set[str]:
    """The commands of a turn, and what its writer was asked about."""
    if context.turn is None:
        return set()
    asked = str(context.case.details.get(ASKED, "")) if context.case else ""
    return {asked, *(str(one.command) for one in context.turn.commands)}


def _original(
    work: UnitOfWork, message: InboundMessage, context: Context, analyse: Analyse
) -> Original | None:
    """The message that a command is about: the one in triage, or the one that opened the case.

    It takes the time of who gives the command.
    """
    notice, case = context.token, context.case
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

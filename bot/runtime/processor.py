"""The one way through: have messages read, gather what is known, decide, write it down.

Everything a message leads to is one transaction: case, events, outbox rows, message done. Several
messages may share one; where one of them spoils it, all is undone and each gets its own, so that a
bad one is set aside alone. After a conflict with another worker, too, a message is looked at again
with fresh data.
"""

import datetime as dt
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace

import structlog

from bot.mail.compose import write
from bot.mail.parsing import answered_ids, read_head
from bot.observability.logs import concerning
from bot.observability.metrics import (
    MESSAGES_HELD_BACK,
    MESSAGES_PUT_OFF,
    MESSAGES_SETTLED,
    step,
    timed,
)
from bot.runtime.analysis import MessageAnalysis
from bot.runtime.batches import batches
from bot.runtime.enqueue import Writer, post, write_down
from bot.runtime.load_context import Analyse, load_context
from bot.runtime.parser_process import ParserProcess, PutOffError, ReadMessage
from bot.store import Conflict, Store, StoreBusy, StoreDown, StoreError, UnitOfWork
from bot.workflow.authority import is_authenticated
from bot.workflow.context import Context
from bot.workflow.inbound import decide, is_copy
from bot.workflow.lifecycle import InboundMessage, InboundStatus
from bot.workflow.machines import quarantined
from bot.workflow.message import ParsedMessage, UnparseableMessage
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.screening.outbox import Cause

Clock = Callable[[], dt.datetime]
MAX_DEATHS = 20  # processes that may end while they hold a message before it is put aside
MAX_CONFLICTS = 20  # a message that keeps losing against others is left for the next round

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Settled:
    """How a message ended, for log and metrics; `why` holds nothing that somebody wrote.

    `held_back`: it may be a machine's, and people were told of it instead of it being answered.
    """

    message: int
    message_id: str
    status: InboundStatus
    folio: str | None
    why: str
    held_back: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Numbers of messages: those that are settled, and those that take too long here."""

    settled: tuple[int, ...]
    put_off: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchPolicy:
    """How many messages are claimed at a time, read ahead, and settled in one transaction."""

    claimed: int
    ahead: int
    together: int


ALONE = BatchPolicy(claimed=20, ahead=20, together=20)
"""For the only process on a database: reading and settling go on side by side."""
SHARED = BatchPolicy(claimed=10, ahead=1, together=1)
"""For one process of several: none holds locks that another waits for, each keeps to one core."""


class _UnreadError(Exception):
    """What a message leads to depends on one that is still to be read."""

    def __init__(self, message: InboundMessage) -> None:
        super().__init__()
        self.message = message


class _ReadBefore:
    """What was read for a message before it is settled, nobody waiting for it."""

    def __init__(self) -> None:
        self.known: list[tuple[InboundMessage, MessageAnalysis]] = []

    def analysis_of(self, message: InboundMessage) -> MessageAnalysis:
        """The analysis. Raises _UnreadError where there is none yet."""
        for known, analysis in self.known:
            if known == message:
                return analysis
        raise _UnreadError(message)


class Processor:
    """Takes received messages to their end."""

    def __init__(
        self,
        store: Store,
        reader: ParserProcess,
        organization: Organization,
        clock: Clock,
        batch_policy: BatchPolicy,
        beat: Callable[[], None] = lambda: None,
        settling: AbstractContextManager[object] | None = None,
        reads_apart: bool = False,
        time_of: Callable[[InboundMessage], dt.datetime] | None = None,
        writer: Writer = write,
    ) -> None:
        """`beat` is called after each message read: a transaction may take many of them.

        `settling` keeps two processors of one process from settling at the same time; with
        `reads_apart` nothing is read meanwhile, however long that takes. `time_of` is when a
        message is settled, where that is not now; `writer` renders what it leads to.
        """
        self._store, self._reader = store, reader
        self._organization, self._clock = organization, clock
        self.batch_policy, self._beat = batch_policy, beat
        self._settling = settling or nullcontext()
        self._reads_apart = reads_apart
        self._time_of = time_of or (lambda _: clock())
        self._writer = writer

    def process(self, messages: Iterable[InboundMessage]) -> Generator[Progress]:
        """Settles claimed messages for good; yields the numbers of some after each transaction.

        Messages are asked for ahead of being settled. Whoever stops asking, and what keeps losing
        against other workers, leaves messages as they are. Raises StoreError where the database
        fails, ParserProcessError where nothing can be read.
        """
        to_read, together = map(self._with_answered, messages), self.batch_policy.together
        with closing(self._reader.read_all(to_read, self.batch_policy.ahead)) as readings:
            read = timed("read", self._beating(readings))
            for some in batches(read, together, lambda reading: len(reading.message.raw)):
                yield self._settle_all(some)

    def _beating(self, readings: Iterable[ReadMessage | None]) -> Iterator[ReadMessage | None]:
        for reading in readings:
            self._beat()
            yield reading

    def _with_answered(self, message: InboundMessage) -> InboundMessage:
        ids = answered_ids(message.raw)
        answered = self._store.outbox.by_message_id(ids) if ids else None
        return replace(message, answered=answered)

    def _settle_all(self, some: Sequence[ReadMessage]) -> Progress:
        """Settles messages in one transaction; where that is lost, each in one of its own."""
        read = [(r.message, r.analysis) for r in some if r.analysis is not None]
        later = [r.message.id for r in some if r.analysis is None]
        settled = self._settle_together(read) if len(read) > 1 else None
        if settled is None:
            settled = []
            for message, analysis in read:
                try:
                    settled += self._settle_alone(message, analysis)
                except PutOffError:
                    later.append(message.id)
        for one in settled:
            _tell(one)
        MESSAGES_PUT_OFF.inc(len(later))
        return Progress(tuple(one.message for one in settled), tuple(later))

    def _settle_together(
        self, some: Sequence[tuple[InboundMessage, MessageAnalysis]]
    ) -> list[Settled] | None:
        """None where one of the messages spoils it for all."""
        try:
            with self._settling, step("settle"), self._store.work() as work:
                settled = []
                for message, analysis in some:
                    with concerning(message=message.id, message_id=message.message_id):
                        settled.append(self._settle(work, message, analysis, self._reader.analyse))
            return settled
        except (StoreBusy, StoreDown):
            raise
        except Exception as error:  # which one it was shows when each is alone
            log.info("messages.split", count=len(some), error=type(error).__name__)
            return None

    def _settle_alone(self, message: InboundMessage, analysis: MessageAnalysis) -> list[Settled]:
        """Nothing where the message is left for the next round."""
        before = _ReadBefore()
        analyse = before.analysis_of if self._reads_apart else self._reader.analyse
        with concerning(message=message.id, message_id=message.message_id):
            for _ in range(MAX_CONFLICTS):
                try:
                    with self._settling, step("settle"), self._store.work() as work:
                        return [self._settle(work, message, analysis, analyse)]
                except _UnreadError as unread:
                    before.known.append((unread.message, self._reader.analyse(unread.message)))
                except Conflict as conflict:
                    log.info("message.tried_again", conflict=str(conflict))
                except (StoreError, PutOffError):
                    raise
                except Exception as error:  # one bad message never stops the next
                    log.exception("message.failed")
                    problem = self._organization.say(
                        "unreadable.unprocessed", error=type(error).__name__
                    )
                    with self._settling, self._store.work() as work:
                        return [self._fail(work, message, read_head(message.raw, problem))]
            log.warning("message.left_for_later")
        return []

    def quarantined(self, message: InboundMessage) -> None:
        """Tells the administrators of a message that came into the quarantine at once."""
        ids = {"message": message.id, "message_id": message.message_id}
        with concerning(**ids), self._store.work() as work:
            self._alarm(work, message.id, read_head(message.raw, message.reason))
        _tell(Settled(message.id, message.message_id, message.status, None, message.reason))

    def _fail(self, work: UnitOfWork, message: InboundMessage, mail: UnparseableMessage) -> Settled:
        work.messages.finish(message.id, InboundStatus.FAILED, mail.reason)
        self._alarm(work, message.id, mail)
        return Settled(message.id, message.message_id, InboundStatus.FAILED, None, mail.reason)

    def _alarm(self, work: UnitOfWork, message: int, mail: UnparseableMessage) -> None:
        notifications = quarantined(self._organization, message, mail)
        now, cause = self._clock(), Cause(mail.sender)
        post(work, notifications, self._organization, now, None, message, cause, self._writer)

    def _settle(
        self,
        work: UnitOfWork,
        message: InboundMessage,
        analysis: MessageAnalysis,
        analyse: Analyse,
    ) -> Settled:
        """Raises what a bad message brings forth, Conflict where another worker was faster."""
        mail = analysis.mail
        if message.attempts > MAX_DEATHS:
            mail = read_head(
                message.raw, self._organization.say("unreadable.deaths", times=MAX_DEATHS)
            )
        if isinstance(mail, UnparseableMessage):
            return self._fail(work, message, mail)
        if self._came_before(work, message, mail, analyse):
            why = self._organization.say("machine.copy")
            work.messages.finish(message.id, InboundStatus.IGNORED, why)
            return Settled(message.id, message.message_id, InboundStatus.IGNORED, None, why)
        now = self._time_of(message)
        organization = self._organization.on(now.date(), work.staff.leaves(now.date()))
        context = load_context(work, message, mail, analysis, organization, analyse, now)
        outcome = decide(context)
        folios = tuple(
            work.cases.take_folio(organization.folio_prefix, now.year)
            for _ in range(outcome.cases_opened)
        )
        if folios != context.folios[: len(folios)]:  # another worker took one meanwhile
            outcome = decide(replace(context, folios=folios))
        cause = _cause(context)
        write_down(work, outcome, organization, now, message.id, cause, self._writer)
        return self._finish(work, message, context, outcome)

    def _came_before(
        self, work: UnitOfWork, message: InboundMessage, mail: ParsedMessage, analyse: Analyse
    ) -> bool:
        """Whether a mail of the same Message-ID said the same (`bot.workflow.inbound`)."""
        for number in work.messages.of_same_id(message.id):
            found = work.messages.raw(number)
            if found is None:
                continue
            earlier = analyse(InboundMessage(0, *found, turn=message.turn)).mail
            if isinstance(earlier, ParsedMessage) and is_copy(mail, earlier, self._organization):
                return True
        return False

    def _finish(
        self, work: UnitOfWork, message: InboundMessage, context: Context, outcome: Outcome
    ) -> Settled:
        why = ", ".join(event.what for event in outcome.events)
        case, status = outcome.case, InboundStatus.DONE
        if context.screened is not None:
            why, case, status = outcome.why, context.case, InboundStatus.IGNORED
        folio = case.folio if case else None
        sender = context.incoming.sender
        known = case is None or (sender is not None and case.belongs_to(sender.email))
        work.messages.finish(
            message.id,
            status,
            outcome.why,
            folio,
            by_stranger=not known and context.staff is None,
        )
        screened = context.screened
        in_doubt = screened is not None and screened.may_be_a_persons
        held_back = in_doubt and bool(outcome.notifications)
        return Settled(message.id, message.message_id, status, folio, why, held_back)


def _tell(settled: Settled) -> None:
    """Once it is committed: what a log says must be true."""
    MESSAGES_SETTLED.labels(status=settled.status).inc()
    MESSAGES_HELD_BACK.inc(int(settled.held_back))
    with concerning(
        message=settled.message,
        message_id=settled.message_id,
        case=settled.folio,
        why=settled.why,
    ):
        log.info("message.settled", status=settled.status)


def _cause(context: Context) -> Cause:
    """Whom a message says it is from, and who vouches for that."""
    sender, key, policy = context.incoming.sender, context.token, context.organization.sender_policy
    author = sender.email if sender else ""
    believed = is_authenticated(context.incoming, policy)
    live = key is not None and key.consumed_at is None and not key.void
    sent_to_them = live and key is not None and key.person == author
    answers = author in context.reached  # who knows the id of a mail to them has seen it
    proven = believed and (policy.is_pinned or answers)
    others = key.person if key is not None and key.person != author else ""
    with_key = sent_to_them and believed
    return Cause(author, proven=proven, with_key=with_key, others_key=others)

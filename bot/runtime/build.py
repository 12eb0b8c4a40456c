"""The composition root: from settings to a service that runs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Lock

from bot.config.load import Settings
from bot.config.organization import organization_of
from bot.mail import compose
from bot.mail.imap import Inbox
from bot.mail.parsing.limits import Limits, limits_of
from bot.mail.smtp import SmtpSender
from bot.observability.health import Health
from bot.observability.heartbeat import Heartbeat
from bot.observability.monitor import monitored
from bot.runtime import forkserver
from bot.runtime.collector import leave_alone_what_is_loaded
from bot.runtime.database import upgraded_store, wall_clock
from bot.runtime.fairness import Allowance, turn_of
from bot.runtime.intake import AnotherDatabaseError
from bot.runtime.outbox_sender import OutboxSender
from bot.runtime.parser_process import ParserProcess
from bot.runtime.processor import ALONE, SHARED, Clock, Processor
from bot.runtime.scheduler import Reports, Scheduler
from bot.runtime.service import TICK_SECONDS, Service
from bot.store import Store
from bot.store.claims import own_name
from bot.workflow.organization import Organization

# Niceness of the reader that has all the time: the others come first, yet on a busy machine it must
# come to its share before the wall clock ends its message (at 19 such mail was put aside there).
LOW_PRIORITY = 5


@contextmanager
def service(
    settings: Settings,
    clock: Clock | None = None,
    tick_seconds: float = TICK_SECONDS,
    *,
    monitor: bool = False,
    reports: Reports = lambda *_: (),
) -> Iterator[Service]:
    """A service with everything it needs; closed at the end.

    The mailbox is not connected yet: that is `run`'s and `once`'s to try. With `monitor` it can be
    seen from outside as `settings.monitoring` says; raises MonitorError where that cannot be, and
    StoreError where another one works on the same SQLite database. `reports` as for `Scheduler`.
    """
    forkserver.start()
    clock = clock or wall_clock(settings)
    organization = organization_of(settings)
    worker, limits, seconds = own_name(), limits_of(settings), settings.limits.parse_seconds
    compose.prepare()  # while the server that the reader is forked from loads
    with (
        ParserProcess(organization, limits, seconds, Allowance()) as reader,
        upgraded_store(settings) as store,
        Inbox(settings.imap) as inbox,
        SmtpSender(settings.smtp, hello=organization.mailbox.domain) as sender,
        ExitStack() as exits,
    ):
        leave_alone_what_is_loaded()
        heartbeat = Heartbeat(lambda: inbox.connected)
        other = SmtpSender(settings.alarms, hello=organization.mailbox.domain)
        aside = exits.enter_context(other) if settings.alarms.host else None
        outbox_sender = OutboxSender(
            store, sender, organization, worker, settings.smtp.max_attempts, clock, aside=aside
        )
        if monitor:
            health = Health(store, heartbeat, settings.monitoring, clock, outbox_sender)
            exits.enter_context(monitored(settings.monitoring, health))
        exits.enter_context(store.alone())
        policy, settling = SHARED if store.is_shared else ALONE, Lock()
        processor = Processor(store, reader, organization, clock, policy, heartbeat.beat, settling)
        running = Service(
            settings, store, inbox, processor, outbox_sender,
            Scheduler(store, organization, clock, reports), worker, clock, heartbeat,
            partial(_patient, store, organization, clock, limits, seconds, settling),
            partial(turn_of, organization=organization), tick_seconds,
        )  # fmt: skip
        try:
            yield running
        except AnotherDatabaseError:
            store.unmake()
            raise


@contextmanager
def _patient(
    store: Store,
    organization: Organization,
    clock: Clock,
    limits: Limits,
    seconds: float,
    settling: Lock,
) -> Iterator[Processor]:
    """What settles slow messages, with a reader of its own that has all the time."""
    with ParserProcess(organization, limits, seconds, niceness=LOW_PRIORITY) as slow:
        yield Processor(
            store, slow, organization, clock, SHARED, settling=settling, reads_apart=True
        )

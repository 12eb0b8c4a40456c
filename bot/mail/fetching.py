"""Fetching messages in bounded memory, past the ones that a server does not hand over."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.mail.errors import MailboxError, connection_lost
from bot.mail.quirks import stands_in
from bot.workflow.lifecycle import FetchedMessage

log = structlog.get_logger()

About = Mapping[bytes, Any]
"""The parts of one message, by the names that the server gives them."""
Ask = Callable[[Sequence[int], str], dict[int, About]]
"""A FETCH of these UIDs and parts; raises MailboxError."""

GROUP_BYTES = 8 * 2**20  # of bodies held at a time, unless a single message is larger
LOST_LIMIT = 6  # a bad network may hit an innocent message several times; half a minute's waiting
REFUSED_LIMIT = 3  # of a message asked for alone
ABSENT_LIMIT = 8  # of one that is found and not handed over: after some twenty minutes
FIRST_DOUBT, LONGEST_DOUBT = 2.0, 300.0  # seconds until it is asked for again: 2, 8, 32 …
HEADER_BYTES = 64 * 2**10  # of the headers of a message that is too big

ABOUT = "RFC822.SIZE INTERNALDATE"
BODY = "BODY.PEEK[]"  # a plain BODY[] would set \\Seen, which belongs to people
HEADERS = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"


@dataclass(slots=True)
class _Doubt:
    """A message that something went wrong with: it is asked for alone, later.

    `lost`, `refused` and `absent` count what came of it. A refusal counts only where the server has
    answered another FETCH since the last one, or there is no other: `answers` is how many it had.
    """

    answers: int
    next_try: float = 0.0
    times: int = 0  # that anything went wrong
    lost: int = 0
    refused: int = 0
    absent: int = 0
    problem: str = ""
    about: About = field(default_factory=dict)

    @property
    def is_its_own_fault(self) -> bool:
        return self.lost >= LOST_LIMIT or self.refused >= REFUSED_LIMIT


class Fetcher:
    """Fetches from one folder, and remembers over several connections what went wrong.

    Some servers hang up rather than refuse (Dovecot does where a file is not what its index says),
    refuse a hundred messages for the sake of one, or find a message but do not hand it over
    (Exchange, for a while). So what went wrong for many is asked for one by one. Whether it was the
    message or the server shows when it is asked again, later; meanwhile the others are fetched.
    """

    def __init__(self, batch: int, clock: Callable[[], float]) -> None:
        self._batch, self._clock = batch, clock
        self._doubts: dict[int, _Doubt] = {}
        self._ghosts: set[int] = set()
        self._again: set[int] = set()  # asked for together once more, for the server blames itself
        self._answers = 0

    @property
    def ghosts(self) -> frozenset[int]:
        """UIDs that the server finds and does not hand over, however often it is asked."""
        return frozenset(self._ghosts)

    @property
    def doubts(self) -> int:
        """How many messages are to be asked for again."""
        return len(self._doubts)

    @property
    def next_try(self) -> float:
        """When the next message falls due that is to be asked for again."""
        return min((doubt.next_try for doubt in self._doubts.values()), default=float("inf"))

    def fetch(self, ask: Ask, uids: Sequence[int], max_bytes: int) -> Iterator[FetchedMessage]:
        """The messages of `uids`, those in doubt last; see `Inbox.fetch`."""
        for uid in self._doubts.keys() - set(uids):
            del self._doubts[uid]  # somebody deleted it, as is their right
        sure = [uid for uid in uids if uid not in self._doubts and uid not in self._ghosts]
        for some in in_parts(sure, self._batch):
            yield from self._fetch(ask, some, max_bytes)
        for uid, doubt in sorted(self._doubts.items(), key=lambda item: (item[1].times, item[0])):
            if doubt.is_its_own_fault:
                del self._doubts[uid]
                size, date = _size(doubt.about), _date(doubt.about)
                yield FetchedMessage(uid, b"", size, date, doubt.problem)
            elif doubt.next_try <= self._clock():
                yield from self._fetch(ask, [uid], max_bytes)

    def _fetch(self, ask: Ask, uids: Sequence[int], max_bytes: int) -> Iterator[FetchedMessage]:
        about = self._ask(ask, uids, ABOUT)
        for uid in uids:
            if uid not in about:
                self._absent(uid)
            elif uid in self._doubts:
                self._doubts[uid].about = about[uid]
        for group in self._groups([uid for uid in uids if uid in about], about, max_bytes):
            if _size(about[group[0]]) > max_bytes:
                yield from self._headers_only(ask, group[0], about[group[0]], max_bytes)
            else:
                yield from self._whole(ask, group, about, max_bytes)

    def _groups(
        self, uids: Sequence[int], about: Mapping[int, About], max_bytes: int
    ) -> Iterator[list[int]]:
        """UIDs to fetch together, in order; what is too big alone."""
        group: list[int] = []
        held = 0
        for uid in uids:
            size = _size(about[uid])
            if group and (size > max_bytes or held + size > GROUP_BYTES):
                yield group
                group, held = [], 0
            group.append(uid)
            held += size
            if size > max_bytes:
                yield group
                group, held = [], 0
        if group:
            yield group

    def _whole(
        self, ask: Ask, group: Sequence[int], about: Mapping[int, About], max_bytes: int
    ) -> Iterator[FetchedMessage]:
        found = self._ask(ask, group, BODY)
        for uid in group:
            size, date = _size(about[uid]), _date(about[uid])
            raw = found.pop(uid, {}).get(b"BODY[]")
            if raw is None or stands_in(raw):
                self._absent(uid)
                continue
            self._doubts.pop(uid, None)
            if len(raw) > max_bytes:  # Exchange's RFC822.SIZE is an estimate
                problem = _too_big(len(raw), max_bytes)
                yield FetchedMessage(uid, raw[:HEADER_BYTES], len(raw), date, problem)
            else:
                yield FetchedMessage(uid, raw, size, date)

    def _headers_only(
        self, ask: Ask, uid: int, about: About, max_bytes: int
    ) -> Iterator[FetchedMessage]:
        found = self._ask(ask, [uid], HEADERS)
        if uid not in found:
            self._absent(uid)
            return
        self._doubts.pop(uid, None)
        headers = found[uid].get(b"BODY[HEADER]<0>") or b""
        size = _size(about)
        yield FetchedMessage(uid, headers, size, _date(about), _too_big(size, max_bytes))

    def _ask(self, ask: Ask, uids: Sequence[int], parts: str) -> dict[int, About]:
        try:
            found = ask(uids, parts)
        except MailboxError as error:
            if connection_lost(error.__cause__):
                self._lost(uids)
            elif error.temporary:
                self._put_off(uids, error.problem)
            else:
                self._refused(uids, error.problem)
            raise
        self._answers += 1
        return found

    def _lost(self, uids: Sequence[int]) -> None:
        for uid in uids:
            doubt = self._doubt(uid, pause=0.0)
            doubt.lost += 1
            doubt.problem = f"the connection was lost {doubt.lost} times while fetching it"

    def _refused(self, uids: Sequence[int], problem: str) -> None:
        others = len(self._doubts.keys() - set(uids))
        for uid in uids:
            known = self._doubts.get(uid)
            doubt = self._doubt(uid)
            if known and (self._answers > known.answers or not others):
                doubt.refused += 1
            doubt.problem, doubt.answers = problem, self._answers

    def _put_off(self, uids: Sequence[int], problem: str) -> None:
        """The server says that it is not the messages: they are asked for together again, then one
        by one, for it says so of a damaged one, too (Dovecot's SERVERBUG)."""
        before, self._again = self._again, set(uids)
        for uid in uids:
            known = self._doubts.get(uid)
            if known is None and (len(uids) == 1 or uid not in before):
                continue
            others = known is not None and self._answers > known.answers
            doubt = self._doubt(uid, pause=None if known else 0.0)
            doubt.lost += others
            doubt.problem, doubt.answers = problem, self._answers

    def _absent(self, uid: int) -> None:
        doubt = self._doubt(uid)
        doubt.absent += 1
        if doubt.absent >= ABSENT_LIMIT:
            log.warning("imap.message_not_handed_over", uid=uid, times=doubt.absent)
            del self._doubts[uid]
            self._ghosts.add(uid)
            return
        log.info("imap.message_gone", uid=uid, times=doubt.absent)

    def _doubt(self, uid: int, pause: float | None = None) -> _Doubt:
        """The doubt about a message, which is asked for again after a pause."""
        doubt = self._doubts.setdefault(uid, _Doubt(self._answers))
        if pause is None:
            pause = min(LONGEST_DOUBT, FIRST_DOUBT * 4.0 ** min(doubt.times, 10))
        doubt.next_try = self._clock() + pause
        doubt.times += 1
        return doubt


def in_parts(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """`uids`, so many at a time."""
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


def _size(about: About) -> int:
    return int(about.get(b"RFC822.SIZE") or 0)


def _date(about: About) -> dt.datetime | None:
    date: dt.datetime | None = about.get(b"INTERNALDATE")
    return date


def _too_big(size: int, max_bytes: int) -> str:
    return f"too big: {size / 2**20:.1f} MB, the limit is {max_bytes / 2**20:g} MB"

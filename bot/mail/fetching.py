"""Fetching messages in bounded memory, past the ones that a server cannot hand over."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import structlog

from bot.mail.errors import MailboxError, connection_lost, response_code
from bot.workflow.lifecycle import FetchedMessage

log = structlog.get_logger()

About = Mapping[bytes, Any]
"""The parts of one message, by the names that the server gives them."""
Ask = Callable[[Sequence[int], str], dict[int, About]]
"""A FETCH of these UIDs and parts; raises MailboxError."""
Answer = tuple[dict[int, About], dict[int, str]]
"""What was got, and for what was not, why."""

GROUP_BYTES = 8 * 2**20  # of bodies held at a time, unless a single message is larger
LOST_LIMIT = 6  # a bad network may hit an innocent message several times; half a minute's waiting
HEADER_BYTES = 64 * 2**10  # of the headers of a message that is too big

ABOUT = "RFC822.SIZE INTERNALDATE"
BODY = "BODY.PEEK[]"  # a plain BODY[] would set \\Seen, which belongs to people
HEADERS = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"


class Fetcher:
    """Fetches from one folder, and remembers over several connections what one was lost with.

    Some servers hang up rather than refuse: Dovecot does where a file is not what its index says.
    A message that was there each time is asked for alone, and given up after `LOST_LIMIT` times.
    """

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._lost: Counter[tuple[int, str]] = Counter()  # by UID and what was asked for

    def fetch(self, ask: Ask, uids: Sequence[int], max_bytes: int) -> Iterator[FetchedMessage]:
        """The messages in the order of `uids`; see `Inbox.fetch`."""
        for some in in_parts(uids, self._batch):
            about, problems = self._ask(ask, some, ABOUT)
            there = [uid for uid in some if uid in about or uid in problems]
            if len(there) < len(some):
                log.info("imap.messages_gone", count=len(some) - len(there))
            for group in self._groups(there, about, max_bytes):
                if group[0] in problems:
                    yield FetchedMessage(group[0], b"", 0, problem=problems[group[0]])
                elif _size(about[group[0]]) > max_bytes:
                    yield from self._headers_only(ask, group[0], about[group[0]], max_bytes)
                else:
                    yield from self._whole(ask, group, about, max_bytes)

    def _groups(
        self, uids: Sequence[int], about: Mapping[int, About], max_bytes: int
    ) -> Iterator[list[int]]:
        """UIDs to fetch together, in order; a problem, or what is too big or suspect, alone."""
        group: list[int] = []
        held = 0
        for uid in uids:
            size = _size(about[uid]) if uid in about else 0
            harmless = uid in about and size <= max_bytes and not self._lost[uid, BODY]
            if group and (not harmless or held + size > GROUP_BYTES):
                yield group
                group, held = [], 0
            group.append(uid)
            held += size
            if not harmless:
                yield group
                group, held = [], 0
        if group:
            yield group

    def _whole(
        self, ask: Ask, group: Sequence[int], about: Mapping[int, About], max_bytes: int
    ) -> Iterator[FetchedMessage]:
        found, problems = self._ask(ask, group, BODY)
        for uid in group:
            size, date = _size(about[uid]), _date(about[uid])
            if uid in problems:
                yield FetchedMessage(uid, b"", size, date, problems[uid])
                continue
            if uid not in found:
                log.info("imap.messages_gone", count=1)
                continue
            raw = found.pop(uid).get(b"BODY[]")
            if raw is None:
                yield FetchedMessage(uid, b"", size, date, "the server has no content for it")
            elif len(raw) > max_bytes:  # Exchange's RFC822.SIZE is an estimate
                problem = _too_big(len(raw), max_bytes)
                yield FetchedMessage(uid, raw[:HEADER_BYTES], len(raw), date, problem)
            else:
                yield FetchedMessage(uid, raw, size, date)

    def _headers_only(
        self, ask: Ask, uid: int, about: About, max_bytes: int
    ) -> Iterator[FetchedMessage]:
        found, problems = self._ask(ask, [uid], HEADERS)
        if uid not in found and uid not in problems:
            log.info("imap.messages_gone", count=1)
            return
        headers = found.get(uid, {}).get(b"BODY[HEADER]<0>") or b""
        size = _size(about)
        yield FetchedMessage(uid, headers, size, _date(about), _too_big(size, max_bytes))

    def _ask(self, ask: Ask, uids: Sequence[int], parts: str) -> Answer:
        """What the server hands over, and its reasons for what it does not."""
        suspects = [uid for uid in uids if self._lost[uid, parts]]
        if suspects and len(uids) > 1:
            others = [uid for uid in uids if uid not in suspects]
            return self._ask_apart(ask, [others, *([uid] for uid in suspects)], parts)
        if suspects and (times := self._lost[uids[0], parts]) >= LOST_LIMIT:
            return {}, {uids[0]: f"the connection was lost {times} times while fetching it"}
        try:
            found = ask(uids, parts) if uids else {}
        except MailboxError as error:
            if connection_lost(error.__cause__):
                self._lost.update((uid, parts) for uid in uids)
            if error.temporary:
                raise
            if len(uids) > 1:  # refused, perhaps for the sake of one message
                return self._ask_apart(ask, [[uid] for uid in uids], parts)
            gone = response_code(error.problem) == "EXPUNGEISSUED"  # RFC 5530: deleted meanwhile
            return {}, {} if gone else {uids[0]: error.problem}
        for uid in uids:
            self._lost.pop((uid, parts), None)
        return found, {}

    def _ask_apart(self, ask: Ask, groups: Sequence[Sequence[int]], parts: str) -> Answer:
        found: dict[int, About] = {}
        problems: dict[int, str] = {}
        for group in groups:
            some, wrong = self._ask(ask, group, parts)
            found |= some
            problems |= wrong
        return found, problems


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

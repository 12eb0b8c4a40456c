"""Reply tokens within a transaction; the key itself is nowhere, only its hash."""

import datetime as dt
import json

from sqlalchemy import bindparam, insert, select, update

from bot.store.errors import Conflict
from bot.store.tables import CASE, NOTICE
from bot.store.transactions import Transaction
from bot.workflow.case import FINAL, State
from bot.workflow.context import ASKED, REVOKED, ReplyToken
from bot.workflow.tokens import digest
from nlp.types import Command

MOST_AT_ONCE = 500  # of the words that are looked up


SEVERAL = "several"
"""The name that stands for commands which wait together; their argument is all of them."""


def _kept(waiting: tuple[Command, ...]) -> dict[str, str | None]:
    if len(waiting) > 1:
        said = json.dumps([[one.name, one.argument] for one in waiting], ensure_ascii=False)
        return {"order_name": SEVERAL, "order_argument": said}
    for one in waiting:
        return {"order_name": one.name, "order_argument": one.argument}
    return {"order_name": None, "order_argument": None}


def _waiting(name: str | None, argument: str | None) -> tuple[Command, ...]:
    if name == SEVERAL:
        return tuple(Command(*one) for one in json.loads(argument or "[]"))
    return (Command(name, argument),) if name else ()


class TokenRepository:
    """Issued, consumed and revoked reply tokens."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._unspent: set[str] = set()

    def save(self, token: ReplyToken, message: int | None = None) -> None:
        """Keeps a token; `message` is the incoming one that led to it."""
        self._transaction.put_off(
            _SAVE,
            {
                "key_hash": token.token_hash,
                "folio": token.folio or None,
                "message": message,
                "person": token.person,
                "stage": token.stage,
                "version": token.version,
                **_kept(token.waiting),
                "created_at": token.created_at,
                "spent_at": token.consumed_at,
                "commands": " ".join(sorted(token.commands)),
                "rows": " ".join(f"{n}:{key}" for n, key in token.rows.items()) or None,
            },
        )

    def get(self, token_hash: str) -> ReplyToken | None:
        """The token with this hash."""
        self._transaction.write_waiting(_SAVE)
        row = self._connection.execute(_GET, {"key": token_hash}).one_or_none()
        if row is None:
            return None
        if row.spent_at is None:
            self._unspent.add(token_hash)
        return ReplyToken(
            token_hash=row.key_hash,
            folio=row.folio or "",
            person=row.person,
            stage=row.stage,
            version=row.version,
            commands=frozenset(row.commands.split()),
            created_at=row.created_at,
            consumed_at=row.spent_at,
            void=row.void_at is not None,
            waiting=_waiting(row.order_name, row.order_argument),
            message=row.message or 0,
            rows=_rows(row.rows or ""),
        )

    def asked(self) -> dict[tuple[str, str], set[str]]:
        """Who ever had a notice, by case and stage."""
        self._transaction.write_waiting(_SAVE)
        found: dict[tuple[str, str], set[str]] = {}
        for folio, stage, person in self._connection.execute(_ASKED):
            found.setdefault((folio, stage), set()).add(person)
        return found

    def keys_among(self, words: frozenset[str]) -> frozenset[str]:
        """Which of some words are keys of notices, consumed and void ones too."""
        self._transaction.write_waiting(_SAVE)
        of_digest = {digest(word): word for word in words}
        digests = list(of_digest)
        found: list[str] = []
        for start in range(0, len(digests), MOST_AT_ONCE):
            some = digests[start : start + MOST_AT_ONCE]
            found += self._connection.scalars(_KNOWN, {"hashes": some})
        return frozenset(of_digest[one] for one in found)

    def revoke(self, token_hash: str) -> None:
        """Makes a token worth nothing: others have seen its key."""
        self._transaction.write_waiting(_SAVE)
        self._connection.execute(_REVOKE, {"key": token_hash})

    def void_of_case(self, folio: str, at: dt.datetime) -> None:
        """A case moved: none of the tokens that were made for it before serves any more, but for
        those that answer an inquiry, which decide nothing."""
        self._transaction.write_waiting(_SAVE)
        of_stage = (NOTICE.c.folio == folio, NOTICE.c.stage.not_like(f"{ASKED}%"))
        self._connection.execute(_VOID.where(*of_stage).values(void_at=at))

    def void_of_person(self, email: str, at: dt.datetime) -> int:
        """Makes all that a person could still answer with void; how many tokens that were."""
        self._transaction.write_waiting(_SAVE)
        mine = (NOTICE.c.person == email, NOTICE.c.spent_at.is_(None), NOTICE.c.stage != REVOKED)
        return self._connection.execute(_VOID.where(*mine).values(void_at=at)).rowcount

    def consume(self, token_hash: str, at: dt.datetime) -> None:
        """Marks a token as used; a second time changes nothing.

        Raises Conflict where somebody used it after it was read unused in this transaction.
        """
        self._transaction.write_waiting(_SAVE)
        spent = self._connection.execute(_CONSUME, {"key": token_hash, "now": at}).rowcount
        if not spent and token_hash in self._unspent:
            raise Conflict("the notice was answered by another message")


def _rows(text: str) -> dict[int, str]:
    """The hashes of a mail's rows by their numbers, as `save` writes them."""
    return {int(number): key for number, _, key in (row.partition(":") for row in text.split())}


OPEN = tuple(str(state) for state in State if state not in FINAL)
_SAVE = insert(NOTICE)
_GET = select(NOTICE).where(NOTICE.c.key_hash == bindparam("key"))
_ASKED = (
    select(NOTICE.c.folio, NOTICE.c.stage, NOTICE.c.person)
    .distinct()
    .join(CASE, CASE.c.folio == NOTICE.c.folio)
    .where(CASE.c.state.in_(OPEN))
)
_KNOWN = select(NOTICE.c.key_hash).where(NOTICE.c.key_hash.in_(bindparam("hashes", expanding=True)))
_REVOKE = update(NOTICE).where(NOTICE.c.key_hash == bindparam("key")).values(stage=REVOKED)
_VOID = update(NOTICE).where(NOTICE.c.void_at.is_(None))
_CONSUME = (
    update(NOTICE)
    .where(NOTICE.c.key_hash == bindparam("key"), NOTICE.c.spent_at.is_(None))
    .values(spent_at=bindparam("now"))
)

"""What can go wrong with the database, told without a driver's exceptions."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import BotError

LOCKED = frozenset({"55P03", "57014"})  # lock_not_available, query_canceled (PostgreSQL)
LOST_RACE = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
NO_RIGHTS = "42501"  # insufficient_privilege
SHUTTING_DOWN = frozenset({"57P01", "57P02", "57P03"})


class StoreError(BotError):
    """The database cannot do what was asked; the text says why, without any mail in it."""

    about = "database"


class Conflict(StoreError):  # noqa: N818  (a conflict is not a failure: the caller tries again)
    """Somebody else was faster: nothing was written, do it again with fresh data."""


class StoreBusy(StoreError):  # noqa: N818
    """Temporary: another process holds the lock too long. Try again later."""


class StoreDown(StoreError):  # noqa: N818
    """Temporary: the database cannot be reached, opened or written. Try again later."""


class StoreMissing(StoreError):  # noqa: N818
    """There is no database, or none of ours in it, and it was not to be made."""


class StoreOutdated(StoreError):  # noqa: N818
    """The tables are of an earlier version of the bot."""


@contextmanager
def translated() -> Iterator[None]:
    """Turns what SQLAlchemy raises within the block into StoreError."""
    try:
        yield
    except DBAPIError as error:
        raise _told(error) from error
    except PoolTimeout as error:
        raise StoreBusy("no free connection to the database") from error
    except SQLAlchemyError as error:
        raise StoreError(f"{type(error).__name__}: {_line(error)}") from error


def _told(error: DBAPIError) -> StoreError:
    state = str(getattr(error.orig, "sqlstate", "") or "")
    text = _line(error.orig)
    if isinstance(error, IntegrityError):
        taken = state == "23505" or "UNIQUE" in text
        return Conflict(text) if taken else StoreError(text)
    if state == NO_RIGHTS:
        return StoreError(
            f"{text}: the role needs to make and write tables; let it own the database "
            "(ALTER DATABASE … OWNER TO …), or GRANT CREATE, USAGE ON SCHEMA public"
        )
    if state in LOST_RACE:
        return Conflict(text)
    if state in LOCKED or "locked" in text or "busy" in text:
        return StoreBusy(text)
    operational = type(error.orig).__name__ == "OperationalError"
    if error.connection_invalidated or state in SHUTTING_DOWN or operational:
        return StoreDown(text)
    return StoreError(text)


def _line(error: object) -> str:
    # Further lines of PostgreSQL's messages quote values: they stay out of logs.
    lines = str(error).splitlines()
    return lines[0][:300] if lines else type(error).__name__

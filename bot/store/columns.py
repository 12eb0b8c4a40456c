"""Column types: times in UTC, text that both engines take, mail compressed.

Mail is compressed with Zstandard (RFC 8878), five times as fast as zlib at its fastest, and
smaller; databases from before hold zlib.
"""

import datetime as dt
import zlib
from typing import Any

import zstandard
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

Id = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers only INTEGER keys by itself
LEVEL = 1
_ZSTD = b"\x28\xb5\x2f\xfd"  # what every frame begins with


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware time: kept and given back in UTC. Naive times are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        known: dt.datetime = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return known.astimezone(dt.UTC)


class CleanText(TypeDecorator[str]):
    """Text without what PostgreSQL or UTF-8 cannot hold: NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


class Packed(TypeDecorator[bytes]):
    """Bytes, compressed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else unpacked(value)


def clean(text: str) -> str:
    """The text as it can be stored."""
    if text.isascii():
        return text.replace("\0", "\ufffd") if "\0" in text else text
    text = text.replace("\0", "\ufffd")
    return text.encode("utf-8", "replace").decode()


def packed(data: bytes) -> bytes:
    """The data, compressed."""
    return zstandard.compress(data, LEVEL)


def unpacked(data: bytes) -> bytes:
    """What was packed, by this version or an earlier one. ValueError where it is neither's."""
    try:
        return zstandard.decompress(data) if data.startswith(_ZSTD) else zlib.decompress(data)
    except (zstandard.ZstdError, zlib.error) as error:
        raise ValueError(str(error)) from error

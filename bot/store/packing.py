"""Mail as it lies in the database: compressed with Zstandard (RFC 8878).

Five times as fast as zlib at its fastest, and smaller; databases from before hold zlib.
"""

from __future__ import annotations

import zlib

import zstandard

LEVEL = 1
_ZSTD = b"\x28\xb5\x2f\xfd"  # what every frame begins with


def packed(data: bytes) -> bytes:
    """The data, compressed."""
    return zstandard.compress(data, LEVEL)


def unpacked(data: bytes) -> bytes:
    """What was packed, by this version or an earlier one. ValueError where it is neither's."""
    try:
        return zstandard.decompress(data) if data.startswith(_ZSTD) else zlib.decompress(data)
    except (zstandard.ZstdError, zlib.error) as error:
        raise ValueError(str(error)) from error

"""Mail in the database: small, and readable whichever version wrote it."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.columns import packed, unpacked


@given(st.binary(max_size=5_000))
def test_what_goes_in_comes_out(data: bytes) -> None:
    assert unpacked(packed(data)) == data
    assert unpacked(zlib.compress(data, 1)) == data  # as versions before kept it


def test_mail_shrinks() -> None:
    mail = b"".join(b"<td class='value'>Facultad %d</td>\r\n" % n for n in range(1000))
    assert len(packed(mail)) < len(mail) / 5


@pytest.mark.parametrize(
    "data", [b"", b"plain", b"\x28\xb5\x2f\xfd broken", packed(b"x" * 99)[:-3]]
)
def test_what_is_neither_is_told(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        unpacked(data)

"""Whom a command may be believed to come from (RFC 8601)."""

from types import MappingProxyType

import pytest

from bot.workflow.authority import is_authenticated
from bot.workflow.message import Address
from tests.builders import REVIEWER, mail

SERVER = "mx1.upaep.mx"


def headed(*values: str) -> bool:
    headers = MappingProxyType({"authentication-results": values})
    return is_authenticated(mail(sender=REVIEWER.address, headers=headers), SERVER)


def test_nothing_is_asked_where_no_server_is_pinned() -> None:
    assert is_authenticated(mail(sender=REVIEWER.address), "")


@pytest.mark.parametrize(
    "value",
    [
        f"{SERVER}; dmarc=pass header.from=upaep.mx",
        f"{SERVER}; spf=fail; dkim=pass header.d=upaep.mx",
        f"{SERVER} 1; dkim=pass (2048-bit key) header.i=@upaep.mx header.s=x",
        f"{SERVER.upper()}; DMARC=Pass",
    ],
)
def test_a_pass_of_the_pinned_server_is_believed(value: str) -> None:
    assert headed(value)


@pytest.mark.parametrize(
    "value",
    [
        f"{SERVER}; dmarc=fail header.from=upaep.mx",
        f"{SERVER}; spf=pass smtp.mailfrom=upaep.mx",
        f"{SERVER}; dkim=pass header.d=evil.example",
        f"{SERVER}; dkim=pass header.d=notupaep.mx",
        f"{SERVER}; dkim=pass header.d=mx",
        f"{SERVER}.evil.example; dmarc=pass",
        "evil.example; dmarc=pass",
        f"{SERVER}; none",
        f'{SERVER}; spf=pass smtp.mailfrom="a; dmarc=pass"@evil.example',
        f"{SERVER}; spf=pass (x; dmarc=pass) smtp.mailfrom=evil.example",
        f"{SERVER}; xdmarc=pass",
        f"{SERVER}; spf=pass (a (b); dmarc=pass header.from=upaep.mx) smtp.mailfrom=evil.example",
        f"{SERVER}; spf=none (\\); dmarc=pass",
        f"{SERVER}; spf=none (; dmarc=pass",
        f"{SERVER}; dmarc=fail; dkim=pass header.d=upaep.mx",
        f"{SERVER}; dmarc=pass header.from=evil.example",
        f"{SERVER}; dkim=pass header.i=a@upaep.mx@evil.example",
        f"{SERVER}; dkim=pass header.i=@upaep.mx header.d=evil.example",
        f"{SERVER}; dmarc=passed",
        "",
    ],
)
def test_anything_else_is_not(value: str) -> None:
    assert not headed(value)


def test_only_the_topmost_of_that_server_counts() -> None:
    assert not headed(f"{SERVER}; dmarc=fail", f"{SERVER}; dmarc=pass")
    assert headed("relay.example; dmarc=fail", f"{SERVER}; dmarc=pass")


def test_no_header_fails_closed() -> None:
    assert not headed()


def test_two_authors_are_nobody() -> None:
    headers = MappingProxyType({"authentication-results": (f"{SERVER}; dmarc=pass",)})
    both = (REVIEWER.address, Address("x@evil.example"))
    assert not is_authenticated(mail(senders=both, headers=headers), SERVER)

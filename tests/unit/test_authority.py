"""Whom a command may be believed to come from (RFC 8601)."""

from types import MappingProxyType

import pytest

from bot.workflow.authority import UNPINNED, SenderPolicy, is_authenticated
from bot.workflow.message import Address, ParsedMessage
from tests.builders import REVIEWER, mail

SERVER = "mx1.upaep.mx"
PINNED = SenderPolicy(SERVER)
LURE = "; dmarc=pass header.from=upaep.mx"


def sent(
    *values: str, sender: Address = REVIEWER.address, **others: tuple[str, ...]
) -> ParsedMessage:
    headers = {name.replace("_", "-"): found for name, found in others.items()}
    return mail(
        sender=sender,
        headers=MappingProxyType({**headers, "authentication-results": values}),
    )


def headed(*values: str, sender: Address = REVIEWER.address) -> bool:
    return is_authenticated(sent(*values, sender=sender), PINNED)


def test_nothing_is_asked_where_no_server_is_pinned() -> None:
    assert is_authenticated(mail(sender=REVIEWER.address), UNPINNED)


@pytest.mark.parametrize(
    "value",
    [
        f"{SERVER}; dmarc=pass header.from=upaep.mx",
        f"{SERVER}; spf=fail; dkim=pass header.d=upaep.mx",
        f"{SERVER} 1; dkim=pass (2048-bit key) header.i=@upaep.mx header.s=x",
        f"{SERVER.upper()}; DMARC=Pass",
        f'"{SERVER}"; dmarc/1 = pass (p=REJECT (sp=NONE)) header . from = upaep.mx;',
        f"{SERVER}; dkim=fail header.d=upaep.mx; dkim=pass header.d=upaep.mx",
        f"{SERVER}; dkim=pass header.d=correo.upaep.mx",
        f"{SERVER}; dmarc=none; dkim=pass header.d=upaep.mx",
        f'{SERVER}; spf=pass (domain of "j. d"@upaep.mx) smtp.mailfrom="j. d"@upaep.mx{LURE}',
        f"{SERVER}; " + "dkim=pass header.d=upaep.mx header.b=aGk/+= ; " * 200 + "dmarc=pass",
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
        f"{SERVER}; dkim=pass",
        f"{SERVER}.evil.example; dmarc=pass",
        "evil.example; dmarc=pass",
        f"{SERVER}; none",
        f'{SERVER}; spf=pass smtp.mailfrom="a; dmarc=pass"@evil.example',
        f"{SERVER}; spf=pass (x; dmarc=pass) smtp.mailfrom=evil.example",
        f"{SERVER}; xdmarc=pass",
        f"{SERVER}; spf=pass (a (b); dmarc=pass header.from=upaep.mx) smtp.mailfrom=evil.example",
        f"{SERVER}; spf=none (\\); dmarc=pass",
        f"{SERVER}; spf=none (; dmarc=pass",
        f"{SERVER}; spf=none ){LURE}",
        f'{SERVER}; spf=none "{LURE}',
        f"{SERVER}; dmarc=fail; dkim=pass header.d=upaep.mx",
        f"{SERVER}; dmarc=fail{LURE}",
        f"{SERVER}{LURE}{LURE}",
        f"{SERVER}; dmarc=pass header.from=evil.example",
        f"{SERVER}; dmarc=pass header.from=upaep.mx header.from=evil.example",
        f"{SERVER}; dmarc=pass header.from=",
        f"{SERVER}; dkim=pass header.i=a@upaep.mx@evil.example",
        f"{SERVER}; dkim=pass header.i=@upaep.mx header.d=evil.example",
        f"{SERVER}; dkim=pass header.d=upaep.mx header.d=evil.example",
        f"{SERVER}; dmarc=passed",
        f'{SERVER}; dmarc="pass"',
        f"{SERVER}; dmarc=pass of sorts",
        f"{SERVER} 2; dmarc=pass",
        f'{SERVER}; spf=fail (domain of "a){LURE} ("@evil.example) x=y',
        f"spf=pass smtp.mailfrom=upaep.mx{LURE}",
        "",
    ],
)
def test_anything_else_is_not(value: str) -> None:
    assert not headed(value)


def test_only_the_first_header_counts_whoever_wrote_it() -> None:
    passed = f"{SERVER}; dmarc=pass"
    assert headed(passed, f"{SERVER}; dmarc=fail")
    for first in (f"{SERVER}; dmarc=fail", "relay.example; dmarc=fail", f"{SERVER}; x=(", "", "x"):
        assert not headed(first, passed)


@pytest.mark.parametrize(
    ("signer", "author", "aligned"),
    [
        ("upaep.mx", "correo.upaep.mx", True),
        ("correo.upaep.mx", "alumnos.upaep.mx", True),
        ("upaep.edu.mx", "upaep.mx", False),
        ("edu.mx", "upaep.edu.mx", False),
        ("edu.mx", "edu.mx", False),
        ("com.mx", "x.com.mx", False),
        ("otra.edu.mx", "upaep.edu.mx", False),
        ("UPAEP.edu.mx", "upaep.edu.mx", True),
    ],
)
def test_a_signature_aligns_by_the_registered_domain(
    signer: str, author: str, aligned: bool
) -> None:
    value = f"{SERVER}; dkim=pass header.d={signer}"
    assert headed(value, sender=Address(f"ana@{author}")) is aligned


def test_no_header_fails_closed() -> None:
    assert not headed()


def test_two_authors_are_nobody() -> None:
    headers = MappingProxyType({"authentication-results": (f"{SERVER}; dmarc=pass",)})
    both = (REVIEWER.address, Address("x@evil.example"))
    assert not is_authenticated(mail(senders=both, headers=headers), PINNED)


def test_a_server_that_names_itself_nowhere_is_known_by_its_place() -> None:
    """As Microsoft 365 writes it; some of its results bear the name of the domain."""
    passed = (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=upaep.mx; upaep.mx; dkim=pass "
        "(signature was verified) header.d=upaep.mx;upaep.mx; dmarc=pass action=none "
        "header.from=upaep.mx;compauth=pass reason=100"
    )
    failed = passed.replace("=pass", "=fail")
    first, second = SenderPolicy(position=1), SenderPolicy(position=2)
    assert is_authenticated(sent(passed, failed), first)
    assert not is_authenticated(sent(failed, passed), first)
    assert is_authenticated(sent("relay; none", passed), second)
    assert not is_authenticated(sent(passed), second)
    assert not is_authenticated(sent(passed), PINNED)


def test_a_place_and_a_name_must_both_fit() -> None:
    policy = SenderPolicy(SERVER, position=2)
    passed = f"{SERVER}; dmarc=pass"
    assert is_authenticated(sent("relay; none", passed), policy)
    assert not is_authenticated(sent(passed, "relay; dmarc=pass"), policy)


def sealed(
    result: str = "pass", seals: tuple[str, ...] = ("i=1; a=rsa-sha256; d=lists.example; b=x",),
    told: tuple[str, ...] = ("i=1; lists.example; dmarc=pass header.from=upaep.mx",),
) -> ParsedMessage:  # fmt: skip
    top = f"{SERVER}; arc={result} (i=1 dmarc=pass fromdomain=upaep.mx); dmarc=fail"
    return sent(top, arc_seal=seals, arc_authentication_results=told)


def test_a_chain_counts_only_where_its_sealer_is_trusted() -> None:
    trusting = SenderPolicy(SERVER, trusted_arc=("lists.example",))
    assert is_authenticated(sealed(), trusting)
    assert not is_authenticated(sealed(), PINNED)
    assert not is_authenticated(sealed(), SenderPolicy(SERVER, trusted_arc=("example",)))
    assert not is_authenticated(sealed("fail"), trusting)
    assert not is_authenticated(sealed(seals=()), trusting)
    assert not is_authenticated(sealed(told=()), trusting)
    assert not is_authenticated(
        sealed(told=("i=1; lists.example; dmarc=fail header.from=upaep.mx",)), trusting
    )


def test_a_chain_is_followed_as_far_as_it_is_trusted() -> None:
    trusting = SenderPolicy(SERVER, trusted_arc=("lists.example",))
    ours, theirs = "i=2; d=lists.example", "i=1; d=evil.example"
    first = "i=1; x.example; dmarc=pass header.from=upaep.mx"
    second = "i=2; lists.example; arc=pass; dmarc=fail header.from=upaep.mx"
    assert not is_authenticated(sealed(seals=(ours, theirs), told=(second, first)), trusting)
    theirs = theirs.replace("evil", "lists")
    assert is_authenticated(sealed(seals=(ours, theirs), told=(second, first)), trusting)
    broken = second.replace("arc=pass", "arc=fail")
    assert not is_authenticated(sealed(seals=(ours, theirs), told=(broken, first)), trusting)
    doubled = (ours, ours, theirs)
    assert not is_authenticated(sealed(seals=doubled, told=(second, second, first)), trusting)

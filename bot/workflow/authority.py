"""Whom a command may be believed to come from.

Three conditions (docs/security.md): one From that is staff with the role; the capability of a
notice made for that person; and, where a server is pinned, its word for the domain of From.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publicsuffixlist import PublicSuffixList

from bot.workflow.authentication_results import AuthenticationResults, Result, read_results
from bot.workflow.message import ParsedMessage

_INSTANCE = re.compile(r"\s*i\s*=\s*([0-9]{1,2})\s*;")
_MOST_SEALS = 50  # RFC 8617, section 4.2.1

Headers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SenderPolicy:
    """Whose word for a sender counts (RFC 8601).

    `authserv_id` is the receiving server's name for itself. `position` counts its header from the
    top where it is not the first one, or bears no name; 0 stands for the first with this name.
    `trusted_arc` are domains whose seals count where mail came through them (RFC 8617).
    """

    authserv_id: str = ""
    position: int = 0
    trusted_arc: tuple[str, ...] = ()

    @property
    def is_pinned(self) -> bool:
        return bool(self.authserv_id or self.position)


UNPINNED = SenderPolicy()
"""Nobody vouches for a sender: From is believed."""


def is_authenticated(incoming: ParsedMessage, policy: SenderPolicy) -> bool:
    """Whether the pinned server vouches for the domain of From; True where none is pinned.

    Whoever sends a mail can write such headers too, but not above those of the receiving server:
    one header counts, the one at the place where that server writes it. Where it is not whole, or
    another's, nothing does.
    """
    if not policy.is_pinned:
        return True
    sender = incoming.sender
    return sender is not None and vouches(incoming.headers, sender.domain, policy)


def is_disowned(incoming: ParsedMessage, policy: SenderPolicy) -> bool:
    """Whether the pinned server says that the domain of From did not send it (dmarc=fail).

    Reports of delivery have no sender of their own (RFC 5321, 4.5.5): often nobody vouches for one.
    """
    values = incoming.headers.get("authentication-results", ())[max(policy.position - 1, 0) :]
    found = read_results(values[0]) if policy.is_pinned and values else None
    return found is not None and any(r.result == "fail" for r in found.of("dmarc"))


def vouches(headers: Headers, domain: str, policy: SenderPolicy) -> bool:
    """Whether the pinned server's header says that a mail comes from `domain`."""
    values = headers.get("authentication-results", ())[max(policy.position - 1, 0) :]
    found = read_results(values[0]) if values else None
    if found is None:
        return False
    if policy.authserv_id and found.authserv_id != policy.authserv_id.lower():
        return False
    return _passes(found, domain) or _sealed(headers, found, domain, policy.trusted_arc)


def _passes(found: AuthenticationResults, domain: str) -> bool:
    """A dmarc=fail is final; where DMARC says nothing, an aligned signature is enough."""
    dmarc = found.of("dmarc")
    if len(dmarc) > 1 or any(r.result == "fail" for r in dmarc):
        return False
    if any(r.result == "pass" for r in dmarc):
        return all(d == domain for r in dmarc for d in r.domains("header.from"))
    return any(r.result == "pass" and _aligned(r, domain) for r in found.of("dkim"))


def _aligned(signature: Result, domain: str) -> bool:
    """Relaxed alignment (RFC 7489, section 3.1.1); header.i stands in where no header.d does."""
    signers = signature.domains("header.d") or signature.domains("header.i")
    organization = _organizational(domain)
    return bool(organization and signers) and all(
        _organizational(signer) == organization for signer in signers
    )


def _organizational(domain: str) -> str:
    """The domain that an organization registered; empty for a public suffix such as `edu.mx`."""
    return _suffixes().privatesuffix(domain) or ""


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # the list as it came with the package


def _sealed(
    headers: Headers, found: AuthenticationResults, domain: str, trusted: tuple[str, ...]
) -> bool:
    """Whether a chain that the server found whole leads to a trusted one's word (RFC 8617).

    Each seal vouches for what its sealer saw; the newest are asked first, as long as they are
    trusted and say that the chain was whole when it came to them.
    """
    seals = _instances(headers.get("arc-seal", ()))
    told = _instances(headers.get("arc-authentication-results", ()))
    if not trusted or seals.keys() != told.keys() or len(seals) > _MOST_SEALS:
        return False
    chain: AuthenticationResults | None = found
    for instance in sorted(seals, reverse=True):
        if chain is None or [r.result for r in chain.of("arc")] != ["pass"]:
            return False
        if _tags(seals[instance]).get("d", "").lower() not in trusted:
            return False
        chain = read_results(told[instance])
        if chain is not None and _passes(chain, domain):
            return True
    return False


def _instances(values: Sequence[str]) -> dict[int, str]:
    """What each `i=N;` of a chain holds behind it; nothing where one of them is doubtful."""
    found = [(match, value) for value in values for match in [_INSTANCE.match(value)]]
    numbered = {int(match[1]): value[match.end() :] for match, value in found if match}
    return numbered if len(numbered) == len(values) else {}


def _tags(value: str) -> dict[str, str]:
    """A list of tags, as seals and signatures are (RFC 6376, section 3.2)."""
    pairs = (tag.partition("=") for tag in value.split(";"))
    return {name.strip().lower(): text.strip() for name, _, text in pairs}

"""A configuration to begin with, written from a few answers."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from replies.beside import template

DECIDES = MappingProxyType({"reviewer": "review", "approver": "approval"})


@dataclass(frozen=True, slots=True)
class Provider:
    """Who runs the mailbox: its servers and how one logs in there."""

    imap_host: str
    smtp_host: str
    auth: str


PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        "google": Provider("imap.gmail.com", "smtp.gmail.com", "oauth2-google"),
        "microsoft": Provider("outlook.office365.com", "smtp.office365.com", "oauth2-microsoft"),
        "other": Provider("", "", "password"),
    }
)


@dataclass(frozen=True, slots=True)
class StarterPerson:
    """Somebody of the staff, with all their roles."""

    name: str
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """What must be known; the rest has defaults."""

    institution: str
    address: str
    name: str
    domains: tuple[str, ...]
    imap_host: str
    smtp_host: str
    auth: str
    staff: tuple[StarterPerson, ...]
    key_file: str = ""
    tenant: str = ""
    client_id: str = ""

    def as_yaml(self) -> str:
        """The file, with its comments."""
        held = {role for person in self.staff for role in person.roles}
        stages = [stage for role, stage in DECIDES.items() if role in held]
        values = {name: getattr(self, name) for name in self.__slots__}
        text = template("bot.config", "starter.yaml.j2").render(
            values, stages=stages, quoted=_quoted
        )
        return re.sub(r"\n{3,}", "\n\n", text)


def people(named: Iterable[tuple[str, str]]) -> tuple[StarterPerson, ...]:
    """Roles and who has them, as `Ana Ríos <ana@upaep.mx>`; one entry a person.

    Raises ValueError, with the text, where one names nobody.
    """
    found: dict[str, StarterPerson] = {}
    for role, text in named:
        name, email = _person(text.strip())
        if not email:
            raise ValueError(f"{text!r} should be such as 'Ana Ríos <ana@upaep.mx>'")
        before = found.get(email, StarterPerson(name, email, ()))
        roles = tuple(dict.fromkeys((*before.roles, role)))
        found[email] = StarterPerson(before.name, email, roles)
    return tuple(found.values())


def _person(text: str) -> tuple[str, str]:
    """A name and an address; two empty texts where there are none."""
    name, bracket, email = text.removesuffix(">").rpartition("<")
    email = (email if bracket else text).strip().lower()
    local, at, domain = email.partition("@")
    if not (local and at and domain) or any(sign in email for sign in ' <>",;\t\n'):
        return "", ""
    return name.strip().strip('"').strip() or local, email


def _quoted(value: object) -> str:
    """A value as YAML takes it on one line: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)

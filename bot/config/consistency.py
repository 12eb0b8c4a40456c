"""Settings that are right one by one and cannot work together: each is told with its remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.config.form import FormFieldSettings
from bot.config.settings import MOST_FREQUENT, RejectionReason, ServerSettings
from nlp.text.fold import plain

if TYPE_CHECKING:
    from bot.config.load import Settings

DECIDE_AT = {"review": "reviewer", "approval": "approver"}
ALWAYS_NEEDED = {
    "provisioner": "nobody could create what was approved",
    "admin": "nobody would hear of what fails",
}


def contradictions(settings: Settings) -> Iterator[str]:
    """What cannot work, a line each: roles nobody has, people and addresses, the form, the URL."""
    yield from _servers(settings)
    yield from _roles_nobody_has(settings)
    yield from _people(settings)
    yield from _form(settings.form)
    yield from _reasons(settings.rejection_reasons)
    yield from _consents(settings)
    yield from _frequencies(settings)
    if problem := database_url_problem(settings.database.url):
        yield f"database.url: {problem}"


def database_url_problem(url: str) -> str:
    """Why this cannot be the URL of a database, or nothing."""
    parts = re.fullmatch(r"(sqlite|postgresql)(\+\w+)?://([^/?]*)(/[^?]*)?(\?.*)?", url)
    if re.search(r"//[^/?:]*:[^/?]*@|[?&]password=", url):
        return "holds a password; set BOT_DATABASE__PASSWORD or database.password_file"
    if not parts or (parts[1] == "sqlite" and (parts[3] or len(parts[4] or "") < len("/x"))):
        return (
            f"{url!r} should be such as sqlite:///data/bot.db or postgresql+psycopg://bot@host/bot"
        )
    return ""


def missing_secrets(settings: Settings) -> Iterator[str]:
    """What a login will need and nobody has set: told before anything is tried."""
    for name in ("imap", "smtp", "alarms"):
        server: ServerSettings = getattr(settings, name)
        if server.host and server.username:
            yield from _missing_for(name, server)


def _servers(settings: Settings) -> Iterator[str]:
    for name in ("imap", "smtp"):
        host: str = getattr(settings, name).host
        if not re.fullmatch(r"[\w.:-]+", host):
            yield f"{name}.host: {host!r} should be the name of a server, such as {name}.gmail.com"


def _roles_nobody_has(settings: Settings) -> Iterator[str]:
    held = {role for person in settings.staff for role in person.roles}
    for stage in settings.workflow.stages:
        if DECIDE_AT[stage] not in held:
            yield f"staff: nobody is {DECIDE_AT[stage]}, so nobody could act at the stage {stage}"
    for role, otherwise in ALWAYS_NEEDED.items():
        if role not in held:
            yield f"staff: nobody is {role}, so {otherwise}"


def _people(settings: Settings) -> Iterator[str]:
    mailbox = settings.mailbox
    if not mailbox.domains:
        yield "mailbox.domains: should name the institution's domains, such as upaep.mx"
        return
    if not _is_within(mailbox.address, mailbox.domains):
        yield f"mailbox.address: {mailbox.address} is in none of mailbox.domains"
    for email in _doubled(person.email for person in settings.staff):
        yield f"staff: {email} stands there twice; give one entry all the roles"
    for person in settings.staff:
        if person.email == mailbox.address:
            yield f"staff: {person.email} is the bot's own address; it would write to itself"
        elif not _is_within(person.email, mailbox.domains):
            yield f"staff: {person.email} is in none of mailbox.domains"
    for email in settings.delegation.allowed:
        if email == mailbox.address or not _is_within(email, mailbox.domains):
            yield f"delegation.allowed: {email} is nobody's own address in mailbox.domains"
    if settings.observer == mailbox.address:
        yield f"observer: {mailbox.address} is the bot's own address; it would write to itself"


def _form(stanzas: tuple[FormFieldSettings, ...]) -> Iterator[str]:
    if not stanzas:
        yield "form: is empty; leave the section out for the form as shipped"
    for name in _doubled(stanza.name for stanza in stanzas):
        yield f"form: two fields have the name {name}"
    for part in _doubled(stanza.part for stanza in stanzas if stanza.part):
        yield f"form: two fields play the part {part}"
    for label in _doubled(plain(stanza.label) for stanza in stanzas):
        yield f"form: two fields have the label «{label}»; an answer could not be told apart"


def _reasons(catalogue: tuple[RejectionReason, ...]) -> Iterator[str]:
    said = (word for one in catalogue for word in {plain(one.key), plain(one.name)})
    for word in _doubled(said):
        yield f"rejection_reasons: two reasons are called «{word}»; RECHAZAR could mean either"


def _consents(settings: Settings) -> Iterator[str]:
    choices = _choices(settings)
    for key, person in settings.workflow.consents.people.items():
        where = f"workflow.consents.people.{key}"
        yield from _unknown_choice(where, key, choices)
        if not _is_within(person.email, settings.mailbox.domains):
            yield f"{where}: {person.email} is in none of mailbox.domains"
        elif person.email == settings.mailbox.address:
            yield f"{where}: {person.email} is the bot's own address; it would write to itself"


def _frequencies(settings: Settings) -> Iterator[str]:
    for key in settings.guidelines.max_frequency.keys() - MOST_FREQUENT:
        yield from _unknown_choice(f"guidelines.max_frequency.{key}", key, _choices(settings))


def _choices(settings: Settings) -> list[str]:
    return [key for stanza in settings.form for key in stanza.choices]


def _unknown_choice(where: str, key: str, choices: list[str]) -> Iterator[str]:
    if key not in choices:
        near = "".join(f"; did you mean {one}?" for one in get_close_matches(key, choices, 1))
        yield f"{where}: the form has no such choice{near}"


def _missing_for(name: str, server: ServerSettings) -> Iterator[str]:
    oauth, variable = server.oauth, f"BOT_{name.upper()}__"
    if server.auth == "password" and server.password is None:
        yield f"{name}.password: is missing; set {variable}PASSWORD or {name}.password_file"
    if server.auth == "oauth2-google" and oauth.service_account_file is None:
        yield f"{name}.oauth.service_account_file: is missing; it is the key of the service account"
    if server.auth == "oauth2-microsoft":
        for key in ("tenant", "client_id"):
            if not getattr(oauth, key):
                yield f"{name}.oauth.{key}: is missing; the app registration in Entra shows it"
        if oauth.client_secret is None:
            yield (
                f"{name}.oauth.client_secret: is missing; set {variable}OAUTH__CLIENT_SECRET"
                f" or {name}.oauth.client_secret_file"
            )


def _doubled(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _is_within(email: str, domains: tuple[str, ...]) -> bool:
    domain = email.rpartition("@")[2]
    return any(domain == d or domain.endswith(f".{d}") for d in domains)

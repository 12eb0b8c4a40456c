"""`init`: asks, or takes options, and writes a configuration to begin with."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import WRONG_USE, app, give_up
from bot.config.load import ConfigError, load
from bot.config.starter import PROVIDERS, Starter, StarterPerson, people
from bot.observability.terminal import say

WHO = {
    "reviewer": "Who reviews requests (Comunicación Interna)",
    "approver": "Who approves them (Dirección General); nobody: leave empty",
    "provisioner": "Who creates the lists (Plataforma Tecnológica)",
    "admin": "Who administers the bot and hears of what fails",
}
Person = Annotated[
    list[str] | None, typer.Option(metavar="PERSON", help="'Ana Ríos <ana@upaep.mx>'; repeatable.")
]
Domain = Annotated[list[str] | None, typer.Option(help="An institutional domain; repeatable.")]
KeyFile = Annotated[
    str, typer.Option(help="Google: the key of the service account, beside the file.")
]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


class ProviderName(StrEnum):
    """Who runs the mailbox."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    OTHER = "other"


@app.command()
def init(
    context: typer.Context,
    address: Annotated[str, typer.Option(help="The mailbox that areas write to.")] = "",
    name: Annotated[str, typer.Option(help="Its display name.")] = "",
    institution: Annotated[str, typer.Option(help="Whose bot it is, as its mails say.")] = "",
    provider: Annotated[ProviderName | None, typer.Option(help="Who runs the mailbox.")] = None,
    imap_host: Annotated[str, typer.Option(help="Only for another provider.")] = "",
    smtp_host: Annotated[str, typer.Option(help="Only for another provider.")] = "",
    domain: Domain = None,
    reviewer: Person = None,
    approver: Person = None,
    provisioner: Person = None,
    admin: Person = None,
    key_file: KeyFile = "",
    tenant: Annotated[str, typer.Option(help="Microsoft: the directory's id.")] = "",
    client_id: Annotated[str, typer.Option(help="Microsoft: the application's id.")] = "",
    force: Force = False,
) -> None:
    """Write a configuration to begin with: asks for what no option says."""
    file: Path = context.obj
    if file.exists() and not force:
        give_up(f"{file} exists already; --force writes over it, --config names another", WRONG_USE)
    ask = _Asker()
    address = address or ask("address", "The mailbox that areas write to", check=_people_in)
    address = address.strip().lower()
    home = address.partition("@")[2]
    runs_it = "Who runs it: google, microsoft or other"
    chosen = provider or ask("provider", runs_it, "google", check=_provider)
    servers = PROVIDERS[chosen]
    imap_host = imap_host or servers.imap_host or ask("imap-host", "IMAP server", f"imap.{home}")
    smtp_host = smtp_host or servers.smtp_host or ask("smtp-host", "SMTP server", f"smtp.{home}")
    if chosen == ProviderName.MICROSOFT:
        tenant = tenant or ask("tenant", "Directory (tenant) id")
        client_id = client_id or ask("client-id", "Application (client) id")
    given = {"reviewer": reviewer, "approver": approver, "provisioner": provisioner, "admin": admin}
    staff = _staff(given, ask)
    starter = Starter(
        institution=institution or ask("institution", "The institution's short name", "UPAEP"),
        address=address,
        name=name or ask("name", "The mailbox's display name", "Comunicación Interna"),
        domains=tuple(domain or (home,)),
        imap_host=imap_host,
        smtp_host=smtp_host,
        auth=servers.auth,
        staff=staff,
        key_file=key_file,
        tenant=tenant,
        client_id=client_id,
    )
    _write(file, starter.as_yaml())


def _staff(given: Mapping[str, list[str] | None], ask: _Asker) -> tuple[StarterPerson, ...]:
    """Ends here where nobody is there to say who has which role, or what was asked before."""
    try:
        staff = people(_named(given, ask))
    except ValueError as error:
        give_up(str(error), WRONG_USE)
    if ask.missing:
        missing = ", ".join(f"--{option}" for option in ask.missing)
        give_up(f"say {missing}; nobody is there to be asked", WRONG_USE)
    return staff


def _named(given: Mapping[str, list[str] | None], ask: _Asker) -> Iterator[tuple[str, str]]:
    """Roles with who has them, as given or answered; that nobody approves may go without saying."""
    nobody_given = not any(given.values())
    for role, question in WHO.items():
        texts = given[role] or []
        if not texts and (role != "approver" or nobody_given):
            answer = ask(role, question, optional=role == "approver", check=_people_in)
            texts = [text for text in answer.split(",") if text]
        yield from ((role, text) for text in texts)


def _people_in(answer: str) -> None:
    people(("", text) for text in answer.split(",") if text)


def _provider(answer: str) -> None:
    if answer not in PROVIDERS:
        raise ValueError(f"{answer!r} should be google, microsoft or other")


class _Asker:
    """Asks whoever is there; where nobody is, takes the default or notes what is missing."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        self._somebody = sys.stdin.isatty()

    def __call__(
        self,
        option: str,
        question: str,
        default: str = "",
        *,
        optional: bool = False,
        check: Callable[[str], object] = str,
    ) -> str:
        """Asks again where `check` raises ValueError for the answer."""

        def checked(answer: str) -> str:
            try:
                check(answer)
            except ValueError as error:
                raise typer.BadParameter(str(error)) from None
            return answer

        if self._somebody:
            given = default if default or optional else None
            return str(typer.prompt(question, default=given, value_proc=checked))
        if not default and not optional:
            self.missing.append(option)
        return default


def _write(file: Path, text: str) -> None:
    """Writes the file where it is one that loads, and says what comes next."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".init-") as folder:
            trial = Path(folder, file.name)
            trial.write_text(text, "utf-8")
            _check(trial, file)
            trial.chmod(0o644)  # it holds no secret, and the service runs as somebody else
            trial.replace(file)
    except OSError as error:
        give_up(f"{file}: cannot be written: {error.strerror}", WRONG_USE)
    say(f"{file} is written. Next: put the secrets where its comments say, then `check`.")


def _check(trial: Path, file: Path) -> None:
    try:
        load(trial)
    except ConfigError as error:
        # A key that lies beside the file is not there beside the trial of it.
        problems = [p for p in error.problems if "service_account_file" not in p]
        if problems:
            raise ConfigError(file, problems) from None

"""The configuration: a YAML file, the environment on top, checked whole before anything starts."""

import difflib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.config import settings as sections
from bot.config.consistency import contradictions, missing_secrets
from bot.config.form import FormFieldSettings, shipped_form
from bot.config.settings import Section, ServerSettings
from bot.config.timetable import TimetableSettings
from bot.config.values import Email, Reached
from bot.errors import BotError

S = TypeVar("S", bound=Section)
_PREFIX = "BOT_"


class ConfigError(BotError):
    """The configuration is wrong; `problems` has one line for each mistake."""

    status = 2

    def __init__(self, file: Path, problems: list[str]) -> None:
        super().__init__(f"{file}: {'; '.join(problems)}")
        self.file, self.problems = file, problems

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each."""
        return tuple(f"{self.file}: {problem}" for problem in self.problems)


class Settings(BaseModel):
    """Everything that can be set; docs/configuration.md explains each key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    institution: sections.InstitutionSettings = sections.InstitutionSettings()
    mailbox: sections.MailboxSettings = sections.MailboxSettings()
    imap: sections.ImapSettings = sections.ImapSettings()
    smtp: sections.SmtpSettings = sections.SmtpSettings()
    alarms: sections.AlarmSettings = sections.AlarmSettings()
    database: sections.DatabaseSettings = sections.DatabaseSettings()
    staff: tuple[sections.StaffMember, ...] = ()
    mode: Literal["live", "observe"] = "live"
    pilot: tuple[Reached, ...] = ()  # who is answered; empty: everybody
    observer: Email | None = None  # hears daily of what is not sent; else who has that role
    workflow: sections.WorkflowSettings = sections.WorkflowSettings()
    timetable: TimetableSettings = TimetableSettings()
    calendar: sections.CalendarSettings = sections.CalendarSettings()
    renewal: sections.RenewalSettings = sections.RenewalSettings()
    guidelines: sections.GuidelinesSettings = sections.GuidelinesSettings()
    security: sections.SecuritySettings = sections.SecuritySettings()
    delegation: sections.DelegationSettings = sections.DelegationSettings()
    limits: sections.LimitSettings = sections.LimitSettings()
    privacy: sections.PrivacySettings = sections.PrivacySettings()
    retention: sections.RetentionSettings = sections.RetentionSettings()
    logs: sections.LogSettings = sections.LogSettings()
    monitoring: sections.MonitoringSettings = sections.MonitoringSettings()
    rejection_reasons: tuple[sections.RejectionReason, ...] = ()  # in the order of their numbers
    form: tuple[FormFieldSettings, ...] = Field(default_factory=shipped_form)


def load(file: Path) -> Settings:
    """Reads and checks a configuration file, with `BOT_SECTION__KEY` variables on top.

    Secrets named by a `*_file` key are read; relative paths there count from the file's folder.
    Raises ConfigError with every mistake at once.
    """
    data = _read_yaml(file)
    problems = list(_secrets_in(data))
    try:
        settings = Settings(**_merged(data, _said_by(os.environ)))
    except ValidationError as error:
        from bot.config.explain import explain_mistake  # here: it knows words that are alike

        problems += [explain_mistake(Settings, mistake) for mistake in _causes(error.errors())]
        raise ConfigError(file, problems) from None
    except _EnvironmentError as error:
        raise ConfigError(file, [*problems, f"environment: {error}"]) from None
    resolved = _resolve(settings, file.parent, problems)
    problems += contradictions(settings)
    problems += _unknown_variables(os.environ)
    if problems:
        raise ConfigError(file, problems)
    return resolved


def _causes(mistakes: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow: a list all of whose members are wrong is not empty, too."""
    within = {one["loc"][:depth] for one in mistakes for depth in range(len(one["loc"]))}
    return [one for one in mistakes if one["type"] != "too_short" or one["loc"] not in within]


class _EnvironmentError(ValueError):
    """A variable cannot be read; the message names it."""


def _said_by(environment: Mapping[str, str]) -> dict[str, Any]:
    """What `BOT_SECTION__KEY` variables say, nested as the file is; lists and sections are JSON."""
    found: dict[str, Any] = {}
    for name in sorted(environment):
        *within, key = name.removeprefix(_PREFIX).lower().split("__")
        if not name.startswith(_PREFIX) or [*within, key][0] not in Settings.model_fields:
            continue
        place, kind = found, _kind(Settings, [*within, key])
        try:
            for section in within:
                place = place.setdefault(section, {})
            structured = get_origin(kind) in (tuple, dict) or hasattr(kind, "model_fields")
            place[key] = json.loads(environment[name]) if structured else environment[name]
        except ValueError:
            like = '["review"]' if get_origin(kind) is tuple else '{"port": 993}'
            raise _EnvironmentError(f"{name} should be JSON, such as {like}") from None
        except (AttributeError, TypeError) as error:
            raise _EnvironmentError(f"{name} cannot be read: {error}") from error
    return found


def _kind(model: Any, keys: Sequence[str]) -> Any:
    """The type of what stands at keys, one within the other; None where nothing does."""
    for key in keys:
        field = getattr(model, "model_fields", {}).get(key)
        model = field.annotation if field else None
    return model


def _merged(under: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of both; where both have one, that of `over`."""
    merged = {**under, **over}
    for key in under.keys() & over.keys():
        if isinstance(under[key], dict) and isinstance(over[key], dict):
            merged[key] = _merged(under[key], over[key])
    return merged


class _OnceEach(yaml.CSafeLoader):
    """YAML whose keys stand once: of two the first would be forgotten without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Raises ConstructorError where a key stands twice."""
        seen: dict[str, yaml.Node] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                line = seen[key.value].start_mark.line + 1
                problem = f"the key {key.value} stands there twice, first in line {line}"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen[key.value] = key
        return super().construct_mapping(node, deep)


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), _OnceEach)  # noqa: S506  (a SafeLoader)
    except FileNotFoundError:
        raise ConfigError(file, ["there is no such file; --config names another one"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(file, [f"cannot be read: {_why(error)}"]) from None
    except yaml.YAMLError as error:
        told = " ".join(str(error).split()).replace(' in "<unicode string>",', ":")
        raise ConfigError(file, [f"is not YAML: {told}"]) from None
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise ConfigError(file, ["should hold sections such as `mailbox:` and `imap:`"])
    return data


def _why(error: OSError | UnicodeDecodeError) -> str:
    return f"it is not UTF-8 ({error})" if isinstance(error, UnicodeError) else str(error.strerror)


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Variables that look like ours and set nothing: a typing mistake would go unnoticed."""
    known = Settings.model_fields
    for name in sorted(environment):
        section = name.removeprefix(_PREFIX).partition("__")[0].lower()
        if name.startswith(_PREFIX) and section not in known:
            near = difflib.get_close_matches(section, list(known), n=1)
            hint = f"; did you mean {_PREFIX}{near[0].upper()}__…?" if near else ""
            yield f"environment: {name} sets nothing{hint}"


def load_to_run(file: Path) -> Settings:
    """The same for what will log in: a secret that is missing is an error, too."""
    settings = load(file)
    if problems := list(missing_secrets(settings)):
        raise ConfigError(file, problems)
    return settings


def _secrets_in(data: Any, path: str = "") -> Iterator[str]:
    """Secrets written into the file, where they would end up in backups and in git."""
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        where = f"{path}.{key}" if path else str(key)
        if key in ("password", "client_secret") and value:
            name = "BOT_" + where.upper().replace(".", "__")
            yield f"{where}: a secret does not belong in this file; set {name} or {where}_file"
        else:
            yield from _secrets_in(value, where)


def _resolve(settings: Settings, folder: Path, problems: list[str]) -> Settings:
    """The settings with the secrets of `*_file` keys read and all paths absolute."""
    changed: dict[str, BaseModel] = {}
    for name in ("imap", "smtp", "alarms"):
        server: ServerSettings = getattr(settings, name)
        oauth = _with_secrets(server.oauth, f"{name}.oauth", folder, problems)
        server = _with_secrets(server, name, folder, problems)
        changed[name] = server.model_copy(update={"oauth": oauth})
    database = _with_secrets(settings.database, "database", folder, problems)
    changed["database"] = database.model_copy(update={"url": beside(folder, database.url)})
    return settings.model_copy(update=changed)


def beside(folder: Path, url: str) -> str:
    """The URL of a database; a SQLite file counts from the configuration's folder, too."""
    scheme, found, path = url.partition(":///")
    if not found or not scheme.startswith("sqlite") or path.startswith((":", "/")) or not path:
        return url
    return f"{scheme}:///{(folder / path).resolve()}"


def _with_secrets(section: S, path: str, folder: Path, problems: list[str]) -> S:
    update: dict[str, object] = {}
    for key in type(section).model_fields:
        value = getattr(section, key)
        if not isinstance(value, Path):
            continue
        update[key] = file = folder / value
        secret = key.removesuffix("_file")
        try:
            text = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{path}.{key}: {file} cannot be read: {_why(error)}")
            continue
        if secret in type(section).model_fields and getattr(section, secret) is None:
            update[secret] = SecretStr(text)
    return section.model_copy(update=update)

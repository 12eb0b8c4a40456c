"""Every setting of the bot, its type, its default and its limits."""

import datetime as dt
import re
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.config.values import Days, Email, Page, Port, Since

T = TypeVar("T")

Security = Literal["tls", "starttls", "none"]
Auth = Literal["password", "oauth2-google", "oauth2-microsoft"]
Role = Literal["reviewer", "approver", "provisioner", "admin", "observer", "director"]
Stage = Literal["review", "approval"]


LOOPBACK = {"localhost", "127.0.0.1", "::1"}
MOST_FREQUENT: dict[str, str] = {"default": "weekly", "students": "weekly"}


class Section(BaseModel):
    """A part of the file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def as_value(kind: type[T], settings: Section, **others: object) -> T:
    """A value of the core from the settings of the same names; `others` in their place."""
    given: dict[str, Any] = dict(settings) | others
    return kind(**{f.name: given[f.name] for f in fields(kind) if f.name in given})  # type: ignore[arg-type]


class MailboxSettings(Section):
    """The address that areas write to."""

    address: Email = "comunicacion.interna@upaep.mx"
    name: str = "Comunicación Interna UPAEP"
    domains: tuple[str, ...] = ("upaep.mx", "upaep.edu.mx")  # others reach reviewers only


class UnitSettings(Section):
    """What the units are called that act on a request."""

    reviewer: str = "Comunicación Interna"
    approver: str = "Dirección General"
    provisioner: str = "Plataforma Tecnológica"


class InstitutionSettings(Section):
    """Whose bot it is."""

    name: str = "UPAEP"
    zone: str = "America/Mexico_City"  # by whose clocks days and hours are told (IANA)
    country: str = "MX"  # whose public holidays are days off (ISO 3166)
    units: UnitSettings = UnitSettings()
    # Where a single announcement goes instead of a list.
    channels: str = "el Correo del Día y los demás canales de Comunicación Interna"
    # When the rules for lists began: all lists made until then were withdrawn.
    lists_withdrawn_on: dt.date = dt.date(2021, 6, 18)

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("should be a time zone such as America/Mexico_City")
        return value

    @field_validator("country")
    @classmethod
    def _holidays_are_known(cls, value: str) -> str:
        from holidays.utils import list_supported_countries  # here: seldom asked, long to load

        if value not in list_supported_countries():
            raise ValueError("should be a country whose holidays are known, such as MX")
        return value


class OAuthSettings(Section):
    """What a token is asked with; the keys used depend on `auth`."""

    service_account_file: Path | None = None  # Google: key of the service account
    tenant: str = ""  # Microsoft: directory id
    client_id: str = ""
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    token_url: str = ""  # another token endpoint than the provider's (tests, national clouds)

    @model_validator(mode="after")
    def _secrets_travel_encrypted(self) -> Self:
        url = urlsplit(self.token_url)
        local = url.scheme == "http" and url.hostname in LOOPBACK
        if self.token_url and not local and (url.scheme != "https" or not url.hostname):
            raise ValueError("token_url: should be an https address")
        return self


class ServerSettings(Section):
    """What IMAP and SMTP have in common."""

    host: str
    port: Port
    security: Security
    username: str = ""  # empty: no login
    auth: Auth = "password"
    password: SecretStr | None = None
    password_file: Path | None = None
    ca_file: Path | None = None  # an own certificate authority
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30
    oauth: OAuthSettings = OAuthSettings()

    @model_validator(mode="after")
    def _plain_text_stays_home(self) -> Self:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("security: none is for loopback only; use tls or starttls")
        return self


class ImapSettings(ServerSettings):
    """Where mail is read."""

    host: str = "imap.gmail.com"
    port: Port = 993
    security: Security = "tls"
    folder: str = "INBOX"
    since: Since = "start"
    done_folder: str = ""  # where processed mail is moved; empty: it stays and is flagged
    poll_seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    idle_renew_seconds: Annotated[float, Field(gt=0, le=1740)] = 540  # RFC 2177: under 29 minutes
    batch: Annotated[int, Field(ge=1, le=1000)] = 100


class SmtpSettings(ServerSettings):
    """Where mail is sent."""

    host: str = "smtp.gmail.com"
    port: Port = 587
    security: Security = "starttls"
    max_attempts: Annotated[int, Field(ge=1, le=100)] = 12


class AlarmSettings(SmtpSettings):
    """Another server for alarms, while the one for all mail takes none."""

    host: str = ""  # empty: there is no other


class DatabaseSettings(Section):
    """Where everything is kept."""

    url: str = "sqlite:///data/bot.db"
    password: SecretStr | None = None
    password_file: Path | None = None


class StaffMember(Section):
    """Somebody who decides, creates lists or runs the service."""

    name: str
    email: Email
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class ConsentPerson(Section):
    """Who answers for some of those whom a request reaches."""

    name: Annotated[str, Field(min_length=1)]
    email: Email


class ConsentSettings(Section):
    """Who is asked whether they agree, by a choice of the form; and whether a decision waits."""

    people: dict[str, ConsentPerson] = Field(default_factory=dict)
    quorum: Literal["all", "any", "none"] = "none"  # of their answers before it is approved


class WorkflowSettings(Section):
    """How a request goes through the organization."""

    stages: Annotated[tuple[Stage, ...], Field(min_length=1)] = ("review", "approval")
    undo_minutes: Annotated[float, Field(ge=0, le=1440)] = 10
    respond_within_business_days: Annotated[int, Field(ge=1, le=60)] = 5
    tell_stages: bool = True  # to the area, once it cannot be undone
    folio_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,8}$")] = "CI"
    holidays: Days = ()  # the university's own, besides the country's
    guidelines_url: Page = "https://upaep.mx/colaboradores"
    confidence_threshold: Annotated[float, Field(ge=0, le=1)] = 0.6
    value_threshold: Annotated[float, Field(ge=0, le=1)] = 0.95
    consents: ConsentSettings = ConsentSettings()
    ask_sponsor: bool = False  # who is said to back a request, whether they do

    @model_validator(mode="after")
    def _stages_in_order(self) -> Self:
        if list(self.stages) != [s for s in ("review", "approval") if s in self.stages]:
            raise ValueError("stages should be review, approval or both, in that order, once each")
        return self


class CalendarSettings(Section):
    """Whose mails carry their days as a file for a calendar program."""

    area: bool = True  # the end of a list's period, and when it is to be renewed
    staff: bool = True  # until when a request is to be answered


class RenewalSettings(Section):
    """What becomes of a list that nobody answers for."""

    orphan_days: Annotated[int, Field(ge=1, le=366)] = 30  # then its withdrawal is proposed


class RejectionReason(Section):
    """One reason of the catalogue: its short name is its button, its text what the area reads."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Annotated[str, Field(min_length=2, max_length=40, pattern=r"^[^\d\W][^.,:;()\n–—]*$")]
    text: Annotated[str, Field(min_length=20, max_length=4000)]
    link: Annotated[str, Field(pattern=r"^(https://[^\s\"<>]{3,500})?$")] = ""


class GuidelinesSettings(Section):
    """What the checks on a notice ask for; they inform, they never decide."""

    max_period_days: Annotated[int, Field(ge=1, le=3660)] = 366
    min_justification_words: Annotated[int, Field(ge=0, le=500)] = 8
    max_frequency: dict[str, str] = Field(default_factory=lambda: dict(MOST_FREQUENT))
    list_name_pattern: str = r"[a-z][a-z0-9]*([._-][a-z0-9]+)*"
    min_recipients: Annotated[int, Field(ge=0)] = 2
    max_recipients: Annotated[int, Field(ge=1)] = 60_000
    skip: tuple[str, ...] = ()  # rules not to be used; YAML reads `off` as false
    tell_area: bool = True  # what fails and how to mend it, before staff see it

    @field_validator("max_frequency")
    @classmethod
    def _frequencies_are_known(cls, value: dict[str, str]) -> dict[str, str]:
        from bot.lists.load import PER_WEEK  # here, as below: a table is shown without the rules

        wrong = sorted(set(value.values()) - set(PER_WEEK))
        if wrong:
            raise ValueError(f"should hold only {', '.join(PER_WEEK)}, not {wrong[0]}")
        return {**MOST_FREQUENT, **value}

    @field_validator("list_name_pattern")
    @classmethod
    def _pattern_compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"should be a regular expression: {error}") from None
        return value

    @field_validator("skip")
    @classmethod
    def _rules_are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from bot.lists.guidelines import RULES

        wrong = [key for key in value if key not in RULES]
        if wrong:
            raise ValueError(f"should hold only {', '.join(RULES)}, not {wrong[0]}")
        return value


class SecuritySettings(Section):
    """Whom to believe."""

    # Whose Authentication-Results count (RFC 8601); empty: not asked. The host knows its own.
    authserv_id: str | None = None
    authserv_position: Annotated[int, Field(ge=0, le=20)] = 0  # from the top; 0: the first, by name
    trusted_arc: tuple[str, ...] = ()  # domains whose ARC seals count (RFC 8617)
    token_days: Annotated[int, Field(ge=1, le=366)] = 30  # then a notice no longer gives commands
    seals_to_admins: bool = True  # every business day, also where nothing waits for them


class DelegationSettings(Section):
    """Who may stand in for a member of staff, besides the others of the staff."""

    allowed: tuple[Email, ...] = ()


PHOTOS_TAKE = 15.0  # seconds of computing that a mail with photos may need in all


class LimitSettings(Section):
    """Bounds on what is read and on what is answered."""

    message_mb: Annotated[float, Field(gt=0, le=200)] = 30
    parse_seconds: Annotated[float, Field(gt=0, le=300)] = 20
    photos: bool = False  # read, and what they say asked about; needs the extra `ocr`
    same_reply_per_day: Annotated[int, Field(ge=1)] = 1  # of a template, per address and case
    replies_per_hour: Annotated[int, Field(ge=1)] = 10  # automatic ones, per address
    replies_per_day_total: Annotated[int, Field(ge=1)] = 1_500  # Workspace sends 2,000 a day
    remarks_per_sender: Annotated[int, Field(ge=1)] = 10  # triage an hour, to each of the staff
    notices_per_sender: Annotated[int, Field(ge=1)] = 30  # the same, for notices
    remarks_per_hour: Annotated[int, Field(ge=1)] = 200  # triage, whoever it is about
    cases_per_hour: Annotated[int, Field(ge=1)] = 20  # opened by one address

    @model_validator(mode="after")
    def _photos_can_be_read(self) -> Self:
        if self.photos and find_spec("rapidocr") is None:
            raise ValueError("should not read photos without the extra: requirements-ocr.txt")
        if self.photos and self.parse_seconds < PHOTOS_TAKE:
            raise ValueError(f"should have parse_seconds of {PHOTOS_TAKE} or more to read photos")
        return self


class MonitoringSettings(Section):
    """/metrics and /healthz over HTTP, for this machine alone."""

    port: Annotated[int, Field(ge=0, le=65535)] = 0  # 0: off
    host: Literal["127.0.0.1", "::1", "localhost"] = "127.0.0.1"
    stalled_seconds: Annotated[float, Field(ge=1, le=86_400)] = 300  # without a sign of the loop
    imap_down_seconds: Annotated[float, Field(ge=1, le=86_400)] = 600
    outbox_late_seconds: Annotated[float, Field(ge=1, le=86_400)] = 900


class PrivacySettings(Section):
    """What people are told of how their data is kept."""

    notice_url: Page = ""  # named in every mail to an area; empty: nothing


class RetentionSettings(Section):
    """How long words of people are kept; 0: for ever."""

    raw_days: Annotated[int, Field(ge=0, le=36_500)] = 0  # the text of settled mail
    closed_cases_days: Annotated[int, Field(ge=0, le=36_500)] = 0  # then only counts stay


class LogSettings(Section):
    """How the service tells what it does, on standard error."""

    format: Literal["console", "json"] = "console"

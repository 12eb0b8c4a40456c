"""The configuration: everything wrong is told at once, with what it should be."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml
from pydantic import BaseModel

from bot.config.form import shipped_form, to_form
from bot.config.load import ConfigError, Settings, load, load_to_run
from bot.config.organization import organization_of
from bot.workflow.authority import UNPINNED, SenderPolicy
from bot.workflow.notifications.notices import triage
from bot.workflow.organization import Retention
from bot.workflow.staff import Role
from nlp.types import FieldKind, Part
from tests.builders import ORGANIZATION, mail

STAFF = [
    {"name": "R", "email": "r@upaep.mx", "roles": ["reviewer"]},
    {"name": "A", "email": "a@upaep.mx", "roles": ["approver"]},
    {"name": "P", "email": "p@upaep.mx", "roles": ["provisioner", "admin"]},
]


TEXT = {"name": "sede", "label": "Sede"}


def person(email: str) -> dict[str, object]:
    return {"name": "X", "email": email, "roles": ["reviewer"]}


def write(folder: Path, **sections: object) -> Path:
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump({"staff": STAFF, **sections}, allow_unicode=True), "utf-8")
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(file)
    return caught.value.problems


def keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from keys(kind)


def test_the_page_names_every_key() -> None:
    page = Path("docs/configuration.md").read_text("utf-8")
    code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", page, re.DOTALL))
    assert set(keys(Settings)) - set(re.findall(r"\w+", code)) == set()


def test_days_off_may_be_ranges(tmp_path: Path) -> None:
    days = [dt.date(2026, 9, 15), "2026-12-30..2027-01-02", "2026-03-30/2026-03-31"]
    read = load(write(tmp_path, workflow={"holidays": days})).workflow.holidays
    assert [day.isoformat() for day in read] == [
        "2026-09-15", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2026-03-30",
        "2026-03-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", ["2027-01-06..2026-12-21", "2026-02-30..2026-03-02", "2000-01-01..2026-01-01"]
)
def test_a_range_that_is_none_is_told(tmp_path: Path, wrong: str) -> None:
    (told,) = problems(write(tmp_path, workflow={"holidays": [wrong]}))
    assert told.startswith("workflow.holidays: the value ")
    assert wrong in told


def test_the_shipped_file_is_right_and_asks_for_the_shipped_fields() -> None:
    """In any order, and with any others: the file is the operator's."""
    organization = organization_of(load(Path("config.yaml")))
    asked = {field.name for field in organization.kinds[0].form.fields}
    assert asked >= {stanza.name for stanza in shipped_form()}
    assert organization.with_role(Role.APPROVER)


def test_every_mistake_is_told_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        mailboxx={},
        imap={"hots": "x", "port": "many", "security": "plain"},
        workflow={"undo_minutes": -1, "stages": ["approval", "review"]},
    )
    told = problems(file)
    assert "mailboxx: there is no such key; did you mean mailbox?" in told
    assert "imap.hots: there is no such key; did you mean imap.host?" in told
    assert "imap.port: 'many' should be a whole number" in told
    assert "imap.security: 'plain' should be tls, starttls or none" in told
    assert any(line.startswith("workflow.undo_minutes: -1 should be") for line in told)


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"workflow": {"stages": ["approval", "review"]}}, "in that order"),
        ({"imap": {"host": "mail.example", "security": "none"}}, "loopback only"),
        ({"staff": [STAFF[0], STAFF[2]]}, "nobody is approver"),
        ({"staff": STAFF[:2]}, "nobody is provisioner"),
        ({"staff": STAFF[:2]}, "nobody is admin"),
        ({"staff": [*STAFF, person("comunicacion.interna@upaep.mx")]}, "the bot's own address"),
        ({"staff": [*STAFF, person("x@gmail.com")]}, "x@gmail.com is in none of mailbox.domains"),
        ({"mailbox": {"domains": ["example.mx"]}}, "mailbox.address: comunicacion.interna"),
        ({"mailbox": {"domains": []}}, "mailbox.domains: should name"),
        ({"form": []}, "form: is empty"),
        ({"form": [TEXT, {**TEXT, "label": "Otro"}]}, "two fields have the name sede"),
        ({"form": [TEXT, {**TEXT, "name": "b", "label": "SEDE"}]}, "have the label «sede»"),
        ({"form": [TEXT, {**TEXT, "name": "b", "label": "Séde"}]}, "have the label «sede»"),
        ({"form": [{**TEXT, "part": "area"}, {"name": "area"}]}, "two fields play the part area"),
        ({"form": [{**TEXT, "part": "recipients"}]}, "kind integer to play the part recipients"),
        ({"form": [{**TEXT, "part": "aera"}]}, "form[0].part"),
        ({"database": {"url": "postgresql+psycopg://bot:secret@host/bot"}}, "holds a password"),
        ({"database": {"url": "postgresql://bot@host/bot?password=x"}}, "holds a password"),
        ({"database": {"url": "mysql://bot@host/bot"}}, "should be such as sqlite:///data/bot.db"),
        ({"database": {"url": "data/bot.db"}}, "should be such as sqlite:///data/bot.db"),
        ({"database": {"url": "sqlite://"}}, "should be such as sqlite:///data/bot.db"),
        ({"imap": {"host": ""}}, "imap.host: '' should be the name of a server"),
        ({"smtp": {"host": "smtp://x"}}, "smtp.host: 'smtp://x' should be"),
        ({"observer": "comunicacion.interna@upaep.mx"}, "observer: comunicacion.interna@upaep.mx"),
        ({"workflow": {"guidelines_url": "javascript:x"}}, "should be an https address"),
        ({"guidelines": {"max_frequency": {"studnts": "weekly"}}}, "did you mean students?"),
        ({"rejection_reasons": [{"key": "a", "name": "Aa", "text": "x"}]}, "20 characters or more"),
        ({"staff": "nobody"}, "staff: 'nobody' should be a list"),
        ({"staff": [*STAFF, STAFF[0]]}, "stands there twice"),
        ({"staff": [{"name": "x", "email": "no address", "roles": ["reviewer"]}]}, "e-mail"),
        ({"staff": [{"name": "x", "email": "x@upaep.mx", "roles": ["boss"]}]}, "reviewer"),
        ({"imap": {"password": "secret"}}, "BOT_IMAP__PASSWORD"),
        ({"imap": {"password_file": "nowhere.txt"}}, "cannot be read"),
        ({"monitoring": {"host": "0.0.0.0"}}, "should be 127.0.0.1, ::1 or localhost"),
        ({"monitoring": {"port": 70000}}, "monitoring.port: 70000 should be"),
        ({"form": [{"name": "extra"}]}, "form[0].label: is missing"),
        ({"form": [{"name": "area", "kind": "choice"}]}, "choices"),
    ],
)
def test_a_mistake_names_its_remedy(tmp_path: Path, sections: dict[str, object], told: str) -> None:
    assert told in "\n".join(problems(write(tmp_path, **sections)))


@pytest.mark.parametrize(
    ("host", "security", "policy"),
    [
        ("imap.gmail.com", {}, SenderPolicy("mx.google.com")),
        ("imap.gmail.com", {"authserv_id": ""}, UNPINNED),
        ("imap.gmail.com", {"authserv_id": "mx.upaep.mx"}, SenderPolicy("mx.upaep.mx")),
        ("mail.upaep.mx", {}, UNPINNED),
        ("outlook.office365.com", {"authserv_position": 1}, SenderPolicy(position=1)),
        (
            "mail.upaep.mx",
            {"authserv_id": "mx", "trusted_arc": ["Google.com"]},
            SenderPolicy("mx", trusted_arc=("google.com",)),
        ),
    ],
)
def test_who_vouches_for_senders(
    tmp_path: Path, host: str, security: dict[str, object], policy: SenderPolicy
) -> None:
    settings = load(write(tmp_path, imap={"host": host}, security=security))
    assert organization_of(settings).sender_policy == policy


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [", "\x00", "just words", "1: 2"])
def test_a_file_of_another_kind_is_told_without_a_traceback(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text, "utf-8")
    assert len(problems(file)) == 1


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "no such file" in problems(tmp_path / "nowhere.yaml")[0]


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_IMAP__HOST", "imap.example")
    monkeypatch.setenv("BOT_IMAP__PASSWORD", "hunter2")
    monkeypatch.setenv("BOT_WORKFLOW__STAGES", '["review"]')
    settings = load(write(tmp_path, imap={"host": "other.example", "port": 1993}))
    assert (settings.imap.host, settings.imap.port) == ("imap.example", 1993)
    assert settings.imap.password is not None
    assert settings.imap.password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)
    assert settings.workflow.stages == ("review",)


def test_a_broken_environment_variable_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_WORKFLOW__STAGES", "[review")
    told = 'environment: BOT_WORKFLOW__STAGES should be JSON, such as ["review"]'
    assert problems(write(tmp_path)) == [told]


def test_what_only_follows_from_a_mistake_is_not_told(tmp_path: Path) -> None:
    told = "workflow.stages[0]: 'revision' should be review or approval"
    assert problems(write(tmp_path, workflow={"stages": ["revision"]})) == [told]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"mode: live\nstaff: [", "line 3, column 1"),
        (b"mailbox: {name: Comunicaci\xf3n}", "it is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_place(
    tmp_path: Path, raw: bytes, told: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(raw)
    (problem,) = problems(file)
    assert told in problem
    assert "unicode string" not in problem


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("hunter2\n", "utf-8")
    settings = load(write(tmp_path, smtp={"password_file": "secret.txt"}))
    assert settings.smtp.password is not None
    assert settings.smtp.password.get_secret_value() == "hunter2"


def test_a_new_field_needs_one_stanza(tmp_path: Path) -> None:
    stanza = {"name": "budget_code", "label": "Centro de costo", "kind": "digits"}
    form = to_form(load(write(tmp_path, form=[{"name": "area"}, stanza])).form)
    assert [f.name for f in form.fields] == ["area", "budget_code"]
    assert form["area"].label == "Área solicitante"
    assert form["budget_code"].kind is FieldKind.DIGITS


def test_another_university_has_its_own_days_off_and_clocks() -> None:
    """18 September is a day off in Chile, the 16th in Mexico."""
    file = Path(__file__).parents[1] / "data" / "another_university" / "config.yaml"
    there = organization_of(load(file))
    days = [dt.date(2026, 9, day) for day in (16, 17, 18, 21)]
    assert [day in there.closed_on for day in days] == [False, False, True, False]
    assert [day in ORGANIZATION.closed_on for day in days] == [True, False, False, False]
    late = dt.datetime(2026, 9, 18, 3, 30, tzinfo=dt.UTC)
    assert (there.day(late), ORGANIZATION.day(late)) == (days[2], days[1])


def test_another_university_has_rules_since_a_day_of_its_own() -> None:
    file = Path(__file__).parents[1] / "data" / "another_university" / "config.yaml"
    there = organization_of(load(file))
    assert there.say("lists.state.historical") == "dada de baja en 2019"
    assert there.say("misuse.invitation.rules").startswith("Desde el 1 de marzo de 2019 los envíos")
    assert ORGANIZATION.say("lists.state.historical") == "dada de baja en 2021"
    assert ORGANIZATION.say("misuse.invitation.rules").startswith(
        "Desde el 18 de junio de 2021 los"
    )


def test_a_field_of_another_kind_plays_no_part_by_its_name(tmp_path: Path) -> None:
    seats = {"name": "recipients", "kind": "choice", "choices": {"few": ["pocos"]}}
    desk = {**TEXT, "name": "desk", "part": "area"}
    form = to_form(load(write(tmp_path, form=[seats, desk, {"name": "sponsor"}])).form)
    assert [field.part for field in form.fields] == [None, Part.AREA, Part.BACKER]


def test_aliases_are_added_to_the_shipped_ones(tmp_path: Path) -> None:
    plain = to_form(load(write(tmp_path)).form)["area"].aliases
    form = to_form(load(write(tmp_path, form=[{"name": "area", "aliases": ["Centro"]}])).form)
    assert form["area"].aliases == (*plain, "Centro")


def test_a_key_that_stands_twice_is_told_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("imap:\n  host: a\n  host: b\n", "utf-8")
    (told,) = problems(file)
    assert "the key host stands there twice, first in line 2" in told
    assert "line 3" in told


def test_a_variable_that_sets_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_WORKFLOWS__UNDO_MINUTES", "3")
    (told,) = problems(write(tmp_path))
    assert "BOT_WORKFLOWS__UNDO_MINUTES sets nothing; did you mean BOT_WORKFLOW__…?" in told


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ({"auth": "password"}, "imap.password: is missing; set BOT_IMAP__PASSWORD"),
        ({"auth": "oauth2-google"}, "imap.oauth.service_account_file: is missing"),
        ({"auth": "oauth2-microsoft"}, "imap.oauth.tenant: is missing"),
        ({"auth": "oauth2-microsoft"}, "imap.oauth.client_secret: is missing"),
    ],
)
def test_a_login_without_its_secret_is_told_before_it_is_tried(
    tmp_path: Path, server: dict[str, str], told: str
) -> None:
    file = write(tmp_path, imap={"username": "bot@upaep.mx", **server})
    load(file)  # whoever logs in nowhere needs no secret
    with pytest.raises(ConfigError) as caught:
        load_to_run(file)
    assert told in "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("since", "says"), [("yesterday", "should be start, all, or a date"), (7, "or a date")]
)
def test_from_when_on_old_mail_is_read_is_told(tmp_path: Path, since: object, says: str) -> None:
    (problem,) = problems(write(tmp_path, imap={"since": since}))
    assert problem.startswith("imap.since: ")
    assert says in problem


def test_a_day_from_which_old_mail_is_read(tmp_path: Path) -> None:
    day = dt.date(2026, 8, 1)
    for since in (day, "2026-08-01", dt.datetime(2026, 8, 1, 9)):  # noqa: DTZ001  (YAML's)
        assert load(write(tmp_path, imap={"since": since})).imap.since == day
    assert load(write(tmp_path)).imap.since == "start"


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("sqlite:///data/bot.db", "sqlite:///{folder}/data/bot.db"),
        ("sqlite:///../bot.db", "sqlite:///{parent}/bot.db"),
        ("sqlite:////var/lib/bot.db", "sqlite:////var/lib/bot.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://bot@localhost/bot", "postgresql+psycopg://bot@localhost/bot"),
    ],
)
def test_a_sqlite_file_lies_beside_the_configuration(
    tmp_path: Path, url: str, resolved: str
) -> None:
    found = load(write(tmp_path, database={"url": url})).database.url
    assert found == resolved.format(folder=tmp_path, parent=tmp_path.parent)


def test_hints_come_from_the_choices_in_force(tmp_path: Path) -> None:
    own = {"docentes": ["Docentes", "profesores"], "egresados": ["Egresados"], "todos": ["Todos"]}
    stanza = {"name": "audience", "label": "Público", "choices": own}
    (field,) = load(write(tmp_path, form=[stanza])).form
    assert field.hint == "Docentes, Egresados o Todos"
    assert field.example == "Docentes"
    assert "alumnos" not in field.help
    (field,) = load(write(tmp_path, form=[{**stanza, "hint": "uno solo"}])).form
    assert field.hint == "uno solo"


MEXICAN = (
    "Mexico_City", "Cancun", "Merida", "Monterrey", "Matamoros", "Chihuahua", "Ciudad_Juarez",
    "Ojinaga", "Hermosillo", "Mazatlan", "Bahia_Banderas", "Tijuana",
)  # fmt: skip


@pytest.mark.parametrize("city", MEXICAN)
def test_every_zone_of_mexico_has_its_own_morning(tmp_path: Path, city: str) -> None:
    organization = organization_of(load(write(tmp_path, institution={"zone": f"America/{city}"})))
    morning = dt.datetime(2026, 11, 23, 8, 30, tzinfo=organization.zone)
    timetable, closed = organization.timetable, organization.closed_on
    assert timetable.digest_due(morning, closed) == morning
    assert timetable.digest_due(morning - dt.timedelta(minutes=1), closed) is None


def test_where_nobody_reviews_approvers_read_what_only_people_can_answer(tmp_path: Path) -> None:
    file = write(tmp_path, staff=STAFF[1:], workflow={"stages": ["approval"]})
    told = triage(organization_of(load(file)), mail("¿Y ahora qué?"), "no se entiende")
    assert [one.to.email for one in told] == ["a@upaep.mx"]


def test_what_is_said_of_privacy_and_of_keeping_data_is_kept_to(tmp_path: Path) -> None:
    page = "https://upaep.mx/privacidad"
    file = write(
        tmp_path,
        privacy={"notice_url": page},
        retention={"raw_days": 30, "closed_cases_days": 365},
    )
    organization = organization_of(load(file))
    assert organization.privacy_url == page
    assert organization.retention == Retention(dt.timedelta(days=30), dt.timedelta(days=365))
    assert organization_of(load(write(tmp_path))).retention == Retention()

"""The section `timetable` of the configuration."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.config.load import ConfigError, Settings, load
from bot.config.timetable import TimetableSettings, to_timetable
from bot.workflow.schedule.rules import Timetable


def loaded(folder: Path, *lines: str) -> Settings:
    file = folder / "config.yaml"
    roles = "[reviewer, approver, provisioner, admin]"
    staff = f"staff:\n- {{name: A, email: a@upaep.mx, roles: {roles}}}\n"
    file.write_text(staff + "timetable:\n" + "".join(f"  {x}\n" for x in lines), encoding="utf-8")
    return load(file)


def test_what_is_not_said_is_as_the_core_has_it() -> None:
    assert to_timetable(TimetableSettings()) == Timetable()


@pytest.mark.parametrize("written", ['["09:30", "18:00"]', "[09:30, 18:00]", "['9:30', 18:00]"])
def test_times_with_and_without_quotes(tmp_path: Path, written: str) -> None:
    settings = loaded(tmp_path, f"office_hours: {written}", "digest_at: 7:45", "weekly_on: friday")
    known = to_timetable(settings.timetable)
    assert known.office_hours == (dt.time(9, 30), dt.time(18))
    assert (known.digest_at, known.weekly_on) == (dt.time(7, 45), 4)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("digest_at: noon", 'should be a time of day such as "08:30"'),
        ("digest_at: '25:00'", "time of day"),
        ("digest_at: 24:00", "time of day"),
        ("weekly_on: sunday", "timetable.weekly_on"),
        ("area_reminders: [7, 3]", "area_reminders should rise"),
        ("area_reminders: [0]", "timetable.area_reminders[0]"),
        ("expire_after: 7", "later than the last of area_reminders"),
        ("renewal_before_days: [7, 30]", "renewal_before_days should fall"),
        ("office_hours: ['18:00', '09:00']", "office_hours should be in order"),
        ("digest: '08:30'", "did you mean timetable.digest_at?"),
    ],
)
def test_mistakes_name_the_key_and_what_it_should_be(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, line)
    assert says in "\n".join(caught.value.problems)


def test_no_reminders_at_all(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "area_reminders: []", "renewal_before_days: []")
    assert settings.timetable.area_reminders == ()

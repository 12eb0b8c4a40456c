"""Values and dates as people read them; business days of Mexico."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workflow.calendar import ClosedDays, add_business_days, is_business_day, long_date
from bot.workflow.notifications.mails import summary
from bot.workflow.notifications.present import enumeration, show
from bot.workflow.tokens import folio
from nlp.text.folios import folios_in
from nlp.types import FieldValue
from tests.builders import FORM, ORGANIZATION, case

MEXICO = ClosedDays("MX")


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("recipients", 1850, "1,850"),
        ("start_date", dt.date(2021, 8, 1), "1 de agosto de 2021"),
        ("request_type", "reinstatement", "Restablecimiento"),
        ("frequency", "biweekly", "quincenal"),
        ("audience", ("faculty", "students"), "docentes, alumnos"),
        ("area", "Biblioteca", "Biblioteca"),
        ("phone_ext", "0042", "0042"),
    ],
)
def test_values_in_spanish(name: str, value: FieldValue, shown: str) -> None:
    assert show(FORM[name], value).casefold() == shown.casefold()


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], ""),
        (["Cargo"], "Cargo"),
        (["Cargo", "Extensión"], "Cargo y Extensión"),
        (["Cargo", "Inicio"], "Cargo e Inicio"),
        (["Cargo", "Hielo"], "Cargo y Hielo"),
        (["a", "b", "c"], "a, b y c"),
    ],
)
def test_enumerations(items: list[str], text: str) -> None:
    assert enumeration(items) == text


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2021-08-16", 5, "2021-08-23"),
        ("2021-09-13", 5, "2021-09-21"),  # Independence Day, 16 September
        ("2021-08-14", 1, "2021-08-16"),  # from a Saturday
        ("2024-12-23", 3, "2024-12-27"),  # Christmas
        ("2026-11-13", 1, "2026-11-17"),  # Revolution Day, moved to Monday
    ],
)
def test_business_days(start: str, days: int, due: str) -> None:
    assert add_business_days(dt.date.fromisoformat(start), days, MEXICO).isoformat() == due


def test_the_universitys_own_holidays_count_too() -> None:
    closed = ClosedDays("MX", frozenset({dt.date(2021, 8, 17)}))
    assert add_business_days(dt.date(2021, 8, 16), 1, closed) == dt.date(2021, 8, 18)


@given(st.dates(dt.date(2021, 1, 1), dt.date(2035, 1, 1)), st.integers(1, 60))
def test_a_due_date_is_a_business_day_at_least_so_far_away(start: dt.date, days: int) -> None:
    due = add_business_days(start, days, MEXICO)
    assert is_business_day(due, MEXICO)
    assert (due - start).days >= days


def test_long_dates() -> None:
    assert long_date(dt.date(2021, 8, 16)) == "lunes 16 de agosto de 2021"


@given(st.integers(2020, 2099), st.integers(1, 10**6))
def test_a_folio_is_found_again(year: int, number: int) -> None:
    made = folio("CI", year, number)
    assert folios_in(f"Re: [{made}] y {made.lower()}.", "CI") == (made,)


@pytest.mark.parametrize("text", ["XCI-2021-0042", "CI-2021-004", "AB-2021-0042", "CI-1999-0042"])
def test_what_is_no_folio(text: str) -> None:
    assert folios_in(text, "CI") == ()


def test_days_are_those_of_the_institution() -> None:
    """Half past eight in the evening there is the next day in UTC, and the day before in Tokyo."""
    evening = dt.datetime(2021, 8, 17, 2, 30, tzinfo=dt.UTC)
    assert ORGANIZATION.day(evening) == dt.date(2021, 8, 16)
    tokyo = replace(ORGANIZATION, zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo.day(evening) == dt.date(2021, 8, 17)
    late = replace(case(), opened_at=evening)
    assert summary(ORGANIZATION, late)["opened_on"] == "lunes 16 de agosto de 2021"
    assert summary(tokyo, late)["opened_on"] == "martes 17 de agosto de 2021"


def test_no_day_is_told_by_another_clock() -> None:
    """What is kept comes back in UTC: its day is asked of the organization."""
    for path in (Path(__file__).parents[2] / "bot").rglob("*.py"):
        if path.parts[-2] in ("workflow", "lists", "commands", "notifications", "schedule"):
            assert not re.search(r"(?:_at|\.at|\.last)\.date\(\)", path.read_text("utf-8")), path

"""Types of single settings: what the file may say of each, checked and brought into one form."""

import datetime as dt
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

_RANGE = re.compile(r"\s*(\d{4}-\d\d-\d\d)\s*(?:\.\.|/|–|\ba\b|\bal\b)\s*(\d{4}-\d\d-\d\d)\s*")
LONGEST_HOLIDAY = 366  # days


def _email(text: str) -> str:
    text = text.strip().lower()
    local, _, domain = text.rpartition("@")
    if not local or not domain or any(c.isspace() or c in '<>",;:()[]' for c in text):
        raise ValueError("should be an e-mail address such as ana@upaep.mx")
    return text


def _reached(text: str) -> str:
    text = text.strip().lower()
    if "@" in text.lstrip("@"):
        return _email(text)
    if not re.fullmatch(r"@?[a-z0-9-]+(\.[a-z0-9-]+)+", text):
        raise ValueError("should be an address or a domain, such as ana@upaep.mx or upaep.edu.mx")
    return text


def _page(text: str) -> str:
    if text and (urlsplit(text).scheme != "https" or not urlsplit(text).hostname):
        raise ValueError("should be an https address")
    return text


def _since(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.date()
    if value in ("start", "all") or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("should be start, all, or a date such as 2026-11-23") from None


def _days(value: object) -> object:
    """Days and ranges of them (2026-12-21..2027-01-06), as days."""
    if not isinstance(value, list | tuple):
        return value
    days: list[object] = []
    for one in value:
        found = _RANGE.fullmatch(one) if isinstance(one, str) else None
        days += _between(*found.groups()) if found else [one]
    return days


def _between(first: str, last: str) -> list[object]:
    try:
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError:
        raise ValueError(f"{first}..{last}: should be two dates of the calendar") from None
    length = (end - start).days + 1
    if not 1 <= length <= LONGEST_HOLIDAY:
        raise ValueError(f"{first}..{last}: should go forward, at most {LONGEST_HOLIDAY} days")
    return [start + dt.timedelta(days=n) for n in range(length)]


Days = Annotated[tuple[dt.date, ...], BeforeValidator(_days)]
"""Days of the calendar; in the file also ranges."""
Email = Annotated[str, AfterValidator(_email)]
Reached = Annotated[str, AfterValidator(_reached)]
"""An address or a domain."""
Page = Annotated[str, AfterValidator(_page)]
"""An address that people are sent to, or nothing."""
Since = Annotated[Literal["start", "all"] | dt.date, BeforeValidator(_since)]
"""From when on the mail is read that a new database finds in the folder."""
Port = Annotated[int, Field(ge=1, le=65535)]

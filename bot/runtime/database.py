"""The database that the settings name, and the clock of the institution."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.config.load import Settings
from bot.store import Store


def wall_clock(settings: Settings) -> Callable[[], dt.datetime]:
    """The time by the clocks of the institution."""
    zone = ZoneInfo(settings.institution.zone)
    return lambda: dt.datetime.now(zone)


def open_store(settings: Settings) -> Store:
    """The database, which must be there and up to date: StoreMissing, StoreOutdated otherwise."""
    return Store.existing(*place_of(settings))


def upgraded_store(settings: Settings) -> Store:
    """The database, made or migrated where needed. Raises StoreError where it cannot be reached."""
    return Store.open(*place_of(settings))


def place_of(settings: Settings) -> tuple[str, str]:
    """Its URL and its password."""
    password = settings.database.password
    return settings.database.url, password.get_secret_value() if password else ""

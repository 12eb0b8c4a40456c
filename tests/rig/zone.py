"""By whose clocks the tests tell days and hours."""

from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Mexico_City")

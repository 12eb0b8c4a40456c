"""An mbox of generated mail, dated over five years: `simulate` and `import` are tried on it."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from email.utils import format_datetime
from pathlib import Path

from bench.mails import mixed
from tests.rig.zone import ZONE

FIRST, YEARS = dt.datetime(2021, 6, 21, 9, tzinfo=ZONE), dt.timedelta(days=5 * 365)
_DATE = re.compile(rb"^Date:[^\r\n]*\r?\n", re.IGNORECASE | re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int)
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    with asked.file.open("wb") as box:
        for number, raw in enumerate(mixed(asked.messages)):
            date = format_datetime(FIRST + YEARS * number / asked.messages).encode()
            head, blank, body = raw.partition(b"\r\n\r\n")
            mail = b"Date: %s\r\n%s%s%s" % (date, _DATE.sub(b"", head + b"\r\n"), blank[2:], body)
            lines = re.sub(rb"(?m)^(>*From )", rb">\1", mail.replace(b"\r\n", b"\n"))
            box.write(b"From area@upaep.mx Thu Jan  1 00:00:00 2026\n%s\n\n" % lines)


if __name__ == "__main__":
    main()

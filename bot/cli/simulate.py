"""`simulate`: a dry run over old mail. Nothing is sent, and nothing is written but its page."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot.cli.app import WORK_FAILED, WRONG_USE, app, give_up
from bot.cli.rows import cell, headers, print_json_line, write_private
from bot.config.load import Settings, load, load_to_run
from bot.config.organization import organization_of
from bot.mail.archives import ArchivedMail, ArchiveError, archived
from bot.mail.errors import MailboxError
from bot.mail.examine import examined
from bot.observability.terminal import counting, print_table, say
from bot.runtime.database import wall_clock
from bot.runtime.simulation import ReadMail, Simulated, simulate

COLUMNS = (
    "place", "date", "from", "subject", "automatic", "intent", "confidence", "problem", "label",
)  # fmt: skip


@app.command("simulate")
def simulate_(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(help="An mbox, a Maildir, or a folder of .eml files.")
    ] = None,
    imap: Annotated[
        bool, typer.Option("--imap", help="The mailbox of the configuration, read-only.")
    ] = False,
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --imap: from this day.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Where page and CSV go.")] = Path("simulation"),
    as_json: Annotated[bool, typer.Option("--json", help="The figures as one object.")] = False,
) -> None:
    """What the bot would have done with old mail; exit 1 if any would have gone to quarantine."""
    from bot.report.simulation import simulation_page

    if (path is None) is not imap:
        give_up("name a PATH, or say --imap", WRONG_USE)
    settings = load_to_run(context.obj) if imap else load(context.obj)
    organization, now = organization_of(settings), wall_clock(settings)()
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_private(out / "correos.csv", "")
        with (
            (out / "correos.csv").open("w", encoding="utf-8", newline="") as file,
            counting("mail(s)") as count,
        ):
            writer = _Writer(file, count)
            mails = _mails(settings, path, since.date() if since else None)
            done = simulate(mails, organization, now, settings.limits.parse_seconds, writer)
        page = simulation_page(done, settings.limits.replies_per_day_total, organization)
        write_private(out / "simulacion.html", page)
    except ArchiveError as error:
        give_up(str(error), WRONG_USE)
    except MailboxError as error:
        give_up(f"mailbox: {error.problem}. {error.advice}")
    except OSError as error:
        give_up(f"{error.filename or out}: {error.strerror}", WRONG_USE)
    if as_json:
        print_json_line(_plain(done))
    else:
        _tell(done, out)
    if done.failed:
        raise typer.Exit(WORK_FAILED)


def _mails(settings: Settings, path: Path | None, since: dt.date | None) -> Iterator[ArchivedMail]:
    if path is None:
        return examined(settings.imap, since)
    return archived(path, by_date=True)


class _Writer:
    """A row a mail, to be labelled: the last column is for who reads it."""

    def __init__(self, file: TextIO, count: Any) -> None:
        self._rows, self._count = csv.writer(file), count
        self._rows.writerow(COLUMNS)

    def __call__(self, mail: ReadMail) -> None:
        values = (mail.place, mail.date.isoformat(), mail.sender, mail.subject, mail.automatic,
                  mail.intent, mail.confidence, mail.problem, "")  # fmt: skip
        self._rows.writerow([cell(value) for value in values])
        self._count()


def _tell(done: Simulated, out: Path) -> None:
    day, most = done.busiest
    values = (
        done.mails, done.doubles, done.mails / max(done.seconds, 0.001), sum(done.cases.values()),
        done.cases.get("incomplete", 0), done.sent.total(), most, done.held_back,
        sum(done.machines.values()), done.failed,
    )  # fmt: skip
    told = (f"{value:,.0f}" for value in values)
    print_table(
        (), zip(headers("simulated", day=f"{day:%d/%m/%Y}" if day else "—"), told, strict=True)
    )
    say(f"{out / 'simulacion.html'}; {out / 'correos.csv'}")


def _plain(done: Simulated) -> dict[str, object]:
    day, most = done.busiest
    return {
        "mails": done.mails,
        "doubles": done.doubles,
        "seconds": round(done.seconds, 1),
        "messages": dict(done.messages),
        "cases": dict(done.cases),
        "topics": dict(done.topics),
        "sent": dict(done.sent),
        "by_day": {str(d): dict(counts) for d, counts in done.by_day.items()},
        "busiest_day": str(day) if day else None,
        "busiest_day_mails": most,
        "held_back": done.held_back,
        "machines": dict(done.machines),
        "quarantine": done.failed,
    }

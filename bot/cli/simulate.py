"""`simulate`: a dry run over old mail. Nothing is sent, and nothing is written but its page."""

import csv
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot.cli.app import WORK_FAILED, app
from bot.cli.old_mail import (
    Folders,
    Imap,
    OldMail,
    Since,
    old_mail,
    settings_for,
    told_where_it_fails,
)
from bot.cli.rows import cell, headers, print_json_line, write_private
from bot.config.organization import organization_of
from bot.observability.terminal import counting, print_table, say
from bot.report.simulation import simulation_page
from bot.runtime.database import wall_clock
from bot.runtime.simulation import ReadMail, Simulated, simulate

COLUMNS = (
    "place", "date", "from", "subject", "automatic", "intent", "confidence", "problem", "label",
)  # fmt: skip


@app.command("simulate")
def simulate_(
    context: typer.Context,
    path: OldMail = None,
    imap: Imap = False,
    folder: Folders = None,
    since: Since = None,
    out: Annotated[Path, typer.Option("--out", help="Where page and CSV go.")] = Path("simulation"),
    as_json: Annotated[bool, typer.Option("--json", help="The figures as one object.")] = False,
) -> None:
    """What the bot would have done with old mail; exit 1 if any would have gone to quarantine."""
    settings = settings_for(context.obj, path, imap=imap)
    organization, now = organization_of(settings), wall_clock(settings)()
    with told_where_it_fails(out):
        out.mkdir(parents=True, exist_ok=True)
        write_private(out / "correos.csv", "")
        with (
            (out / "correos.csv").open("w", encoding="utf-8", newline="") as file,
            counting("mail(s)") as count,
        ):
            mails = old_mail(settings, path, folder, since, by_date=True)
            writer = _Writer(file, count)
            done = simulate(mails, organization, now, settings.limits.parse_seconds, writer)
        page = simulation_page(done, settings.limits.replies_per_day_total, organization)
        write_private(out / "simulacion.html", page)
    if as_json:
        print_json_line(_plain(done))
    else:
        _tell(done, out)
    if done.failed:
        raise typer.Exit(WORK_FAILED)


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

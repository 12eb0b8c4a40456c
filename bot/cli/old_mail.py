"""Where old mail is read from: files, or folders of the mailbox, which stay as they are."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import WRONG_USE, give_up
from bot.config.load import Settings, load, load_to_run
from bot.mail.archives import ArchivedMail, archived, examined

OldMail = Annotated[
    Path | None, typer.Argument(help="An mbox, a Maildir, or a folder of .eml files.")
]
Imap = Annotated[bool, typer.Option("--imap", help="The mailbox of the configuration, read-only.")]
Folders = Annotated[
    list[str] | None, typer.Option("--folder", help="With --imap: one of its folders; repeatable.")
]
Since = Annotated[
    dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --imap: from this day.")
]


def settings_for(file: Path, path: Path | None, *, imap: bool) -> Settings:
    """The settings, with the secrets where the mailbox is read; ends where neither is named."""
    if (path is None) is not imap:
        give_up("name a PATH, or say --imap", WRONG_USE)
    return load_to_run(file) if imap else load(file)


def old_mail(
    settings: Settings,
    path: Path | None,
    folders: list[str] | None,
    since: dt.datetime | None,
    *,
    by_date: bool = False,
) -> Iterator[ArchivedMail]:
    """The mail at `path`, or in folders of the mailbox."""
    if path is not None:
        return archived(path, by_date=by_date)
    day = since.date() if since else None
    return (
        mail
        for folder in folders or [settings.imap.folder]
        for mail in examined(settings.imap, day, folder)
    )


@contextmanager
def told_where_it_fails(place: object) -> Iterator[None]:
    """Ends with a sentence where there is no mail, or none to be had."""
    try:
        yield
    except OSError as error:
        give_up(f"{error.filename or place}: {error.strerror}", WRONG_USE)

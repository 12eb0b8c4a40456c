"""The page at the end of the demo: every mail, as each person saw it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from bot.demo.cast import Player
from bot.demo.servers import Mail
from bot.workflow.case import bare
from replies.beside import template
from replies.phrases import say


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail in somebody's view; `mine` tells that they wrote it."""

    mine: bool
    other: str
    subject: str
    at: dt.datetime
    html: str
    text: str
    attachments: tuple[str, ...]


def write_page(mails: list[Mail], people: list[Player], path: Path) -> None:
    """Writes the page; what mails say is escaped, their HTML stands in sandboxed frames."""
    views = [(player.shown, _seen_by(player.email, mails)) for player in people]
    page = template("bot.demo", "page.html.j2").render(
        people=[(name, shown) for name, shown in views if shown]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _seen_by(address: str, mails: list[Mail]) -> list[Shown]:
    me = bare(address)
    mine = ((mail, bare(mail.sender) == me) for mail in mails)
    return [_shown(mail, mine=own) for mail, own in mine if own or me in map(bare, mail.recipients)]


def _shown(mail: Mail, *, mine: bool) -> Shown:
    message = mail.message
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    return Shown(
        mine=mine,
        other=str(message["To"] if mine else message["From"]),
        subject=str(message.get("Subject", "")),
        at=mail.at,
        html=str(html.get_content()) if html else "",
        text=str(text.get_content()) if text else "",
        attachments=tuple(
            str(p.get_filename() or say("demo.attachment")) for p in message.iter_attachments()
        ),
    )

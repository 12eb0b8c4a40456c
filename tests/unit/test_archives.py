"""Mail in files: every form gives the same messages."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from bot.mail.archives import ArchiveError, archived

MAILS = [f"From: a{n}@upaep.mx\nSubject: {n}\n\nFrom here on {n}.\n".encode() for n in range(3)]


def mbox(folder: Path) -> Path:
    with_box = mailbox.mbox(folder / "old.mbox")
    for raw in MAILS:
        with_box.add(raw)
    with_box.close()
    return folder / "old.mbox"


def maildir(folder: Path) -> Path:
    box = mailbox.Maildir(folder / "Maildir")
    for raw in MAILS:
        box.add(raw)
    return folder / "Maildir"


def files(folder: Path) -> Path:
    for number, raw in enumerate(MAILS):
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / f"{number}.eml").write_bytes(raw)
    (folder / "notes.txt").write_text("no mail")
    return folder


@pytest.mark.parametrize("make", [mbox, maildir, files])
def test_every_form_gives_the_same(make: object, tmp_path: Path) -> None:
    found = list(archived(make(tmp_path)))  # type: ignore[operator]
    assert len({mail.place for mail in found}) == len(MAILS)
    assert sorted(m.raw.replace(b">From", b"From").rstrip() for m in found) == [
        raw.rstrip() for raw in MAILS
    ]


def test_one_file_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(MAILS[0])
    assert [m.raw for m in archived(tmp_path / "x.eml")] == [MAILS[0]]


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ArchiveError, match=str(place)):
            archived(place)

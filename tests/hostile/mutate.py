"""Mails damaged as a hostile or broken program would: the same number always gives the same mail.

The seeds are the mails of tests/mails and mails made around the attachments there. Bytes are
changed, and the structure: headers, boundaries, charsets, encodings, types, parts in parts.
"""

from __future__ import annotations

import base64
import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache

from tests.hostile.mails import HEAD, MAILS, with_file

MOST = 200_000  # bytes of a mutant
PIECES = (
    b"\r", b"\0", b"\n\n", b"\r\n\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b$B",
    b"=?utf-8?B?////?=", b"=?x?Q?=ZZ?=", b"=?rot13?Q?a?=", b"=?utf-8?q?=0A=0DFrom:_a@b?=",
    b"charset=undefined", b"charset=utf-7", b"charset=utf-16", b'charset="x\0y"', b"boundary=",
    b"multipart/mixed", b"message/rfc822", b"text/html", b"base64", b"quoted-printable", b"format=",
    b"filename*=utf-16''%ff", b"filename*0*=x''%", b'name*="', b"<!DOCTYPE", b"&#xD800;", b"&#0;",
    b"<table><tr><td>", b"<style>a{", b"<blockquote type=cite>", b"<!--", b"]]>", b"<p style='",
    b"Date: \xe1\n", b"Mon, 99 Foo 99999 99:99:99 +9999", b"From: (", b"-- \n", b"> ", b"\t",
    b"De: a@x\nPara: b\nAsunto: c\n", b"APROBAR\n", b"[CI-2021-0042]", b"99999999999999999999",
    b"30 de febrero de 2021", b"1/0/0", b"31/12/9999", b"mil mil mil", b"a@" * 50, b"(" * 50,
)  # fmt: skip
HEADERS = (
    b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"References",
    b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"MIME-Version",
    b"Return-Path", b"Auto-Submitted", b"Precedence", b"Authentication-Results", b"Received",
)  # fmt: skip
CHARSETS = (
    b"us-ascii", b"utf-8", b"utf-16", b"utf-32", b"iso-8859-1", b"iso-2022-jp", b"hz", b"koi8-r",
    b"big5", b"gb18030", b"cp037", b"WE8ISO8859P1", b"rot13", b"hex", b"idna", b"unicode_escape",
    b"",
)  # fmt: skip
ENCODINGS = (b"7bit", b"8bit", b"binary", b"base64", b"quoted-printable", b"x-uuencode", b"=", b"")
TYPES = (
    b"text/plain", b"text/html", b"text/calendar", b"multipart/mixed", b"multipart/alternative",
    b"multipart/report", b"multipart/signed", b"message/rfc822", b"message/delivery-status",
    b"message/partial", b"message/external-body", b"application/pdf", b"application/ms-tnef",
    b"application/octet-stream", b"image/png", b"text", b"/", b"a/b/c", b"application/zip",
)  # fmt: skip
_FIELD = re.compile(rb"(?m)^([A-Za-z-]{2,40}):[^\n]*\n(?:[ \t][^\n]*\n)*")
_CHARSET = re.compile(rb'(?i)charset="?[\w-]*')
_TYPE = re.compile(rb"(?i)(?<=content-type: )[\w/.+-]+")
_ENCODING = re.compile(rb"(?i)(?<=content-transfer-encoding: )[\w-]+")
_BOUNDARY = re.compile(rb"(?m)^--[^\n]{3,70}\n")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{40,76}\r?\n){2,}")

Mutation = Callable[[bytes, random.Random], bytes]


@cache
def seeds() -> tuple[bytes, ...]:
    """The mails that mutants are made of, in a fixed order."""
    mails = [path.read_bytes() for path in sorted(MAILS.rglob("*.eml"))]
    files = [path for path in sorted((MAILS / "attachments").iterdir()) if path.is_file()]
    return (*mails, *(with_file(path.name, path.read_bytes()) for path in files))


def mutant(number: int) -> bytes:
    """The mail of this number."""
    chance = random.Random(number)
    raw = seed = chance.choice(seeds())
    steps = chance.choice((2, 3, 4, 6, 9))
    while steps > 0 or raw == seed:
        raw = chance.choice(MUTATIONS)(raw or seed, chance)[:MOST]
        steps -= 1
    return raw


def _place(raw: bytes, chance: random.Random) -> int:
    """Somewhere in a mail, its head as likely as its body."""
    head = raw.find(b"\n\n") if chance.random() < 0.5 else len(raw)
    return chance.randrange(max(head, 1) + 1)


def flip(raw: bytes, chance: random.Random) -> bytes:
    changed = bytearray(raw or b" ")
    for _ in range(chance.choice((1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(raw: bytes, chance: random.Random) -> bytes:
    at = _place(raw, chance)
    return raw[:at] + raw[at + chance.choice((1, 5, 60, 2_000)) :]


def end(raw: bytes, chance: random.Random) -> bytes:
    return raw[: _place(raw, chance)]


def insert(raw: bytes, chance: random.Random) -> bytes:
    at = _place(raw, chance)
    return raw[:at] + chance.choice(PIECES) * chance.choice((1, 1, 2, 500)) + raw[at:]


def double(raw: bytes, chance: random.Random) -> bytes:
    at, length = _place(raw, chance), chance.choice((1, 80, 3_000))
    return raw[:at] + raw[at : at + length] * chance.choice((2, 3, 30)) + raw[at + length :]


def splice(raw: bytes, chance: random.Random) -> bytes:
    other = chance.choice(seeds())
    return raw[: _place(raw, chance)] + other[_place(other, chance) :]


def line_ends(raw: bytes, chance: random.Random) -> bytes:
    plain = raw.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\r", b"\r\r\n", b"\n\n")))


def header(raw: bytes, chance: random.Random) -> bytes:
    """A header doubled, moved, emptied, renamed or put into a part."""
    fields = list(_FIELD.finditer(raw))
    if not fields:
        return raw
    field = chance.choice(fields)
    to = chance.choice(fields).start()
    whole, name = field[0], field[1]
    new = chance.choice(
        (
            whole * chance.choice((2, 40)),
            name + b": \n",
            chance.choice(HEADERS) + whole[len(name) :],
            name + b": " + chance.choice(PIECES).replace(b"\n", b" ") + b"\n",
            whole.replace(b"\n", b"\n " + chance.choice(PIECES), 1),
        )
    )
    if chance.random() < 0.5:
        return raw[: field.start()] + new + raw[field.end() :]
    return raw[:to] + new + raw[to:]


def _one_of(pattern: re.Pattern[bytes], values: tuple[bytes, ...], before: bytes = b"") -> Mutation:
    def change(raw: bytes, chance: random.Random) -> bytes:
        value = before + chance.choice(values)
        return pattern.sub(lambda _: value, raw, count=chance.choice((0, 1)))

    return change


def boundary(raw: bytes, chance: random.Random) -> bytes:
    """A boundary line lost, doubled, closed early or put where none was."""
    lines = list(_BOUNDARY.finditer(raw))
    if not lines:
        return raw
    line, to = chance.choice(lines), _place(raw, chance)
    if chance.random() < 0.4:
        return raw[:to] + b"\n" + line[0] + raw[to:]
    closed = line[0].rstrip().removesuffix(b"--") + chance.choice((b"--\n", b" \n", b"\n", b"x\n"))
    new = chance.choice((b"", line[0] * 2, closed))
    return raw[: line.start()] + new + raw[line.end() :]


def broken_base64(raw: bytes, chance: random.Random) -> bytes:
    runs = list(_BASE64.finditer(raw))
    if not runs:
        return raw
    run = chance.choice(runs)
    data = bytearray(run[0])
    for _ in range(chance.choice((1, 5))):
        at = chance.randrange(len(data) + 1)
        data[at : at + chance.choice((1, 3, 400))] = chance.choice(
            (b"", b"=", b"\n", b"!", b"====\n")
        )
    return raw[: run.start()] + bytes(data) + raw[run.end() :]


def broken_file(raw: bytes, chance: random.Random) -> bytes:
    """An attachment whose own bytes are damaged, within a part where it is an archive."""
    runs = list(_BASE64.finditer(raw))
    if not runs:
        return raw
    run = chance.choice(runs)
    letters = b"".join(run[0].split())
    data = base64.b64decode(letters[: len(letters) // 4 * 4])
    return raw[: run.start()] + base64.encodebytes(_spoilt(data, chance)) + raw[run.end() :]


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # zipfile meets damaged archives with whatever comes
        parts = {}
    if not parts or chance.random() < 0.3:
        return chance.choice((flip, cut, double, end))(data, chance)
    name = chance.choice(sorted(parts))
    parts[name] = chance.choice((flip, cut, double, insert))(parts[name], chance)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return made.getvalue()


def wrap(raw: bytes, chance: random.Random) -> bytes:
    """The mail as an attachment of another, perhaps encoded as that is not allowed to be."""
    head = HEAD + b'Content-Type: message/rfc822; name="a.eml"\n'
    for _ in range(chance.choice((0, 0, 1, 3))):
        raw = head + b"\n" + raw
    if chance.random() < 0.3:
        return head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(raw)
    return head + b"\n" + raw


MUTATIONS: tuple[Mutation, ...] = (
    flip, cut, end, insert, double, splice, line_ends, header, header, boundary, boundary,
    _one_of(_CHARSET, CHARSETS, b"charset="), _one_of(_TYPE, TYPES), _one_of(_ENCODING, ENCODINGS),
    broken_base64, broken_file, broken_file, wrap,
)  # fmt: skip

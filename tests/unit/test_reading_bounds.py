"""Whatever bytes come: an answer, in bounded time, and no exception."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from string import ascii_uppercase

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import bot.mail.parsing
from bot.mail.parsing import Limits, read
from bot.workflow.message import ParsedMessage, UnparseableMessage

from .reading_mails import HEAD, MAILS, understood

SAMPLES = sorted((*MAILS.glob("*/*.eml"),))
PIECES = [
    b"\r", b"\0", b"\n\n", b"\xff\xfe", b"\xed\xa0\x80", b"=?utf-8?B?////?=", b"=?x?Q?=ZZ?=",
    b'charset="x\0y"', b"charset=undefined", b"charset=utf-7", b"charset=utf-16", b"boundary=",
    b"multipart/mixed", b"multipart/alternative", b"message/rfc822", b"text/html", b"base64",
    b"quoted-printable", b"filename*=utf-16''%ff", b"filename*0*=x''%", b'name*="', b"delsp=yes",
    b"<!DOCTYPE", b"&#xD800;", b"&#0;", b"<table><tr><td>", b"<style>a{", b"<blockquote type=cite>",
    b'Content-Type: multipart/mixed; boundary=""\n', b"report-type*0*=a''b", b"format=flowed",
    b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n", b"From: (", b"Date: \xe1\n",
    b"Mon, 99 Foo 99999 99:99:99 +9999", b"-- \n", b"> ", b"De: a@x\nPara: b\nAsunto: c\n",
]  # fmt: skip


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    closed = b"".join(b"\n--b%d--\n" % n for n in reversed(range(depth)))
    return HEAD + opened + b"Content-Type: text/plain\n\nhola\n" + closed


def parts(count: int) -> bytes:
    part = b"--b\nContent-Type: text/plain\n\nx\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * count + b"--b--\n"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (nested(500), "El mensaje tiene demasiadas partes una dentro de otra."),
        (HEAD + b"Content-Type: message/rfc822\n\n" * 500, "demasiadas partes una dentro de otra"),
        (parts(10_000), "El mensaje tiene demasiadas partes."),
        (HEAD + b"X: y\n" * 2_000 + b"\nhola", "El mensaje tiene demasiados encabezados."),
        (HEAD + b"X: y\n" * 300_000 + b"\nhola", "demasiadas líneas"),
        (HEAD + b"\n" * 25_000_000, "El mensaje tiene demasiadas líneas."),
        (HEAD + b"\n" + b"x" * 31 * 1024 * 1024, "El mensaje es demasiado grande."),
        (
            HEAD + b'Content-Type: text/plain; x="' + b';a="' * 5_000 + b"\n\nhola",
            "Una parte del mensaje tiene un encabezado demasiado largo.",
        ),
        (
            HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain;"
            b' x="' + b';a="' * 500_000 + b"\n\nhola",
            "Una parte del mensaje tiene un encabezado demasiado largo.",
        ),
    ],
    ids=["depth", "messages", "parts", "headers", "lines", "blank", "size", "quotes", "part"],
)
def test_too_much_is_refused_at_once(raw: bytes, reason: str) -> None:
    start = time.process_time()
    told = read(raw)
    assert time.process_time() - start < 2
    assert isinstance(told, UnparseableMessage)
    assert reason in told.reason
    assert (told.sender, told.subject, told.size) == ("ana.torres@upaep.mx", "Lista", len(raw))


def test_what_is_refused_unread_tells_who_wrote_it_and_about_what() -> None:
    told = read((MAILS / "reading" / "two-thousand-headers.eml").read_bytes())
    assert isinstance(told, UnparseableMessage)
    assert told.reason == "El mensaje tiene demasiados encabezados."
    assert (told.sender, told.subject) == ("ana.torres@upaep.mx", "Lista")


def test_just_enough_is_read() -> None:
    assert understood(nested(Limits().depth - 1)).text == "hola"
    assert len(understood(parts(200)).part_types) == 201
    assert understood(HEAD + b"X-Big: " + b"a" * 5_000_000 + b"\n\nhola").text == "hola"
    assert understood(HEAD + b"\nHo\0la\r\nmundo\r.").text == "Hola\nmundo\n."


def test_limits_can_be_set() -> None:
    assert isinstance(read(HEAD + b"\nhola", limits=Limits(message_bytes=10)), UnparseableMessage)
    cut = read(HEAD + b"\n" + b"hola " * 100, limits=Limits(text_chars=9))
    assert isinstance(cut, ParsedMessage)
    assert cut.text == "hola hola"


def test_text_is_bounded() -> None:
    most = Limits().text_chars
    assert most - 10 < len(understood(HEAD + b"\n" + b"hola " * 100_000).text) <= most
    lines = understood(HEAD + b"\n" + b"hola\n" * 100_000).text.split("\n")
    assert lines == ["hola"] * Limits().text_lines
    page = HEAD + b"Content-Type: text/html\n\n" + b"<p>hola</p>" * 100_000
    assert len(understood(page).text) <= most


def test_an_exception_nobody_foresaw_ends_in_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(bot.mail.parsing, "assemble", fail)
    told = read(HEAD + b"\nhola")
    assert isinstance(told, UnparseableMessage)
    assert told.reason == "El mensaje está dañado y no se pudo leer."
    assert (told.sender, told.subject) == ("ana.torres@upaep.mx", "Lista")
    assert told.headers["subject"] == ("Lista",)


GROWING: dict[str, Callable[[int], bytes]] = {
    "plain lines": lambda n: HEAD + b"\n" + b"hola que tal\n" * n,
    "attribution lines": lambda n: HEAD + b"\n" + b"El 28 jun 2021 a las 09:00 escribi\n" * n,
    "header blocks": lambda n: HEAD + b"\n" + b"De: a@x\nPara: b\n" * n,
    "author first": lambda n: HEAD + b"\n" + b"<a@b.c> escribio " * n,
    "addresses": lambda n: HEAD + b"\n" + b"a@" * n + b"<",
    "mailto": lambda n: HEAD + b"\n" + b"a<mailto:" * n,
    "pictures": lambda n: HEAD + b"\n" + b"[cid:" * n,
    "marks": lambda n: HEAD + b"\n" + b"> " * n,
    "stars": lambda n: HEAD + b"\n" + b"*a" * n,
    "signatures": lambda n: HEAD + b"\n" + b"-- \nAna Paz\nSaludos\n\n" * n,
    "flowed": lambda n: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"hola \n" * n,
    "encoded words": lambda n: HEAD + b"X: " + b"=?utf-8?Q?=C3?= =?" * n + b"\n\n",
    "comments": lambda n: b"From: " + b"(" * n + b"\nSubject: x\n\n",
    "recipients": lambda n: HEAD + b"Cc: " + b"p@x.mx, " * n + b"\n\n",
    "boundaries": lambda n: HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--c\n" * n,
    "types": lambda n: (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        + b"Content-Type: message/rfc822\n\n" * n
    ),
    "html blocks": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<div>a</div>" * n,
    "html tables": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<table><tr><td>a<td>b" * n,
    "html rows": lambda n: HEAD + b"Content-Type: text/html\n\n<table>" + b"<tr><td>a<td>b" * n,
    "html deep": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<div><b>a" * n,
    "html quotes": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<blockquote type=cite>a" * n,
    "html lt": lambda n: HEAD + b"Content-Type: text/html\n\n" + b"<" * n,
    "html pre": lambda n: HEAD + b"Content-Type: text/html\n\n<pre>" + b"a\n" * n,
    "style sheet": lambda n: HEAD + b"Content-Type: text/html\n\n<style>" + b"@media{a{" * n,
    "styles": lambda n: (
        HEAD + b"Content-Type: text/html\n\n" + b"<b style='color:#ff0;font:0/0 a'>x</b>" * n
    ),
    "bounce": lambda n: b"Return-Path: <>\n" + HEAD + b"\n" + b"<a@x.mx>: host said 550\n" * n,
    "quoted-printable": lambda n: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n=C3" * n
    ),
    "base64": lambda n: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"aG9sYQ==" * n,
}


@pytest.mark.parametrize("grow", GROWING.values(), ids=GROWING.keys())
def test_time_grows_with_size_and_no_faster(grow: Callable[[int], bytes]) -> None:
    """Four times the bytes take four times as long; eight is allowed for noise and small sizes."""

    def seconds(count: int) -> float:
        raw = grow(count)
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            read(raw)
            best = min(best, time.process_time() - start)
        return best

    few, many = seconds(1_000), seconds(4_000)
    assert many < max(8 * few, 0.05)


def check(raw: bytes) -> None:
    """What holds for every message that is read."""
    told = read(raw)
    repr(told).encode()  # no surrogates anywhere
    assert isinstance(told, ParsedMessage | UnparseableMessage)
    assert told.size == len(raw)
    for values in told.headers.values():
        assert all("\n" not in value and "\r" not in value for value in values)
    if isinstance(told, UnparseableMessage):
        assert told.reason.endswith(".")
        return
    assert all(block.text.strip() for block in told.blocks)
    assert all(a.name and "\n" not in a.name and "/" not in a.name for a in told.attachments)
    # Only ASCII letters are lowered: U+212A (the kelvin sign) would become somebody else's k.
    assert all("@" in a.email for a in told.senders + told.to)
    assert not any(set(a.email) & set(ascii_uppercase) for a in told.senders + told.to)


@given(st.binary(max_size=2_000))
@example(b"From: a@x\n\n")
@example(b"From: a@x\nContent-Type: text/html\n\n<")
@example(b"Subject:\nContent-Type: multipart/alternative; boundary=\n\n--\n")
@settings(max_examples=100, deadline=None)
def test_any_bytes(raw: bytes) -> None:
    check(raw)
    check(HEAD + raw)


@given(
    st.binary(max_size=300),
    st.sampled_from(
        ["text/html", "text/plain; format=flowed", "message/rfc822", "multipart/mixed; boundary=b"]
    ),
)
@settings(max_examples=100, deadline=None)
def test_any_body(body: bytes, kind: str) -> None:
    check(HEAD + b"Content-Type: " + kind.encode() + b"\n\n--b\n" + body)


@given(st.text(max_size=400), st.sampled_from(["text/html", "text/plain"]))
@settings(max_examples=100, deadline=None)
def test_any_text(text: str, kind: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    check(HEAD + f"Content-Type: {kind}; charset=utf-8\n\n".encode() + raw)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real mail with pieces cut out, put in and doubled."""
    raw = draw(st.sampled_from(SAMPLES)).read_bytes()[:30_000]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=20))
        raw = raw[:at] + piece + raw[at + draw(st.integers(0, 60)) :]
    return raw


@given(mutated())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_mail(raw: bytes) -> None:
    check(raw)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: Path(path).stem)
def test_every_sample_is_read(path: Path) -> None:
    check(path.read_bytes())


def test_reading_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    for path in (MAILS / "reading").glob("*.eml"):
        read(path.read_bytes())
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_an_ordinary_mail_takes_milliseconds() -> None:
    raw = (MAILS / "reading" / "outlook-top-reply.eml").read_bytes()
    read(raw)
    start = time.process_time()
    for _ in range(20):
        read(raw)
    assert (time.process_time() - start) / 20 < 0.02  # 2 ms where nothing else runs

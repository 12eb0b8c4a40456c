"""Mails as bytes: whatever is put in comes out again, and no line is longer than it may be."""

import email
import email.policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from bot.mail.mime import File, address, header, mail_bytes, words
from bot.workflow.message import Address

# As compose hands them over: no control characters, words one blank apart.
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=120)
PHRASES = st.lists(LINES, max_size=6).map(lambda parts: " ".join(filter(None, parts)))
BODIES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=400)


def parsed(raw: bytes) -> EmailMessage:
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made


@given(subject=PHRASES, text=BODIES, html=BODIES)
def test_what_goes_in_comes_out(subject: str, text: str, html: str) -> None:
    raw = mail_bytes([("Subject", words(subject))], text, html)
    made = parsed(raw)
    assert made["Subject"] == subject
    plain, page = (part.get_content() for part in made.iter_parts())
    assert plain.splitlines() == (text.splitlines() or [""])
    assert unescape(page).splitlines() == (unescape(html).splitlines() or [""])
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))  # RFC 5322, 2.1.1


def tags(page: str) -> list[tuple[str, dict[str, str]]]:
    return [(e.tag, dict(e.attrib)) for e in fromstring(page).iter()]


@given(words=st.lists(st.sampled_from(['<p class="p" style="margin: 0">', "ñandú ", "x" * 90])))
def test_html_reads_the_same(words: list[str]) -> None:
    html = f"<div>{''.join(words)}</div>"
    raw = mail_bytes([("Subject", "x")], "t", html)
    _, page = (part.get_content() for part in parsed(raw).iter_parts())
    assert fromstring(page).text_content().rstrip("\n") == fromstring(html).text_content()
    assert tags(page) == tags(html)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


LINES_OF_HTML = ['<p class="p" style="margin: 0">', "ñandú ", "x" * 90, "\n", "<br>\n"]


@given(words=st.lists(st.sampled_from(LINES_OF_HTML), max_size=120))
def test_a_line_end_of_html_is_a_blank(words: list[str]) -> None:
    html = f"<div>{''.join(words)}</div>"
    raw = mail_bytes([("Subject", "x")], "t", html)
    _, page = (part.get_content() for part in parsed(raw).iter_parts())
    assert fromstring(page).text_content().split() == fromstring(html).text_content().split()
    assert tags(page) == tags(html)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_html_needs_no_encoding() -> None:
    cell = '<td class="value" style="color: #24262b">Facultad de Diseño</td>'
    raw = mail_bytes([("Subject", "x")], "t", f"<table><tr>{cell * 40}</tr></table>")
    assert raw.count(b"Dise&#241;o") == 40
    assert b'<td class="value"\r\nstyle="color: #24262b">Facultad de Dise&#241;o</td>' in raw


@given(name=PHRASES)
def test_a_name_hides_no_address(name: str) -> None:
    value = header("To", address(Address("ana@upaep.mx", name))).removeprefix("To: ")
    ((shown, email),) = getaddresses(["".join(value.split("\r\n"))])
    assert (email, str(make_header(decode_header(shown)))) == ("ana@upaep.mx", name)


@pytest.mark.parametrize(
    "name", ['Ana "la jefa" <x@evil.example>', "Prado, Ana", "=?utf-8?q?x?= <y@evil.example>", "@"]
)
def test_names_that_look_like_more(name: str) -> None:
    test_a_name_hides_no_address.hypothesis.inner_test(name)  # type: ignore[attr-defined]


def test_a_folio_stays_readable_before_foreign_words() -> None:
    assert header("Subject", words("[CI-2021-0042] Su solicitud de información")).startswith(
        "Subject: [CI-2021-0042] Su solicitud de =?utf-8?b?"
    )


def test_long_headers_are_folded_between_their_words() -> None:
    ids = " ".join(f"<message-{n}@upaep.mx>" for n in range(20))
    lines = header("References", ids).split("\r\n")
    assert lines.pop() == ""
    assert all(len(line) <= 78 for line in lines)
    assert "".join(lines) == f"References: {ids}"


def test_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="Subject"):
        header("Subject", "Hola\r\nBcc: x@evil.example")


def test_a_file_is_carried_whole() -> None:
    data = bytes(range(256)) * 40
    raw = mail_bytes([("Subject", "x")], "t", "h", File("f.docx", "application/x-test", data))
    body, attached = parsed(raw).iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert (attached.get_filename(), attached.get_content()) == ("f.docx", data)

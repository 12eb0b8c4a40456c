"""The grammar of Authentication-Results: read as it was built, or not at all."""

from __future__ import annotations

import re
from email import _header_value_parser as stdlib
from email.errors import HeaderParseError

from hypothesis import given
from hypothesis import strategies as st

from bot.workflow.authentication_results import read_results

LURE = "; dmarc=pass header.from=upaep.mx "
Pairs = list[tuple[str, str]]


def escaped(text: str, special: str) -> str:
    return "".join(f"\\{c}" if c in special else c for c in text)


def comment(text: str, inner: str = "") -> str:
    return f"({escaped(text, '()' + chr(92))}{inner})"


def quoted(text: str) -> str:
    return f'"{escaped(text, chr(34) + chr(92))}"'


hostile = st.text(alphabet="ab @.;=()\\\t", max_size=12) | st.just(LURE)
comments = st.builds(comment, hostile, st.just("") | st.builds(comment, hostile))
blanks = st.lists(st.just(" ") | st.just("\n\t") | comments, max_size=2).map("".join)
some_blanks = st.lists(st.just(" ") | st.just("\n\t") | comments, min_size=1, max_size=2).map(
    "".join
)
words = st.from_regex(r"[a-z][a-z0-9.-]{0,8}", fullmatch=True)
values = words | hostile.map(quoted) | st.builds(lambda q, w: f"{quoted(q)}@{w}", hostile, words)
keywords = st.sampled_from(["dmarc", "dkim", "spf", "arc", "iprev"])
verdicts = st.sampled_from(["pass", "fail", "none", "temperror"])
names = st.sampled_from(["header.from", "header.d", "header.i", "smtp.mailfrom", "reason"])
resinfos = st.lists(
    st.tuples(keywords, verdicts, st.lists(st.tuples(names, values), max_size=3)), max_size=4
)


@st.composite
def headers(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, str, Pairs]]]:
    """A header, and what was written into it: the server, and method, result and properties."""
    server, found = draw(words), draw(resinfos)
    text = draw(blanks) + draw(st.sampled_from([server, server.upper(), f'"{server}"']))
    text += draw(st.just("") | some_blanks.map(lambda b: b + "1")) + draw(blanks)
    for method, verdict, properties in found:
        text += f";{draw(blanks)}{method}{draw(blanks)}={draw(blanks)}{verdict}"
        for name, value in properties:
            text += f"{draw(some_blanks)}{name}{draw(blanks)}={draw(blanks)}{value}"
        text += draw(blanks)
    return text, server, found


@given(headers())
def test_what_was_written_is_read(header: tuple[str, str, list[tuple[str, str, Pairs]]]) -> None:
    text, server, found = header
    read = read_results(text)
    assert read is not None
    assert read.authserv_id == server
    assert [(r.method, r.result, list(r.properties)) for r in read.results] == found


pieces = st.sampled_from(['"', "(", ")", ";", "\\", " ", "a", "@", "dmarc=pass", LURE])
senders = st.lists(pieces, max_size=8).map("".join)


@given(senders, st.booleans())
def test_no_envelope_sender_takes_a_fail_away(sender: str, twice: bool) -> None:
    """Servers put it into a comment as it came, and mostly behind smtp.mailfrom, too."""
    told = f" smtp.mailfrom={sender}" if twice else ""
    text = (
        f"mx; spf=fail (mx: domain of {sender} is unknown){told}; dmarc=fail header.from=upaep.mx"
    )
    read = read_results(text)
    assert read is None or "fail" in {r.result for r in read.of("dmarc")}


@given(headers(), st.data())
def test_what_is_not_closed_says_nothing(
    header: tuple[str, str, list[tuple[str, str, Pairs]]], data: st.DataObject
) -> None:
    text = header[0]
    at = data.draw(st.integers(0, len(text)))
    opened = data.draw(st.sampled_from(['"', "(", '("', '"(']))
    whole = f"{text[:at]}{opened}{text[at:]}"
    read = read_results(whole)
    if read is not None:  # it stood inside a comment or a quoted string, where it may stand
        assert skeleton(whole) is not None
        assert {r.method for r in read.results} <= {method for method, _, _ in header[2]}


@given(
    st.lists(
        st.sampled_from([
            "mx", ";", "=", "(", ")", '"', "\\", " ", "\n\t", "dmarc", "dkim", "pass", "fail",
            "header.from", "header.d", "upaep.mx", "@", "a", "1", "(x", "x)", '"x', 'x"',
        ]),
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_a_pass_is_read_only_where_another_reader_finds_it(text: str) -> None:
    read = read_results(f"mx; {text}")
    if read is None:
        return
    bare = skeleton(f"mx; {text}")
    assert bare is not None
    methods = re.findall(r"(?:^|;)\s*([a-z0-9.]+)\s*=\s*pass(?![^\s;])", bare)
    assert [r.method for r in read.results if r.result == "pass"] == methods


def skeleton(text: str) -> str | None:
    """The header with a blank for each comment and a # for each quoted string, by the library's
    own parser of headers; None where it finds one that is not closed.
    """
    kept = ""
    try:
        while text:
            if text[0] == "(":
                text = stdlib.get_comment(text)[1]
                kept += " "
            elif text[0] == '"':
                text = stdlib.get_bare_quoted_string(text)[1]
                kept += "#"
            elif text[0] in ")\\":
                return None
            else:
                kept, text = kept + text[0], text[1:]
    except (HeaderParseError, IndexError):
        return None
    return kept

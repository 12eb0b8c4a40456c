"""What an Authentication-Results header says, by the grammar of RFC 8601, section 2.2.

Comments and quoted strings may hold what the sender of the mail chose, an envelope sender such as
`"a); dmarc=pass ("@evil.example` among them. So a header that does not fit the grammar, or that
says another thing where quotation marks inside comments are taken for such, says nothing at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r'[^\s();="\\]+')
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NAME = re.compile(r"[a-z0-9_-]+(?: ?[./] ?[a-z0-9_-]+)?")
_KEYWORD = re.compile(r"[a-z0-9-]+")
_BLANK, _SEMICOLON, _EQUALS = " ", ";", "="


@dataclass(frozen=True, slots=True)
class Result:
    """What a server found with one method, such as `dkim`; `properties` as they stand."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def domains(self, name: str) -> tuple[str, ...]:
        """The domains that a property names: those after the last @; "" for what is no domain."""
        values = (value for key, value in self.properties if key == name)
        return tuple(_domain(value) for value in values)


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header: the server that wrote it, empty where it does not say so, and what it found."""

    authserv_id: str
    results: tuple[Result, ...]

    def of(self, method: str) -> tuple[Result, ...]:
        return tuple(r for r in self.results if r.method == method)


def read_results(value: str) -> AuthenticationResults | None:
    """The header's meaning; None where its grammar is broken or it can be read in two ways."""
    try:
        found = _read(value, quotes_in_comments=False)
        if '"' in value and _read(value, quotes_in_comments=True) != found:
            return None
    except ValueError:
        return None
    return found


def _read(value: str, *, quotes_in_comments: bool) -> AuthenticationResults:
    segments: list[list[str]] = [[]]
    for lexeme in _lexemes(value, quotes_in_comments):
        if lexeme == _SEMICOLON:
            segments.append([])
        else:
            segments[-1].append(lexeme)
    authserv_id = _authserv_id(segments[0])
    first = 0 if authserv_id is None else 1
    found = tuple(r for r in map(_result, segments[first:]) if r is not None)
    return AuthenticationResults(authserv_id or "", found)


def _lexemes(value: str, quotes_in_comments: bool) -> Iterator[str]:
    """Words, quoted strings with their marks, `;`, `=`, and a blank for blanks and comments."""
    at = 0
    while at < len(value):
        sign = value[at]
        if sign == "(":
            at = _after_comment(value, at, quotes_in_comments)
            yield _BLANK
        elif sign == '"':
            end = _after_quoted(value, at)
            yield value[at:end]
            at = end
        elif sign in " \t\r\n;=":
            yield sign if sign in ";=" else _BLANK
            at += 1
        else:
            word = _WORD.match(value, at)
            if word is None:
                raise ValueError("a sign that stands in comments and quoted strings only")
            yield word[0]
            at = word.end()


def _after_comment(value: str, at: int, quotes_in_comments: bool) -> int:
    depth = 0
    while at < len(value):
        sign = value[at]
        if sign == '"' and quotes_in_comments:
            at = _after_quoted(value, at)
            continue
        depth += (sign == "(") - (sign == ")")
        at += 2 if sign == "\\" else 1
        if not depth:
            return at
    raise ValueError("a comment that is not closed")


def _after_quoted(value: str, at: int) -> int:
    at += 1
    while at < len(value):
        if value[at] == '"':
            return at + 1
        at += 2 if value[at] == "\\" else 1
    raise ValueError("a quoted string that is not closed")


def _authserv_id(segment: list[str]) -> str | None:
    """The name of the server; None where the first segment is a result already (Microsoft 365)."""
    if _EQUALS in segment:
        return None
    words = "".join(segment).split()
    if not words or words[1:] not in ([], ["1"]):
        raise ValueError("no name of a server, or a version that nobody knows yet")
    return words[0].strip('"').lower()


def _result(segment: list[str]) -> Result | None:
    """None for a lone word: `none`, or the name of a server once more (Microsoft 365)."""
    if _EQUALS not in segment:
        if len("".join(segment).split()) > 1:
            raise ValueError("words without a value")
        return None
    (name, result), *properties = _pairs(segment)
    if not _KEYWORD.fullmatch(result.lower()):
        raise ValueError("no result")
    return Result(name.partition("/")[0], result.lower(), tuple(properties))


def _pairs(segment: list[str]) -> Iterator[tuple[str, str]]:
    """Each `name=value`; a value ends at a blank, and may hold quoted strings and `=`."""
    rest = segment
    while any(lexeme != _BLANK for lexeme in rest):
        if _EQUALS not in rest:
            raise ValueError("words without a value")
        equals = rest.index(_EQUALS)
        name = " ".join("".join(rest[:equals]).lower().split())
        if not _NAME.fullmatch(name):
            raise ValueError("no name of a method or property")
        begin = equals + 1
        while rest[begin : begin + 1] == [_BLANK]:
            begin += 1
        end = rest.index(_BLANK, begin) if _BLANK in rest[begin:] else len(rest)
        yield name.replace(" ", ""), "".join(rest[begin:end])
        rest = rest[end:]


def _domain(value: str) -> str:
    domain = value.rpartition("@")[2].strip('"').lower()
    return domain if _HOST.fullmatch(domain) else ""

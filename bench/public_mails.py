"""Reads the test mails of other programs, and compares with what their suites say is new.

    python -m bench.public_mails FOLDER [--wrong]

FOLDER holds checkouts of public repositories, a folder each; none of their text is kept here. Every
mail in them is read (`.eml`, `.mbox`, and whatever begins like a head), and the texts of
reply-parser suites are read as answers. Told: how many were read, the longest time, and the share
whose new text is what the suite says it is, white space aside.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.mail.parsing import read
from bot.workflow.message import ParsedMessage
from nlp.types import ADDED, BlockKind

FIELD = re.compile(rb"^(?:From|To|Date|Subject|Received|Message-ID):", re.MULTILINE | re.IGNORECASE)
HEAD = re.compile(
    rb"(?:From \S.{0,200}\r?\n)?(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,200}"
)
MBOX = re.compile(rb"^From \S+ .{5,40}\d{4}.*\n(?=[A-Za-z-]+:)", re.MULTILINE)
SOURCES = frozenset({
    ".py", ".rb", ".js", ".ts", ".php", ".java", ".c", ".h", ".go", ".pl", ".pm", ".md", ".rst",
    ".json", ".yml", ".yaml", ".xml", ".sh", ".po", ".pot", ".t", ".html", ".css", ".lua", ".cfg",
    ".el", ".cc", ".cpp", ".pod", ".toml", ".conf", ".patch",
})  # fmt: skip
ANSWER = "From: Ana <ana@example.org>\nTo: b@example.org\nSubject: Re: x\nIn-Reply-To: <1@x>\n"

# A statement of a suite: what it expects, of which part of which file.
SUITE = re.compile(r"test\w*\.(?:py|rb|js|php|go|java)$", re.IGNORECASE)
TEST = re.compile(
    r"^\s*(?:export function|public (?:function|void)|function|func|def) ", re.MULTILINE
)
NAMED = re.compile(r"[\"':/]((?:email|correct|sig|greedy)_?\w*)(?:\.txt)?[\"')\s]")
TEXT = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|[\w:]*COMMON_FIRST_FRAGMENT"
OF = r"agments\[0\]|agments\.get\(0\)|isible_?[Tt]ext|parse_?[Rr]eply|replies\[0\]\.body"
EXPECTED = re.compile(
    r"(?:assert_equal|assertEquals?|assertTrue|test\.equal|assert\.Equal)\(? ?(?:t, )?"
    rf"\s*({TEXT})\s*"
    rf"(?:,|==)\s*([^;\n]{{0,80}}(?:{OF})[^;\n]*)",
    re.IGNORECASE,
)
QUOTED = re.compile(r"^(?:\s*>.*|[-_=]{3,}\s*)$", re.MULTILINE)
DATES = re.compile(
    r"^\s*array\(['\"](?=[^'\"]*\d)(.*)['\"]\),", re.MULTILINE
)  # what stands for [DATE] in a mail
COMMON = re.compile(r"COMMON_FIRST_FRAGMENT = '((?:[^'\\]|\\.)*)'", re.DOTALL)

SIGNED = (BlockKind.NEW, BlockKind.SIGNATURE)
Case = tuple[str, bytes, str, bool]  # name, mail, its new text, only the first piece of it


def mails(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that is a mail or a mailbox; other programs' sources are none."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        raw = b"" if path.suffix.lower() in SOURCES else path.read_bytes()
        head = HEAD.match(raw)
        if head and FIELD.search(head[0]):
            starts = [found.end() for found in MBOX.finditer(raw)]
            ends = [*[found.start() for found in MBOX.finditer(raw)][1:], len(raw)]
            for number, (start, end) in enumerate(zip(starts or [0], ends, strict=True)):
                yield f"{path.relative_to(folder)}#{number}", raw[start:end]


def answer(body: bytes, kind: str = "plain") -> bytes:
    """A text of a suite as an answer to a mail."""
    head = f"{ANSWER}Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return head.encode() + body


def suites(folder: Path) -> Iterator[Case]:
    """The mails of which a suite tells the new text."""
    for trimmed in sorted(folder.glob("*/test/trimmed/*.txt")):
        mail = trimmed.parent.parent / "emails" / trimmed.name
        yield str(mail), answer(mail.read_bytes()), trimmed.read_text("utf-8"), False
    for mail in sorted(folder.glob("*/tests/fixtures/standard_replies/*.eml")):
        told = mail.with_name(f"{mail.stem}_reply_text")
        text = told.read_text("utf-8") if told.exists() else "Hello"
        yield str(mail), mail.read_bytes(), text, False
    for mail in sorted(folder.glob("*/tests/fixtures/html_replies/*.html")):
        yield str(mail), answer(mail.read_bytes(), "html"), "Hi. I am fine. Thanks, Alex", False
    for base in sorted(folder.glob("*/dataset/basemail/*.txt")):
        for quote in sorted(base.parents[1].glob("quoted_reply/*.txt")):
            raw = answer(base.read_bytes() + b"\n\n" + quote.read_bytes())
            yield f"{base} {quote.name}", raw, base.read_text("utf-8"), False
    for source in sorted(p for p in folder.rglob("*") if SUITE.search(p.name)):
        yield from stated(source)


def stated(source: Path) -> Iterator[Case]:
    """What the tests of a source file state of the mails beside it."""
    code = source.read_text("utf-8", "replace")
    common = COMMON.search(code)
    places = {path.stem: path for path in sorted(source.parents[0].rglob("*.txt"))}
    places |= {
        p.stem: p for up in source.parents[1:8] for p in sorted(up.glob("[Ff]ixtures/*.txt"))
    }
    for block in TEST.split(code):
        name = next((n for n in NAMED.findall(block) if n in places), "")
        for literal, of in EXPECTED.findall(block) if name else ():
            told = common[1] if "COMMON" in literal and common else literal[1:-1]
            text = told.replace("\\\n", "").replace("\\n", "\n")
            mail = places[name].read_bytes()
            dates = DATES.findall(code) if b"[DATE]" in mail else [""]
            for date in dates:
                raw = answer(mail.replace(b"[DATE]", date.encode()))
                yield f"{places[name]} {date}", raw, text, "ragment" in of


def essence(text: str) -> str:
    """What was typed, without the marked quotes and rules that some suites keep."""
    return " ".join(QUOTED.sub("", text).split())


def is_right(mail: ParsedMessage, expected: str, *, first: bool) -> bool:
    """Whether the new text is the expected one, where a suite keeps the signature with it."""
    new = [b.text for b in mail.blocks if b.kind is BlockKind.NEW]
    signed = [b.text for b in mail.blocks if b.kind in SIGNED]
    whole = [b.text for b in mail.blocks if b.kind in (*SIGNED, *ADDED)]
    told = {essence("\n".join(kept)) for kept in (new, signed, whole)}
    if first:
        told |= {essence(piece) for piece in new[:1]}
    return essence(expected) in told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wrong", action="store_true", help="show what was read otherwise")
    told = parser.parse_args()
    count: Counter[str] = Counter()
    longest = 0.0
    for name, raw in mails(told.folder):
        started = time.perf_counter()
        mail = read(raw)
        took = time.perf_counter() - started
        longest = max(longest, took)
        count["mails"] += 1
        count["read"] += isinstance(mail, ParsedMessage)
        if told.wrong and (not isinstance(mail, ParsedMessage) or took > 1):
            print(f"NOT READ {name} {took:.1f} s: {getattr(mail, 'reason', '')}")
    for name, raw, expected, first in suites(told.folder):
        mail = read(raw)
        right = isinstance(mail, ParsedMessage) and is_right(mail, expected, first=first)
        count["told"] += 1
        count["exact"] += right
        if told.wrong and not right:
            print(f"=== {name}\n--- expected\n{expected}\n--- read\n{getattr(mail, 'text', '')}")
    print(f"{count['read']} of {count['mails']} mails read, the longest in {longest:.2f} s")
    print(f"{count['exact']} of {count['told']} known new texts exact")


if __name__ == "__main__":
    main()

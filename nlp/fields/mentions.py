"""What regular grammars find in a text, whatever it is for: dates, numbers, addresses, choices."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.text.absence import dates_stated
from nlp.text.dates import dates_in
from nlp.text.fold import fold
from nlp.text.numbers import numerals_in
from nlp.text.rhythm import rhythms_in
from nlp.text.slugs import TYPED
from nlp.text.tokens import EMAIL, stem
from nlp.types import FieldKind, FieldValue, Form, FormField

RHYTHMS = frozenset({"daily", "weekly", "monthly", "yearly"})
_PART = r"[a-z0-9]{1,30}(?: ?(?:punto|guion(?: bajo)?|\.|-|_) ?[a-z0-9]{1,30}){0,6}"
_SPOKEN = re.compile(
    rf"\b(?P<local>{_PART}) ?(?:arroba|@) ?"
    r"(?P<domain>[a-z0-9]{1,30}(?: ?(?:punto|\.) ?[a-z]{2,12}){0,3} ?(?:punto|\.) ?"
    r"(?:mx|com|org|edu|net))\b"
    rf"|\b(?P<slug>[a-z0-9]{{2,30}}(?: guion(?: bajo)? [a-z0-9]{{1,30}}){{1,4}})\b"
)
# The trained models know slugs as this finds them, folios as `CI` begins them: a change needs
# `make train`.
_SLUG = re.compile(
    r"\b(?<![@./-])(?!(?i:ci)-\d)(?=[^\W_]{1,40}[-_.])(?=[^\s@]{0,40}?[^\W\d_]{2})"
    rf"{TYPED}(?![\w@-]|\.\w)"
)
_QUOTED = re.compile(r"[\"“«'‘]([^\"“”«»\n'’]{2,60})[\"”»'’]")
_EXTENSION = re.compile(r"\b(?<![@./-])\d{1,2} ?\d{2,3}(?![\d@\w/%]|[.,:]\d)")
_FAR = 10  # years; a date further away is a number of something else
_WORD = re.compile(r"[^\W\d_]+(?:@s?)?|\d+")
_ENDING = re.compile(r"(?:[aeox@]s?|s)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A span whose meaning its own words tell. `kind` is a field kind, "slug" or "quoted"; `field`
    names the one field whose choice it is."""

    kind: str
    start: int
    end: int
    value: FieldValue
    field: str = ""


def mentions_in(text: str, form: Form, today: dt.date) -> list[Mention]:
    """Everything that the grammars find, in order of appearance; a span may mean several things."""
    dates = [d for d in dates_in(text, today) if abs(d.date.year - today.year) <= _FAR]
    stated = {*dates_stated(text, today)}
    found = [Mention("date", d.start, d.end, d.date) for d in dates if d in stated]
    dated = [(d.start, d.end) for d in dates]
    for number in numerals_in(text):
        if any(start < number.end and number.start < end for start, end in dated):
            continue
        if number.digits:
            found.append(Mention("digits", number.start, number.end, number.digits))
        elif not number.article:
            found.append(Mention("number", number.start, number.end, number.value))
    found += [
        Mention("digits", *match.span(), match[0].replace(" ", ""))
        for match in _EXTENSION.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in dated)
    ]
    found += [Mention("email", *match.span(), match[0].lower()) for match in EMAIL.finditer(text)]
    found += _spoken(text)
    found += [
        Mention("slug", *m.span(), m[0])
        for m in _SLUG.finditer(text)
        if not any(start <= m.start() and m.end() <= end for start, end in dated)  # "18-jun"
    ]
    found += [Mention("quoted", *m.span(1), m[1].strip()) for m in _QUOTED.finditer(text)]
    for field in form.fields:
        if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
            found += choices_in(text, field)
    return sorted(found, key=lambda m: (m.start, m.end))


def _spoken(text: str) -> Iterator[Mention]:
    """What is dictated: "ana punto ruiz arroba upaep punto mx", "avisos guion uno"."""
    folded = fold(text)
    if "arroba" not in folded and " guion " not in folded:
        return
    for match in _SPOKEN.finditer(folded):
        if match["slug"]:
            yield Mention("slug", *match.span(), _written(match["slug"]))
        else:
            address = f"{_written(match['local'])}@{_written(match['domain'])}"
            yield Mention("email", *match.span(), address)


def _written(said: str) -> str:
    for word, sign in (("punto", "."), ("guion bajo", "_"), ("guion", "-")):
        said = re.sub(rf" ?\b{word}\b ?", sign, said)
    return said.replace(" ", "")


def choices_in(text: str, field: FormField) -> list[Mention]:
    """Where a text names a choice of a field; the longest wording counts."""
    if field.choices.keys() >= RHYTHMS:
        return [
            Mention("choice", r.start, r.end, r.name, field.name)
            for r in rhythms_in(text)
            if r.name in field.choices or not r.name
        ]
    # One choice of several is told by verbs, too ("reactivar"); of a set its members are named.
    same = stem if field.kind is FieldKind.CHOICE else _noun
    table, exact = _wordings(
        tuple((key, tuple(words)) for key, words in field.choices.items()), same
    )
    words = [(*m.span(), same(m[0])) for m in _WORD.finditer(text)]
    found: list[Mention] = []
    at = 0
    while at < len(words):
        for stems, key in table.get(words[at][2], ()):
            run = words[at : at + len(stems)]
            end = run[-1][1]
            apart = _APART.search(text, words[at][0], end)
            if tuple(w[2] for w in run) == stems and apart is None:
                found.append(Mention("choice", words[at][0], end, key, field.name))
                at += len(stems) - 1
                break
        at += 1
    if field.kind is not FieldKind.CHOICES:
        return found
    # "Coordinadora Académica" is one person, no audience.
    many = [m for m in found if text[m.end - 1] != "a" or fold(text[m.start : m.end]) in exact]
    return _heads(text, many)


_APART = re.compile(r"[,;+&/]")  # of two choices: "personal + docentes"
_Table = dict[str, list[tuple[tuple[str, ...], str]]]


@lru_cache(maxsize=64)
def _wordings(
    choices: tuple[tuple[str, tuple[str, ...]], ...], same: Callable[[str], str]
) -> tuple[_Table, frozenset[str]]:
    """The stems of each wording, by their first, the longest first; and the wordings, folded."""
    table: _Table = {}
    for key, wordings in choices:
        for wording in wordings:
            stems = tuple(same(m[0]) for m in _WORD.finditer(wording))
            if stems:
                table.setdefault(stems[0], []).append((stems, key))
    exact = frozenset(fold(one) for _, wordings in choices for one in wordings)
    return {first: sorted(all_, key=lambda s: -len(s[0])) for first, all_ in table.items()}, exact


@lru_cache(maxsize=16_384)
def _noun(word: str) -> str:
    """A word without gender and number; the stem of a verb would be too little: "administrar"."""
    return _ENDING.sub("", fold(word)) if len(word) > 3 else fold(word)


_AND = (" y ", " e ", ", ", " o ")
_SAID_OF_OTHERS = frozenset({"alumni", "external", "applicants"})  # "docentes jubilados y personal"
_OF = re.compile(r" de(?:l| l[oa]s| nuestr[oa]s| sus)?(?: \w+)? $| ?$")


def _heads(text: str, found: Sequence[Mention]) -> list[Mention]:
    """The mentions that are no complement of another: "papás de alumnos" are parents; but "alumnos
    maestros y personal" are three."""
    folded = fold(text)
    kept: list[Mention] = []
    for number, mention in enumerate(found):
        between = folded[kept[-1].end : mention.start] if kept else ""
        after = folded[mention.end : found[number + 1].start] if number + 1 < len(found) else ""
        listed = between == " " and after in _AND and mention.value not in _SAID_OF_OTHERS
        if kept and _OF.fullmatch(between) and not listed:
            continue
        kept.append(mention)
    return kept

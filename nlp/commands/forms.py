"""The forms in which a command is written, made from its words and verbs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import takewhile

from nlp.commands.text import CommandToken, clean, sentences, sound
from nlp.text.fold import fold
from nlp.types import CommandGrammar


class Shape(Enum):
    """What a form says by itself."""

    COMMAND = "command"  # the word offered, an infinitive: "APROBAR"
    SAID = "said"  # I hereby: "apruebo", "aprobada", "se aprueba", "queda aprobada"
    OTHERS = "others"  # needs its subject: "esta oficina aprueba"; else it tells somebody to


@dataclass(frozen=True, slots=True)
class CommandForm:
    """One way to write a command; `noun` says that it is an everyday noun as well, `denies` that
    it is one like "no procede", which without a reason is an opinion, `tells` that it tells to ask
    somebody: "pídanles", `with_address` that it needs an address: "listo: avisos@upaep.mx"."""

    command: CommandGrammar
    shape: Shape
    noun: bool = False
    denies: bool = False
    tells: bool = False
    with_address: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A form found in a sentence, before token `end`."""

    form: CommandForm
    start: int
    end: int

    def is_shouted(self, tokens: Sequence[CommandToken]) -> bool:
        """Whether it stands in capitals, and what follows in its sentence does not."""
        return tokens[self.start].is_shouted and not (
            self.end < len(tokens)
            and all(t.is_shouted for t in tokens[self.end :] if t.kind == "word")
        )


THING = "<thing>"  # among the words of a command and in harmless.txt: what is decided on
ADDRESS = " <address>"  # behind a word that is a command where its sentence adds but an address


class FormBook:
    """All forms of a vocabulary, found by their words; spelling mistakes of sound are forgiven."""

    def __init__(self, vocabulary: Sequence[CommandGrammar]) -> None:
        self.commands = tuple(vocabulary)
        self.things = frozenset(thing for command in vocabulary for thing in command.things)
        self._forms: dict[tuple[str, ...], CommandForm] = {}
        self._addressed: dict[tuple[str, ...], CommandForm] = {}  # with an address alone behind
        self._longest = 1
        for command in vocabulary:
            for words, form in _forms(command):
                self._add(words, form)
        self._first = {words[0] for words in (*self._forms, *self._addressed)}
        self._to_decide = {
            sound(form): CommandForm(command, Shape.OTHERS)
            for command in vocabulary if command.decides
            for verb in command.verbs
            for form in _telling(verb)
        }  # fmt: skip
        self._named = {
            sound(f"{_parts(verb)[0]}acion"): CommandForm(command, Shape.SAID, noun=True)
            for command in vocabulary if command.decides
            for verb in command.verbs if verb.partition("/")[0].endswith("ar")
        }  # fmt: skip
        self._roots = {
            command.name: tuple(fold(r) for verb in command.verbs for r in _parts(verb)[:2])
            for command in vocabulary
        }
        self._preparing = {words[0] for words, f in self._forms.items() if f.command.prepares}

    def _add(self, words: str, form: CommandForm) -> None:
        key = tuple(sound(fold(w)) for w in words.split())
        (self._addressed if form.with_address else self._forms).setdefault(key, form)
        self._longest = max(self._longest, len(key))

    def at(self, tokens: Sequence[CommandToken], start: int) -> Hit | None:
        """The longest form that starts at a token."""
        if start >= len(tokens) or sound(tokens[start].key) not in self._first:
            return None
        limit = min(self._longest, len(tokens) - start)
        run = tuple(takewhile(lambda t: t.kind == "word", tokens[start : start + limit]))
        keys = tuple(sound(token.key) for token in run)
        for size in range(len(keys), 0, -1):
            form = self._forms.get(keys[:size])
            addressed = self._addressed.get(keys[:size])
            if addressed is not None and _is_list(tokens[start + size :]):
                form = addressed
            if form is None or (form.command.verbs and any(is_past(t.raw) for t in run[:size])):
                continue
            return Hit(form, start, start + size)
        return None

    def may_prepare(self, tokens: Sequence[CommandToken]) -> bool:
        """Whether a word stands there with which a command begins that prepares another."""
        return any(sound(token.key) in self._preparing for token in tokens)

    def speaks_of_deciding(self, tokens: Sequence[CommandToken]) -> bool:
        """Whether a decision is given there, or somebody told to: "… y si no, rechacen"."""
        told = any(sound(token.key) in self._to_decide for token in tokens)
        return told or any(hit.form.command.decides for hit in self.within(tokens))

    def decisions(self, tokens: Sequence[CommandToken]) -> Iterator[Hit]:
        """Every form of a decision that a sentence holds, those by which others are told to decide
        ("aprueben la solicitud"), and its names ("va mi aprobación")."""
        for at, token in enumerate(tokens):
            hit, key = self.at(tokens, at), sound(token.key)
            other = self._to_decide.get(key) or self._named.get(key)
            if hit is not None and hit.form.command.decides:
                yield hit
            elif other is not None:
                yield Hit(other, at, at + 1)

    def speaks_of(self, tokens: Sequence[CommandToken], command: CommandGrammar) -> bool:
        """Whether a word of a command's verbs stands there, in whatever form: "se rechazan"."""
        return any(token.key.startswith(self._roots[command.name]) for token in tokens)

    def within(self, tokens: Sequence[CommandToken]) -> Iterator[Hit]:
        """Every form of a command that a sentence holds."""
        return (hit for n in range(len(tokens)) if (hit := self.at(tokens, n)))


_LISTS = re.compile(r"(?![a-z]{2,20}\.[a-z]{2,20}\d{0,2}@)[^@]{1,64}@")  # no person's: ana.prado@…


def _is_list(tokens: Sequence[CommandToken]) -> bool:
    """Whether an address that may be a list's is all that is said."""
    said = [token for token in tokens if token.kind not in ("sign", "smile")]
    return len(said) == 1 and _LISTS.match(said[0].key) is not None


def is_past(raw: str) -> bool:
    """ "rechazó" is "rechazo" without its accent: a stressed last vowel tells of the past."""
    return raw[-1] in "óéáÓÉÁ" and raw.lower() != "está"


_ARTICLES = ("uno", "una")  # they read as forms of "unir", and are none: "Punto uno: …"


def _forms(command: CommandGrammar) -> Iterator[tuple[str, CommandForm]]:
    for verb in command.verbs:
        yield from (one for one in _conjugated(command, verb) if one[0] not in _ARTICLES)
    # A word beside the verb that takes a text is a noun: "pregunta", "nota", "respuesta".
    noun = command.everyday or command.argument == "text"
    things = {word: command.things if THING in word else ("",) for word in command.words}
    for word in (word.replace(THING, it) for word, named in things.items() for it in named):
        if word.endswith(ADDRESS):
            yield word.removesuffix(ADDRESS), CommandForm(command, Shape.COMMAND, with_address=True)
        elif " " in word:  # "no procede", "tiene mi visto bueno": whoever says so, does so
            yield word, CommandForm(command, Shape.SAID, denies=word.startswith("no "))
        else:
            of_verb = any(word.startswith(verb[:5]) for verb in command.verbs)
            tells = word.endswith(("le", "les")) and not of_verb
            yield word, CommandForm(command, Shape.COMMAND, noun=noun and not tells, tells=tells)


def _parts(verb: str) -> tuple[str, str, str]:
    """ "aprobar/aprueb" as its root, its stem where that is stressed, and its ending."""
    infinitive, _, stem = verb.partition("/")
    return infinitive[:-2], stem or infinitive[:-2], infinitive[-2:]


def _conjugated(command: CommandGrammar, verb: str) -> Iterator[tuple[str, CommandForm]]:
    root, stem, ending = _parts(verb)
    infinitive, subjunctive = root + ending, _subjunctive(verb)
    vowel = "a" if ending == "ar" else "e"
    imperative, said = CommandForm(command, Shape.COMMAND), CommandForm(command, Shape.SAID)
    yield infinitive, imperative
    yield f"{stem}o", said
    yield f"se {stem}{vowel}", said
    yield f"{subjunctive}se", said
    imperatives = (infinitive, f"{stem}{vowel}", subjunctive, f"{subjunctive}n")
    if command.decides:
        yield from _decided(command, root, stem, ending)
    else:
        told = imperatives[1:] if command.prepares else imperatives[3:]  # "pregunta" is a noun
        yield from ((form, imperative) for form in told)
        yield from ((form + them, imperative) for form in imperatives for them in ("le", "les"))
    if command.decides or command.argument == "address":
        its = ("la", "lo") if command.decides else ("la", "lo", "sela", "selo")
        yield from ((form + it, imperative) for form in imperatives for it in its)
    if command.argument == "address":  # "se la pasas a …"
        passed = (f"{stem}o", f"{stem}{vowel}s", f"{stem}{vowel}n", f"{subjunctive}n")
        yield from ((f"se {it} {way}", imperative) for it in ("la", "lo") for way in passed)


def _decided(
    command: CommandGrammar, root: str, stem: str, ending: str
) -> Iterator[tuple[str, CommandForm]]:
    """Forms only of decisions: of other verbs they tell a story, as "ya va contestado"."""
    vowel, plural, past = ("a", "amos", "ad") if ending == "ar" else ("e", "emos", "id")
    said = CommandForm(command, Shape.SAID)
    for it in ("", "la ", "lo "):
        yield f"{it}{stem}{vowel}", CommandForm(command, Shape.OTHERS)
    yield root + plural, said
    if not command.takes_text:  # "esta dirección no tiene inconveniente en autorizarla"
        for has in ("tengo", "tenemos", "tiene", "hay", "veo", "existe"):
            for it in ("", "la", "lo"):
                yield f"no {has} inconveniente en {root}{ending}{it}", said
    yield from ((f"{it} {w}", said) for it in ("la", "lo") for w in (f"{stem}o", root + plural))
    for participle in (f"{root}{past}a", f"{root}{past}o"):
        yield participle, said
        for before in ("queda", "quede", "la doy por", "doy por", "la damos por", "damos por",
                       "esta", "va"):  # fmt: skip
            yield f"{before} {participle}", said


def _telling(verb: str) -> tuple[str, str]:
    """What tells one or more to decide: "apruebe", "aprueben"."""
    told = _subjunctive(verb)
    return told, f"{told}n"


def _subjunctive(verb: str) -> str:
    _, stem, ending = _parts(verb)
    if ending != "ar":
        return stem + "a"
    for hard, soft in (("c", "qu"), ("g", "gu"), ("z", "c")):
        if stem.endswith(hard):
            return stem[:-1] + soft + "e"
    return stem + "e"


_LED = frozenset(("si", "entonces", "pues", "y", "ya", "queda", "ok"))


def says_outright(text: str, command: CommandGrammar) -> bool:
    """Whether a clause of a text only says that a command is given: "sí, aprobada"."""
    forms = book((command,))
    for sentence in sentences(clean(text)):
        clause: list[CommandToken] = []
        for token in (*sentence.tokens, None):
            if token is not None and token.kind != "sign":
                clause.append(token)
                continue
            while clause and clause[0].key in _LED:
                clause.pop(0)
            hit = forms.at(clause, 0) if clause and not sentence.asks else None
            if hit and hit.form.shape is Shape.SAID and hit.end == len(clause):
                return True
            clause = []
    return False


book = lru_cache(maxsize=8)(FormBook)
"""The forms of a vocabulary, made once."""

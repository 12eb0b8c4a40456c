"""From the new text of a mail to the commands it gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.commands import doubts
from nlp.commands.argument import ArgumentText, Wording, address_after, text_after
from nlp.commands.around import around
from nlp.commands.contradictions import contradicted, opens_with_decision
from nlp.commands.corrected import corrections_first, decision_apart, goes_on_to_decide
from nlp.commands.forms import FormBook, Hit, book
from nlp.commands.harmless import TAILS, courtesy_from, is_only_courtesy
from nlp.commands.match import Around, is_pause
from nlp.commands.on_trust import (
    address_of,
    denies,
    is_long_enough,
    leaves_as_it_is,
    place_of,
    place_of_decision,
)
from nlp.commands.openings import LONGEST, Openings
from nlp.commands.text import (
    PEEK,
    READ,
    CommandSentence,
    clean,
    is_tampered,
    names_folio,
    sentences,
    short_folio,
    threads_disagree,
)
from nlp.commands.without_form import is_given_without_form, text_behind
from nlp.kinds.commands import CLEAR, LIKELY, SURE, heard, is_unlikely
from nlp.text.fold import fold
from nlp.text.folios import folios_in
from nlp.types import Command, CommandGrammar, Doubt, Message, ParsedCommands

_FOR_NOW = re.compile(r"\W*(?:por (?:lo pronto|ahora|el momento)|de momento|todavia|aun|hasta)\b")
_BY_NAME = re.compile(r"(?i:por|de) (?:(?:el|la) )?(?!\S{2,}[A-ZÁÉÍÓÚÑ])[A-ZÁÉÍÓÚÑ]")
# What is unclear for other reasons than its wording stays so.
_READ_AGAIN = frozenset(Doubt) - {Doubt.FOLIO, Doubt.TAMPERED, Doubt.LONG, Doubt.EMPTY}


@dataclass(frozen=True, slots=True)
class _Found:
    """A command, and the first sentence that is not part of it."""

    command: Command
    hit: Hit
    at: int
    next: int

    @property
    def words(self) -> CommandGrammar:
        return self.hit.form.command


class UnclearError(Exception):
    """The text gives no clear command."""

    def __init__(self, why: Doubt) -> None:
        super().__init__(why)
        self.why = why


def parse_commands(
    message: Message,
    vocabulary: Sequence[CommandGrammar],
    *,
    folio: str = "",
    visible_text: str = "",
    writer: str = "",
) -> ParsedCommands:
    """The commands that a mail gives, if staff wrote it; none, with the reason, where unclear.

    `folio` is the case that the mail is taken to be about. `visible_text` is what the eye reads
    of another version of the same mail: both must say the same. `writer` is the name in From.
    """
    about = folio or next(iter(folios_in(message.subject[:500])), "")
    answers = message.is_reply or bool(about)
    forms = book(tuple(vocabulary))
    openings = Openings(forms, around(message, writer, forms.things))
    reader = _Reader(openings, about, answers)
    reading = reader.read(message.new_text)
    if visible_text.strip() and reader.read(visible_text).commands != reading.commands:
        return ParsedCommands(why=Doubt.DISAGREE)
    if reading.commands and threads_disagree(message, reader.folio):
        return ParsedCommands(why=Doubt.FOLIO)
    return reading


@dataclass(frozen=True, slots=True)
class _Reader:
    openings: Openings
    folio: str
    answers: bool  # a mail of ours, or writes of a case

    @property
    def book(self) -> FormBook:
        return self.openings.book

    @property
    def around(self) -> Around:
        return self.openings.around

    def read(self, text: str) -> ParsedCommands:
        """The commands of one version of the new text."""
        cleaned = decision_apart(corrections_first(clean(text), self.openings), self.openings)
        try:
            if self.openings.head(sentences(cleaned[:PEEK])) is None:
                raise UnclearError(doubts.explain(fold(cleaned[:400])))
            if is_tampered(text):
                raise UnclearError(Doubt.TAMPERED)
            if len(cleaned) > READ:
                raise UnclearError(Doubt.LONG)
            return ParsedCommands(self._commands(Wording(cleaned, sentences(cleaned))))
        except UnclearError as unclear:
            doubted = self.answers and unclear.why in _READ_AGAIN
            trusted = self._on_trust(cleaned) if doubted and not is_tampered(text) else ()
            return ParsedCommands(trusted) if trusted else ParsedCommands(why=unclear.why)

    # -- what the mail as a whole asks for -------------------------------------------------------

    def _on_trust(self, text: str) -> tuple[Command, ...]:
        """The commands of an answer that as a whole reads as them; none where it does not."""
        if len(text) > READ:
            return ()
        name, sure = heard(text)
        words = next((c for c in self.book.commands if c.name == name), None)
        wording = Wording(text, sentences(text))
        if words is None:
            return ()
        try:
            if words.decides:
                return self._decided_on_trust(words, sure, wording)
            return self._told_on_trust(words, sure, wording) if sure >= CLEAR else ()
        except UnclearError:
            return ()

    def _decided_on_trust(
        self, words: CommandGrammar, sure: float, wording: Wording
    ) -> tuple[Command, ...]:
        """A decision whose comments need only likely be some, or that stands anywhere outright."""
        if sure < LIKELY:
            return ()
        if not is_long_enough(wording):
            return self._given_without_form(words, sure, wording)
        trusting = replace(self.openings, around=replace(self.around, on_trust=True))
        try:
            told = replace(self, openings=trusting)._commands(wording)
            return told if told[-1].name == words.name else ()
        except UnclearError:
            place = place_of_decision(words, sure, wording, self.book, self.around)
        if place is None:
            return self._given_without_form(words, sure, wording)
        if words.takes_text:
            return (self._with_text(wording, *place).command,)
        self._check_folio(wording.sentences, words)
        return (Command(words.name),)

    def _given_without_form(
        self, words: CommandGrammar, sure: float, wording: Wording
    ) -> tuple[Command, ...]:
        """A command in words that are no form of it, where the mail surely reads as it."""
        if sure < SURE or words.argument == "address":
            return ()  # "Copio a ana@…", "Ya tienen una: egresados@…": who is named is no command
        start, text = len(wording.text), ""
        if words.takes_text:
            start, text = text_behind(words, wording, self.book, self.around)
        if not is_given_without_form(words, wording.text[:start], wording, self.book):
            return ()
        self._check_folio(wording.sentences, words)
        if words.takes_text and not text and (not words.decides or denies(wording.text)):
            return ()  # "No me convence" gives no reason to send
        return (Command(words.name, text or None),)

    def _told_on_trust(
        self, words: CommandGrammar, sure: float, wording: Wording
    ) -> tuple[Command, ...]:
        """What decides nothing, with what it carries."""
        speaks = any(self.book.speaks_of_deciding(s.tokens) for s in wording.sentences)
        if words.aside and words.argument == "none":
            return () if speaks else (Command(words.name),)
        if not is_long_enough(wording):
            return self._given_without_form(words, sure, wording)
        if words.argument == "address":
            address = address_of(wording)
            return (Command(words.name, address),) if address else ()
        place = place_of(words.name, wording, self.book)
        if place is None:
            return self._given_without_form(words, sure, wording)
        if words.takes_text:
            return (self._with_text(wording, *place).command,)
        return (Command(words.name),)

    def _commands(self, wording: Wording) -> tuple[Command, ...]:
        head = self.openings.head(wording.sentences)
        if head is None:
            raise UnclearError(Doubt.UNCLEAR)
        at, hit = head
        found = [self._one(wording, at, hit)]
        while (following := self._following(wording, found[-1])) is not None:
            found.append(self._one(wording, *following))
        if is_long_enough(wording) and any(self._is_unlikely(wording, f) for f in found):
            raise UnclearError(Doubt.UNCLEAR)
        firm = [f for f in found if not f.words.aside]
        if any(f.words.decides for f in firm):
            if not all(f.words.prepares for f in firm[:-1]):
                raise UnclearError(Doubt.TWO)
            if any(mark in _besides(wording, found) for mark in "?¿"):
                raise UnclearError(Doubt.QUESTION)
        return tuple(f.command for f in found)

    def _is_unlikely(self, wording: Wording, found: _Found) -> bool:
        """Whether a command that is neither shouted nor a denial is none to the mail as a whole."""
        hit, tokens = found.hit, wording.sentences[found.at].tokens
        explicit = tokens[hit.start].is_shouted or hit.form.denies
        return not explicit and is_unlikely(found.words.name, wording.text)

    def _following(self, wording: Wording, last: _Found) -> tuple[int, Hit] | None:
        """The next command, which must open a line of its own.

        What else follows must be courtesy where the last command decides or could be mere words.
        """
        rest = wording.sentences[last.next :]
        end = courtesy_from(rest, self.around, self.book)
        for at, sentence in enumerate(rest[:end]):
            hit = self.openings.opening(sentence) if sentence.line else None
            told = hit is not None and hit.form.command.takes_text and not hit.form.command.decides
            if not told and is_only_courtesy(sentence, self.around):
                continue
            if hit is not None and (told or not sentence.asks):
                return last.next + at, hit
            changes = last.words.allows_comment and not last.words.aside
            if changes and doubts.refuses(wording.folded(sentence)):
                raise UnclearError(Doubt.WITHDRAWN)
            if last.words.allows_comment and not _opens_decision(self.book, sentence):
                continue
            again = self.openings.opening(sentence)  # "Se aprueba. Cuenta con mi visto bueno."
            if (
                again
                and again.form.command is last.words
                and self.openings.is_decision(sentence, again)
            ):
                continue
            raise UnclearError(_unclear_beside(wording, sentence))
        return None

    # -- what the command says -------------------------------------------------------------------

    def _one(self, wording: Wording, at: int, hit: Hit) -> _Found:
        words, sentence = hit.form.command, wording.sentences[at]
        if words.takes_text:
            return self._with_text(wording, at, hit)
        if sentence.asks:
            raise UnclearError(Doubt.QUESTION)
        if words.argument == "address":
            address, after = address_after(wording, at, hit, self.around, self.book)
            if address is None:
                raise UnclearError(Doubt.ADDRESS)
            self._check_folio(wording.sentences[at:after], words)
            return _Found(Command(words.name, address), hit, at, after)
        self._alone(wording, at, hit)
        return _Found(Command(words.name), hit, at, at + 1)

    def _alone(self, wording: Wording, at: int, hit: Hit) -> None:
        """Raises where a sentence holds more than a command and what is harmless beside it."""
        sentence, words = wording.sentences[at], hit.form.command
        tokens = sentence.tokens
        harmless = self.openings.is_harmless(sentence, hit.end, words.name) and sentence.end != "…"
        shouted = tokens[hit.start].is_shouted and not all(t.is_shouted for t in tokens[hit.end :])
        reached = TAILS.reach(tokens, hit.end, self.around)
        closed = any(n == len(tokens) or is_pause(tokens[n]) for n in reached)
        comment = (
            words.allows_comment
            and not words.decides
            and (shouted or (closed and not hit.form.noun))
            and (words.aside or leaves_as_it_is(wording, sentence, hit))
        )
        if not (harmless or comment) or len(tokens) > LONGEST:
            raise UnclearError(_unclear_beside(wording, sentence))
        self._check_folio(wording.sentences[at:] if words.decides else (sentence,), words)

    def _with_text(self, wording: Wording, at: int, hit: Hit) -> _Found:
        words = hit.form.command
        end = self._end_of_text(wording, at, prepares=words.prepares)
        said = text_after(replace(wording, sentences=wording.sentences[:end]), at, hit, self.around,
                          self.book)  # fmt: skip
        if said is None:
            raise UnclearError(doubts.explain(fold(wording.text[wording.sentences[at].start :])))
        if words.decides:
            if hit.form.denies and (not said.text or _FOR_NOW.match(fold(said.text))):
                raise UnclearError(Doubt.NEGATION)
            why = doubts.of_free_reason(self._reason(wording, at, hit, said, end))
            if _BY_NAME.match(said.text) and not said.apart:
                why = Doubt.OTHERS  # "Rechazada por Rodrigo": he did, not the writer
            below = wording.sentences[at + 1 : end]
            reasoned = hit.is_shouted(wording.sentences[at].tokens) and not all(
                s.asks for s in below[: courtesy_from(below, self.around, self.book)]
            )
            if wording.sentences[at].asks and not reasoned:
                why = why or Doubt.QUESTION
            if why is not None:
                raise UnclearError(why)
            if contradicted(
                self.openings, wording.sentences[at:end], hit, apart=reasoned and said.apart
            ):
                raise UnclearError(Doubt.TWO)
            self._check_folio(wording.sentences[at:], words, cites=said.apart)
        elif not words.aside and doubts.is_taken_back(said.text):
            raise UnclearError(Doubt.WITHDRAWN)
        elif not words.aside and opens_with_decision(self.book, said.text, alone=not hit.form.noun):
            raise UnclearError(Doubt.TWO)  # "Respuesta: aprobada"
        elif hit.form.tells and any(
            self.book.speaks_of_deciding(s.tokens) for s in wording.sentences[at:end]
        ):
            raise UnclearError(Doubt.TWO)  # "Pídanles el oficio, y si no lo mandan, rechacen"
        if words.prepares and goes_on_to_decide(self.book, wording.sentences[at:end], hit.end):
            raise UnclearError(Doubt.MORE)
        return _Found(Command(words.name, said.text or None), hit, at, end)

    def _reason(
        self, wording: Wording, at: int, hit: Hit, said: ArgumentText, end: int
    ) -> doubts.ReasonText:
        """The text of a decision as sentences; those that only close the mail are none."""
        below = list(wording.sentences[said.first + 1 : end])
        below = below[: courtesy_from(below, self.around, self.book)]
        head = wording.sentences[said.first] if said.text else None
        return doubts.ReasonText(
            fold(wording.text[said.start : head.stop]) + head.end if head else "",
            tuple(wording.folded(s) + s.end for s in below),
            apart=said.apart,
            shouted=hit.is_shouted(wording.sentences[at].tokens),
        )

    def _end_of_text(self, wording: Wording, at: int, *, prepares: bool) -> int:
        """Where the text of a command ends: at the next line that gives one, plainly; that of a
        correction also at "Solicitud aprobada." """
        for end in range(at + 1, len(wording.sentences)):
            sentence = wording.sentences[end]
            if prepares and sentence.line and self.openings.only_decides(sentence):
                return end
            hit = self.book.at(sentence.tokens, 0) if sentence.line else None
            if hit is None:
                continue
            after = sentence.tokens[hit.end : hit.end + 1]
            shouted = sentence.tokens[0].is_shouted
            alone = hit.end == len(sentence.tokens) and sentence.end != "?"
            if shouted or alone or (after and after[0].key == ":"):
                return end
        return len(wording.sentences)

    def _check_folio(
        self, found: Sequence[CommandSentence], words: CommandGrammar, *, cites: bool = False
    ) -> None:
        """Raises where a command names another case; a reason told apart may cite one."""
        if words.aside:
            return
        cited = [t.raw.upper() for s in found for t in s.tokens if t.kind == "folio"]
        strange = {f for f in cited if f != self.folio.upper()} if self.folio else set()
        if cites and found and len(set(cited)) == 1 and not names_folio(found[0]):
            return
        if strange or len(set(cited)) > 1:
            raise UnclearError(Doubt.FOLIO)
        short = short_folio(found[0], words) if found and self.folio else None
        if short is not None and short != int(self.folio.rpartition("-")[2]):
            raise UnclearError(Doubt.FOLIO)


def _unclear_beside(wording: Wording, sentence: CommandSentence) -> Doubt:
    """What is unclear of a sentence that is more than a command."""
    why = doubts.explain(wording.folded(sentence))
    return why if why != Doubt.UNCLEAR else Doubt.MORE


def _besides(wording: Wording, found: Sequence[_Found]) -> str:
    """The text without what commands say in words of their own."""
    left, at = "", 0
    for one in found:
        if one.words.takes_text:
            left += wording.text[at : wording.sentences[one.at].start]
            behind = wording.sentences[one.next :]
            at = behind[0].start if behind else len(wording.text)
    return left + wording.text[at:]


def _opens_decision(forms: FormBook, sentence: CommandSentence) -> bool:
    hit = forms.at(sentence.tokens, 0)
    return hit is not None and hit.form.command.decides

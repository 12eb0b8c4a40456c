"""Reads a turn: answers, corrections, questions, commands and thanks, given what was asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp.fields.labels import normal
from nlp.fields.lexicon import strip_titles
from nlp.fields.reader import A_REQUEST, FieldReader
from nlp.text.absence import dates_stated
from nlp.text.dates import dates_in, whole_months
from nlp.text.fold import fold, squeeze
from nlp.text.lines import Line
from nlp.text.links import only_words
from nlp.turns.claims import claims_in, none_claimed
from nlp.turns.commands_in_prose import commands_in
from nlp.turns.contrast import same_value
from nlp.turns.corrections import ASKED_FOR, corrections_in
from nlp.turns.courtesy import (
    agreement,
    is_courtesy,
    says_thanks,
    signed_off,
    without_greeting,
    without_opening,
    without_yes,
)
from nlp.turns.form_lines import labelled, without_confirming
from nlp.turns.ground import Ground, asked_by_staff, ground_of
from nlp.turns.listed import led, listed
from nlp.turns.looks import is_telephone
from nlp.turns.me import is_said_of_another, of_somebody_else
from nlp.turns.people import made_of
from nlp.turns.pieces import parted
from nlp.turns.questions import questions_in
from nlp.turns.quoted import lines_of
from nlp.turns.reasons import gives_reason, reasons_in
from nlp.turns.restated import restated
from nlp.turns.second_thoughts import on_second_thought
from nlp.turns.sentences import Sentence, sentences
from nlp.turns.sentences import sentence as sentence_of
from nlp.turns.settled import own_unclear, pending_settled, settled
from nlp.turns.types import (
    Claim,
    CommandInProse,
    GivenValue,
    Question,
    Turn,
    TurnContext,
    Unclear,
    Writer,
)
from nlp.turns.undecided import undecided
from nlp.turns.voice import disowned, is_put_off, of_an_event, speaks_against, tells
from nlp.turns.weighing import Option, options_of, weighed
from nlp.types import BlockKind, FieldKind, FieldValue, Message, Part

MOST_LINES = 1_500
_SHORT = 10  # words of a sentence that may be an answer by itself


def read_turn(message: Message, context: TurnContext, writer: Writer, reader: FieldReader) -> Turn:
    """What a message says where it is a turn of this context; its intent does not matter."""
    reading = heard(message, context, writer, reader)
    said = weighed(reading.said, reading.options(), reading.ground, reader.scorer)
    reading.said = on_second_thought(said, message.new_text, reading.ground)
    return reading.turn()


def heard(message: Message, context: TurnContext, writer: Writer, reader: FieldReader) -> HeardTurn:
    """All that may be meant by a message where it is a turn of this context."""
    message = only_words(message)
    signature = "\n".join(b.text for b in message.blocks if b.kind is BlockKind.SIGNATURE)
    writer = Writer(strip_titles(writer.name), writer.email, writer.signature or signature)
    ground = ground_of(context, writer, message.date)
    reading = HeardTurn(message, replace(ground, asked=asked_by_staff(ground)), reader)
    reading.hear()
    return reading


@dataclass(slots=True)
class HeardTurn:
    """One turn while it is read: what was said so far, and what no reader could decide."""

    message: Message
    ground: Ground
    reader: FieldReader
    said: dict[str, GivenValue] = field(default_factory=dict)
    unclear: list[Unclear] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # the typed lines without greeting and signature
    told: list[Sentence] = field(default_factory=list)
    questions: dict[int, Question] = field(default_factory=dict)
    commands: dict[int, CommandInProse] = field(default_factory=dict)
    away: frozenset[int] = frozenset()  # sentences that ask or command
    agrees: bool | None = None  # the plain yes or no on its first line
    spent: set[int] = field(default_factory=set)  # sentences that are accounted for
    put_off: frozenset[str] = frozenset()  # free texts that come later

    @property
    def wanted(self) -> tuple[str, ...]:
        """The fields without a value that nothing said so far fills."""
        open_still = (name for name in self.ground.open if name not in self.said)
        return tuple(name for name in open_still if name not in self.put_off)

    def hear(self) -> None:
        """Gather what each way of reading makes of the turn."""
        lines, below = self._lines()
        self.lines = [*lines, *below]
        self.said, typed = labelled(self.lines, self.ground)
        self._leave_signature(below)
        self.texts = [without_greeting(line) for line in typed[: len(lines)]]
        anew, told = restated(self._told(self.texts), self.ground)
        self.told = told
        self.put_off = frozenset(name for one in told for name in self._put_off(one))
        questions = questions_in(told, self.ground)
        self.commands = commands_in(told)
        elsewhere = disowned(told)
        corrected = corrections_in(told, self.ground)
        corrected = {n: one for n, one in corrected.items() if n not in elsewhere}
        surest: dict[str, float] = {}
        for reading in corrected.values():
            for one in reading:  # "monthly, not weekly. Others send theirs daily"
                if one.sure >= surest.get(one.field, 0.0):
                    self.said[one.field], surest[one.field] = one, one.sure
        self.said.update({one.field: one for one in anew.values()})
        if any(corrected.values()):
            questions = {n: q for n, q in questions.items() if not ASKED_FOR.search(fold(q.text))}
        self.questions = questions
        mended = {n for n, one in corrected.items() if one or self._is_mended(told[n])}
        spent = {*questions, *self.commands, *mended, *elsewhere, *anew}
        self.away = frozenset({*questions, *self.commands, *elsewhere})
        spent |= self._claimed(told, spent)
        spent |= self._reasons(told, spent)
        spent |= self._loose(told, spent)
        spent |= self._months(told, [x.text for x in lines if not x.quoted])
        self.spent = spent - elsewhere

    def _put_off(self, sentence: Sentence) -> Iterator[str]:
        """The free text that a sentence names, and nothing else, to say that it comes later."""
        names = self.ground.named_in(sentence.folded)
        texts = [n for n in names if self.ground.form[n].kind is FieldKind.LONG_TEXT]
        if len(names) == 1 and texts and is_put_off(sentence):
            yield texts[0]

    def options(self) -> dict[str, list[Option]]:
        """What the turn may mean for each field."""
        own = [Line("") if line.quoted else line for line in self.lines[: len(self.texts)]]
        unclear = {name for one in self.unclear for name in one.fields} | self.put_off
        return options_of(self.said, own, self.told, self.away, unclear, self.ground, self.reader)

    def turn(self) -> Turn:
        """The turn, once it is settled what was said: by what it is to what we know."""
        told, known = self.told, self.ground.known
        spent = self.spent | pending_settled(told, self.ground, self.said)
        spent |= {n - 1 for n in self.questions if n and _LEADS.search(told[n - 1].text)}
        self.unclear = own_unclear(self.unclear, self.said, self.ground)
        self.said = settled(self.said, self.ground)
        texts = [text for text in self.texts if _words(text)]
        thanks = any(map(says_thanks, self.texts)) or any(map(is_courtesy, texts))
        heard = {**self._attached(), **self.said}  # the mail beats its files
        given = {name: one for name, one in heard.items() if not self._is_anothers(one, heard)}
        seen = self.message.photographed
        said = {name: one for name, one in given.items() if one.source not in seen}
        news = {name for name, one in said.items() if _is_news(one, known)}
        return Turn(
            answers=tuple(one for name, one in said.items() if name not in known),
            corrections=tuple(
                said[n] for n in said if n in news and not self._is_of_others(said[n], said)
            ),
            repeated=tuple(said[name] for name in said if name in known and name not in news),
            unclear=tuple(self.unclear),
            questions=tuple(self.questions.values()),
            commands=tuple(self.commands.values()),
            thanks=thanks or (not told and not self.said and bool(texts)),
            agrees=self.agrees,
            rest=_words(" ".join(s.text for n, s in enumerate(told) if n not in spent)),
            missing=tuple(name for name in self.ground.missing if name not in said),
            doubted=tuple(one for name, one in given.items() if name not in {*said, *known}),
        )

    # --- the lines ----------------------------------------------------------------------------

    def _lines(self) -> tuple[list[Line], list[Line]]:
        """The lines of the message, and those from the writer's name on, a signature where no
        program marked one; a typed line with several answers is several."""
        lines = lines_of(self.message)[:MOST_LINES]
        own = ["" if line.quoted else without_greeting(line.text) for line in lines]
        writer = self.ground.writer
        end = signed_off(own, writer)
        signature = "\n".join(own[end:]).strip()
        if signature and not writer.signature:
            self.ground = replace(self.ground, writer=replace(writer, signature=signature))
        self.agrees = agreement(own)
        found: list[Line] = []
        lines = [line if line.quoted else self._without_yes(line) for line in lines]
        for line in lines[:end]:
            today = self.ground.today
            away = dates_in(line.text, today) != dates_stated(line.text, today)
            whole = line.quoted or away  # "de licencia a partir del …" is no start of a list
            parts = [line.text] if whole else parted(line.text, self.ground.labels)
            found += [replace(line, text=part) for part in parts]
        return found, lines[end:]

    def _without_yes(self, line: Line) -> Line:
        typed = _SPELT.sub("", line.text)
        text, opened = without_yes(typed), without_opening(typed)
        if normal(opened.partition(":")[0]) in self.ground.labels.exact:
            text = opened  # "Entendido. Vigencia (fin): …"
        return replace(line, text=without_confirming(text, self.ground))

    def _leave_signature(self, below: Sequence[Line]) -> None:
        """What stands below the writer's name corrects nothing: "Tel. 222…, ext. 7555"."""
        texts = [squeeze(line.text) for line in below if not line.quoted]
        for name, one in list(self.said.items()):
            if name in self.ground.known and any(one.evidence in text for text in texts):
                del self.said[name]

    def _told(self, texts: Sequence[str]) -> list[Sentence]:
        """The sentences that say something; lines that answer by themselves are taken first."""
        blank = {n for n, text in enumerate(texts) if _ONLY_COUNT.fullmatch(text)}  # "5."
        rows = [
            n for n, text in enumerate(texts)
            if text.strip() and n not in blank and not is_courtesy(text)
        ]  # fmt: skip
        asking = {n for n in rows if "¿" in texts[n] or texts[n].rstrip().endswith("?")}
        # A reason that is all that is asked for may go on: its sentences are read together.
        alone = len(rows) < 2 or self.wanted != (Part.REASON,)
        reasons = {n for n in rows if not alone and gives_reason(texts[n])}
        bare = [n for n in rows if n not in asking | reasons]
        found = listed(texts, bare, self.ground, self.wanted)
        for one in found.said:
            self.said.setdefault(one.field, one)
        self.unclear += found.unclear
        left = {n: texts[n] for n in asking | reasons}
        for row in found.left:
            opened, left[row] = led(texts[row], self.ground, self.wanted)
            for one in opened:
                self.said.setdefault(one.field, one)
        rest = sentences([left.get(n, "") for n in range(len(texts))])
        said = (sentence for sentence in rest if not is_courtesy(sentence.text))
        return [sentence for sentence in said if not _ONLY_COUNT.fullmatch(sentence.text)]

    # --- sentences ----------------------------------------------------------------------------

    def _claimed(self, told: Sequence[Sentence], spent: Collection[int]) -> set[int]:
        """What sentences say of the fields without a value."""
        used: set[int] = set()
        best: dict[str, GivenValue] = {}
        for number, sentence in enumerate(told):
            if number in spent or sentence.asks:
                continue
            for claim in claims_in(sentence, self.ground):
                if claim.field not in self.ground.open or not self._believed(claim, sentence):
                    continue
                used.add(number)
                before = best.get(claim.field)
                if before is None or claim.sure > before.sure:
                    best[claim.field] = GivenValue(
                        claim.field, claim.value, sentence.text, sure=claim.sure
                    )
            none = none_claimed(sentence, self.wanted, self.ground)
            if none is not None:
                used.add(number)
                best.setdefault(none.field, none)
        for name, one in best.items():
            self.said.setdefault(name, one)
        return used

    def _believed(self, claim: Claim, sentence: Sentence) -> bool:
        kind = self.ground.form[claim.field].kind
        if kind is FieldKind.LONG_TEXT:
            return claim.labelled
        if kind is FieldKind.DIGITS and is_telephone(sentence.folded):
            return False
        if speaks_against(kind, sentence, claim.labelled and claim.sure >= 0.85):
            return False
        if kind in (FieldKind.INTEGER, FieldKind.CHOICE) and undecided(sentence.text):
            return False
        if claim.labelled:
            return True
        if kind is FieldKind.EMAIL:
            return self._is_of_responsible(str(claim.value))
        return claim.field in self.ground.missing or claim.sure >= 0.7

    def _is_of_responsible(self, address: str) -> bool:
        """Whether an address is made of the responsible's name."""
        said, known = self.said.get(Part.RESPONSIBLE), self.ground.known.get(Part.RESPONSIBLE, "")
        return made_of(address, f"{known} {said.value if said else ''}")

    def _reasons(self, told: Sequence[Sentence], spent: Collection[int]) -> set[int]:
        """Reasons and aims told in sentences, where those are asked for."""
        used: set[int] = set()
        for name, (numbers, value) in reasons_in(told, spent, self.wanted).items():
            self.said[name] = GivenValue(name, value, value, sure=0.7)
            used |= set(numbers)
        return used

    def _loose(self, told: Sequence[Sentence], spent: Collection[int]) -> set[int]:
        """Short sentences among what is left that answer by themselves."""
        used: set[int] = set()
        for number, sentence in enumerate(told):
            if number in spent or not tells(sentence) or len(sentence.text.split()) > _SHORT:
                continue
            found = listed([without_opening(sentence.text)], [0], self.ground, self.wanted)
            strong = [one for one in found.said if one.sure >= 0.8]
            self.said.update({one.field: one for one in strong if one.field in self.wanted})
            if len(told) == 1:
                self.unclear += found.unclear
            if strong or (found.unclear and len(told) == 1):
                used.add(number)
        return used

    def _months(self, told: Sequence[Sentence], typed: Sequence[str]) -> set[int]:
        """A period told by its months alone, where both its ends are asked for."""
        ends = self.ground.ends()
        if set(ends) != {"start", "end"} or not set(ends.values()) <= set(self.wanted):
            return set()
        lines = [sentence_of(line) for line in typed]
        for number, one in enumerate((*told, *lines)):
            period = whole_months(one.text, self.ground.today)
            if period is None or not tells(one) or of_an_event(one):
                continue
            for which, date in (("start", period.start), ("end", period.end)):
                self.said[ends[which]] = GivenValue(ends[which], date, one.text, sure=0.7)
            return {number} if number < len(told) else set()
        return set()

    def _is_mended(self, faulty: Sentence) -> bool:
        """Whether what a sentence says to be wrong is told anew elsewhere in the turn."""
        named = self.ground.named_in(faulty.folded)
        return not named.isdisjoint(self.said) if named else bool(self.said)

    def _attached(self) -> dict[str, GivenValue]:
        """What a file that came back says: it counts whole."""
        if not self.message.documents:
            return {}
        alone = replace(self.message, blocks=(), is_reply=False)
        found = self.reader.read(alone, self.ground.form, A_REQUEST)
        return {
            name: GivenValue(name, item.value, item.evidence, item.source)
            for name, item in found.items()
            if item.source != "text"
        }

    def _is_anothers(self, one: GivenValue, said: Mapping[str, GivenValue]) -> bool:
        """Whether an extension in the mail is told as that of another than the responsible."""
        return self._is_extension(one) and is_said_of_another(
            self.message.new_text, str(one.value), self._responsible(said)
        )

    def _is_of_others(self, one: GivenValue, said: Mapping[str, GivenValue]) -> bool:
        """Whether an extension in the mail stands beside another than the responsible."""
        return self._is_extension(one) and of_somebody_else(
            self.message.new_text, str(one.value), self._responsible(said)
        )

    def _is_extension(self, one: GivenValue) -> bool:
        return self.ground.form[one.field].kind is FieldKind.DIGITS and one.source == "text"

    def _responsible(self, said: Mapping[str, GivenValue]) -> str:
        told = said.get(Part.RESPONSIBLE)
        return str(told.value if told else self.ground.known.get(Part.RESPONSIBLE, ""))


def _is_news(one: GivenValue, known: Mapping[str, FieldValue]) -> bool:
    """Whether it changes a value that we know."""
    if one.field not in known or one.value is None:
        return False
    return not same_value(one.value, known[one.field])


# What marks an answer, "R: 430", spells a figure, "20 (veinte) de mayo", parts a stop: "75 . Van".
_SPELT = re.compile(
    r"(?i)^ *r ?[:=] +|(?<=\d) \([^\W\d]+(?: y [^\W\d]+)?\)(?= de )|(?<=\w) (?=[,.;] )"
)
_ONLY_COUNT = re.compile(r"\s*\d{1,2}[.)]\s*")
_LEADS = re.compile(r",\s*$|^(?:\S+\s+){0,4}\S+:\s*$")  # to a question: "Una pregunta:"


def _words(text: str) -> str:
    return text if re.search(r"\w", text) else ""

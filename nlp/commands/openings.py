"""Where a command stands: at the head of a sentence, behind nothing but what is harmless."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.commands import doubts
from nlp.commands.forms import FormBook, Hit, Shape
from nlp.commands.harmless import (
    AGAINST,
    ASKING,
    LEADS,
    NEVER,
    OBJECTS,
    QUOTES,
    SUBJECTS,
    TAILS,
    greeted,
    in_order_until,
    is_against,
    is_in_order,
    is_name_line,
    is_only_courtesy,
    is_preamble,
)
from nlp.commands.lexicon import DOUBT
from nlp.commands.match import Around, is_pause
from nlp.commands.text import CommandSentence, CommandToken
from nlp.text.fold import fold
from nlp.types import Doubt

_QUOTED = re.compile(
    r"\b(?:texto|palabras?|muestra|machote|ejemplo|borrador|propuesta de|redaccion|boton"
    r"|(?:contest|respond|escrib|dict)(?:o|io|aron|ieron))\b"
)  # what announces the words of somebody, or of another time
_OUTCRY = 8  # words of what is cried out before a command
_GOES_ON = frozenset(
    ("queda", "quedo", "se", "quede", "revisada", "por", "porfa", "favor")
)  # "esta por favor …"
_SORRY = frozenset(("perdon", "perdonen", "disculpa", "disculpen", "una disculpa", "ups"))
_PURPOSE = frozenset(("antes", "para", "primero", "previo"))
LONGEST = 90  # words of a sentence that holds a command without argument


@dataclass(frozen=True, slots=True)
class Openings:
    """Finds commands by the forms of `book`, among the people and things named `around` them."""

    book: FormBook
    around: Around

    def head(self, found: Sequence[CommandSentence]) -> tuple[int, Hit] | None:
        """The first sentence that opens with a command, with only harmless ones before it."""
        against = commented = False
        for at, sentence in enumerate(found[:8]):
            hit = self.opening(sentence)
            if hit is not None:
                fits = (_takes_reason(hit) or not against) and (
                    hit.form.command.allows_comment or not commented
                )
                fits = fits or _stands_apart(sentence, hit) or _is_whole(found[: at + 1], hit)
                return (at, hit) if fits else None
            if is_preamble(sentence, self.around):
                continue
            if is_against(sentence, self.around) or self._is_outburst(sentence):
                against = True
            elif sentence.asks or (
                any(self.book.within(sentence.tokens)) and not _takes_back(sentence)
            ):
                return None
            else:
                commented = True
        return None

    def _is_outburst(self, sentence: CommandSentence) -> bool:
        """Something cried out that could not change what follows: "¡Otra de la biblioteca!"."""
        words = sentence.tokens
        return (
            sentence.end == "!"
            and len(words) < _OUTCRY
            and not any(t.key in DOUBT for t in words)
            and not any(self.book.within(words))
        )

    def opening(self, sentence: CommandSentence) -> Hit | None:
        """The command a sentence opens with, behind nothing but what may lead to one."""
        tokens = sentence.tokens[:LONGEST]
        if _is_conditional(tokens):
            return None
        for at in sorted(AGAINST.reach(tokens, 0, self.around) - {0}):
            hit = self.book.at(tokens, at)
            if hit is not None and _takes_reason(hit) and self._fits(sentence, hit, named=False):
                return hit  # "No cumple, se rechaza: …"
        led = sorted(self._led(tokens).items())
        told = [
            hit for at, named in led
            if (hit := self.book.at(tokens, at)) and self._fits(sentence, hit, named=named)
        ]  # fmt: skip
        if told:  # "Confirmo: aprobada" confirms no command that waits
            decided = (hit for hit in told[1:] if hit.form.command.decides)
            first = told[0].form.command
            bare = first.argument == "none" and not first.everyday
            return next(decided, told[0]) if bare else told[0]
        for at in range(1, len(tokens)):  # "Si fuera tan amable: NOTA …"
            hit = self.book.at(tokens, at) if tokens[at - 1].key == ":" else None
            if hit is not None and hit.form.command.aside and tokens[at].is_shouted:
                return hit
        for at in (n + 1 for n, t in enumerate(tokens) if is_pause(t)):
            hit = self.book.at(tokens, at)  # "Me equivoqué, deshacer"
            if hit is not None and hit.form.command.allows_comment and not hit.form.command.aside:
                before = fold(" ".join(t.raw for t in tokens[:at]))
                sorry = before.strip(" ,") in _SORRY or doubts.explain(before) is Doubt.WITHDRAWN
                return hit if sorry else None
        asked = [
            (at, e) for at, named in led if not named for e in ASKING.ends(tokens, at, self.around)
        ]
        for begins, at in asked:  # "Necesito que aprueben" asks somebody else, "Favor de" asks us
            hit, polite = self.book.at(tokens, at), tokens[begins].key in ("favor", "por")
            if hit is None:
                continue
            if polite or hit.form.command.takes_text or not hit.form.command.decides:
                return hit
        return self._behind_purpose(tokens, led[-1][0])

    def _behind_purpose(self, tokens: Sequence[CommandToken], start: int) -> Hit | None:
        """What decides nothing, behind what it is for: "Antes de firmar, pregúntenle al área …"."""
        if start >= len(tokens) or tokens[start].key not in _PURPOSE:
            return None
        told = [n + 1 for n, t in enumerate(tokens) if n > start and t.key == ","]
        told += [e for n in range(len(tokens)) for e in ASKING.ends(tokens, n, self.around)]
        hits = (hit for at in told if (hit := self.book.at(tokens, at)))
        return next(
            (
                h
                for h in hits
                if h.form.command.takes_text
                and not (h.form.command.decides or h.form.noun or h.form.shape is Shape.SAID)
            ),
            None,
        )

    def _led(self, tokens: Sequence[CommandToken]) -> dict[int, bool]:
        """Places where a command may stand, and whether somebody is addressed before it."""
        reached = greeted(tokens, self.around)
        todo = list(reached)
        while todo:
            at = todo.pop()
            if at >= len(tokens):
                continue
            ends = {*LEADS.ends(tokens, at, self.around), *SUBJECTS.ends(tokens, at, self.around)}
            ends.update(
                e for e in OBJECTS.ends(tokens, at, self.around) if self._apart(tokens, at, e)
            )
            if is_pause(tokens[at]):
                ends.add(at + 1)
            ends.update(in_order_until(tokens, at, self.around))
            for end in ends - reached.keys():
                reached[end] = reached[at]
                todo.append(end)
        return reached

    def _apart(self, tokens: Sequence[CommandToken], at: int, end: int) -> bool:
        """Whether what is decided on is followed by a pause or by "queda …", "se …", or stands
        without its article: "Solicitud aprobada"."""
        if end >= len(tokens):
            return False
        bare = end == at + 1 and self.book.at(tokens, end) is not None
        return bare or is_pause(tokens[end]) or tokens[end].key in _GOES_ON

    def _fits(self, sentence: CommandSentence, hit: Hit, *, named: bool) -> bool:
        tokens, form = sentence.tokens, hit.form
        if form.shape is Shape.OTHERS:
            alone = len(tokens) == 1 and not named
            return alone or self._has_subject(tokens, hit.start)
        if form.shape is Shape.COMMAND and named and (form.command.decides or form.tells):
            return False  # "Nancy, aprobar …" gives the work to Nancy
        before = tokens[hit.start - 1] if hit.start else None
        told_of = named and form.noun and not form.command.decides
        shouted = tokens[hit.start].is_shouted
        if told_of and before is not None and before.kind == "word" and not shouted:
            return False  # "Elvira pregunta si …" says what she asks
        if self.around.on_trust and before is not None and before.key in QUOTES:
            return False
        if before is not None and tokens[hit.start].key == "quede" and before.kind == "word":
            return False  # "Ojalá … la lista quede aprobada" only wishes it
        if before is not None and before.raw.lower() == "si" and form.shape is Shape.SAID:
            # "si" without its accent before a verb may be a condition: "si se aprueba, …"
            return tokens[hit.start].key not in ("se", "esta", "queda", "quede", "va")
        return not (before is not None and before.key in ("el", "un", "la", "una", "buena"))

    def _has_subject(self, tokens: Sequence[CommandToken], before: int) -> bool:
        return any(
            before in SUBJECTS.ends(tokens, at, self.around)
            and tokens[at].key in ("esta", "este", "nuestra", "comunicacion")
            for at in range(max(0, before - 9), before)
        )

    def closes(self, sentence: CommandSentence, at: int) -> bool:
        """Whether a decision without reasons stands there, and nothing behind it."""
        return self.is_decision(sentence, self.book.at(sentence.tokens, at))

    def only_decides(self, sentence: CommandSentence) -> bool:
        """Whether a sentence is a decision without reasons, and nothing besides."""
        return self.is_decision(sentence, self.opening(sentence))

    def is_decision(self, sentence: CommandSentence, hit: Hit | None) -> bool:
        """Whether a form found in a sentence is such a decision."""
        if hit is None or not hit.form.command.decides or hit.form.command.takes_text:
            return False
        return not sentence.asks and self.is_harmless(sentence, hit.end, hit.form.command.name)

    def is_harmless(self, sentence: CommandSentence, start: int, own: str) -> bool:
        """Whether the rest of a sentence is known phrases, and behind a pause a courtesy or the
        command `own` once more."""
        tokens = sentence.tokens
        reached = TAILS.reach(tokens, start, self.around)
        if len(tokens) in reached:
            return True
        for at in reached:
            rest = replace(sentence, tokens=tokens[at:])
            if tokens[at].key == "y" and is_only_courtesy(rest, self.around):
                return True
            if at > start and is_pause(tokens[at - 1]):
                if tokens[at - 1].key != "," and is_name_line(rest.tokens, self.around):
                    continue  # "Aprobado: Rodrigo" may tell who did
                again = self.book.at(tokens, at)
                if again is not None and again.form.command.name == own:
                    return self.is_harmless(sentence, again.end, own)
                if is_only_courtesy(rest, self.around):
                    return True
            if (at > start or tokens[at].key == "porque") and is_in_order(rest):
                return True
        return False


def _is_conditional(tokens: Sequence[CommandToken]) -> bool:
    """ "Si ya firmó el director, se aprueba": a clause behind "si", without its accent, and what
    hangs on it; "Si, se aprueba" only lacks the accent."""
    if len(tokens) < 3 or tokens[0].raw.lower() != "si" or is_pause(tokens[1]):
        return False
    return any(is_pause(token) for token in tokens[2:])


def _is_whole(found: Sequence[CommandSentence], hit: Hit) -> bool:
    """Whether a decision in capitals is a paragraph of its own, behind sentences that raise no
    doubt: "Revisé el padrón y coincide. ¶ APROBAR"."""
    *earlier, sentence = found
    words = hit.form.command
    shouted = sentence.tokens[hit.start].is_shouted and hit.start == 0 and sentence.paragraph
    ends = words.takes_text or all(is_pause(token) for token in sentence.tokens[hit.end :])
    if not (shouted and words.decides and ends):
        return False
    told = fold(" ".join(t.raw for one in earlier for t in one.tokens))
    plain = doubts.explain(told) in (Doubt.UNCLEAR, Doubt.PAST)
    return plain and not (_QUOTED.search(told) or NEVER & {*told.split()})


def _stands_apart(sentence: CommandSentence, hit: Hit) -> bool:
    """Whether what decides nothing opens a line of its own, in capitals or as a verb, whatever
    stands above."""
    words = hit.form.command
    plain = sentence.tokens[hit.start].is_shouted or not hit.form.noun
    return sentence.line and hit.start == 0 and plain and words.takes_text and not words.decides


def _takes_back(sentence: CommandSentence) -> bool:
    """Says that a command was wrong: "Me equivoqué, quería rechazarla"; only an undo may follow."""
    return doubts.explain(fold(" ".join(t.raw for t in sentence.tokens))) is Doubt.WITHDRAWN


def _takes_reason(hit: Hit) -> bool:
    return hit.form.command.decides and hit.form.command.argument == "text"

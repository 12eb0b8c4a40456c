"""A command in words that are no form of it, told by a short mail as a whole.

"Luz roja a esta lista", "procédase", "averigüen con ellos cuántos son": what such words ask for is
learned. Where the mail holds words that grammar knows, grammar decides.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from nlp.commands import doubts
from nlp.commands.addressee import (
    INTERROGATIVE,
    asks_somebody,
    behind_addressee,
    is_anothers,
    of_area,
)
from nlp.commands.argument import Wording, end_with_marks, gives_reason, tidy
from nlp.commands.forms import FormBook, is_past
from nlp.commands.harmless import QUOTES, courtesy_from, foresees, is_courtesy
from nlp.commands.match import Around, is_pause
from nlp.commands.on_trust import MAY_COMMENT, PLAIN, REPORTED, denies, word_count
from nlp.commands.text import CommandSentence
from nlp.kinds.commands import LIKELY, heard, odds
from nlp.text.fold import fold, word_set
from nlp.types import CommandGrammar, Doubt

_ANSWERS = re.compile(r"\W*(?:porque|por que|pq|xq)\b")  # it answers a question
_REQUESTS = word_set("pedir pide pida pidan pidamos solicitar solicita solicite soliciten requerir")
_MOST = 30  # words: what is longer holds more than a command
_BESIDE = 0.5  # another command that is likelier than this makes two


def is_given_without_form(
    words: CommandGrammar, told: str, wording: Wording, forms: FormBook
) -> bool:
    """Whether nothing in a mail that surely reads as a command speaks against it, no other command
    is likely beside it, and none of its words is one that grammar knows: it knows why those command
    nothing. `told` is the mail without the text that the command carries; by itself it must read as
    the command, too."""
    if word_count(wording) > _MOST or _ANSWERS.match(fold(told)):
        return False
    head = wording.text if words.decides else told
    said = [t.raw for s in wording.sentences for t in s.tokens if t.start < len(head)]
    takes_back = words.allows_comment and not words.aside and words.argument == "none"
    if not takes_back and any(map(is_past, said)):
        return False  # "ya les pregunté qué …"
    if REPORTED.search(fold(head)) or foresees(head) or QUOTES & set(head):
        return False
    plain: tuple[Doubt, ...] = MAY_COMMENT if takes_back else PLAIN  # "Contesté donde no era"
    if words.takes_text and words.decides:
        plain = (*PLAIN, Doubt.NEGATION)
    if doubts.explain(fold(head)) not in plain or (Doubt.NEGATION not in plain and denies(head)):
        return False
    known = [c for c in forms.commands if c.decides or c is words]
    if any(
        forms.speaks_of(s.tokens, c) or any(hit.form.command is c for hit in forms.within(s.tokens))
        for s in wording.sentences
        for c in known
    ):
        return False
    name, sure = heard(told)  # "Justificación: …" is no rejection, whatever stands behind it
    beside = max(likely for name, likely in odds(wording.text).items() if name != words.name)
    return name == words.name and sure >= LIKELY and beside < _BESIDE


def text_behind(
    words: CommandGrammar, wording: Wording, forms: FormBook, around: Around
) -> tuple[int, str]:
    """Where the text of a command begins, and the text: behind a colon, a reason behind a pause, a
    question from its own word on, or what surely is one as it is worded; empty where there is
    none."""
    found = wording.sentences
    first = next((n for n, s in enumerate(found) if not is_courtesy(s, around)), 0)
    told = found[first : first + 1 + courtesy_from(found[first + 1 :], around, forms)]
    starts = [at for s in told[:1] for at in _text_starts(words, s, around)]
    if words.decides:
        starts += [s.start for s in told[1:2]]
    end = end_with_marks(wording.text, told[-1]) if told else 0
    if starts:
        return starts[0], tidy(wording.text[starts[0] : end])
    asks_others = any(t.key in _REQUESTS for s in told for t in s.tokens)
    if words.name == "ask" and told and not asks_others:  # "Que manden el padrón": as it is said
        return len(wording.text), tidy(wording.text[told[0].start : end])
    return len(wording.text), ""


def _text_starts(words: CommandGrammar, sentence: CommandSentence, around: Around) -> Iterator[int]:
    """Where in its sentence the text of a command may begin."""
    asks, area = words.name == "ask", of_area(around) | around.area
    for at, (before, token) in enumerate(pairwise(sentence.tokens), 1):
        if asks and before.key in _REQUESTS:
            named = behind_addressee(sentence, at, around)
            behind = sentence.tokens[named:]
            if not (is_anothers(sentence, at, named) or asks_somebody(behind, area)):
                yield behind[0].start
        reasons = words.decides and (is_pause(before) or gives_reason(sentence.tokens, at))
        if before.key == ":" or (asks and token.key in INTERROGATIVE) or reasons:
            yield token.start

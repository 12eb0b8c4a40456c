"""A second reading, where no rule is sure: a command that the mail as a whole gives.

What the mail asks for is learned (`nlp.kinds.commands`); where its words stand and what they carry
is found by the forms of commands. A decision needs a sentence of its own that raises no doubt, and
nothing beside it but what likely is a comment.
"""

import re
from collections.abc import Sequence

from nlp.commands import doubts
from nlp.commands.argument import Wording
from nlp.commands.forms import FormBook, Hit
from nlp.commands.harmless import NEVER, QUOTES, TAILS, courtesy_from, foresees, is_courtesy
from nlp.commands.match import Around, is_pause
from nlp.commands.text import CommandSentence
from nlp.kinds.commands import SURE
from nlp.kinds.comments import LIKELY, is_comment, is_likelier_comment
from nlp.text.fold import fold, word_set
from nlp.types import CommandGrammar, Doubt

# Behind these a decision is a noun, "del apruebo", or an aim: "falta verla para rechazar".
_TOLD_OF = word_set("el un al del su este ese para por sin sobre")
_UNSAID = re.compile(
    r"\b(?:no|ni|nunca|jamas|tampoco|todavia|pero|casi|creo|duda|ojala|propongo|sugiero|borrador|ejemplo"
    r"|plantilla)\b"
)
_OTHERWISE = re.compile(
    r"\b(?:si|pero|aunque|solo|solamente|segun|dic\w+|propon\w+|parece|opin\w+)\b"
)
# What is said of an address that is no order: where it is, was or should be.
_ELSEWHERE = re.compile(
    r"\b(?:usan|us[oa]ban|comenta\w*|desde|segun|de baja|existi\w+|sigue|recado|completar|mandar"
    r"|falta\w*|prefiero|propus\w+|propon\w+|sugier\w+|intent\w+|se la (?:turne|pase|mande)"
    r"|hubiera)\b"
)
# What others said, wrote or decided: "me dijo que por ella queda aprobada".
REPORTED = re.compile(
    r"\b(?:segun|(?:dij|dic(?!tam)|coment|cont[eoa]|contest|escrib|pus|opin|acord|pidi|cree|piens)\w*"
    r"|(?:viene|entiendo|parece|dicho|oi|supe|vi) que)\b"
)
_SHORTEST = 9  # words: of fewer, no part can be told from the rest
_INFINITIVE = re.compile(r"[aei]r(?:l[aeo]s?)?$")
_ASKING = word_set(
    "de que ruego pido favor sirvase sirvanse gusta podrian pueden puedes please"
)  # behind these an infinitive is an order
PLAIN = (Doubt.UNCLEAR, Doubt.EMPTY, Doubt.OTHERS)
# Who undoes says that they erred; that is no second thought.
MAY_COMMENT = (*PLAIN, Doubt.PAST, Doubt.WITHDRAWN, Doubt.NEGATION)


def is_long_enough(wording: Wording) -> bool:
    """Whether there are words enough to read an order from them as a whole."""
    return word_count(wording) >= _SHORTEST


def word_count(wording: Wording) -> int:
    """How many words a mail has."""
    return sum(t.kind == "word" for s in wording.sentences for t in s.tokens)


def place_of(name: str, wording: Wording, forms: FormBook) -> tuple[int, Hit] | None:
    """Where a mail first tells the office to do something, and neither denies, puts off nor only
    considers it."""
    found = (
        (at, hit)
        for at, sentence in enumerate(wording.sentences)
        for hit in forms.within(sentence.tokens)
        if hit.form.command.name == name
    )
    return next(((at, hit) for at, hit in found if _is_told(wording, at, hit)), None)


def place_of_decision(
    words: CommandGrammar, sure: float, wording: Wording, forms: FormBook, around: Around
) -> tuple[int, Hit] | None:
    """Where a decision is given outright, if nothing in the mail speaks against it."""
    told = [
        (at, hit) for at, s in enumerate(wording.sentences) for hit in forms.decisions(s.tokens)
    ]
    asks = any(mark in wording.text for mark in "?¿") and not words.takes_text
    if asks or sure < SURE or {hit.form.command.name for _, hit in told} != {words.name}:
        return None
    outright = (
        (at, hit)
        for at, hit in told
        if _is_outright(wording, wording.sentences[at], hit, around)
        and _is_undisputed(wording, at, hit, forms, around)
    )
    return next(outright, None)


def address_of(wording: Wording) -> str | None:
    """The one address of a mail, in lower case, if what is said of it is plain."""
    told = [(s, t) for s in wording.sentences for t in s.tokens if t.kind == "email"]
    if "//" in wording.text or "mailto:" in wording.text.lower():
        return None  # what stands in a link is no data
    texts = [wording.text[s.start : s.stop] for s, _ in told]
    plain = all(_is_plain(text, True) and not _ELSEWHERE.search(fold(text)) for text in texts)
    plain = plain and not any(s.asks for s, _ in told)
    found = {t.raw.lower() for _, t in told}
    return found.pop() if plain and len(found) == 1 else None


def leaves_as_it_is(wording: Wording, sentence: CommandSentence, hit: Hit) -> bool:
    """Whether what stands behind an order that changes something only comments on it."""
    behind = fold(wording.text[sentence.tokens[hit.end - 1].end : sentence.stop])
    doubted = doubts.explain(behind) not in MAY_COMMENT
    return not (doubted or doubts.refuses(behind) or _OTHERWISE.search(behind))


def denies(text: str) -> bool:
    """Whether words deny in it, or make it a mere thought or example."""
    return _UNSAID.search(fold(text)) is not None


def _is_told(wording: Wording, at: int, hit: Hit) -> bool:
    """An infinitive is an order behind what asks for it alone: "favor de preguntar"; behind other
    verbs it tells what the writer does: "voy a preguntar"."""
    sentence = wording.sentences[at]
    own = wording.text[sentence.start : sentence.tokens[hit.end - 1].end]
    if not _is_plain(own, not hit.form.command.takes_text):
        return False
    before = sentence.tokens[hit.start - 1] if hit.start else None
    free = before is None or is_pause(before) or before.key in _ASKING
    return free or not _INFINITIVE.search(sentence.tokens[hit.start].key)


def _is_plain(text: str, affirmed: bool) -> bool:
    """Whether nothing in a text puts off or considers; if it must affirm, nothing denies either."""
    plain = doubts.explain(fold(text)) in PLAIN
    return plain and not (affirmed and denies(text)) and not foresees(text)


def _is_outright(wording: Wording, sentence: CommandSentence, hit: Hit, around: Around) -> bool:
    """Whether the words of a decision hang on nothing, are no quotation and lie not ahead; of a
    rejection those before its reason count."""
    behind = wording.text[sentence.tokens[hit.end - 1].end : sentence.stop]
    known = hit.form.command.takes_text or TAILS.covers(sentence.tokens, hit.end, around)
    if not (known or is_comment(behind, LIKELY)):
        return False
    end = sentence.tokens[hit.end - 1].end if hit.form.command.takes_text else sentence.stop
    own = wording.text[sentence.start : end]
    if (sentence.asks and not hit.form.command.takes_text) or sentence.end == "…":
        return False
    if REPORTED.search(fold(wording.text[sentence.start : sentence.tokens[hit.start].start])):
        return False
    before = sentence.tokens[hit.start - 1].key if hit.start else ""
    plain = doubts.explain(fold(own)) in PLAIN and before not in _TOLD_OF
    quotes = QUOTES & set(own)
    return plain and not (quotes or denies(own) or foresees(own))


def _is_undisputed(wording: Wording, at: int, hit: Hit, forms: FormBook, around: Around) -> bool:
    """Whether all other sentences likely are comments; those behind a rejection are its reason."""
    found: Sequence[CommandSentence] = wording.sentences
    end = at if hit.form.command.takes_text else courtesy_from(found, around, forms)
    return all(
        n == at or is_courtesy(s, around) or _is_beside(wording, s, forms)
        for n, s in enumerate(found[:end])
    )


def _is_beside(wording: Wording, sentence: CommandSentence, forms: FormBook) -> bool:
    """Whether a sentence likely is a comment, and speaks of no decision, condition or doubt."""
    folded = wording.folded(sentence)
    doubted = doubts.explain(folded) in (Doubt.CONDITION, Doubt.HESITATION)
    keys = {t.key for t in sentence.tokens}
    text = wording.text[sentence.start : sentence.stop]
    doubted = doubted or bool(keys & NEVER) or sentence.asks or "¿" in text
    return is_likelier_comment(text) and not (doubted or forms.speaks_of_deciding(sentence.tokens))

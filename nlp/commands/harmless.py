"""Whether a sentence around a command is mere courtesy, a signature, or says all is in order."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from nlp.commands import lexicon
from nlp.commands.doubts import hangs
from nlp.commands.forms import FormBook
from nlp.commands.match import Around, PhraseBook, is_name, is_pause
from nlp.commands.text import CommandSentence, CommandToken, clean, sentences
from nlp.kinds.comments import LIKELY, bears, is_comment
from nlp.text.fold import fold, word_set
from nlp.text.rhythm import rhythms_in

_READ = lexicon.sections("harmless.txt")
GREETINGS = PhraseBook(_READ["greeting"])
_NO_FAULT = PhraseBook(_READ["no fault"])
LEADS = PhraseBook((*_READ["lead"], *_READ["no fault"]))
SUBJECTS = PhraseBook(_READ["subject"])
OBJECTS = PhraseBook(_READ["object"])
TAILS = PhraseBook((*_READ["tail"], *_READ["object"]))
CLOSINGS = PhraseBook(_READ["closing"])
_OFFERS = PhraseBook(_READ["offer"])
_THANKS = PhraseBook(_READ["thanks"])
_WELL_WISHING = PhraseBook(_READ["well-wishing"])
AGAINST = PhraseBook(_READ["against"])
ASKING = PhraseBook(_READ["asking"])
SO = PhraseBook(_READ["so"])
ADDRESSEE = PhraseBook(_READ["addressee"])
_FOOTER = re.compile(
    r"^\W*aviso de privacidad\W|\bnuestro aviso de privacidad\b"
    r"|\baviso de privacidad\b.{0,80}(?:www\.|https?:)"
    r"|\bno imprim\w+|\bantes de imprimir|\bmedio ambiente\b|\blibre de virus\b"
    r"|\b(?:este (?:correo|mensaje|e ?mail)|la informacion|sus? (?:anexos|adjuntos))\b"
    r".{0,120}\b(?:confidencial\w*|destinatari\w+|uso exclusivo)\b"
)
QUOTES = frozenset("\"“”«»'")
NEVER = word_set("no nunca jamas tampoco todavia pero manana creo")
_FAREWELL = 12  # words
_MOST_CLAUSES = 8
_FEW_MORE = 7  # words behind what opens a kind clause
_DOUBTED = lexicon.DOUBT - word_set("sin siempre sorry perdon disculpen disculpa despues")
_AHEAD = re.compile(
    r"[aeiAEI]r(?:é|á|án|emos|ía\w{0,4})\b"
)  # what will be or would be is not so yet
_SHORTEST = 4  # letters of a nickname, words that are kept
_KEPT = 300  # characters of those
_ARTICLES = frozenset({"el", "la", "los", "las", "su", "sus", "tu", "tus", "este", "esta"})
_TITLES = word_set(
    "lic mtro mtra mtr dr dra ing arq prof profa sr sra c psic pbro maestro maestra licenciado"
    " licenciada ingeniero doctora doctor"
)
_SMALL = word_set("de del la las los y e en para a ext tel cel of the and")


def foresees(text: str) -> bool:
    """Whether a text tells what will be, or would be."""
    return _AHEAD.search(text) is not None


def is_courtesy(sentence: CommandSentence, around: Around) -> bool:
    """Thanks, a farewell, an offer of contact, a name."""
    if sentence.asks:
        return False
    tokens = _opened(sentence.tokens)
    if len(tokens) > 2 and is_name(tokens[0], around) and is_pause(tokens[1]):
        tokens = tokens[2:]  # "Karina, desde el cel"
    return (
        _is_closing(tokens, around)
        or _is_farewell(tokens)
        or is_name_line(tokens, around)
        or _bag(tokens, _OFFERS, lexicon.CONTACT, around)
        or any(_thankful(tokens, at, around) for at in _THANKS.ends(tokens, 0, around))
    )


def is_only_courtesy(sentence: CommandSentence, around: Around) -> bool:
    """Clauses one after the other that are courtesies, each perhaps with somebody it is for, tell
    what the writer is at or did, praise, or tell what follows by itself: "gracias, quedo al
    pendiente", "ya lo platiqué con ellos y me quedó claro", "que siga su curso"."""

    def is_kind(clause: Sequence[CommandToken]) -> bool:
        told = replace(sentence, tokens=tuple(clause))
        return (
            is_courtesy(told, around)
            or _is_well_wishing(clause)
            or _is_in_order(clause)
            or TAILS.covers(clause, 0, around)
            or (sentence.end != "…" and _is_comment(clause, around))
        )

    if sentence.asks:
        return False
    told = _opened(sentence.tokens)
    return (around.on_trust and _is_comment(told, around)) or _are_clauses(told, is_kind)


def _is_comment(clause: Sequence[CommandToken], around: Around) -> bool:
    """Whether it is learned to be one, and holds nothing that could be a value or a condition."""
    words = [t for t in clause if not is_pause(t)]
    text = " ".join(t.raw for t in clause)
    if around.on_trust and words:
        keys = {t.key for t in words}
        doubted = any(key.startswith(_UNDOING) for key in keys) or keys & NEVER
        return not doubted and is_comment(text, LIKELY)
    return (
        len(words) > 1
        and all(_is_plain(t) or t.key == "." for t in words)
        and not any(t.key.startswith(_UNDOING) or t.key in _DOUBTED for t in words)
        and _reads_as_comment(text)
    )


@lru_cache(maxsize=256)  # one clause stands in many readings of its sentence
def _reads_as_comment(text: str) -> bool:
    return not (hangs(text) or foresees(text) or rhythms_in(text)) and is_comment(text)


def _are_clauses(
    tokens: Sequence[CommandToken], holds: Callable[[Sequence[CommandToken]], bool]
) -> bool:
    """Whether some words, parted at pauses and "y", are clauses of which something holds."""
    cuts = [n for n, t in enumerate(tokens) if is_pause(t) or t.key in ("y", "e")]
    if not tokens or len(cuts) > _MOST_CLAUSES:
        return False
    closed = {0}  # places up to which it holds
    for cut in (*cuts, len(tokens)):
        if any(start == cut or holds(tokens[start:cut]) for start in closed):
            closed.add(min(cut + 1, len(tokens)))
    return len(tokens) in closed


def _is_well_wishing(words: Sequence[CommandToken]) -> bool:
    """A wish, a greeting, or what the writer is at, with a few words more that ask for nothing,
    take nothing back and make nothing hang on anything."""
    ends = _WELL_WISHING.ends(words, 0, Around())
    start = max((end for end in ends if end), default=None)
    if start is None or len(words) - start > _FEW_MORE:
        return False
    rest = words[start:]
    return _is_quiet(rest) and not any(t.key in _LEADING or t.key.endswith(_DOING_IT) for t in rest)


def _is_quiet(words: Sequence[CommandToken]) -> bool:
    """Plain words that ask for nothing, take nothing back and make nothing hang on anything."""
    return not hangs(" ".join(t.raw for t in words)) and all(
        _is_plain(t)
        and (t.key not in lexicon.DOUBT or t.raw.lower() == "sí")
        and not t.key.startswith(_UNDOING)
        for t in words
    )


def _is_plain(token: CommandToken) -> bool:
    return token.kind == "smile" or (token.kind == "word" and token.raw.isalpha())


def _is_closing(tokens: Sequence[CommandToken], around: Around) -> bool:
    """A farewell, with or without a name behind it."""
    reached = CLOSINGS.reach(tokens, 0, around)
    return len(tokens) in reached or any(
        is_name_line(tokens[at:], around) for at in reached if at and is_pause(tokens[at - 1])
    )


def _is_farewell(tokens: Sequence[CommandToken]) -> bool:
    """Wishes somebody well: "Que tengan excelente tarde", "Bonito fin de semana"."""
    words = [t for t in tokens if not is_pause(t)]
    if not 2 <= len(words) <= _FAREWELL or any(t.key in lexicon.DOUBT for t in words):
        return False
    well = any(t.key in lexicon.GOOD | lexicon.TIMES or t.key == "bien" for t in words[2:])
    wished = words[0].key == "que" and words[1].key in lexicon.WISHES and (well or len(words) == 2)
    kind = words[0].key in lexicon.GOOD and words[1].key in lexicon.TIMES
    return wished or kind


def _opened(tokens: Sequence[CommandToken]) -> Sequence[CommandToken]:
    """Without the signs a sentence opens with, as in "¡Gracias!"."""
    start = next((n for n, t in enumerate(tokens) if not is_pause(t)), len(tokens))
    return tokens[start:]


def is_in_order(sentence: CommandSentence) -> bool:
    """Says only that the request was looked at and found in order, or talked about."""
    return not sentence.asks and _are_clauses(sentence.tokens, _is_in_order)


def in_order_until(tokens: Sequence[CommandToken], start: int, around: Around) -> set[int]:
    """Where clauses end that say that all is in order, or only comment on it: "Dado que
    cumple, …", "la leí y no le veo problema, así que …"."""
    if start < len(tokens) and is_pause(tokens[start]):
        return set()  # the clause begins behind it: a line of nothing but signs costs nothing
    return {
        n + (t.key != "asi")
        for n, t in enumerate(tokens)
        if n > start + 1 and t.key in (",", ":", "y", "asi")
        if _are_clauses(tokens[start:n], lambda c: _is_in_order(c) or _is_comment(c, around))
    }


def _is_in_order(tokens: Sequence[CommandToken]) -> bool:
    """Whether a clause says, in known words alone, that what was looked at is in order."""
    at, praised = 0, bool(tokens) and tokens[0].key in lexicon.SEEN_HEADS
    while at < len(tokens):
        token = tokens[at]
        end = max(_NO_FAULT.ends(tokens, at, Around()), default=at)
        if token.key.isdigit() and [t.key for t in tokens[at : at + 3]] == [
            token.key,
            "de",
            token.key,
        ]:
            end = at + 3  # "9 de 9"
        if end == at and not (
            token.key in lexicon.SEEN or token.kind == "folio" or is_pause(token)
        ):
            return False
        praised = praised or end > at or token.key in lexicon.PRAISE
        at = max(end, at + 1)
    return praised and len(tokens) > 1


def is_preamble(sentence: CommandSentence, around: Around) -> bool:
    """May stand before the sentence of the command."""
    if sentence.asks:
        return False
    tokens = sentence.tokens
    return (
        len(tokens) in greeted(tokens, around)
        or LEADS.covers(tokens, 0, around)
        or is_only_courtesy(sentence, around)
    )


def is_against(sentence: CommandSentence, around: Around) -> bool:
    """Finds the request wanting; only a rejection may follow."""
    return not sentence.asks and AGAINST.covers(sentence.tokens, 0, around)


def greeted(tokens: Sequence[CommandToken], around: Around) -> dict[int, bool]:
    """Places that greetings lead to, and whether somebody was named on the way.

    After a greeting any capital word that raises no doubt is taken for a name.
    """
    reached = {0: False}
    todo = [0]
    while todo:
        at = todo.pop()
        if at >= len(tokens):
            continue
        steps = [(end, reached[at]) for end in GREETINGS.ends(tokens, at, around)]
        if is_pause(tokens[at]):
            steps.append((at + 1, reached[at]))
        elif _may_be_name(tokens, at, around, greeted=at > 0):
            steps.append((at + 1, True))
        for end, named in steps:
            if end not in reached:
                reached[end] = named
                todo.append(end)
    return reached


def _may_be_name(tokens: Sequence[CommandToken], at: int, around: Around, *, greeted: bool) -> bool:
    token = tokens[at]
    if is_name(token, around):
        return True
    plain = token.is_capital and not token.is_shouted and token.key not in lexicon.DOUBT
    return plain and greeted and at <= 8 and len(token.raw) > 2


def is_name_line(tokens: Sequence[CommandToken], around: Around) -> bool:
    """One to five words that are a name: known ones, initials, or behind a title."""
    words = [t for t in tokens if not is_pause(t) and t.key not in _SMALL]
    if len(words) == 1 and _is_own_short_name(words[0], around):
        return True  # "slds, dani"
    if not 1 <= len(words) <= 5 or not all(t.is_capital for t in words):
        return False
    if any(t.key in lexicon.DOUBT for t in words):
        return False
    titled = words[0].key in _TITLES and len(words) > 1
    return titled or any(is_name(t, around) or _is_nickname(t) for t in words)


def _is_own_short_name(token: CommandToken, around: Around) -> bool:
    """A first name that begins as one of the writer's: "dani" of Daniel."""
    known = token.key in lexicon.FIRST_NAMES and token.key not in lexicon.DOUBT
    return known and any(name.startswith(token.key[:3]) for name in around.names)


def _is_nickname(token: CommandToken) -> bool:
    """The beginning of a first name: "Leti", "Bren"."""
    long = len(token.key) >= _SHORTEST
    return long and any(name.startswith(token.key) for name in lexicon.FIRST_NAMES)


def _is_footer(sentence: CommandSentence) -> bool:
    """Opens what programs put under a mail: printing, confidentiality, virus scanners."""
    return sentence.line and bool(_FOOTER.search(fold(" ".join(t.raw for t in sentence.tokens))))


def is_sign_off(sentence: CommandSentence, book: FormBook) -> bool:
    """A line of a signature: position, office, telephone; only looked for below a name."""
    words = [t for t in sentence.tokens if not is_pause(t)]
    if not sentence.line or sentence.asks or len(words) > 14 or not words or sentence.end == ".":
        return False
    if any(t.key in lexicon.DOUBT for t in words) or any(book.within(words)):
        return False
    if bears(" ".join(t.raw for t in words)):
        return False
    if sentence.tokens[0].key in QUOTES and sentence.tokens[-1].key in QUOTES:
        return True  # a motto
    heavy = [t for t in words if t.kind == "word" and t.key not in _SMALL]
    shown = sum(t.is_capital or t.key.isdigit() for t in heavy)
    return shown == len(heavy) or any(t.kind == "email" for t in words)


def courtesy_from(found: Sequence[CommandSentence], around: Around, book: FormBook) -> int:
    """Where the courtesies, the signature and the footer at the end of some sentences begin."""
    start = next((n for n, s in enumerate(found) if _is_footer(s)), len(found))
    for at in range(start - 1, -1, -1):
        if is_courtesy(found[at], around):
            start = at
        elif not is_sign_off(found[at], book):
            break
        elif found[at].paragraph and sum(t.kind == "word" for t in found[at].tokens) > 1:
            start = at  # the name of an office
    return start


def _bag(
    tokens: Sequence[CommandToken], openings: PhraseBook, words: Collection[str], around: Around
) -> bool:
    return any(
        all(
            t.key in words or t.key.isdigit() or t.kind == "email" or is_pause(t)
            for t in tokens[at:]
        )
        for at in openings.ends(tokens, 0, around)
    )


def _thankful(tokens: Sequence[CommandToken], start: int, around: Around) -> bool:
    """Words of thanks, names, and nouns behind an article as far as they raise no doubt."""
    if len(tokens) - start > 16 or hangs(" ".join(t.raw for t in tokens)):
        return False
    for at in range(start, len(tokens)):
        token, before = tokens[at], tokens[at - 1]
        known = token.key in lexicon.THANKFUL or is_pause(token) or token.kind == "smile"
        if known or is_name(token, around):
            continue
        spoken_to = before.key == "," and at == len(tokens) - 1
        behind = before.key in _ARTICLES or spoken_to
        behind = behind or (before.key == "por" and token.key.endswith(_DOING))
        noun = token.kind == "word" and behind and len(token.raw) > 3
        if not noun or token.key in lexicon.DOUBT or token.key.startswith(_UNDOING):
            return False
    return True


_DOING = ("arme", "arnos", "arlo", "arla", "erme", "ernos", "irme", "irnos", "ar", "er", "ir")
_DOING_IT = ("arlo", "arla", "erlo", "erla", "irlo", "irla", "enlo", "enla", "enle", "ando", "endo")
_LEADING = word_set("que para o y como cuando donde porque quien lo le les se solo contra")
_UNDOING = tuple(
    word_set(
        "dud arrep pid neg nieg deneg denieg declin cancel anul deten esper rechaz rechac aprob"
        " aprueb autori acept aval conced desech desestim correc corrij suspen pausa"
    )
)


def kept_words(text: str) -> str:
    """The kept words: what is written behind the sentence that gives an address, but for
    courtesies; empty where nothing is."""
    read = clean(text)
    found = sentences(read)
    given = next((n for n, s in enumerate(found) if any(t.kind == "email" for t in s.tokens)), None)
    if given is None:
        return ""
    rest = found[given + 1 :]
    rest = rest[: courtesy_from(rest, Around(), FormBook(()))]
    told = [s for s in rest if not is_only_courtesy(s, Around()) and not is_in_order(s)]
    if sum(len(s.tokens) for s in told) < _SHORTEST:
        return ""
    return " ".join(read[told[0].start : told[-1].stop].split())[:_KEPT]

"""The command that somebody probably meant, where a reply gives none: by meaning, then by sound."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from bot.workflow.commands.registry import CommandSpec, lines
from bot.workflow.notifications.mails import CommandHint
from nlp.commands import parse_commands
from nlp.commands.doubts import depends, explain, hangs
from nlp.commands.forms import book
from nlp.commands.harmless import courtesy_from, is_preamble
from nlp.commands.match import Around
from nlp.commands.text import CommandSentence, clean, sentences, sound
from nlp.text.fold import fold, words
from nlp.types import Block, BlockKind, Doubt, Message

NEAR = 74.0
SHORTEST = 4  # letters; shorter words resemble everything
_READ = 400  # characters
_ASKED = 300  # characters of a question that is offered to be sent
_FEW = 4  # words that say no more than the word of a rejection
_REASON = 1_500  # characters of a reason that is: more does not fit a button


def meant(
    text: str, may: Sequence[CommandSpec], colleague: str = "", corrections: Sequence[str] = ()
) -> CommandHint | None:
    """The command of those that the writer `may` give that their words come nearest to.

    Words against a request are never offered as its approval: as a rejection, with the reason that
    they give. What they correct (`corrections`, "label: value") is offered as that, and approved
    only behind it; what hangs on anything else is no approval. Where a command needs somebody, the
    address of the one `colleague` that they name goes with it, or, where more is to be told, their
    words. A question is offered as one to the requester; what people say instead of a command, and
    the word of one that stands anywhere, as that command; last, one that the first word sounds
    like.
    """
    denied = _denied(text, may)
    if denied is not None:
        return denied
    row = _asks(text, may) or _says(text, may) or _names(text, may) or _like(text, may)
    if row is None or row.decides:
        corrected = _corrected(row, may, corrections)
        if corrected is not None or row is None:
            return corrected
        if not row.needs_text and (_negates(text) or hangs(text[:_REASON])):
            return None
    hint = lines([row])[0]
    if row.argument == "address" and not row.kind:
        return replace(hint, argument=colleague)
    if row.argument == "any":
        return replace(hint, argument=" ".join(text.split())[:_ASKED])
    if row.takes_questions or row.aside:
        return replace(hint, argument=_question(text, may) or _told(text, row))
    return hint


def _corrected(
    row: CommandSpec | None, may: Sequence[CommandSpec], corrections: Sequence[str]
) -> CommandHint | None:
    """The corrections that a reply makes, and behind them the approval that it gives."""
    correct = next((one for one in may if one.prepares), None)
    if correct is None or not corrections or (row is not None and row.needs_text):
        return None
    says = [f"{correct.says} {one}" for one in corrections]
    said = "\n".join([*says, row.says] if row else says).removeprefix(correct.says)
    return replace(lines([correct])[0], needs_text=False, argument=said)


_TO_ASK = re.compile(
    r"(?i:preg[uú]nt\w{1,8})(?: (?:al?|a l[ao]s?) \w{1,20}(?: [A-ZÁÉÍÓÚÑ]\w{1,20}){0,3})? "
    r"(?=(?:(?:de|por|en|para|a|con) )?(?:si|qu[eé]|cu[aá](?:l\w{0,2}|nt\w{1,2}|ndo)|c[oó]mo"
    r"|d[oó]nde|qui[eé]n\w{0,2})\b)"
)
_BENIGN = re.compile(
    r"\b(?:no se (?:si|que)|(?:sin|no (?:hay|tengo|veo|le veo|encuentro)(?: ningun\w*| mayor)?)"
    r" (?:inconveniente|problema|objecion|observacion|detalle|duda|impedimento|comentario)\w*)"
)
_NO = re.compile(r"\b(?:no|ni|nunca|tampoco)\b")
_NOT_YET = re.compile(r"\b(?:todavia|aun) no\b|\bno\b.{0,60}\b(?:todavia|aun)\b")
_PLAIN_NO = re.compile(
    r"\W*(?:(?:lo siento|lamentablemente|desafortunadamente|por desgracia|una disculpa"
    r"|de momento|por (?:ahora|el momento))\W+)?(?:pero |mejor )?no\s*(?:[,:.;-]\s*|$)"
)
_BECAUSE = re.compile(r":\s+|\b(?=(?:porque|ya que|debido a|pues|dado que)\b)")


def _negates(text: str) -> bool:
    """Whether a text holds a no that speaks of anything but the lack of objections."""
    return bool(_NO.search(_BENIGN.sub(" ", fold(text[:_REASON]))))


def _denied(text: str, may: Sequence[CommandSpec]) -> CommandHint | None:
    """The rejection that a text amounts to, with the reason in its words as far as it gives one."""
    row = next((r for r in may if r.decides and r.argument == "text"), None)
    read = clean(text[: _REASON * 2])
    if row is None:
        return None
    assents = [r for r in may if r.decides and r is not row]
    grammar = book((row.reads,))
    found = sentences(read)
    against = []
    for at, sentence in enumerate(found):
        said = read[sentence.start : sentence.stop]
        if sentence.asks or depends(said) or _NOT_YET.search(fold(said)):
            continue
        denies = any(grammar.within(sentence.tokens)) or _refuses(fold(said), assents)
        if denies or (at < 2 and _plain_no(read, said, assents)):
            against.append((at, said, None if denies else _PLAIN_NO.match(fold(said))))
    if not against:
        return None
    causes = ((at, _BECAUSE.search(fold(said)) or no) for at, said, no in against)
    at, cause = next((one for one in causes if one[1]), (against[0][0], None))
    reason = _reason_from(read, found, at, cause.end() if cause else 0)
    told = parse_commands(_typed(f"{row.says}: {reason}"), (row.reads,)).commands
    is_read = [one.argument for one in told] == [reason] and len(words(reason)) > _FEW
    return replace(lines([row])[0], argument=reason if is_read else "")


def _refuses(said: str, assents: Sequence[CommandSpec]) -> bool:
    """Whether an approval is denied: "no podemos autorizarla"."""
    roots = tuple(v.partition("/")[0][:-2] for row in assents for v in row.verbs)
    for no in _NO.finditer(_BENIGN.sub(" ", said)):
        if any(word.startswith(roots) for word in words(said[no.end() :])[:4]):
            return True
    return False


def _plain_no(read: str, said: str, assents: Sequence[CommandSpec]) -> bool:
    """Whether a sentence opens with a no that takes nothing back, and nothing assents."""
    heard = f" {' '.join(words(read))} "
    return (
        _PLAIN_NO.match(fold(said)) is not None
        and explain(fold(read)) is not Doubt.WITHDRAWN
        and not any(f" {word} " in heard for row in assents for word in row.likely)
    )


def _reason_from(read: str, found: Sequence[CommandSentence], at: int, cause: int) -> str:
    """What a text gives as the reason: from the `cause` in a sentence, else all but courtesies."""
    stop = _stop(read, found)
    first = next((s for s in found if not is_preamble(s, Around())), found[at])
    reason = read[found[at].start + cause if cause else first.start : stop].strip()
    return reason if len(reason) <= _REASON else ""


def _typed(text: str) -> Message:
    return Message("", (Block(BlockKind.NEW, text),), dt.date.min, is_reply=True)


def _asks(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    asked = _question(text, may)
    return next((row for row in may if row.takes_questions), None) if asked else None


def _question(text: str, may: Sequence[CommandSpec]) -> str:
    """The questions of a text as written, with what is told beside them, but for decisions and
    courtesies; what somebody is to be asked, where that is told: "Pregúntenle a Iván si …"."""
    read = clean(text[:_READ])
    found = sentences(read)
    asked = [s for s in found if s.asks]
    if not asked:
        told = _TO_ASK.search(read)
        return read[told.end() : _stop(read, found)].strip()[:_ASKED] if told else ""
    opened = next((t.start for t in asked[0].tokens if t.key == "¿"), asked[0].start)
    first = next((s for s in found if not is_preamble(s, Around())), asked[0])
    deciding = book(tuple(row.reads for row in may if row.decides))
    if any(True for s in found if not s.asks for _ in deciding.within(s.tokens)):
        return read[opened : asked[-1].stop + 1].strip()[:_ASKED]
    start = opened if first is asked[0] else first.start
    return read[start : max(_stop(read, found), asked[-1].stop + 1)].strip()[:_ASKED]


def _told(text: str, row: CommandSpec) -> str:
    """All that a text says but for its courtesies, and the word of the command that is offered
    with it, however spelt."""
    read = clean(text[:_READ])
    told = _reason_from(read, found, 0, 0)[:_ASKED] if (found := sentences(read)) else ""
    word, _, rest = told.partition(" ")
    is_its_word = fuzz.ratio(sound(fold(word.strip(":,."))), sound(row.says.lower())) >= NEAR
    return rest.strip(" :,") if is_its_word else told


def _stop(read: str, found: Sequence[CommandSentence]) -> int:
    """Where a text ends, but for its courtesies."""
    stop = found[(courtesy_from(found, Around(), book(())) or len(found)) - 1].stop
    while stop < len(read) and read[stop] in '.!?)”»"':
        stop += 1
    return stop


def _says(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    """What people say for it: "adelante" at the head of a sentence, or a saying anywhere."""
    for sentence in sentences(clean(text[:_READ])):
        said = " ".join(t.key for t in sentence.tokens if t.kind == "word") + " "
        for row in may:
            if any(
                f" {w} " in f" {said}" if " " in w else said.startswith(f"{w} ") for w in row.likely
            ):
                return row
    return None


def _names(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    """The command whose verb stands anywhere: "no sé si aprobarla"."""
    for word in words(fold(text[:_READ])):
        for row in may:
            roots = (r for v in row.verbs for r in (v.partition("/")[0][:-2], v.partition("/")[2]))
            if any(len(root) > 2 and word.startswith(root) for root in roots):
                return row
    return None


def _like(text: str, may: Sequence[CommandSpec]) -> CommandSpec | None:
    first = next(iter(words(fold(text[:200]))), "")
    if len(first) < SHORTEST:
        return None
    heard = {
        sound(word): row
        for row in may
        for word in (row.says.lower(), *row.words, *(v.partition("/")[0] for v in row.verbs))
        if " " not in word
    }
    near = process.extractOne(sound(first), list(heard), scorer=fuzz.ratio, score_cutoff=NEAR)
    return heard[near[0]] if near else None

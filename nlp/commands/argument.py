"""What a command says beside its word: a text, or an address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.commands.addressee import (
    INTERROGATIVE,
    asks_somebody,
    behind_addressee,
    is_anothers,
    of_area,
    to_somebody,
)
from nlp.commands.forms import FormBook, Hit, Shape
from nlp.commands.harmless import ADDRESSEE, OBJECTS, TAILS, courtesy_from, is_courtesy
from nlp.commands.lexicon import DOUBT
from nlp.commands.match import Around, is_name, is_pause
from nlp.commands.text import WRAPPED, CommandSentence, CommandToken
from nlp.text.fold import fold, word_set

_APART = frozenset(":-–—()>=")
_LABEL = re.compile(
    r"(?:\W*(?:el |los |por el siguiente |por los siguientes )?(?:motivos?|razon(?:es)?|causas?"
    r"|comentarios?|observacion(?:es)?|reason)\b(?: (?:es|son|del rechazo"
    r"|de rechazo))?\s*[:.\-–]\s*)"
)
_EDGE = " \t\n,:;.-–—*_|>="
_COURTEOUS = re.compile(
    r"[\s,.;!]*(?:\b(?:muchas gracias|mil gracias|gracias|por favor|porfa(?:vor)?"
    r"|saludos(?: cordiales)?"
    r"|slds|atte|thanks|please|regards)[\s.!,]*)+$"
)
_POLITE = re.compile(r"(?i:por favor|porfa(?:vor)?|xfa)[ ,:]+(?=\S)")
_BECAUSE = word_set(
    "por x p s porque pq porq xq ya debido dado pues toda puesto al no sin falta faltan because due"
    " since"
)
_REASON = _BECAUSE | word_set(
    "el la los las su sus es son esta estan viene vienen piden pide quieren quiere existe hay se"
    " tienen tiene duplicada duplicado repetida incompleta fuera"
)
_ARTICLES = word_set("el la los las")
_SAYS = word_set(
    "no ni ya se es son era esta estan hay sin falta faltan viene vienen tiene tienen muy"
)
_NO_TOPIC = word_set(
    "mental de del al que a para sobre con en medica informativa tuya mia buena sin y o"
)
_IS = word_set("es era fue seria conviene tiene")
_MUSES = word_set("seria parece estaria conviene convendria vendria ayudaria")
_GOES_ON = word_set("el la los las un una unos unas de del en")
_KNOWS = word_set("lo la le se ya es conoce lleva maneja sabe tiene trae ve")  # "él trae el tema"
_LINKS = word_set(
    "xfa porfa porfavor please esta"
    " a al la el lista listas direccion correo cuenta nueva quedo queda es como con en creada"
    " creado"
    " dada de alta para se llama nombre activa activada ya esta este del solicitud caso folio su"
    " por favor lic mtra mtro dra dr ing the list is address to it address called named and y"
    " servidor sistema consola google workspace se habilito creo genero configuro qdo"
    " habilitada lista funciona funcionando registrada buzon distribucion siguiente nuestra nuestro"
)

# One of two people, an account, another list: "Ya quedó la de Derecho: …".
_OF_ANOTHER = re.compile(
    r"^\W*si (?!,)|\bo (?:yo|tu|usted)\b|@[\w.-]{1,100} o [a-z]|\bla cuenta\b"
    r"|\bla de (?!alta\b)[a-z]|\bque (?:usen|utilicen)\b|\bpara que otra\b"
)
_TO_WHOM = _LINKS | word_set(
    "presente asunto expediente profesora profesor maestra maestro doctora doctor ingeniera"
    " ingeniero licenciada licenciado contadora contador arquitecta arquitecto"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A cleaned text with its sentences."""

    text: str
    sentences: Sequence[CommandSentence]

    def folded(self, sentence: CommandSentence) -> str:
        """A sentence, folded."""
        return fold(self.text[sentence.start : sentence.stop])


@dataclass(frozen=True, slots=True)
class ArgumentText:
    """The text of a command; `apart` where a mark or line end parts it from the command's word."""

    text: str
    apart: bool
    first: int = 0  # the sentence it begins in
    start: int = 0  # and its place in the wording's text


def text_after(
    wording: Wording, at: int, hit: Hit, around: Around, forms: FormBook
) -> ArgumentText | None:
    """What stands after a command as its text, empty where nothing does; None where unclear."""
    sentence, rest = wording.sentences[at], list(wording.sentences[at + 1 :])
    place = behind_addressee(sentence, hit.end, around)
    others = is_anothers(sentence, hit.end, place)
    place = hit.end if others else place
    if hit.form.command.decides and not is_pause(
        sentence.tokens[min(place, len(sentence.tokens) - 1)]
    ):
        place = hit.end
    hit = replace(hit, end=place)
    if not hit.form.command.decides and hit.is_shouted(sentence.tokens):
        return _all_below(wording, sentence, rest[: courtesy_from(rest, around, forms)], hit)
    if others and not (hit.form.command.decides or hit.form.command.aside):
        return None
    start = _behind_object(sentence.tokens, place, around)
    after = sentence.tokens[start:]
    bare = TAILS.covers(sentence.tokens, hit.end, around)
    rest = rest[: courtesy_from(rest, around, forms)]
    if bare:
        if sentence.asks or (not rest and sentence.end == "…"):
            return None
        begin, apart = (rest[0].start if rest else None), True
    else:
        sign = next((t for t in after if not is_pause(t)), None)
        if sign is None:
            return None
        marks = [t.key for t in sentence.tokens[place : sentence.tokens.index(sign)] if is_pause(t)]
        apart = any(m in _APART for m in marks)
        begin = sign.start if apart or marks or start > place else sentence.tokens[place].start
        if not _is_told(sentence.tokens, hit, start, marks, of_area(around)):
            return None
    if begin is None:
        return ArgumentText("", apart=True)
    stop = end_with_marks(wording.text, rest[-1] if rest else sentence)
    return ArgumentText(tidy(wording.text[begin:stop]), apart, at + 1 if bare else at, begin)


def _all_below(
    wording: Wording, sentence: CommandSentence, rest: Sequence[CommandSentence], hit: Hit
) -> ArgumentText:
    """Behind a word in capitals that decides nothing stands its text, whatever it says."""
    behind = next((t for t in sentence.tokens[hit.end :] if not is_pause(t) or t.key in "¡«"), None)
    begin = behind.start if behind else next((s.start for s in rest), None)
    if begin is None:
        return ArgumentText("", apart=True)
    stop = end_with_marks(wording.text, rest[-1] if rest else sentence)
    return ArgumentText(tidy(wording.text[begin:stop]), apart=True)


def _behind_object(tokens: Sequence[CommandToken], at: int, around: Around) -> int:
    """Past "la solicitud" and the like, where a pause or a reason follows."""
    for end in sorted(OBJECTS.ends(tokens, at, around), reverse=True):
        if end == len(tokens) or is_pause(tokens[end]) or gives_reason(tokens, end, strict=True):
            return end
    return at


def gives_reason(tokens: Sequence[CommandToken], at: int, *, strict: bool = False) -> bool:
    """Whether words begin a reason; `strict` where they could go on with what came before."""
    key = tokens[at].key
    following = tokens[at + 1].key if at + 1 < len(tokens) else ""
    if key == "en":
        return following in ("virtud", "razon", "vista", "atencion")
    if strict and key in ("ya", "no"):
        return key == "ya" and following == "que"
    return key in _BECAUSE


def _is_told(
    tokens: Sequence[CommandToken],
    hit: Hit,
    start: int,
    marks: list[str],
    area: frozenset[str],
) -> bool:
    """Whether the words behind a command are its text, and not a sentence about the command.

    `area` are the words that name the area, or who asks for it.
    """
    command, shouted = hit.form.command, tokens[hit.start].is_shouted
    keys = [token.key for token in tokens[start : start + 2]]
    denied = len(keys) == 2 and keys[0] == "no" and keys[1] in _IS
    if hit.form.shape is Shape.COMMAND and denied:
        return False  # "Rechazar no es mi estilo"
    following = tokens[start] if start < len(tokens) else tokens[-1]
    if marks or following.key in "¿(":
        # A name after a comma is who is spoken to, as in "Rechazar, Nancy".
        return True
    if hit.form.noun:
        if not command.aside:
            because = command.decides and gives_reason(tokens, start)
            return shouted or because or following.key in INTERROGATIVE
        return following.key not in _NO_TOPIC or shouted
    if not command.decides:
        later = following.key in DOUBT - INTERROGATIVE  # "Pregunto mañana y les digo"
        behind = {t.key for t in tokens[start:]}
        if hit.form.tells and behind & _MUSES and not behind & INTERROGATIVE:
            return False  # "Pedirles el oficio sería lo ideal"
        if hit.form.tells and asks_somebody(tokens[start:], area):
            return False  # "Pídanle el visto bueno al rector"
        return command.argument == "any" or not (later or to_somebody(tokens, start, area))
    if hit.is_shouted(tokens):
        return True
    if hit.form.shape is Shape.COMMAND and start == hit.end:
        things = Around(things=frozenset(command.things))
        behind_object = any(True for _ in OBJECTS.ends(tokens, start, things))
        if behind_object or _is_thing(tokens[start:]):
            return False
        return following.key in _REASON | {"["} or following.kind == "folio"
    return gives_reason(tokens, start)


def _is_thing(tokens: Sequence[CommandToken]) -> bool:
    """Whether words only name what is to be rejected: "Rechazar el cargo del banco"; a reason says
    something of it."""
    return tokens[0].key in _ARTICLES and not any(token.key in _SAYS for token in tokens)


def end_with_marks(text: str, sentence: CommandSentence) -> int:
    """The end of a sentence with its mark and what closes it."""
    stop = sentence.stop
    while stop < len(text) and text[stop] in ".?!…;\"')”»":
        stop += 1
    return stop


def tidy(text: str) -> str:
    """An argument in its own lines, without label, leading punctuation and courtesies."""
    text = _unwrapped(text).lstrip(_EDGE)
    polite = _POLITE.match(text)
    text = text[polite.end() :] if polite else text
    label = _LABEL.match(fold(text[:80]))
    if label and len(fold(text[:80])) == len(text[:80]):
        text = text[label.end() :]
    tail = fold(text[-120:])
    polite = _COURTEOUS.search(tail) if len(tail) == len(text[-120:]) else None
    if polite:
        text = text[: len(text) - len(tail) + polite.start()]
    text = text.lstrip(_EDGE).rstrip(" \t,;:-–—*_|>=")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    if text.endswith(")") and "(" not in text:
        text = text[:-1]
    return text.strip()


def _unwrapped(text: str) -> str:
    """Text in the lines of its writer: one that was only wrapped is one, as is a run of blanks."""
    found: list[str] = []
    width = 0  # of the last line as typed
    for line in text.split("\n"):
        bare = " ".join(line.split())
        if found and bare[:1].islower() and width >= WRAPPED:
            found[-1] += f" {bare}"
        elif bare or (found and found[-1]):
            found.append(bare)
        width = len(bare)
    return "\n".join(found)


def address_after(
    wording: Wording, at: int, hit: Hit, around: Around, forms: FormBook
) -> tuple[str | None, int]:
    """The one address a command names, in lower case, and the sentence behind it; or None."""
    after = at + 1 + courtesy_from(wording.sentences[at + 1 :], around, forms)
    for number in range(at, min(at + 3, after)):
        sentence = wording.sentences[number]
        if sentence.asks or (number > at and sentence.paragraph and number > at + 1):
            break
        if _OF_ANOTHER.search(wording.folded(sentence)):
            break
        tokens = sentence.tokens[hit.end if number == at else 0 :]
        if number == at and (named := _named_before(sentence.tokens[: hit.start])):
            tokens = (named, *tokens)
        elif tokens and tokens[0].key == "esta" and not hit.form.command.verbs:
            break  # "Hecho está"
        tokens = tokens[max(_courteous(tokens, around)) :]
        told = _told_before(tokens) if hit.end - hit.start > 1 else _apposition(tokens)
        for place, token in enumerate(tokens):
            if place in told:
                continue
            if token.kind == "email":
                rest = [*tokens[place + 1 :]]
                if any(t.kind == "email" and t.key.lower() != token.key.lower() for t in rest):
                    return None, after
                behind = rest[max(_courteous(rest, around)) :]
                if not _is_comment(rest) and not (hit.form.command.verbs and _of_oneself(behind)):
                    return None, after
                if _elsewhere(wording.sentences[number + 1 : after], token.raw):
                    return None, after
                return token.raw.lower(), _behind(wording, number + 1, around)
            links = _TO_WHOM if hit.form.command.verbs else _LINKS
            if not (token.key in links or is_pause(token) or _named(token, around)):
                return None, after
    return None, after


def _apposition(tokens: Sequence[CommandToken]) -> range:
    """The words of ", que conoce el caso:" between a name and its address."""
    keys = [t.key for t in tokens]
    for at in range(1, len(keys)):
        if keys[at - 1] == "," and keys[at] in ("que", "quien") and ":" in keys[at:]:
            return range(at, keys.index(":", at))
    return range(0)


def _told_before(tokens: Sequence[CommandToken]) -> range:
    """The words of "con otro nombre porque ese ya existía:" before an address."""
    keys = [t.key for t in tokens]
    end = keys.index(":") if ":" in keys else 0
    led = keys[:1] == ["con"] and "nombre" in keys[:4]
    return range(end) if led and _quiet(tokens[:end]) else range(0)


def _named_before(tokens: Sequence[CommandToken]) -> CommandToken | None:
    """The address that what is told of it follows: "avisos@… ya quedó"."""
    return tokens[-1] if tokens and tokens[-1].kind == "email" else None


def _courteous(tokens: Sequence[CommandToken], around: Around) -> set[int]:
    """Where courtesies at the start of some words end."""
    return {0, *ADDRESSEE.reach(tokens, 0, around), *TAILS.reach(tokens, 0, around)}


def _of_oneself(tokens: Sequence[CommandToken]) -> bool:
    """A clause that tells of the writer, who is away: ", yo salgo de vacaciones mañana"."""
    keys = [t.key for t in tokens if not is_pause(t)]
    return keys[:1] == ["yo"] or keys[:2] == ["porque", "yo"]


def _is_comment(tokens: Sequence[CommandToken]) -> bool:
    """Whether what stands behind an address leaves the command as it is: in a clause of its own
    it may tell until when somebody is away."""
    if not tokens:
        return True
    he = tokens[0].key == "el" and len(tokens) > 1 and tokens[1].key in _KNOWS
    if (tokens[0].key in _GOES_ON and not he) or not _quiet(
        [t for t in tokens if t.key != "hasta"]
    ):
        return False
    return is_pause(tokens[0]) or _quiet(tokens)


def _named(token: CommandToken, around: Around) -> bool:
    if token.kind == "sign":
        return token.key in "<@"
    return is_name(token, around) or (token.is_capital and token.key not in DOUBT)


def _quiet(tokens: Sequence[CommandToken]) -> bool:
    """Nothing that takes back, asks or puts off."""
    return not any(t.key in DOUBT or t.key in "¿?" for t in tokens)


def _elsewhere(found: Sequence[CommandSentence], address: str) -> bool:
    return any(
        t.kind == "email" and t.raw.lower() != address.lower() for s in found for t in s.tokens
    )


def _behind(wording: Wording, start: int, around: Around) -> int:
    """Past comments that say nothing against the command."""
    end = start
    while end < len(wording.sentences):
        sentence = wording.sentences[end]
        if sentence.line and sentence.tokens[0].is_shouted:
            break
        if not (is_courtesy(sentence, around) or (_quiet(sentence.tokens) and not sentence.asks)):
            break
        end += 1
    return end

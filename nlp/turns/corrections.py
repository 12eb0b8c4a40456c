"""Corrections: what a turn changes in what we know, and what it says that was wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from nlp.fields.lexicon import POSITION_HEADS
from nlp.text.dates import dates_in, whole_months
from nlp.text.fold import fold, squeeze, trim
from nlp.text.slugs import SLUG
from nlp.text.tokens import EMAIL
from nlp.turns.audience import LESS, by_sets, told_apart
from nlp.turns.bare import LIKELY, fit
from nlp.turns.claims import claims_in
from nlp.turns.contrast import CONTRAST, TAKEN_BEFORE, by_values, same_value
from nlp.turns.ground import Ground
from nlp.turns.looks import numbers
from nlp.turns.mentions import CASUAL, mentions_in
from nlp.turns.old_words import by_old_words
from nlp.turns.parts_played import people_claimed
from nlp.turns.people import made_of, people_in
from nlp.turns.sentences import Sentence
from nlp.turns.types import Claim, GivenValue
from nlp.turns.voice import speaks_against, supposes
from nlp.types import FieldKind, Part

# Words by which somebody takes back, or has changed, what stands.
CORRECTS = re.compile(
    r"^\W*(?:(?:ay|uy|ups|perdon|digo|no)\W+)+(?:era|eran)\b(?!.*\b(?:ahora|ya) (?:es|son)\b)"
    r"|^\W*(?:(?:ah|ok|oh|si)\W+)*entonces (?=del? (?:\d|1o|primero)|desde el \d)|\b(?:corrij\w*"
    r"|corregi\w*|correccion\w*|rectific\w*|me equivoque|nos equivocamos|me confundi"
    r"|nos confundimos|equivocad\w+|equivocacion|ups+|deshacer|nunca (?:dij|pus|ped)\w+|(?:un"
    r"|hay un|tiene un|por|fue|mi) error|errata|erratas|dedazo|perdon(?:en|e)?|disculp\w+|(?:debe"
    r"|deberia|debia|tiene que|tendria que)n? (?:ser|decir|quedar|ir)|cambi(?:o|e|en|ar|enl[oae]"
    r"|arl[oae]|arles?|emos|aron|ando|ad[oa])\b|modifi\w+|actuali[cz]\w+|ajust\w+|sustitu\w+"
    r"|reempla[cz]\w+|correct[oa]s?\b|(?:el|la|lo) buen[oa]\b|en realidad|en vez|en lugar|sino\b"
    r"|ya no\b|ahora (?:tambien |si |ya )?(?:es|son|sera|seran|somos|va|van|queda|quien|se llam\w+"
    r"|(?:l[oa]s? )?(?:firma|autoriza|respalda|avala|lleva|maneja|da el)\b)|(?:aument|crec|disminu"
    r"|reduj|sub[ei]|baj)\w* (?:\w+ ){0,4}a \d+|ya (?:son|somos|seran)|(?<!a lo )mejor\b|bajen\w*"
    r"|suban\w*|siempre (?:si|no|sera|seran|seria|va\b|van\b)|prefi?er\w+|pong\w+|poner(?:le|la"
    r"|lo)?\b|dejen\w*|dejar(?:la|lo)?\b|dejemos|en total son|son en total|me informan|revise\b"
    r"|(?:ahora|hoy) si\b|termine mejor|que (?:sea|sean|quede|diga|digan|vaya)\b|queda(?:ria"
    r"|ra)? (?:en|como|mejor)|se decidio|decidimos|decidio|me avisan|nos avisan|nos avisaron"
    r"|quise (?:decir|poner)|quisimos (?:decir|poner)|(?:me|le|les|nos|se) (?:faltan? una?\b"
    r"|(?:falt|com|sobr|pas)[oi]n? un)|me (?:falto|comi)|(?:fue|gano|paso) (?:el dedo|un|mal)"
    r"|mal escrit\w+|est(?:a"
    r"|aba) mal|salio mal|viene mal|anot\w+ mal|tiene mal|pusieron|puse\b|aparece|(?:extend"
    r"|exten[dz]|prolong|recorr|adelant|aplaz|alarg|acort|recort)\w+|instead|rather|mistake|wrong"
    r"|should (?:be|read|say)|actually|change it|not longer)\b"
)
ASKED_FOR = re.compile(
    r"\b(?P<polite>pueden|podrian|puede|podria usted|podria|me ayudan|nos ayudan|me apoyan"
    r"|nos apoyan|me hacen favor|serian tan amables|me podrian|nos podrian|se puede|se podria"
    r"|podemos|podriamos|puedo|es posible|sera posible|hay forma de|could you|can you|can we)\b"
    r"[^?]{0,30}\b(?:cambi|correg|modific|actualiz|hacer que|pon|ajust|sustitu|dej|exten[dz]"
    r"|prolong"
    r"|recorr|mover|muev|amplia|alarg|acort|reduc|subi|baja|agreg|quit|change|extend|make it)\w*"
)


def corrections_in(said: Sequence[Sentence], ground: Ground) -> dict[int, tuple[GivenValue, ...]]:
    """What each sentence changes of the fields that have a value, by its place among `said`;
    nothing of one that only says that something is wrong.

    "Me equivoqué en la frecuencia. Es quincenal." is one correction: a sentence that only says
    that something is wrong speaks for the next. So does one that is all there is.
    """
    found: dict[int, tuple[GivenValue, ...]] = {}
    led, named_before = False, frozenset[str]()
    for number, sentence in enumerate(said):
        cue = bool(CORRECTS.search(sentence.folded))
        reading = _read(sentence, ground, cue or led, len(said) == 1, named_before)
        if reading or (cue and _faulty(sentence)):
            found[number] = tuple(reading)
        apology = cue and len(sentence.text.split()) <= _SHORT  # "Perdón." speaks for the next
        # "Quiten a los alumnos;" "El total ya no es 350;"
        emptied = bool(LESS.search(sentence.folded) or _NO_MORE.search(sentence.folded))
        emptied = emptied and not reading
        led = bool(reading) or apology or emptied or (cue and _faulty(sentence))
        names = frozenset(ground.named_in(sentence.folded))
        named_before = names if cue and not reading else named_before if led else frozenset()
    return found


_SHORT = 4  # words
_NO_MORE = re.compile(r"\bya no (?:es|son|somos|sera|seran|va)\b")


def _faulty(sentence: Sentence) -> bool:
    return (
        len(sentence.text.split()) <= 16
        and re.search(
            r"\b(?:corrij|correg|correccion|rectific|equivo|error|errat|mal\b|dedazo)",
            sentence.folded,
        )
        is not None
    )


# "No le cambien a quincenal, aunque se los pida la maestra": nothing is to change.
_LEAVES = re.compile(
    r"\bno (?:(?:vayan? a|quiero que|queremos que|se|le|les|la|lo|me|nos) ){0,3}(?:cambi|modifi"
    r"|mov|muev)\w+"
)
_DENIED = re.compile(r"[,;] (?:y )?no (\w{4,}(?: \w+)?)\W*$")


def _read(
    sentence: Sentence, ground: Ground, cue: bool, lone: bool, named_before: frozenset[str]
) -> list[GivenValue]:
    asked_for = ASKED_FOR.search(sentence.folded)
    if (sentence.asks and not asked_for) or _LEAVES.search(sentence.folded):
        return []
    if asked_for:  # "¿podrían cambiar …?" supposes nothing
        polite = " " * len(asked_for["polite"])
        at = asked_for.start()
        folded = sentence.folded[:at] + polite + sentence.folded[at + len(polite) :]
        told = sentence.text.rstrip(" ?")  # the mark is not part of the value
        sentence = Sentence(told, folded[: len(told)])
    held = " ".join(fold(str(value)) for value in ground.known.values())
    denied = _DENIED.search(sentence.folded)  # "El cargo es Coordinadora, no Secretaria"
    cue = cue or bool(CONTRAST.search(sentence.folded)) or bool(denied and denied[1] in held)
    found: dict[str, GivenValue] = {}
    values = by_values(sentence, ground, cue, named_before)
    for one in (*values, *by_old_words(sentence, ground), *by_sets(sentence, ground, cue)):
        found.setdefault(one.field, one)
    for one in _by_claims(sentence, ground, cue, lone, named_before):
        if isinstance(one.value, tuple) and told_apart(sentence, ground.form)[1] >= {*one.value}:
            continue  # "a docentes no les mandamos"
        is_date = ground.form[one.field].kind is FieldKind.DATE  # "el 18 en vez del 30" ends it
        dated = [o for o in found.values() if ground.form[o.field].kind is FieldKind.DATE]
        if not (is_date and any(o.old or o.value == one.value for o in dated)):
            found.setdefault(one.field, one)
    period = _by_months(sentence, ground, cue, named_before)
    for one in (*period, *_renamed(sentence, ground), *_promoted(sentence, ground)):
        found.setdefault(one.field, one)
    for one in _address_of(sentence, ground, found):
        found.setdefault(one.field, one)
    return list(found.values())


def _by_months(
    sentence: Sentence, ground: Ground, cue: bool, named_before: frozenset[str]
) -> Iterator[GivenValue]:
    """Both ends of a period told by its months alone: "la vigencia es de enero a mayo de 2027"."""
    ends, period = ground.ends(), whole_months(sentence.text, ground.today)
    if period is None or set(ends) != {"start", "end"} or dates_in(sentence.text, ground.today):
        return
    told = {m.label.names for m in mentions_in(sentence.folded, ground.labels)}
    named = any({*ends.values()} <= {*names} for names in (*told, named_before))
    if not (named or cue) or speaks_against(FieldKind.DATE, sentence, named):
        return
    for which, date in (("start", period.start), ("end", period.end)):
        if ground.known.get(ends[which], date) != date:
            yield GivenValue(ends[which], date, sentence.text, sure=0.8)


_ONLY = r"(?:solo|solamente|unicamente|nada mas|nomas|tal cual)"
_CALLED = re.compile(
    rf"(?:\b(?:la lista se llam\w+|(?:la lista|el nombre) (?:deb\w+|tiene que|va a) \w{{3,8}}"
    rf"|(?:la lista|el nombre|se llam\w+) {_ONLY})"
    rf"|^\W*(?:y )?(?:el )?nombre(?: de la lista)?(?: (?:es|seria|(?:cambi|pong|pas)\w+ (?:a"
    rf"|por)))?)[ ,:]+(?:{_ONLY}[ ,:]+)?"
    rf"[\"“']?(?P<name>{SLUG})\b"
)


def _renamed(sentence: Sentence, ground: Ground) -> Iterator[GivenValue]:
    """What the list is to be called, where it is written as an address is: "avisos-bienestar"."""
    known, called = ground.known.get(Part.NAME), _CALLED.search(sentence.folded)
    if known is None or called is None or supposes(sentence):
        return
    name = sentence.text[called.start("name") : called.end("name")]
    if fold(name) != fold(str(known)) and not _NO.search(sentence.folded, 0, called.start()):
        yield GivenValue(Part.NAME, name, sentence.text, sure=0.85)


_NO = re.compile(r"\b(?:no|ya)\b")
_PROMOTED = re.compile(
    r"\bya no (?:soy|es) (?:el |la )?(?P<old>[^,.;]{3,60})[,;] (?P<between>.{0,40}?)\b(?:soy|es"
    r"|quede (?:de|como)|pase a ser|me nombraron) (?:el |la )?(?P<new>\w[^,.;()\n]{3,60}?)"
    r"(?=[,.;()\n]| (?:mi|el|asi) |$)"
)


def _promoted(sentence: Sentence, ground: Ground) -> Iterator[GivenValue]:
    """Another position than the one that we hold: "ya no soy prefecto, desde agosto soy
    coordinador", "mi cargo ya no es jefa, es directora"."""
    told, known = _PROMOTED.search(sentence.folded), fold(str(ground.known.get(Part.POSITION)))
    if told is not None and f"{known} ".startswith(f"{squeeze(told['old'])} "):
        new = trim(sentence.text[told.start("new") : told.end("new")])
        is_post = fold(new).split()[0] in POSITION_HEADS and not people_in(new)
        if not is_post or _NO.search(told["between"]):
            return
        yield GivenValue(Part.POSITION, new, sentence.text, sure=0.85)


# --- what it says of a field that it names ----------------------------------------------------


def _by_claims(
    sentence: Sentence, ground: Ground, cue: bool, lone: bool, named_before: frozenset[str]
) -> Iterator[GivenValue]:
    mentions = mentions_in(sentence.folded, ground.labels)
    for claim in claims_in(sentence, ground):
        known = ground.known.get(claim.field)
        if known is None or same_value(claim.value, known):
            continue
        kind = ground.form[claim.field].kind
        texts = {m.text for m in mentions if claim.field in m.label.names}
        official = bool(texts - CASUAL) or claim.field in named_before
        if speaks_against(kind, replace(sentence, asks=False), official):
            continue
        before = sentence.folded[max(0, claim.start - 50) : claim.start]
        negated = TAKEN_BEFORE.search(before) is not None
        alone = lone and _states(claim, ground, sentence)
        if not alone and (negated or not _corrects(claim, kind, cue, official)):
            continue
        yield GivenValue(claim.field, claim.value, sentence.text, sure=0.9 if cue else 0.8)


def _corrects(claim: Claim, kind: FieldKind, cue: bool, official: bool) -> bool:
    """Whether a claim is the correction of what we know: by its label, or words that say so."""
    match kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return cue and claim.labelled
        case FieldKind.CHOICE:
            return official or (cue and not claim.labelled)
        case FieldKind.EMAIL | FieldKind.NAME:
            return official or (cue and kind is FieldKind.NAME)
    return cue or (claim.labelled and official)


def _states(claim: Claim, ground: Ground, sentence: Sentence) -> bool:
    """Whether a sentence that is all there is states a value and nothing else: "son 530"."""
    if not re.match(
        r"\W*(?:ya |serian |seran |son|somos|es|seria|sera|quedan?)\b", sentence.folded
    ):
        return False
    field = ground.form[claim.field]
    return fit(field, sentence.text, ground).strength >= LIKELY


def _address_of(
    sentence: Sentence, ground: Ground, found: Mapping[str, GivenValue]
) -> Iterator[GivenValue]:
    """The address beside a new responsible's name, where it is made of that name; with it, the
    position and the extension that stand there."""
    name = found.get(Part.RESPONSIBLE)
    address = EMAIL.search(sentence.text)
    if name is None or address is None or Part.EMAIL not in ground.form:
        return
    if not made_of(address[0], str(name.value)):
        return
    yield GivenValue(Part.EMAIL, address[0].lower(), sentence.text, sure=0.85)
    for claim in (*people_claimed(sentence, ground), *numbers(sentence, ground)):
        if claim.field in (Part.POSITION, Part.EXTENSION):
            yield GivenValue(claim.field, claim.value, sentence.text, sure=0.85)

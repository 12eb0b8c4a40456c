"""What a sentence claims for the fields of the form, by the words that name a field or a part."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from nlp.fields.answers import values_of
from nlp.fields.labels import Label
from nlp.text.absence import dates_stated
from nlp.text.dates import dates_in
from nlp.text.fold import fold
from nlp.turns.glued import bare_name
from nlp.turns.ground import Ground
from nlp.turns.looks import choices, counts_several, dates, is_count, numbers, texts
from nlp.turns.me import of_writer, says_me
from nlp.turns.mentions import LINK, NEGATED, ORDINARY, LabelMention, mentions_in
from nlp.turns.parts_played import people_claimed
from nlp.turns.people import named_person, people_in
from nlp.turns.reasons import told_later
from nlp.turns.sentences import Sentence, word_at
from nlp.turns.types import Claim, GivenValue
from nlp.turns.undecided import one_of_several
from nlp.types import FieldKind, FieldValue, Form

_WRITTEN = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})
_FREE = _WRITTEN | {FieldKind.NAME}
_CHANGED = re.compile(
    r"(?P<verb> (?:cambi|modifi|corrij|ajust|sustitu|reempla)\w+)? (?P<link>(?:por|a|con)\b:?) ?"
)
_PUT = re.compile(r"\b(?:pong\w+|poner\w*|anot[ea]\w*|registr[ea]\w*)\b")
_CHANGES = re.compile(r"\b(?:cambi|modifi|corrij|correg|ajust|sustitu|reempla[cz]|actuali[cz])\w+")
_CUT = re.compile(
    r" y (?=(?:el|la|los|las|mi|su|nuestr[oa]|yo|quien|que|un|una) )|;|, (?=(?:y|asi|pero"
    r"|aunque|con|el|la|mi|su|nuestr[oa]|no) )"
)


def claims_in(sentence: Sentence, ground: Ground) -> list[Claim]:
    """All that a sentence claims, the labelled first, several for a field if it says several."""
    named = mentions_in(sentence.folded, ground.labels)
    found = list(_labelled(sentence, ground, named))
    found += people_claimed(sentence, ground)
    found += numbers(sentence, ground)
    found += choices(sentence, ground)
    found += dates(sentence, ground)
    found += texts(sentence, ground)
    dates_told = {span.date for span in dates_in(sentence.text, ground.today)}
    away = dates_told - {span.date for span in dates_stated(sentence.text, ground.today)}
    return [claim for claim in found if claim.value not in away]


# --- by a label -------------------------------------------------------------------------------


def _labelled(sentence: Sentence, ground: Ground, named: list[LabelMention]) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    for index, mention in enumerate(named):
        link = LINK.match(folded, mention.end)
        changed = _CHANGED.match(folded, mention.end)
        if changed and (changed["verb"] or _CHANGES.search(folded, 0, mention.start)):
            link = changed
        at = link.end() if link else mention.end
        linked = bool(link and link["link"])
        kinds = ground.kinds_of(mention.label)
        signed = bool(link and link["link"] and link["link"].strip()[-1:] in (":", "="))
        loose = mention.text in ORDINARY or (not linked and kinds & _WRITTEN)
        if kinds & _FREE and loose and not signed and not says_me(text[at:]):
            put = _PUT.search(folded, 0, mention.start)  # "póngale a mi jefe, el Ing. …"
            if not (put and kinds == {FieldKind.NAME} and people_in(text[at:])):
                continue
        if NEGATED.search(folded, max(0, mention.start - 30), mention.start):
            continue
        if kinds == {FieldKind.CHOICES} and mention.text == "quien" and not signed:
            continue  # "Quien quedará como responsable es …"
        if kinds == {FieldKind.DIGITS} and is_count(folded[at:]):
            continue  # "lo que dije por teléfono: son 450"
        end = next(
            (m.start for m in named[index + 1 :] if m.start > at + 1 and _starts_claim(folded, m)),
            len(text),
        )
        part = text[at:end]
        if not part.strip() or re.match(r"\W*no\b", folded[at:end]):
            continue
        yield from _value_after(mention, part, at, ground, linked)


def _starts_claim(folded: str, mention: LabelMention) -> bool:
    """Whether a further label opens a claim of its own, so that the one before ends there."""
    link = LINK.match(folded, mention.end)
    return bool(link and link["link"])


def _value_after(
    mention: LabelMention, part: str, at: int, ground: Ground, linked: bool
) -> Iterator[Claim]:
    form = ground.form
    me = says_me(part) and not people_in(part)
    for name in mention.label.names:
        if name not in form:
            continue
        kind = form[name].kind
        if me and kind is not FieldKind.LONG_TEXT:
            value = of_writer(form[name].kind, ground.writer)
            if value is not None:
                yield Claim(name, value, at, at + len(part), 0.9, True)
            if value is not None or kind is FieldKind.TEXT:
                return
    label = mention.label
    cut = _cut(part, ground.kinds_of(label))
    if len(label.names) == 1 and form[label.names[0]].kind is FieldKind.DATE:
        other = _OTHER_END.search(fold(cut))
        cut = (
            cut[: other.start()] if other and dates_in(cut[: other.start()], ground.today) else cut
        )
    values: Mapping[str, FieldValue] = values_of(label, cut, False, form, ground.today)
    if len(label.names) == 2 and len(values) == 1:
        values = _one_end(label, cut, values, form)
    for name in label.names:
        if name in form and form[name].kind is FieldKind.NAME:
            sure = linked or label.official or people_in(part)  # "mi jefe anda de viaje" names none
            person = named_person(part, cut) if sure and not one_of_several(part) else None
            values = {name: person} if person else {}
    for name, value in values.items():
        kind = form[name].kind
        value = bare_name(value) if kind is FieldKind.TEXT and isinstance(value, str) else value
        if kind is FieldKind.LONG_TEXT and told_later(cut):
            continue
        if kind not in _FREE and not _near(cut, kind):
            continue
        if kind is FieldKind.INTEGER and counts_several(cut):
            continue
        yield Claim(name, value, at, at + len(cut), 0.9 if linked else 0.75, True)


_OTHER_END = re.compile(
    r",? y (?=(?:que )?(?:arranc|inici|empiez|empez|comienz|comenz|termin|acab|conclu|venc|hasta))"
)
_END = re.compile(r"\b(?:termin\w*|venc\w*|hasta|fin|conclu\w*|acab\w*|cierr\w*)\b")


def _one_end(
    label: Label, text: str, values: Mapping[str, FieldValue], form: Form
) -> Mapping[str, FieldValue]:
    """One date behind the label of a period: its end where the words say so."""
    if not _END.search(fold(text)):
        return values
    end = next((n for n in label.names if n in form and form[n].period == "end"), None)
    return {end: next(iter(values.values()))} if end else values


def _cut(part: str, kinds: set[FieldKind]) -> str:
    """The answer behind a label, without the clause that follows it."""
    if kinds & {FieldKind.LONG_TEXT, FieldKind.CHOICES, FieldKind.DATE}:
        return part
    cut = _CUT.search(fold(part))
    return part[: cut.start()] if cut and cut.start() > 1 else part


def _near(part: str, kind: FieldKind) -> bool:
    """Whether a typed value stands near its label, and not somewhere later in the sentence."""
    head = fold(part)[:60]
    if kind is FieldKind.CHOICES:  # "450 destinatarios y no 410, me faltó contar a los …"
        return not re.match(r"[^,;]*\d", head)
    if kind in (FieldKind.INTEGER, FieldKind.DIGITS):
        match = re.search(r"\d|mil\b|cien|ciento", head)
        return bool(match and match.start() < 40)
    return True


# --- that there is none ---------------------------------------------------------------------

_NONE = re.compile(
    r"\bsin\b(?: \w+){0,2}|\bcare[cz]\w+(?: \w+){0,3}|\bningun[oa]?(?: \w+)?"
    r"|\bno (?:tengo|tenemos|hay|cuento|contamos|tiene|manej\w+|us[oa]\w*|existe|aplica|se cuenta"
    r"|(?:nos|me) (?:han? )?(?:asign|dieron|dio|pus)\w*)\b(?: \w+){0,3}"
)


def none_claimed(sentence: Sentence, wanted: Sequence[str], ground: Ground) -> GivenValue | None:
    """ "No tenemos extensión": an answer, where the field is not essential."""
    match = _NONE.search(sentence.folded)
    if match is None:
        return None
    around = sentence.folded[max(0, match.start() - 25) : match.end()]  # "ext no manejamos"
    told = re.findall(r"\w{7,}", around)
    for name in wanted:
        item = ground.form[name]
        words = [w for w in map(fold, (item.label, *item.aliases)) if len(w) > 2]
        if not item.essential and any(
            word_at(around, w) >= 0 or get_close_matches(w, told, 1, 0.85) for w in words
        ):
            return GivenValue(name, None, sentence.text)
    return None

"""Which field of the form a label means, however it is typed. All labels come from the Form."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlp.text.fold import fold, word_set
from nlp.types import FieldKind, Form

REMEMBERED = 4096  # texts whose label is remembered

_PAREN = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
_NOT_WORD = re.compile(r"[^a-z0-9ñ]+")
_SCANNED = re.compile(r"(?<=[a-z])0(?![0-9])|(?<![a-z0-9])0(?=[a-z])")  # "Extensi0n"
_JOINS = re.compile(r" ?[,/&+] ?| (?:y|e|and) ")
_MOST_JOINED = 4  # labels
_LEADING = re.compile(
    r"^(?:(?:(?:con )?respecto (?:a|de)l?|en cuanto al?|sobre|y|pues|para|de|del|tambien|aqui|da"
    r"|dan)\s+)?(?:(?:el|la|los|las|lo|l|su|sus|mi|mis|nuestr[oa]s?|un|una|cual es|cuales son|es"
    r"|seria|sera)\s+)*"
)
_TRAILING = re.compile(
    r"(?<!\s)(?:\s+(?:es|son|sera|seran|seria|serian|fue|era|queda|quedaria|propuest[oa]"
    r"|solicitad[oa]|requerid[oa]|upaep|el|del mismo|de la misma|por favor)){1,6}$"
)
# Words that make of a known label another question: the former holder, an event, a folio.
_OTHERS = re.compile(
    r"\b(?:me|se|nos|te) (?:\w+ ){1,2}cargo\b|\b(?:anterior(?:es)?|saliente|previ[oa]|antes"
    r"|antigu[oa]|celular|cel|movil|fax|folio|empleado|nomina|matricula|evento|mensaje|asunto"
    r"|cubiculo|campus|domicilio|particular|hora|horario|lugar|sede|jornada|tema|edificio"
    r"|fecha de (?:envio|solicitud|elaboracion|publicacion|nacimiento|recepcion|llenado|hoy|entrega"
    r"|la solicitud)|dia de envio|copia|cc|copiar|jefe de|cierre|altas|bajas)\b"
)
_FILLER = word_set(
    "de del la el los las que se en y o a al por para un una su sus lo es con le quien nombre "
    "numero upaep lista envio envios"
)


def normal(label: str) -> str:
    """A label as it is compared: folded, without brackets, articles and punctuation."""
    bare = _NOT_WORD.sub(" ", fold(_PAREN.sub(" ", label))).strip()
    bare = _SCANNED.sub("o", bare)
    bare = _LEADING.sub("", bare)
    return _TRAILING.sub("", bare) or bare


@dataclass(frozen=True, slots=True)
class Label:
    """What a label means: the field's name, or the two of a period.

    `official` tells that it is typed as we ask it, `sure` that it is known letter by letter or but
    for a typing mistake. `others` are the fields that the same label may ask for ("fin").
    """

    names: tuple[str, ...]
    official: bool
    sure: bool = True
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The dictionary of a form's labels, one for each form."""

    exact: dict[str, Label]
    compact: dict[str, Label]
    fuzzy: dict[str, tuple[str, ...]]  # by first letter
    words: dict[str, tuple[tuple[frozenset[str], str], ...]]  # by longest telling word
    starts: dict[str, tuple[str, ...]]
    glued: re.Pattern[str]  # where one of our labels follows a word without a blank
    several: frozenset[str]  # fields that are answered by several items
    # Each line of a form is looked up several times, and forms repeat themselves.
    known: dict[str, Label | None] = field(default_factory=dict, repr=False)

    def find(self, text: str) -> Label | None:
        """The label that a text is, exactly, with typing mistakes, or in more words."""
        if len(text) > 160:
            return None
        if text not in self.known:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[text] = self._find(text)
        return self.known[text]

    def _find(self, text: str) -> Label | None:
        bare = normal(text)
        if "(" in text:
            whole = normal(text.replace("(", " ").replace(")", " "))
            if whole in self.exact:
                return self.exact[whole]
        if not bare or len(bare) > 90:
            return None
        known = self.exact.get(bare) or self.compact.get(bare.replace(" ", ""))
        known = known or self._joined(text)
        if known is not None:
            return known
        if _OTHERS.search(bare):
            return None
        return self._near(bare) or self._wordy(bare)

    def _joined(self, text: str) -> Label | None:
        """Labels of several fields as one: "Correo y extensión", "Responsable / Cargo"."""
        parts = [self.exactly(part) for part in _JOINS.split(text)]
        found = [part for part in parts if part is not None]
        names = dict.fromkeys(name for part in found for name in part.names)
        joined = len(found) == len(parts) and 1 < len(names) == len(parts) <= _MOST_JOINED
        return Label(tuple(names), official=False) if joined else None

    def asks_otherwise(self, text: str) -> bool:
        """Whether a text is the label of a question that is none of the form's."""
        return self.find(text) is None and _OTHERS.search(normal(text)) is not None

    def exactly(self, text: str) -> Label | None:
        """The label that a text is, letter by letter."""
        return self.exact.get(normal(text))

    def _near(self, bare: str) -> Label | None:
        if len(bare) < 4:
            return None
        cutoff = 86 if len(bare) > 7 else 83
        best = process.extractOne(
            bare,
            [known for known in self.fuzzy.get(bare[0], ()) if abs(len(known) - len(bare)) <= 3],
            scorer=OSA.normalized_similarity,
            score_cutoff=cutoff / 100,
        )
        return self.exact[best[0]] if best else None

    def _wordy(self, bare: str) -> Label | None:
        """The longest known label whose telling words all stand in the text."""
        words = [_stem(w) for w in bare.split()]
        if not 1 < len(words) <= 14:
            return None
        there = frozenset(words)
        best, weight = "", 0.35 * sum(len(word) for word in there if word not in _FILLER)
        for word in sorted(there):
            for needed, name in self.words.get(word, ()):
                if needed <= there:
                    size = sum(len(w) for w in needed)
                    if size > weight:
                        best, weight = name, size
        return Label(self.exact[best].names, False, sure=False) if best else None


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """A word without the endings of gender, number and person."""
    if len(word) > 4:
        return re.sub(r"(?:[oae]s|[oaes]|an|en|ara|aran|era|eran|ira|iran)$", "", word)
    return word


_Stanza: TypeAlias = tuple[str, str, tuple[str, ...], str]


def labels_of(form: Form) -> Labels:
    """The dictionary of a form, made once for each form."""
    return _labels(
        tuple(
            (f.name, f.label, f.aliases, f.period if f.kind is FieldKind.DATE else "")
            for f in form.fields
        ),
        frozenset(f.name for f in form.fields if f.kind in _SEVERAL),
    )


_SEVERAL = (FieldKind.CHOICES, FieldKind.LONG_TEXT)


@lru_cache(maxsize=16)
def _labels(stanzas: tuple[_Stanza, ...], several: frozenset[str]) -> Labels:
    exact = _periods(stanzas)
    for official in (True, False):
        for name, label, aliases, period in stanzas:
            for text in (label,) if official else aliases:
                bare = normal(text)
                if official and "(" in text and period:
                    bare = normal(text.replace("(", " ").replace(")", " "))
                if not bare:
                    continue
                known = exact.setdefault(bare, Label((name,), official))
                if name not in known.names:
                    exact[bare] = replace(known, others=(*known.others, name))
    words: dict[str, list[tuple[frozenset[str], str]]] = {}
    fuzzy: dict[str, list[str]] = {}
    for text in exact:
        if len(text) >= 4:
            fuzzy.setdefault(text[0], []).append(text)
        telling = frozenset(_stem(w) for w in text.split() if w not in _FILLER)
        if telling and max(map(len, telling)) >= 4:
            longest = max(sorted(telling), key=len)
            words.setdefault(longest, []).append((telling, text))
    return Labels(
        exact=exact,
        compact={text.replace(" ", ""): label for text, label in exact.items()},
        fuzzy={letter: tuple(texts) for letter, texts in fuzzy.items()},
        words={word: tuple(items) for word, items in words.items()},
        starts=_starts(stanzas),
        glued=_glued(stanzas),
        several=several,
    )


def _glued(stanzas: tuple[_Stanza, ...]) -> re.Pattern[str]:
    """The places at which a label as we ask it runs into the answer before it."""
    ours = sorted({_PAREN.sub("", label).strip() for _, label, _, _ in stanzas}, key=len)
    labels = "|".join(re.escape(label) for label in reversed(ours))
    return re.compile(rf"(?<=[^\W_A-Z])(?=(?:{labels})(?:[^\n:]{{0,30}}:|[A-ZÁÉÍÓÚÑ\d]))")


def _starts(stanzas: tuple[_Stanza, ...]) -> dict[str, tuple[str, ...]]:
    """The labels as typed, longest first, by their first letters."""
    found: dict[str, set[str]] = {}
    for _, label, aliases, _ in stanzas:
        for text in (label, *aliases):
            bare = fold(_PAREN.sub("", text)).strip()
            if len(bare) >= 3:
                found.setdefault(bare[:3], set()).add(bare)
    return {k: tuple(sorted(v, key=lambda t: (-len(t), t))) for k, v in found.items()}


def _periods(stanzas: tuple[_Stanza, ...]) -> dict[str, Label]:
    """The labels that ask for both ends of a validity at once."""
    shared: dict[str, list[str]] = {}
    for name, label, aliases, period in stanzas:
        if period:
            for text in dict.fromkeys(normal(t) for t in (_PAREN.sub("", label), *aliases)):
                shared.setdefault(text, []).append(name)
    return {t: Label(tuple(names), True) for t, names in shared.items() if t and len(names) > 1}

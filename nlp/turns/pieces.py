"""Lines with several answers, cut where a label opens the next: dictated, or in one breath."""

import re
from itertools import pairwise

from nlp.fields.labels import Label, Labels
from nlp.text.fold import fold, squeeze, word_set
from nlp.turns.me import as_signed
from nlp.turns.mentions import FUNCTION, LINK, ORDINARY, LabelMention, exactly, longest

_LONGEST = 4_000  # a longer line is no answer
_RUN_ON = 14  # words without a stop that nobody types with care
_WORD = re.compile(r"[a-z0-9ñ]+")
_BEFORE = re.compile(
    r"(?:^|[.;,:!?)\n]|\b(?:y|e|con|gracias|hola|tambien|ademas)) ?(?:(?:el|la|los|las|lo|mi"
    r"|mis|su|sus|nuestr[oa]s?|de|del|con|que|como|para) )*$"
)
_ARTICLE = re.compile(
    r"(?:\b(?:y|e|con) )?(?:\b(?:el|la|los|las|lo|mi|mis|su|sus|nuestr[oa]s?) )?$"
)
_DENIES = re.compile(r" (?:ya )?no (?:es|son|sera|seran|termina|inicia|va)\b")
_HAS_NONE = re.compile(
    r"\b(?:no (?:ten(?:go|emos)|hay|cuento|contamos|manej\w+|existe)|sin)(?: con)?"
    r"(?: (?:la|el))? ?$"
)
_SIGN = re.compile(r" ?(?:\([^()]{0,40}\) ?)?(?:[:=]|[-–—] |\. )")


def parted(line: str, labels: Labels) -> list[str]:
    """A line as the parts that signs part and labels open; itself where there are not two."""
    signed = as_signed(line[:_LONGEST], labels)
    pieces = [p.strip() for one in signed for p in _SIGNS.split(one) if p and p.strip()]
    if len(pieces) > 1 and len(line) <= _LONGEST:
        return [part for piece in pieces for part in parted(piece, labels)]
    if "\t" in line or len(line) > _LONGEST or len(line.split()) < 5:
        return [line]
    line = squeeze(line)
    folded = fold(line)
    counts = list(_COUNT.finditer(folded))
    if len(counts) > 1 and [int(c["n"]) for c in counts] == list(range(1, len(counts) + 1)):
        cuts = [*(c.end() for c in counts), len(line)]
        return [line[a:b].rstrip(" ,;") for a, b in _spans(cuts, counts)]
    marks = [
        m for m in longest(folded, 6, lambda text, count: _label(text, count, labels))
        if _opens(folded, m) and (m.text in labels.exact or _SIGN.match(folded, m.end))
    ]  # fmt: skip
    articles = ((_ARTICLE.search(folded[: m.start]), m.start) for m in marks)
    starts = sorted({article.start() if article else at for article, at in articles})
    if not starts or (len(starts) == 1 and not folded[: starts[0]].strip()):
        return [line]
    cuts = [0, *(s for s in starts if s > 0), len(line)]
    pieces = [line[a:b].strip() for a, b in pairwise(cuts)]
    pieces = [re.sub(r"^y |[,;]? y$", "", piece).rstrip(" ,;") for piece in pieces]
    return [piece for piece in pieces if re.search(r"[^\W\d]", piece)]


_SIGNS = re.compile(r"(?<=\s)(?://|\||·|•)(?=\s)")  # "75 personas // semanal"
_COUNT = re.compile(r"(?:^|(?<=[\s:,;]))(?P<n>\d)(?:[.)]|[.)]?-) ?(?=\S)")


def _spans(cuts: list[int], counts: list[re.Match[str]]) -> list[tuple[int, int]]:
    """From behind each number to the next number, or the end."""
    return list(zip(cuts, [*(c.start() for c in counts[1:]), cuts[-1]], strict=False))


def _label(text: str, count: int, labels: Labels) -> Label | None:
    if text in labels.exact or count > 1 or len(text) < 7:
        return exactly(text, count, labels)
    near = labels.find(text)
    return near if near is not None and near.sure else None


def _opens(folded: str, mention: LabelMention) -> bool:
    """Whether a label opens an answer of its own."""
    before, signed = folded[: mention.start], _SIGN.match(folded, mention.end)
    link = LINK.match(folded, mention.end)
    linked = bool(link and link["link"]) or bool(_DENIES.match(folded, mention.end))
    if signed and signed[0] == ". " and _HAS_NONE.search(before):
        return False  # "Aquí no tenemos extensión. …"
    official = mention.label.official and signed and signed[0] != ". "  # "ella da el visto bueno. "
    if signed and (_BEFORE.search(before[-40:]) or official):
        return True
    if mention.text in ORDINARY or mention.text in _LOOSE:
        return False
    if re.search(r"\b(?:no|a|del|de|al|en|por|sin|cual|que) (?:el |la )?$", before[-14:]):
        return False
    if linked:
        return bool(_BEFORE.search(before[-40:]) or _ARTICLE.search(before)[0]) or _runs_on(folded)  # type: ignore[index]
    following = _WORD.search(folded, mention.end)
    if following is not None and following[0].isdigit() and not re.search("[,;:.]", folded):
        return True  # "extensión 7318 son 640"
    if following is None or following[0] in FUNCTION | {"de", "del", "y", "e", "o"}:
        return False
    return bool(_BEFORE.search(before[-40:])) or _runs_on(folded)


_LOOSE = word_set(
    "correo mail email telefono tel son total numero num aprox desde hasta al inicio fin "
    "final termina inicia empieza comienza"
)


def _runs_on(folded: str) -> bool:
    """Whether a line goes on and on without a stop, as dictated ones do."""
    words, stops = len(folded.split()), len(re.findall(r"[.,;:] ", folded))
    return words > _RUN_ON and stops * _RUN_ON < words

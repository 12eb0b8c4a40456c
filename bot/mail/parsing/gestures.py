"""Mail that says nothing: a reaction to a message, or the wish to have one back.

Gmail sends a reaction as a part of its own beside a text for other programs, RFC 9078 as a part
whose disposition is "reaction"; Outlook and telephones write a sentence.
"""

import json
import re
import unicodedata

from nlp.text.fold import fold, one_line
from nlp.text.links import without_links

_LONGEST = 400  # characters of a text that says nothing else
_MOST_SIGNS = 16
_SIGNS = frozenset({"So", "Sk", "Mn", "Me", "Cf"})
_SIGN = re.compile(r"[^\w\s\x00-\x7f¡¿«»“”‘’]{1,16}")
_REACTED = re.compile(
    r"(?:[^\W\d_][^.!?:]{0,80} )?(?:ha reaccionado|reacciono|reacted)\b(?: con)?"
    r" (?:a|ante|al|to|via|mediante|por|a traves|desde|from|using|with|con)\b[^.!?:]{0,120}[.:]?$"
)
_ABOUT_MESSAGE = re.compile(
    r"[^\W\d_][^.!?:]{0,80} (?:ha reaccionado|reacciono|reacted)"
    r" (?:al? (?:su |tu |este )?(?:mensaje|correo)|to (?:your|this) (?:message|e-?mail))"
    r"(?: con| with)? ?:?$"
)
_HEAD = 8  # lines in which such a mail names its sender and its sign
_NAMED_SIGN = re.compile(r"^\[[a-z ]{3,20}\] ")  # "[Me gusta] Ana reaccionó a su mensaje"
_ENCLOSED = re.compile(r"\[\s*\]|\(\s*\)")
# The words of telephones ("tapbacks"): what was liked stands in quotation marks.
_LIKED = re.compile(
    r"(?:(?:a )?[^\W\d_][^.!?\"]{0,60} )?(?:(?:le )?(?:dio|puso|gave) (?:un |a )?(?:me gusta"
    r"|me encanta|me divierte|like|pulgar arriba|thumbs up)(?: a| to)?|me gusto|me gusta|me encanta"
    r"|me encanto|le gusto|le gusta|le encanto|le encanta|no le gusto"
    r"|(?:le |se )?ha (?:gustado|encantado|destacado|enfatizado|reido de)|enfatizo"
    r"|se rio de|liked|loved|laughed at|emphasized|questioned|disliked"
    r"|(?:ha reaccionado|reacciono|reacted)(?: con| with)?(?: a| to)?)"
    r":? (?:\"(?:[^\"]|(?<=[\s(¿¡])\"[^\"]{1,80}\"){1,400}\"?"
    r"|(?:su|tu|este|your|this) (?:mensaje|correo|message|e-?mail))[.:]?$"
)
_RECALLED = re.compile(
    r"(?:a )?[^\W\d_][^.!?:\"]{0,80}? (?:quiere|querria|desea|desearia|quisiera|le gustaria"
    r"|gostaria de|deseja|quer|ha solicitado|solicita|solicito|has requested to|requested to"
    r"|would like to|wants to)"
    r" (?:recuperar|retirar|anular|revocar|revogar|recolher|recall) (?:el|este|un|the|this|a|esta)"
    r" (?:mensaje|mensagem|correo|message|e-?mail)\b,? ?(?:\"([^\"]{0,300})\"?)?[.]?$"
)
_RECALL_SUBJECT = re.compile(
    r"\s*(?:recuperar|recuperaci[oó]n|recall|revocar|retirar|anular"
    r"|solicitud de recuperaci[oó]n(?: de(?:l)? mensaje)?|(?:message )?recall request)\s?: ?(?=\S)",
    re.IGNORECASE,
)


def reaction(text: str, part: bytes, author: str = "") -> str:
    """The sign (or the sentence) of a mail that is nothing but a reaction; empty for any other.

    `text` is its new text, `part` the part that some programs send for it, `author` the name of
    its sender.
    """
    if sign := _sign_of(part) or _above_excerpt(text, author):
        return sign
    said = text.strip()
    if not said or len(said) > _LONGEST:
        return ""
    if _is_sign(said):
        return "".join(said.split())
    signs = [sign for sign in _SIGN.findall(said) if _is_sign(sign)]
    words = _NAMED_SIGN.sub("", _words(said))
    if _REACTED.match(words) or _LIKED.match(words):
        return signs[0] if signs else one_line(said, 80)
    return ""


def _above_excerpt(text: str, author: str) -> str:
    """The sign above what Outlook repeats of the message that somebody reacted to.

    It writes of the sender by name, which nobody does of themselves.
    """
    lines = [line for line in text.split("\n", _HEAD) if line.strip()][:2]
    told = next((n for n, line in enumerate(lines) if _ABOUT_MESSAGE.match(_words(line))), None)
    if told is None:
        return ""
    by = _words(lines[told]).partition(" reac")[0].removesuffix(" ha").split()
    sign = next((s for line in lines for s in _SIGN.findall(line) if _is_sign(s)), "")
    others = [line for n, line in enumerate(lines) if n != told]
    named = bool(by) and set(by) <= set(fold(author).replace(",", " ").split())
    return sign if named and (_SIGN.search(lines[told]) or all(map(_is_sign, others))) else ""


def _words(text: str) -> str:
    """A text folded, without links, signs and what enclosed these."""
    return " ".join(_ENCLOSED.sub(" ", _SIGN.sub(" ", fold(without_links(text)))).split())


def recalled(text: str, subject: str) -> str:
    """The subject of the message that a mail asks to have back; empty where it asks for none."""
    named = _RECALL_SUBJECT.match(subject)
    said = fold(text).strip()
    told = _RECALLED.match(said) if len(said) <= _LONGEST else None
    if told is None and not (named and not said):
        return ""
    about = subject[named.end() :] if named else (told[1] if told and told[1] else subject)
    return one_line(about, 200) or "?"


def _sign_of(part: bytes) -> str:
    """What a part tells: JSON with the sign (Gmail), or the sign itself (RFC 9078)."""
    text = part[:2_000].decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            told = json.loads(text)
        except ValueError:
            return ""
        text = str(told.get("emoji", "")) if isinstance(told, dict) else ""
    text = one_line(text, _MOST_SIGNS)
    return text if _is_sign(text) else ""


def _is_sign(text: str) -> bool:
    """Whether a text is nothing but emoji."""
    kinds = [unicodedata.category(char) for char in text if not char.isspace()]
    return 0 < len(kinds) <= _MOST_SIGNS and "So" in kinds and set(kinds) <= _SIGNS

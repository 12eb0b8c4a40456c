"""Subjects without the marks that servers and mailing lists put into them."""

import re

from nlp.text.fold import fold, plain
from nlp.text.folios import LIKE_FOLIO

_TAG = re.compile(r"[\[{(*]{1,3}([^\[\](){}*]{1,40})[\])}*]{1,3}")
_PREFIX = re.compile(r"\s*(?:[A-Za-z]{1,5}(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:\s*)")
# Such a mark is a server's wherever it stands.
_SERVERS = re.compile(
    r"\W*(?:(?:correo|mensaje|mail|e-?mail|remitente|sender|origen|message|suspected|posible"
    r"|possible|potential)[ _-])*(?:ext(?:ern[oa]l?)?|external|outside|spam|bulk|phish\w*|junk"
    r"|suspicious|sospechos[oa]|no[ -](?:seguro|verificado|confiable)|unverified|untrusted|seguro"
    r"|secure|cifrado|encrypted|caution|precaucion|warning|advertencia|virus|dmarc|newsletter)"
    r"(?:[ _-](?:correo|mensaje|mail|e-?mail|remitente|sender|origen|message|fail))*\W*$"
)
_ANSWERS = re.compile(r"(?:(?:re|rv|fw|fwd|resp|aw|r|enc)\s?:\s*){1,20}", re.IGNORECASE)
_BARE_MARK = re.compile(r"(?:EXT(?:ERN[AO]L?)?|EXTERNAL|SPAM|CORREO EXTERNO)\s?[:|-]\s+")


def topic(subject: str) -> str:
    """`subject` without marks: "RV: [EXT] RE: Lista (External)" is "RV: RE: Lista".

    What stands in brackets before the subject itself is a mark; elsewhere only what servers are
    known to put there. A folio stays.
    """
    subject = " ".join(subject.split())  # a run of blanks is gone through once
    kept: list[str] = []
    at = 0
    leading = True
    while at < len(subject):
        prefix = _PREFIX.match(subject, at) if leading else None
        tag = _TAG.match(subject, at)
        bare = _BARE_MARK.match(subject, at) if leading else None
        if bare:
            at = bare.end()
        elif prefix:
            kept.append(prefix[0])
            at = prefix.end()
        elif (
            tag
            and not re.fullmatch(LIKE_FOLIO, tag[1].strip())
            and ((leading and subject[at] in "[{") or _SERVERS.match(fold(tag[1])))
        ):
            at = tag.end()
        elif tag:
            kept.append(tag[0])
            at = tag.end()
        else:
            leading = leading and subject[at].isspace()
            kept.append(subject[at])
            at += 1
    return " ".join("".join(kept).split())


def same_subject(one: str, other: str) -> bool:
    """Whether two subjects differ by marks and by the prefixes of answers only."""
    return _bare(one) == _bare(other) != ""


def _bare(subject: str) -> str:
    return plain(_ANSWERS.sub("", topic(subject), count=1))

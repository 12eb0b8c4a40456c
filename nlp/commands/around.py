"""What a mail makes known of the people and things that its words may name."""

import re

from nlp.commands.lexicon import DOUBT
from nlp.commands.match import Around
from nlp.text.fold import fold
from nlp.text.folios import FOLIO
from nlp.types import BlockKind, Message

_WORDS = re.compile(r"[^\W\d_]{3,}")
_ASKED_BY = re.compile(r"^\W*([^\n(]{3,120}?) \([^()\s]{3,200}\)\s+(?:espera|pide)\b", re.MULTILINE)
_NEW_LIKE = (BlockKind.SIGNATURE, BlockKind.ATTRIBUTION)


def around(message: Message, writer: str, things: frozenset[str]) -> Around:
    """What a mail itself makes known; `writer` is the name in From, `things` may be decided on."""
    subject = FOLIO.sub(" ", message.subject[:300])
    area = {fold(w) for w in _WORDS.findall(subject)} - DOUBT
    below = " ".join(b.text[:600] for b in message.blocks if b.kind in _NEW_LIKE)[:1_500]
    names = {fold(w) for w in _WORDS.findall(f"{below} {writer[:200]}") if w[0].isupper()} - DOUBT
    initials = "".join(word[0] for word in fold(writer[:200]).split() if len(word) > 2)
    notice = "\n".join(
        (message.answered, *(b.text for b in message.blocks if b.kind is BlockKind.QUOTE))
    )
    asked_by = _ASKED_BY.search(notice[:3_000])
    asking = _WORDS.findall(asked_by[1]) if asked_by else ()
    requester = {fold(w) for w in asking if w[0].isupper()} - DOUBT
    return Around(
        area=frozenset(area),
        names=frozenset(names),
        initials=initials,
        requester=frozenset(requester),
        things=things,
    )

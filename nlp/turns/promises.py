"""A turn that only promises what is missing: "mañana les mando lo que falta"."""

import re

from nlp.kinds.put_off import put_off
from nlp.text.fold import fold
from nlp.turns.courtesy import STOP, is_courtesy

_WILL_GIVE = re.compile(
    r"\b(?:mand|pas|envi|compart|dig|avis|confirm|contest|complet|junt|consig|conseg|revis|chec"
    r"|averig|pregunt)(?:o|amos|are|aremos|uiendo|ando|iendo)\b|\bh(?:ago|are|acemos) llegar\b"
)
# Who refuses, complains or turns to somebody else: people read that.
_OTHERWISE = re.compile(
    r"\b(?:no|nunca|tampoco|hasta que|cancel\w*|quej\w*|rector\w*|denunci\w*|vueltas|harta?"
    r"|molest\w*|inconform\w*)\b"
)


def promises(text: str) -> bool:
    """Whether a text says, besides courtesies, that answers will come, and nothing else."""
    folded = fold(text)
    if "?" in text or _OTHERWISE.search(folded) or not _WILL_GIVE.search(folded):
        return False
    told = [part for part in STOP.split(text) if not is_courtesy(part)]
    return bool(told) and all(map(put_off, told))

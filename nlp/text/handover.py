"""Whether a mail hands a forwarded mail over as its own request: facts for the scorer to weigh."""

import re
from itertools import pairwise

from nlp.text.fold import readable
from nlp.text.tokens import EMAIL, tokenise
from nlp.types import BlockKind, Message

HANDOVER = "(handover)"  # the scorer knows it by this name
_DATA = re.compile(
    rf"{EMAIL.pattern}|(?<!\d)\d{{2,30}}|(?<!\w)[^\W_]{{1,40}}(?:-[^\W_]{{1,40}}){{1,8}}|:[ \t]?\w"
)


def forwards(message: Message) -> bool:
    """Whether the mail carries a forwarded one."""
    return any(b.kind is BlockKind.FORWARD and b.text.strip() for b in message.blocks)


def facts(message: Message) -> list[str]:
    """What the sender typed above it: how much, with how many data, in which words."""
    typed = readable(message.new_text)
    tokens = [t for t in tokenise(typed[:1500]) if t.text[0].isalnum()]
    words = [t.stem for t in tokens][:60]
    size = next((n for n in (0, 4, 10, 20, 40, 80) if len(tokens) <= n), 200)
    data = min(len(_DATA.findall(typed[:1500])), 5)
    return [
        f"size={size}",
        f"data={data}",
        f"size={size} data={data}",
        f"asks={'?' in typed}",
        *{"1=" + word for word in words},
        *{f"2={one}|{two}" for one, two in pairwise(words)},
    ]

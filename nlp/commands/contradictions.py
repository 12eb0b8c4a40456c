"""Whether the text of a command goes on to give another decision."""

from collections.abc import Sequence

from nlp.commands.forms import FormBook, Hit
from nlp.commands.openings import Openings
from nlp.commands.text import CommandSentence, sentences

_JOINS = frozenset(("y", "o", "e", "u", "pero", "ni", ":"))


def contradicted(
    openings: Openings, found: Sequence[CommandSentence], hit: Hit, *, apart: bool
) -> bool:
    """Whether a reason goes on to give another decision; one told apart from its word in capitals
    may speak of one: "Aprobar esto sería …"."""
    own = hit.form.command.name
    for number, sentence in enumerate(found):
        tokens, start = sentence.tokens, hit.end if number == 0 else 0
        infinitive = sentence.line and tokens and tokens[0].key.endswith("r")
        if number and infinitive and _orders_else(openings.book.at(tokens, 0), own):
            return True  # "rechazar ¶ preguntar quién …"; a reason may end "Pidan otra en enero"
        for at in range(start, len(tokens)):
            other = openings.book.at(tokens, at)
            if other is None or other.form.command.name == own or not other.form.command.decides:
                continue
            first = not any(t.kind == "word" for t in tokens[start:at])
            joined = at > 0 and tokens[at - 1].key in _JOINS
            shouted = tokens[at].is_shouted and not tokens[at - 1].is_shouted
            if apart and not shouted and not openings.closes(sentence, at):
                continue
            if first or shouted or joined:
                return True
    return False


def _orders_else(hit: Hit | None, own: str) -> bool:
    """Whether a line opens with another order that carries a text."""
    words = hit.form.command if hit else None
    return bool(words and hit and words.takes_text and words.name != own and not hit.form.noun)


def opens_with_decision(forms: FormBook, text: str, *, alone: bool) -> bool:
    """Whether a text opens with the word of a decision, or is nothing besides."""
    first = sentences(text[:100])
    hit = forms.at(first[0].tokens, 0) if first else None
    said = hit is not None and hit.form.command.decides
    return said and not (alone and hit and hit.end < len(first[0].tokens))

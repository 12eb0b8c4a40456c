"""Whether the text of a command goes on to give another command."""

from collections.abc import Sequence

from nlp.commands.forms import FormBook, Hit
from nlp.commands.openings import Openings
from nlp.commands.text import CommandSentence, sentences

_JOINS = frozenset(("y", "o", "e", "u", "pero", "ni", ":"))


def contradicted(
    openings: Openings, found: Sequence[CommandSentence], hit: Hit, *, apart: bool
) -> bool:
    """Whether a reason goes on to give another decision, or a command on a line of its own; one
    told apart from its word in capitals may speak of one: "Aprobar esto sería …"."""
    own = hit.form.command.name
    for number, sentence in enumerate(found):
        tokens, start = sentence.tokens, hit.end if number == 0 else 0
        if number and sentence.line and _opens_with_another(openings.book, sentence, own):
            return True
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


def _opens_with_another(forms: FormBook, sentence: CommandSentence, own: str) -> bool:
    """Whether a line opens with the infinitive of another command that carries a text, "rechazar ¶
    preguntar quién …"; a reason may end "Pidan otra en enero"."""
    hit = forms.at(sentence.tokens, 0)
    if hit is None or hit.form.noun or not sentence.tokens[0].key.endswith("r"):
        return False
    return hit.form.command.takes_text and hit.form.command.name != own


def opens_with_decision(forms: FormBook, text: str, *, alone: bool) -> bool:
    """Whether a text opens with the word of a decision, or is nothing besides."""
    first = sentences(text[:100])
    hit = forms.at(first[0].tokens, 0) if first else None
    said = hit is not None and hit.form.command.decides
    return said and not (alone and hit and hit.end < len(first[0].tokens))

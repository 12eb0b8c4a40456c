"""Whether a mail reads like a machine's: learned, for wording that no rule knows."""

from collections.abc import Iterator

from nlp.kinds.linear import load, words

LIKELY = 0.5  # with a machine's word beside it, it is one
SURE = 0.42  # from here on people are told, and nobody is answered
CERTAIN = 0.86  # the same of a mail that asks for something, or of a new one, whatever it is about
QUIET = 0.9  # from here on nobody is told of what a rule takes for a machine's
PERSONS = 0.3  # below it, what only its way makes a machine's is a person's
HARDLY = 0.09  # below it, a person wrote it, though a subject says "out of office"
UNLIKELY = 0.02  # below it, what only its wording made a machine's is told to people


def features(sender: str, subject: str, text: str) -> Iterator[str]:
    """The words of a mail: of who wrote, of the subject, of the new text."""
    yield from words(sender.replace(".", " ").replace("-", " "), "f:")
    yield from words(subject, "s:")
    yield from words(text)


def machine(sender: str, subject: str, text: str) -> float:
    """How likely a machine wrote this; `sender` is the local part of the address."""
    return load("machine").probability(features(sender, subject, text))

"""Sentences that people read, by key: the core names one and gives what stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """A catalogue, `texts` by key; `names` may stand in any of them (the units, the institution).

    Only a text of the catalogue is ever a format; what people wrote is a value and stays one.
    """

    texts: Mapping[str, str]
    names: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence. Raises KeyError for a key or a value that is missing."""
        return self.texts[key].format_map({**self.names, **values})

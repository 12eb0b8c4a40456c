"""Folios, the numbers of cases: `CI-2021-0042`."""

import re

# As one is given out, with nothing that would make it part of something longer.
FOLIO = re.compile(r"(?<![A-Za-z0-9-])[A-Za-z]{1,8}-20\d\d-\d{4,9}(?![0-9A-Za-z])")
# What has the form of one, where the place tells that it is one; to make patterns of.
LIKE_FOLIO = r"[A-Za-z]{1,8}-\d{4}-\d{1,9}"


def folios_in(text: str, prefix: str = "") -> tuple[str, ...]:
    """The folios that a text cites, once each, in order, in upper case; those of a `prefix`."""
    begins = f"{prefix}-" if prefix else ""
    found = (one.upper() for one in FOLIO.findall(text[:100_000]))
    return tuple(dict.fromkeys(one for one in found if one.startswith(begins)))

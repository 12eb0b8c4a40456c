"""Names written as the address of a list begins: "boletin-egresados"."""

import re

# As it should be written; of folded text, to make patterns of.
SLUG = r"[a-z][a-z0-9]+(?:-[a-z0-9]+)+"
# One that stands by itself, and is no part of an address.
A_SLUG = re.compile(rf"(?<![\w@.-]){SLUG}(?![\w@-])", re.IGNORECASE)
# As people type one, with accents and other signs. Each part is bounded: time stays linear.
PART = r"[^\W_]{1,40}"
TYPED = rf"{PART}(?:[-_.]{PART}){{1,8}}"

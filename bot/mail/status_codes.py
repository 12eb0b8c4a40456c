"""Enhanced status codes (RFC 3463), as servers say them at once or in a report later."""

from __future__ import annotations

import re

# Of the codes about an address (3.2) those about where a mail goes, not whence it comes.
NO_SUCH_ADDRESS = re.compile(r"5\.1\.(?:10|[0-46])(?!\d)")

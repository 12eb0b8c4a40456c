"""Text that is signed in place with PGP, without what the signature adds to it."""

from collections.abc import Sequence

from bot.mail.parsing.lines import TextLine

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE, _SIGNATURE_END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"


def without_armour(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    """The lines without the armour of text signed in place (RFC 9580, 7)."""
    if not any(line.text.strip() == _SIGNED for line in lines):
        return lines
    kept: list[TextLine] = []
    in_head = in_signature = False
    for line in lines:
        text = line.text.strip()
        if text == _SIGNED:
            in_head = True
        elif in_head:
            in_head = bool(text)
        elif text == _SIGNATURE:
            in_signature = True
        elif in_signature:
            in_signature = text != _SIGNATURE_END
        else:
            unescaped = line.text.removeprefix("- ") if line.text.startswith("- -") else line.text
            kept.append(TextLine(unescaped, line.level, line.hint, line.copied))
    return kept

"""S/MIME whose content stands within its signature, and what is encrypted.

Nothing is verified here: who a mail is from is decided by what the receiving server vouches for.
"""

from replies.phrases import say

TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
ENCRYPTED = say("attachment.encrypted")
PGP = "application/pgp-encrypted"
PGP_MESSAGE, PGP_END = "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----"  # RFC 9580, 6.2
_ARMOUR = 1_000  # bytes within which it begins, where a program wrote it as text (RFC 7468, 9)
_DEEPEST = 3  # signatures round one another


def signed_content(data: bytes) -> bytes | None:
    """The content of signed data (RFC 5652, 5); None where it is anything else.

    Raises ValueError where it is no CMS at all.
    """
    from asn1crypto import cms, pem  # most mail does without

    if pem.detect(data[:_ARMOUR]):
        *_, data = pem.unarmor(data)
    for _ in range(_DEEPEST):
        try:
            opened = cms.ContentInfo.load(data)
            if opened["content_type"].native != "signed_data":
                return None
            content = opened["content"]["encap_content_info"]["content"].native
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ValueError("no CMS") from error
        if not isinstance(content, bytes):
            return None
        if not content.startswith(b"\x30"):
            return content
        data = content
    return None

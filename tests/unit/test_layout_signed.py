"""Signed mail is read without its signature; photos are named, logos are no files."""

from __future__ import annotations

import base64
import datetime as dt
import struct
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from bot.mail.parsing.signed import signed_content
from bot.workflow.message import ParsedMessage

from .reading_mails import HEAD, typed, understood

INNER = "Content-Type: text/plain; charset=utf-8\r\n\r\nLa extensión es 7415.\r\n".encode()
TEN_YEARS = dt.timedelta(days=3650)


@cache
def identity() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ana Prado")])
    now = dt.datetime.now(dt.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    built = (
        built.public_key(key.public_key()).not_valid_before(now).not_valid_after(now + TEN_YEARS)
    )
    return built.sign(key, hashes.SHA256()), key


def opaque(content: bytes) -> bytes:
    certificate, key = identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def encrypted(content: bytes) -> bytes:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(identity()[0])
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def smime(data: bytes, kind: str = "application/pkcs7-mime") -> ParsedMessage:
    head = f'Content-Type: {kind}; name="smime.p7m"\nContent-Transfer-Encoding: base64\n\n'
    return understood(HEAD + head.encode() + base64.encodebytes(data))


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "application/x-pkcs7-mime"])
def test_opaque_signatures_are_opened(kind: str) -> None:
    mail = smime(opaque(INNER), kind)
    assert mail.text == "La extensión es 7415."
    assert mail.attachments == ()


SIGNED = "multipart/signed; protocol=application/pkcs7-signature; micalg=sha-256; boundary={}"
LINE = "La extensión es 7415."
PART = f"Content-Type: text/plain; charset=utf-8\n\n{LINE}\n"
FORMS = f"Content-Type: multipart/alternative; boundary=a\n\n--a\n{PART}--a\n" + (
    f"Content-Type: text/html; charset=utf-8\n\n<p>{LINE}</p>\n--a--\n"
)
FOOTER = (
    f"{'_' * 47}\nEnlaces mailing list -- enlaces@upaep.mx\n"
    "To unsubscribe send an email to enlaces-leave@upaep.mx\n"
)


def clear(part: str = PART, boundary: str = "b", kind: str = "pkcs7-signature") -> str:
    """A part with its signature beside it (RFC 8551, 3.5.3)."""
    signature = f"Content-Type: application/{kind}; name=smime.p7s\n\nMIAGCSqGSIb3\n"
    head = f"Content-Type: {SIGNED.format(boundary)}\n\nThis is signed.\n\n"
    return f"{head}--{boundary}\n{part}--{boundary}\n{signature}--{boundary}--\n"


def relayed(part: str) -> str:
    """A part to which a mailing list added its footer."""
    footer = f"Content-Type: text/plain; charset=utf-8\n\n{FOOTER}"
    return f"Content-Type: multipart/mixed; boundary=m\n\n--m\n{part}\n--m\n{footer}--m--\n"


def sealed(data: bytes, kind: str, disposition: str = "", *, armoured: bool = False) -> str:
    told = f"Content-Disposition: attachment; filename={disposition}\n" if disposition else ""
    body = base64.encodebytes(data).decode()
    if armoured:
        body = f"-----BEGIN PKCS7-----\n{body}-----END PKCS7-----\n"
    encoding = "" if armoured else "Content-Transfer-Encoding: base64\n"
    return f"Content-Type: {kind}\n{told}{encoding}\n{body}"


OPAQUE = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
BLAND = "application/octet-stream"


@cache
def all_signed() -> dict[str, str]:
    """Mail as programs sign it and relays hand it on."""
    data = opaque(INNER)

    def around(part: str) -> str:
        return sealed(opaque(part.replace("\n", "\r\n").encode()), OPAQUE)

    return {
        "clear": clear(),
        "clear, x-pkcs7": clear(kind="x-pkcs7-signature"),
        "clear, two forms": clear(FORMS),
        "clear, a footer beside it": relayed(clear()),
        "clear, a notice behind its end": f"{clear()}\nAVISO: este mensaje es confidencial.\n",
        "clear, a footer within": clear(f"{PART}\n{FOOTER}"),
        "clear, twice": clear(clear(boundary="c")),
        "opaque, x-pkcs7": sealed(data, "application/x-pkcs7-mime; name=smime.p7m"),
        "opaque, by its name": sealed(data, f"{BLAND}; name=smime.p7m"),
        "opaque, by its file": sealed(data, BLAND, "SMIME.P7M"),
        "opaque, without a name": sealed(data, "Application/PKCS7-MIME; smime-type=signed-data"),
        "opaque, armoured": sealed(data, OPAQUE, armoured=True),
        "opaque, a footer beside it": relayed(sealed(data, OPAQUE)),
        "opaque, two forms": around(FORMS),
        "opaque, of a clear one": around(clear()),
        "opaque, of an opaque one": around(sealed(data, OPAQUE)),
        "opaque, of a whole mail": around(f"Content-Type: message/rfc822\n\nSubject: x\n{PART}"),
        "opaque, its head within": around(f"Subject: x\nFrom: Ana <ana@upaep.mx>\n{PART}"),
    }


@pytest.mark.parametrize("name", [*all_signed()])
def test_signed_mail_is_read_whatever_program_signed_it(name: str) -> None:
    mail = understood(HEAD + all_signed()[name].encode())
    assert mail.text == LINE
    assert mail.attachments == ()


ENVELOPED = b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x03\xa0\x80\0\0\0\0"
AUTHENTICATED = b"0\x80\x06\x0b*\x86H\x86\xf7\r\x01\t\x10\x01\x17\xa0\x80\0\0\0\0"
ENCRYPTED_PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEMA7415\n-----END PGP MESSAGE-----\n"
VERSION = "Content-Type: application/pgp-encrypted\n\nVersion: 1\n"


def in_pgp(name: str, kind: str = "multipart/encrypted") -> str:
    named = f"; name={name}" if name else ""
    part = f"Content-Type: {BLAND}{named}\n\n{ENCRYPTED_PGP}"
    return f"Content-Type: {kind}; boundary=b\n\n--b\n{VERSION}--b\n{part}--b--\n"


@pytest.mark.parametrize(
    "body",
    [
        sealed(ENVELOPED, f"{BLAND}; name=smime.p7m"),
        sealed(AUTHENTICATED, OPAQUE),
        in_pgp("encrypted.asc"),
        in_pgp(""),
        in_pgp("encrypted.asc", "multipart/mixed"),
    ],
    ids=["enveloped", "authEnveloped", "PGP/MIME", "without a name", "by Exchange"],
)  # fmt: skip
def test_encrypted_mail_is_told_whatever_program_sealed_it(body: str) -> None:
    mail = understood(HEAD + body.encode())
    assert any("cifrado" in a.problem for a in mail.attachments)
    assert mail.text == ""


def test_signed_twice() -> None:
    assert signed_content(opaque(opaque(INNER))) == INNER


def test_what_is_encrypted_is_told() -> None:
    (one,) = smime(encrypted(INNER)).attachments
    assert "cifrado" in one.problem


@pytest.mark.parametrize("data", [b"", b"no", opaque(INNER)[:200], b"\x30\x80" * 5000])
def test_what_is_broken_is_told(data: bytes) -> None:
    (one,) = smime(data).attachments
    assert one.problem


def test_pgp_in_the_text() -> None:
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nAPROBAR\n- - uno\n"
        "-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v2\n\niQEzBAEBCgAd\n=abcd\n"
        "-----END PGP SIGNATURE-----\n"
    )
    assert typed(body).text == "APROBAR\n- uno"


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


def with_file(data: bytes, kind: str, name: str, *, inline: bool) -> ParsedMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "Ana <ana@upaep.mx>", "Lista"
    mail.set_content("Va el formato.")
    main, _, sub = kind.partition("/")
    disposition = "inline" if inline else "attachment"
    mail.add_attachment(data, main, sub, filename=name, disposition=disposition)
    return understood(mail.as_bytes())


@pytest.mark.parametrize(
    ("data", "kind", "name", "inline"),
    [
        (b"\0\0\0\x18ftypheic", "image/heic", "IMG_2041.HEIC", False),
        (b"\0\0\0\x18ftypheic", "application/octet-stream", "IMG_2041.HEIC", True),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "IMG_2041.jpeg", True),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "formato lleno.jpg", False),
        (png(1200, 1600), "image/png", "image001.png", True),
        (png(1200, 1600), "image/png", "image0.png", False),
        (b"\xff\xd8\xff\xe0" + bytes(90_000), "image/jpeg", "image1.jpeg", False),
        (png(1200, 1600), "image/png", "Captura de pantalla.png", False),
    ],
)
def test_photos_are_named_as_what_cannot_be_read(
    data: bytes, kind: str, name: str, inline: bool
) -> None:
    (one,) = with_file(data, kind, name, inline=inline).attachments
    assert name in one.problem
    assert not one.inline


@pytest.mark.parametrize(
    ("data", "kind", "name", "inline"),
    [
        (png(200, 80), "image/png", "image001.png", True),
        (png(200, 80), "image/png", "image001.png", False),
        (b"GIF89a", "image/gif", "logo.gif", True),
        (png(600, 120), "image/png", "firma.png", True),
        (b"0\x80", "application/pkcs7-signature", "smime.p7s", False),
        (b"0\x80", "application/octet-stream", "smime.p7s", False),
        (b"-----BEGIN", "application/pgp-signature", "signature.asc", False),
        (b"-----BEGIN", "application/pgp-keys", "clave.asc", False),
        (png(128, 64), "image/png", "UPAEP 50.png", True),
        (b"BEGIN:VCARD", "text/vcard", "ana.vcf", False),
    ],
)
def test_logos_and_signatures_are_no_files(data: bytes, kind: str, name: str, inline: bool) -> None:
    assert with_file(data, kind, name, inline=inline).attachments == ()


@pytest.mark.parametrize(
    ("kind", "name"), [("audio/ogg", "PTT-20260817.ogg"), ("video/mp4", "VID_0001.mp4")]
)
def test_recordings_are_named_as_what_cannot_be_heard(kind: str, name: str) -> None:
    (one,) = with_file(b"OggS", kind, name, inline=False).attachments
    assert name in one.problem


def test_an_encrypted_text_is_told_so_and_says_nothing() -> None:
    sealed = "-----BEGIN PGP MESSAGE-----\n\nhQEMA7415abc\n=abcd\n-----END PGP MESSAGE-----\n"
    incoming = typed(f"Hola.\n\n{sealed}\nAna")
    assert "hQEMA" not in incoming.text
    (one,) = incoming.attachments
    assert "cifrado" in one.problem


def test_a_protected_message_of_outlook_is_told_so() -> None:
    name = "message_v2.rpmsg"
    sealed = with_file(b"\x76\xe8", "application/octet-stream", name, inline=False)
    (one,) = sealed.attachments
    assert "cifrado" in one.problem

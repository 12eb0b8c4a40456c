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
        (png(128, 64), "image/png", "UPAEP 50.png", False),
        (b"BEGIN:VCARD", "text/vcard", "ana.vcf", False),
    ],
)
def test_logos_and_signatures_are_no_files(data: bytes, kind: str, name: str, inline: bool) -> None:
    (one,) = with_file(data, kind, name, inline=inline).attachments
    assert (one.problem, one.inline) == ("", True)


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

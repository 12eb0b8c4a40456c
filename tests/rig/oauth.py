"""Token endpoints of Google and Microsoft, and an introspection endpoint for Dovecot.

The assertion of a service account (RFC 7523) and the client's secret (RFC 6749, section 4.4) are
really verified: a bot that asks wrongly gets no token.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.rig.system import LOOPBACK

GOOGLE_ACCOUNT = "bot@project.iam.gserviceaccount.com"
GOOGLE_CLIENT = "1234567890"
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"  # in assertions, wherever they are sent
GOOGLE_SCOPE = "https://mail.google.com/"
TENANT = "tenant-1"
CLIENT_ID = "client-1"
CLIENT_SECRET = "client-secret"
MICROSOFT_SCOPE = "https://outlook.office365.com/.default"

Answer = tuple[int, dict[str, object]]


@dataclass
class Token:
    """An access token as the endpoints know it."""

    text: str
    username: str
    flavour: str
    expires: float

    @property
    def active(self) -> bool:
        return time.time() < self.expires


@dataclass
class OAuthServer:
    """Both providers on one loopback port; `lifetime` and `failures` may be changed at any time.

    `failures` holds (status, body) pairs that the token endpoints answer first, one each.
    `mailbox` is whose mail a client-credentials token opens: such a token names nobody.
    """

    lifetime: float = 3600
    mailbox: str = "bot@upaep.mx"
    failures: list[Answer] = field(default_factory=list)
    issued: list[Token] = field(default_factory=list)
    introspected: int = 0

    def __enter__(self) -> Self:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        handler = type("Handler", (_Handler,), {"rig": self})
        self._http = ThreadingHTTPServer((LOOPBACK, 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._http.server_port}"

    @property
    def google_token_url(self) -> str:
        return f"{self.url}/google/token"

    @property
    def microsoft_token_url(self) -> str:
        return f"{self.url}/{TENANT}/oauth2/v2.0/token"

    @property
    def introspection_url(self) -> str:
        return f"{self.url}/introspect"

    def service_account_file(self, directory: Path) -> Path:
        """A key file as Google's console hands it out."""
        key = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = directory / "service-account.json"
        path.write_text(
            json.dumps(
                {
                    "type": "service_account",
                    "client_email": GOOGLE_ACCOUNT,
                    "client_id": GOOGLE_CLIENT,
                    "private_key_id": "key-1",
                    "private_key": key.decode(),
                    "token_uri": self.google_token_url,
                }
            )
        )
        return path

    def expire_all(self) -> None:
        """From now on no token issued so far opens anything."""
        for token in self.issued:
            token.expires = 0

    def accepts(self, username: str, text: str) -> bool:
        """Whether this token opens this mailbox now (for the SMTP sink)."""
        return any(t.text == text and t.username == username and t.active for t in self.issued)

    def _issue(self, username: str, flavour: str) -> Answer:
        token = Token(
            secrets.token_urlsafe(24), username, flavour, expires=time.time() + self.lifetime
        )
        self.issued.append(token)
        return 200, {
            "access_token": token.text,
            "token_type": "Bearer",
            "expires_in": int(self.lifetime),
        }

    def google(self, form: dict[str, str]) -> Answer:
        if self.failures:
            return self.failures.pop(0)
        try:
            claims = jwt.decode(
                form["assertion"],
                self._key.public_key(),
                algorithms=["RS256"],
                audience=GOOGLE_AUDIENCE,
                options={"require": ["iss", "sub", "scope", "exp"]},
            )
        except (KeyError, jwt.InvalidTokenError) as error:
            return 400, {"error": "invalid_grant", "error_description": str(error)}
        if claims["iss"] != GOOGLE_ACCOUNT or claims["scope"] != GOOGLE_SCOPE:
            return 401, {"error": "unauthorized_client", "error_description": "not delegated"}
        return self._issue(claims["sub"], "google")

    def microsoft(self, form: dict[str, str]) -> Answer:
        if self.failures:
            return self.failures.pop(0)
        if form.get("grant_type") != "client_credentials" or form.get("scope") != MICROSOFT_SCOPE:
            return 400, {"error": "invalid_scope", "error_description": "AADSTS70011"}
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            return 401, {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret provided.",
            }
        return self._issue(self.mailbox, "microsoft")

    def introspect(self, form: dict[str, str]) -> Answer:
        """RFC 7662; Dovecot compares `username` with the one that logs in."""
        self.introspected += 1
        for token in self.issued:
            if token.text == form.get("token") and token.active:
                return 200, {"active": True, "username": token.username}
        return 200, {"active": False}


class _Handler(BaseHTTPRequestHandler):
    rig: ClassVar[OAuthServer]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
        answer = {
            "/google/token": self.rig.google,
            f"/{TENANT}/oauth2/v2.0/token": self.rig.microsoft,
            "/introspect": self.rig.introspect,
        }.get(self.path)
        status, body = answer(form) if answer else (404, {"error": "not_found"})
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: a test's output is its own."""

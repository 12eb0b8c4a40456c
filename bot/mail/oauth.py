"""Access tokens for Google Workspace and Microsoft 365, and XOAUTH2.

Google: a service account with domain-wide delegation writes an assertion (RFC 7523) in the name of
the mailbox. Microsoft: client credentials (RFC 6749, section 4.4). Tokens live for an hour or so
and a login outlives its token, so one is fetched for each login and none is kept.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.config.settings import ServerSettings
from bot.mail.errors import MailboxError, one_line, section
from bot.mail.providers import step_for

GOOGLE_SCOPE = "https://mail.google.com/"
MICROSOFT_SCOPE = "https://outlook.office365.com/.default"
MICROSOFT_AUTHORITY = "https://login.microsoftonline.com"


def access_token(settings: ServerSettings) -> str:
    """A fresh token that opens the mailbox `settings.username`; raises MailboxError."""
    if settings.auth == "oauth2-google":
        return _google(settings)
    return _microsoft(settings)


def xoauth2(username: str, token: str) -> str:
    """The initial response of XOAUTH2, not yet in base64.

    Google and Microsoft both speak this forerunner of OAUTHBEARER (RFC 7628).
    """
    return f"user={username}\x01auth=Bearer {token}\x01\x01"


def refusal_advice(settings: ServerSettings) -> str:
    """What to look at when a server refuses a token that was duly issued."""
    if settings.auth == "oauth2-google":
        return (
            f"check that {settings.username} is a mailbox of the domain with {section(settings)} "
            f"access on, and that domain-wide delegation holds the scope {GOOGLE_SCOPE}"
        )
    permission = "IMAP.AccessAsApp" if section(settings) == "imap" else "SMTP.SendAsApp"
    return (
        f"check that the application has the permission {permission} with admin consent, and that "
        f"its service principal may open {settings.username} (Add-MailboxPermission)"
    )


def _google(settings: ServerSettings) -> str:
    # Imported here: requests and what it brings cost a tenth of a second that others can save.
    import requests
    from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
    from google.auth.transport.requests import Request
    from google.oauth2 import service_account

    name = section(settings)
    file = settings.oauth.service_account_file
    if file is None:
        raise _missing(name, "service_account_file", "Google's key of the service account")
    try:
        key = json.loads(file.read_bytes())
        load: Any = service_account.Credentials.from_service_account_info
        credentials = load(key, scopes=[GOOGLE_SCOPE], subject=settings.username)
    except (OSError, ValueError, AttributeError, TypeError, GoogleAuthError) as error:
        raise MailboxError(
            f"{file} is not a usable key of a service account: {one_line(error)}",
            "download a JSON key for the service account from Google Cloud's console",
            temporary=False,
        ) from error
    if settings.oauth.token_url:
        credentials = credentials.with_token_uri(settings.oauth.token_url)
    with _session(settings) as session:
        try:
            request: Any = Request(session)
            credentials.refresh(functools.partial(request, timeout=settings.timeout_seconds))
        except TransportError as error:
            raise _unreachable("Google", error) from error
        except RefreshError as error:
            words = one_line(" ".join(str(part) for part in error.args))
            raise MailboxError(
                f"Google gives no token for {settings.username}: {one_line(error.args[0])}",
                step_for(settings, words)
                or f"in the Admin console, under domain-wide delegation, grant the scope "
                f"{GOOGLE_SCOPE} to client {key.get('client_id', '')}, and check {name}.username "
                "and this machine's clock",
                temporary=bool(error.retryable),
            ) from error
        except requests.RequestException as error:
            raise _unreachable("Google", error) from error
    return str(credentials.token)


def _microsoft(settings: ServerSettings) -> str:
    import msal
    import requests

    name, oauth = section(settings), settings.oauth
    for key, meaning in (("tenant", "the directory id"), ("client_id", "the application's id")):
        if not getattr(oauth, key):
            raise _missing(name, key, meaning)
    if oauth.client_secret is None:
        raise _missing(name, "client_secret", "a secret of the application")
    with _session(settings) as session:
        client: Any = _Timed(session, settings.timeout_seconds)
        if oauth.token_url:
            client = _OneEndpoint(client, oauth.token_url)
        try:
            application = msal.ConfidentialClientApplication(
                oauth.client_id,
                client_credential=oauth.client_secret.get_secret_value(),
                authority=f"{MICROSOFT_AUTHORITY}/{oauth.tenant}",
                instance_discovery=False if oauth.token_url else None,
                http_client=client,
            )
            result = application.acquire_token_for_client([MICROSOFT_SCOPE])
        except requests.RequestException as error:
            raise _unreachable("Microsoft", error) from error
        except ValueError as error:  # discovery: no such tenant; or an answer that is not JSON
            raise MailboxError(
                f"Microsoft does not know the directory {oauth.tenant}: {one_line(error)}",
                step_for(settings, "does not know the directory"),
                temporary=False,
            ) from error
    if "access_token" in result:
        return str(result["access_token"])
    code = str(result.get("error", ""))
    words = one_line(result.get("error_description") or code)
    raise MailboxError(
        f"Microsoft gives no token: {words}",
        step_for(settings, words)
        or f"check {name}.oauth.client_id, and that the secret belongs to it and has not expired",
        temporary=code in ("temporarily_unavailable", "server_error"),
    )


def _missing(name: str, key: str, meaning: str) -> MailboxError:
    variable = f"BOT_{name}__OAUTH__{key}".upper()
    return MailboxError(
        f"{name}.oauth.{key} is not set",
        f"it should be {meaning}; set it in the file or as {variable}",
        temporary=False,
    )


def _unreachable(provider: str, error: Exception) -> MailboxError:
    return MailboxError(
        f"{provider}'s token endpoint cannot be reached: {one_line(error)}",
        "check that this machine may open HTTPS connections to it",
        temporary=True,
    )


def _session(settings: ServerSettings) -> Any:
    import requests

    session = requests.Session()
    if settings.ca_file is not None and settings.oauth.token_url:
        session.verify = str(settings.ca_file)
    return session


class _Timed:
    """What msal asks of an HTTP client, with a timeout on each request."""

    def __init__(self, session: Any, timeout: float) -> None:
        self._session, self._timeout = session, timeout

    def post(self, url: str, **options: Any) -> Any:
        return self._session.post(url, timeout=self._timeout, **options)

    def get(self, url: str, **options: Any) -> Any:
        return self._session.get(url, timeout=self._timeout, **options)

    def close(self) -> None:
        self._session.close()


@dataclass(frozen=True)
class _Answer:
    """As much of an HTTP answer as msal looks at."""

    text: str
    status_code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class _OneEndpoint:
    """Makes msal use the token endpoint it is given.

    msal insists on asking Microsoft's directory where it is; with `token_url` that is answered.
    """

    def __init__(self, client: _Timed, token_url: str) -> None:
        self._client, self._token_url = client, token_url

    def post(self, url: str, **options: Any) -> Any:
        return self._client.post(self._token_url, **options)

    def get(self, url: str, **options: Any) -> _Answer:
        # msal takes nothing but HTTPS here, and these two are not asked: see post().
        endpoint = f"{MICROSOFT_AUTHORITY}/tenant/oauth2/v2.0"
        names = ("authorization_endpoint", "token_endpoint", "issuer")
        return _Answer(json.dumps(dict.fromkeys(names, endpoint)))

    def close(self) -> None:
        self._client.close()

"""What IMAPClient and imaplib do not offer, and how servers differ from the RFCs.

The only module that reaches into `client._imap`, imaplib's object below IMAPClient. Each quirk is
told beside the helper that deals with it.
"""

import ssl

from imapclient import IMAPClient


def keep_no_trace(client: IMAPClient) -> None:
    """imaplib's trace would format every line, bodies and tokens included, for a logger."""
    client._imap.debug = 0


def take_exists(client: IMAPClient) -> tuple[int | None, bool]:
    """How many messages the folder holds, if the server has told it since this was asked last, and
    whether some went meanwhile: some servers tell the same again with every answer.

    EXISTS may come with the answer to any command (RFC 3501, 7.3.1), and IDLE then does not repeat
    it. IMAPClient drops what an answer did not ask for; imaplib keeps all of it for as long as the
    connection lives, so it is emptied here.
    """
    untagged = client._imap.untagged_responses
    exists, fewer = untagged.get("EXISTS"), "EXPUNGE" in untagged
    untagged.clear()
    return int(exists[-1]) if exists else None, fewer


def begin_idle(client: IMAPClient) -> bool:
    """IDLE, up to the server's `+`; whether it said something before that.

    Raises `client.Error` where the server refuses.

    IMAPClient's idle() takes any line before the `+` for a refusal, but a server may announce mail
    first. After a refusal the connection is as good as before.
    """
    imap = client._imap
    client._idle_tag = tag = imap._command("IDLE")
    said = False
    while imap._get_response() is not None:  # None: the continuation, `+`
        said = True
        if imap.tagged_commands[tag] is not None:
            _, words = imap.tagged_commands.pop(tag)
            raise client.Error(f"idle failed: {words[-1].decode('utf-8', 'replace')}")
        imap._check_bye()
    return said


def has_buffered(client: IMAPClient) -> bool:
    """Whether words of the server's wait in a buffer of this process, where poll() sees nothing.

    They came together with the `+` that answers IDLE: mail that arrived just before. IMAPClient's
    own idle_check() does not see them, and takes the end of a connection for silence.
    """
    sock = client.socket()
    timeout = sock.gettimeout()
    sock.setblocking(False)
    try:
        return bool(client._imap.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        sock.settimeout(timeout)


_NOT_THERE = (
    b"From: System Administrator <root@localhost>\r\nSubject: message unavailable\r\n\r\n"
    b"This message is no longer available on the server.\r\n"
)


def stands_in(raw: bytes) -> bool:
    """Whether these are words of the server's about a message that it has no more.

    Courier hands them over under the UID of what another session deleted, until the next NOOP.
    """
    return raw == _NOT_THERE


def lost_its_mailbox(words: str) -> bool:
    """Whether a refusal says that this session is of no use any more.

    Exchange keeps the connection when the mailbox behind it moves or restarts, and answers every
    command with "BAD User is authenticated but not connected". Only a new session helps.
    """
    return "authenticated but not connected" in words.lower()

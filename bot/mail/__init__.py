"""Talking to the mail servers, and nothing else: what mail means is decided elsewhere.

`imap.Inbox` reads, `smtp.SmtpSender` sends, `check` tries both; trouble is a `MailboxError`.
"""

"""The tour: a real IMAP and a real SMTP server on loopback, sample people, and the real bot."""

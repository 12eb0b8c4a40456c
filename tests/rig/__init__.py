"""Real servers on loopback for the tests: IMAP, SMTP, OAuth, PostgreSQL, and a faulty network."""

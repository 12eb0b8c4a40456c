"""The core, exhausted: every message and every hour, from an empty case on, in every order."""

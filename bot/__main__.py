"""`python -m bot`: see docs/architecture.md for the rooms behind it."""

from bot.cli.app import main

if __name__ == "__main__":
    main()

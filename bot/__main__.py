"""`python -m bot`: see docs/architecture.md for the rooms behind it."""

if __name__ == "__main__":
    # Not above: the process that reads mail imports this module too, and needs no commands.
    from bot.cli.app import main

    main()

"""`python -m bot`: see docs/architecture.md for the rooms behind it."""

import sys

if __name__ == "__main__":
    # Not above: the process that reads mail imports this module too, and needs no commands.
    if not {"run", "once"}.isdisjoint(sys.argv):
        from bot.runtime import collector, forkserver

        collector.rest_while_loading()
        forkserver.start()  # it loads on the second core what takes this one a second, too
    from bot.cli.app import main

    main()

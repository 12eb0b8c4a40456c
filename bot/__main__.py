"""`python -m bot`, and the program `upaep-list-bot` of an installed one."""

import signal
import sys


def main() -> None:
    """Runs a command; docs/architecture.md tells the rooms behind it."""
    # Imported here: the process that reads mail imports this module too, and needs no commands.
    if not {"run", "once"}.isdisjoint(sys.argv):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until `run` heeds it: it would end it
        from bot.runtime import collector

        collector.rest_while_loading()
    if not {"run", "once", "explain"}.isdisjoint(sys.argv):
        from bot.runtime import forkserver

        forkserver.start()  # it loads on the second core what takes this one a second, too
    from bot.cli.app import main as run_command

    run_command()


if __name__ == "__main__":
    main()

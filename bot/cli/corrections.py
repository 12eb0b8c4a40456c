"""`corrections`: what people corrected, as labelled mail to learn from."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import WRONG_USE, app, give_up
from bot.cli.rows import write_private
from bot.config.load import load
from bot.runtime.database import open_store
from bot.workflow.outcome import Correction

corrections_app = typer.Typer(help="What people corrected, to learn from.", no_args_is_help=True)
app.add_typer(corrections_app, name="corrections")


@corrections_app.command()
def export(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="A file; else it is printed.")] = None,
) -> None:
    """Everything corrected so far, in the form of nlp/corpus/written, oldest first.

    It holds what people wrote: read it, and take names out, before it joins the corpus.
    """
    with open_store(load(context.obj)) as store:
        text = "\n\n".join(as_sample(c) for c in store.records.corrections())
    if to is None:
        sys.stdout.write(text + "\n" if text else "")
    else:
        try:
            write_private(to, text + "\n")
        except OSError as error:
            give_up(f"{to}: cannot be written: {error.strerror}", WRONG_USE)


def as_sample(correction: Correction) -> str:
    """A message as the corpus has it; its own marks in the text are made harmless."""
    body = "\n".join(
        f" {line}" if line.startswith("===") else line for line in correction.text.splitlines()
    )
    for mark, harmless in (("[", "("), ("]", ")")):
        body = body.replace(mark, harmless)
    subject = " ".join(correction.subject.split())
    return f"=== {correction.intent}\nFecha: {correction.sent_on}\nAsunto: {subject}\n\n{body}"

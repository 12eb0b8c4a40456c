"""`python -m nlp train` and `python -m nlp evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, help="Train and measure what the bot understands.")

FormFile = Annotated[Path, typer.Option("--form", help="The form's fields, a YAML file.")]
_FORM = Path("bot/config/form.yaml")


@app.callback()
def _commands() -> None:
    """Train and measure what the bot understands."""


@app.command()
def train(
    form: FormFile = _FORM, out: Annotated[Path | None, typer.Option("--out")] = None
) -> None:
    """Train intent and fields on the corpora and write nlp/model/."""
    from nlp import training
    from nlp.pipeline import MODEL

    about = training.train(form, out or MODEL)
    typer.echo(f"{about['samples']} samples, {about['mails']} of them whole mails")


if __name__ == "__main__":
    app()

"""`python -m nlp train` and `python -m nlp evaluate`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, help="Train and measure what the bot understands.")

FormFile = Annotated[Path, typer.Option("--form", help="The form's fields, a YAML file.")]
_FORM = Path("bot/lists/form.yaml")


@app.callback()
def _commands() -> None:
    """Train and measure what the bot understands."""


@app.command()
def train(
    form: FormFile = _FORM, out: Annotated[Path | None, typer.Option("--out")] = None
) -> None:
    """Train intent and fields on the corpora and write nlp/model/."""
    from nlp.pipeline import MODEL
    from nlp.training import train as training

    about = training.train(form, out or MODEL)
    typer.echo(f"{about['samples']} samples, {about['mails']} of them whole mails")


@app.command()
def kinds() -> None:
    """Train what tells additions and mail of machines by their wording: nlp/kinds/model/."""
    from nlp.training import train_kinds

    train_kinds.train()


@app.command()
def evaluate(
    form: FormFile = _FORM,
    out: Annotated[Path, typer.Option("--out", help="Folder for the page.")] = Path("build"),
    docs: Annotated[Path, typer.Option("--docs")] = Path("docs/understanding.md"),
    wrong: Annotated[bool, typer.Option("--wrong", help="Print every error.")] = False,
) -> None:
    """Measure on mail never trained on; write a page with plots and the figures in the docs."""
    from nlp.shipped import load_form
    from nlp.training import evaluation, page

    trials = []
    for trial in evaluation.run(load_form(form)):
        trials.append(trial)
        total = trial.fields.total
        typer.echo(
            f"{trial.name:12} {len(trial.outcomes):4} mails  intent {trial.accuracy:.3f}"
            f"  macro F1 {trial.macro_f1:.3f}  fields P {total.precision:.3f} R {total.recall:.3f}"
        )
        for item in [*(o for o in trial.outcomes if not o.right), *trial.fields.wrong]:
            if wrong:
                typer.echo(f"  {item}")
    page.page(trials, out / "understanding.html")
    page.document(trials, docs)
    typer.echo(f"{out / 'understanding.html'}, {docs}")


if __name__ == "__main__":
    app()

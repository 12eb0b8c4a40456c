"""The templates of the pages: strict, escaped, from this package alone."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(name: str) -> Template:
    """The page of this name; an undefined value in it is an error."""
    environment = Environment(
        loader=PackageLoader("bot.report", "."), undefined=StrictUndefined, autoescape=True
    )
    return environment.get_template(f"{name}.html.j2")

"""Templates from this package, with the styles of `style.css` written where the classes stand.

Mail clients drop style sheets, so every element must bear its style. That is done once, when a
template is loaded: ` class="note"` becomes ` class="note" style="…"`.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader

_RULE = re.compile(r"^\.([\w-]+)\s*\{([^}]*)\}", re.MULTILINE)
_CLASS = re.compile(r' class="([\w -]+)"')


class StyledLoader(PackageLoader):
    """A PackageLoader that inlines the styles of HTML templates."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        source, path, fresh = super().get_source(environment, template)
        if template.endswith(".html.j2"):
            source = _CLASS.sub(_with_style, source)
        return source, path, fresh


def _with_style(found: re.Match[str]) -> str:
    style = " ".join(_styles()[name] for name in found[1].split())
    return f'{found[0]} style="{style}"'


@cache
def _styles() -> dict[str, str]:
    """The declarations of every class, on one line each."""
    css = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return {name: " ".join(rule.split()) for name, rule in _RULE.findall(css)}

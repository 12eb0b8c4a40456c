"""What the bot says: one folder a reply, with subject, text, HTML and a sample.

Mail text is only ever a value: templates come from this package alone, undefined names are errors,
and HTML is always escaped. Nothing here knows the bot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from jinja2 import Environment, StrictUndefined, Template, meta, select_autoescape

from replies import filters
from replies.loader import StyledLoader


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply ready for a mail: `subject` on one line, `text` and `html` bodies."""

    subject: str
    text: str
    html: str


def render(name: str, values: Mapping[str, object], /) -> Rendered:
    """Renders the reply in the folder `name`.

    Raises jinja2.TemplateNotFound for an unknown reply and jinja2.UndefinedError where a value
    that the templates use is missing. What was rendered last is kept: colleagues get the same.
    """
    shown = {key: value for key, value in values.items() if key in _used(name)}
    before = _LAST.get(name)
    if before is None or before[0] != shown:
        before = _LAST[name] = (shown, _rendered(name, values))
    return before[1]


def prepare() -> None:
    """Compiles every reply now rather than when it is first needed."""
    environment = _environment()
    for path in environment.list_templates():
        if path.endswith(".j2"):
            _template(path)
        if path.endswith("/body.txt.j2"):
            _used(path.partition("/")[0])


_LAST: dict[str, tuple[Mapping[str, object], Rendered]] = {}


def _rendered(name: str, values: Mapping[str, object]) -> Rendered:
    if "guidelines_url" in values:
        values = {**values, "guidelines_url": filters.Own(values["guidelines_url"])}
    subject = _template(f"{name}/subject.txt.j2").render(values)
    text = _template(f"{name}/body.txt.j2").render(values)
    html = _template(f"{name}/body.html.j2").render(values)
    return Rendered(" ".join(subject.split()), filters.tidy(text), html.strip() + "\n")


@cache
def _used(name: str) -> frozenset[str]:
    """The values that a reply shows or asks about, those of the templates behind it included."""
    environment = _environment()
    used: set[str] = set()
    paths = [f"{name}/{part}" for part in ("subject.txt.j2", "body.txt.j2", "body.html.j2")]
    for path in paths:  # grows as templates name others
        assert environment.loader is not None  # noqa: S101  (made with one)
        tree = environment.parse(environment.loader.get_source(environment, path)[0])
        used |= meta.find_undeclared_variables(tree)
        named = meta.find_referenced_templates(tree)
        paths += [other for other in named if other and other not in paths]
    return frozenset(used)


@cache
def _template(path: str) -> Template:
    return _environment().get_template(path)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=StyledLoader("replies", "."),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        finalize=filters.visible,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.globals["mailto"] = filters.mailto
    for function in filters.FILTERS:
        environment.filters[function.__name__] = function
    return environment

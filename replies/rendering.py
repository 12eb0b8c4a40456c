"""A reply made of its folder's templates and the values of a mail.

Mail text is only ever a value: templates come from this package alone, undefined names are errors,
and HTML is always escaped.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from jinja2.runtime import Context

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
    before = _LAST.get(name)
    if before is None or any(values.get(key, _ABSENT) != was for key, was in before[0].items()):
        asked: set[str] = set()
        token = _ASKED.set(asked)
        try:
            rendered = _rendered(name, values)
        finally:
            _ASKED.reset(token)
        before = _LAST[name] = ({key: values.get(key, _ABSENT) for key in asked}, rendered)
    return before[1]


def prepare() -> None:
    """Compiles every reply now rather than when it is first needed."""
    environment = _environment()
    for path in environment.list_templates():
        if path.endswith(".j2"):
            _template(path)


_ABSENT = object()
_LAST: dict[str, tuple[Mapping[str, object], Rendered]] = {}
"""Of each reply what was rendered last, and the values that the templates asked for."""
_ASKED: ContextVar[set[str]] = ContextVar("asked")


class _Noting(Context):
    """Notes which values a template asks for."""

    def resolve_or_missing(self, key: str) -> Any:
        _ASKED.get().add(key)
        return super().resolve_or_missing(key)


def _rendered(name: str, values: Mapping[str, object]) -> Rendered:
    ours = ("guidelines_url", "privacy_url", "reason_link")
    values = {**values, **{name: filters.Own(values[name]) for name in ours if name in values}}
    subject = _template(f"{name}/subject.txt.j2").render(values)
    text = _template(f"{name}/body.txt.j2").render(values)
    html = _template(f"{name}/body.html.j2").render(values)
    return Rendered(" ".join(subject.split()), filters.tidy(text), html.strip() + "\n")


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
    environment.context_class = _Noting
    environment.globals["mailto"] = filters.mailto
    for function in filters.FILTERS:
        environment.filters[function.__name__] = function
    return environment

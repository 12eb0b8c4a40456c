"""Templates that lie in a package beside its code, such as pages: strict, as the replies are."""

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape


def template(package: str, file: str) -> Template:
    """A template of a package; an undefined value in it is an error, and HTML is escaped."""
    environment = Environment(
        loader=PackageLoader(package, "."),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(file)

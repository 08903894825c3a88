"""The texts that reports are filled into."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def rendered(name: str, facts: dict[str, Any]) -> str:
    """Return a template filled in; what goes into a page is escaped."""
    environment = Environment(
        loader=PackageLoader(__package__, ""),
        autoescape=select_autoescape(("html.jinja",), default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=False,
    )
    return environment.get_template(name).render(facts)

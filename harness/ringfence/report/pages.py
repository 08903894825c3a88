"""HTML templates: each package keeps its own in a folder ``page``."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def pages(package: str) -> Environment:
    """Return what fills in a package's templates; what goes into them is escaped."""
    return Environment(
        loader=PackageLoader(package, "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

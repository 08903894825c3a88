"""A search as one page that needs nothing else: the verdict, then what was found, then what was tried."""

import base64
import hashlib
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup

from ringfence.engine.stats import DONE
from ringfence.report.mutants import Matrix
from ringfence.report.pages import pages
from ringfence.report.picture import INK, svg
from ringfence.report.summary import PropertyStatus, Shown, Summary
from ringfence.report.text import difference_rows, headlines, step_rows

TEMPLATE: Final = "report.html.jinja"
POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'"


def page(summary: Summary, mutants: Matrix | None = None) -> str:
    """Return the page, with a vault's mutants if they are given.

    Nothing in it is fetched from anywhere, and its policy forbids it.
    """
    environment = pages(__package__)
    environment.globals |= {
        "headlines": headlines,
        "step_rows": step_rows,
        "difference_rows": difference_rows,
        "picture": _picture,
    }
    style, script = (Markup(_text(name)) for name in ("report.css", "report.js"))
    # The policy allows the one script whose text, as it stands between its tags, has this hash.
    digest = base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode()
    return environment.get_template(TEMPLATE).render(
        summary=summary,
        missing=_missing(summary),
        actions=_actions(summary),
        mutants=mutants,
        style=style,
        script=script,
        policy=f"{POLICY}; script-src 'sha256-{digest}'",
    )


def _picture(shown: Shown) -> Markup:
    """Return the drawing, its ink that of the page."""
    return Markup(svg(shown.frames, shown.finding.market).replace(INK, "currentColor"))


def _missing(summary: Summary) -> list[str]:
    untested = [each.id for each in summary.properties if each.standing is PropertyStatus.UNTESTED]
    return [*(f"{each} was never put to the test" for each in untested), *summary.missing]


def _actions(summary: Summary) -> list[dict[str, Any]]:
    """Return a row for every action, its refusals the most frequent first."""
    rows = []
    for name in sorted({action for action, _ in summary.outcomes}):
        ends = {end: count for (action, end), count in summary.outcomes.items() if action == name and count}
        done = ends.pop(DONE, 0)
        refusals = sorted(ends.items(), key=lambda item: (-item[1], item[0]))
        rows.append({"name": name, "done": done, "refused": sum(ends.values()), "refusals": refusals})
    return rows


def _text(name: str) -> str:
    return (files(__package__) / "page" / name).read_text(encoding="utf-8")

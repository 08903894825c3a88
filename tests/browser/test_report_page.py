"""The report in a real browser: it renders, sorts and filters, and asks nobody for anything."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page
from ringfence.properties import PROPERTIES
from ringfence.report.html import page as page_of

from tests.report.samples import shown_finding, summary

pytestmark = pytest.mark.slow

NARROW: Final = {"width": 380, "height": 800}


class Seen:
    """A page, everything that the browser complained of, and everything that it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def column(self, table: str, number: int) -> list[str]:
        """Return the texts of a column's visible cells, from the top."""
        rows = self.page.locator(f"#{table} tbody tr:visible td:nth-child({number})")
        return [text.strip() for text in rows.all_inner_texts()]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a report with a finding in it."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page_of(summary(shown_finding())), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[..., Seen]]:
    """Give what opens the report; whatever the browser complains of fails the test."""
    opened: list[Seen] = []

    def open_report(**settings: object) -> Seen:
        seen = Seen(browser.new_page(**settings))
        opened.append(seen)
        seen.page.goto(file.as_uri())
        return seen

    yield open_report
    for seen in opened:
        seen.page.close()
        assert seen.complaints == []


def test_page__opened__shows_the_verdict_first(opened: Callable[..., Seen]) -> None:
    """The first heading, in sight without scrolling, says what it all comes to."""
    seen = opened()
    heading = seen.page.locator("h1")
    assert heading.inner_text() == "1 finding in 4,000 steps"
    box = heading.bounding_box()
    assert box is not None
    assert box["y"] < 200
    assert seen.page.title().startswith("1 finding")
    first = seen.page.locator("body :visible").first
    assert first.evaluate("element => element.contains(document.querySelector('h1'))")


def test_page__opened__asks_for_nothing_but_itself(opened: Callable[..., Seen], file: Path) -> None:
    """One file is all there is to load."""
    assert opened().requests == [file.as_uri()]


def test_page__told_to_fetch__is_kept_from_it(opened: Callable[..., Seen]) -> None:
    """The page's own policy forbids whatever a script would fetch or add."""
    seen = opened()
    fetched = "fetch('https://example.invalid/').then(() => 'fetched', error => error.name)"
    assert seen.page.evaluate(fetched) == "TypeError"
    added = "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    seen.page.evaluate(added)
    assert seen.page.evaluate("window.ran") is None
    assert all("Content Security Policy" in complaint for complaint in seen.complaints)
    assert len(seen.complaints) >= 2
    seen.complaints.clear()


def test_table__sorted_by_numbers__orders_them_by_value(opened: Callable[..., Seen]) -> None:
    seen = opened()
    done = seen.page.locator("#outcomes th button", has_text="done")
    done.click()
    assert seen.column("outcomes", 2) == ["0", "800", "1,000"]
    assert seen.column("outcomes", 1) == ["Liquidate", "Close", "Open"]
    done.click()
    assert seen.column("outcomes", 2) == ["1,000", "800", "0"]
    assert seen.page.locator("#outcomes th[aria-sort=descending]").inner_text().startswith("done")


def test_table__sorted_by_text__is_in_the_order_of_the_alphabet(opened: Callable[..., Seen]) -> None:
    seen = opened()
    seen.page.locator("#properties th button", has_text="id").press("Enter")
    ids = seen.column("properties", 1)
    assert ids == sorted(ids, key=lambda property_id: (property_id[:3], int(property_id[4:])))
    assert ids[0] == "ACC-1"


def test_table__filtered__shows_the_rows_that_have_every_word(opened: Callable[..., Seen]) -> None:
    """Words are looked for anywhere in a row, and how many rows are left is said."""
    seen = opened()
    box = seen.page.locator("input[data-table=properties]")
    box.fill("liq- position")
    left = seen.column("properties", 1)
    assert left
    assert all(property_id.startswith("LIQ-") for property_id in left)
    assert seen.page.locator(".filter output").first.inner_text().startswith(f"{len(left)} of ")
    box.fill("no such words")
    assert seen.column("properties", 1) == []
    box.fill("")
    assert len(seen.column("properties", 1)) == len(PROPERTIES)


def test_finding__opened__has_its_picture_and_its_tests(opened: Callable[..., Seen]) -> None:
    """The picture has a size and its words; the tests are there once they are unfolded."""
    seen = opened()
    box = seen.page.locator("figure svg").bounding_box()
    assert box is not None
    assert box["width"] > 400
    assert box["height"] > 200
    assert "price" in seen.page.locator("figure svg text").all_text_contents()
    source = seen.page.locator("details", has_text="As a Foundry test")
    assert not source.locator("pre").is_visible()
    source.locator("summary").click()
    assert "vault.addMargin(1, 99_999_999, trader1);" in source.locator("pre").inner_text()


def test_page__by_colour_scheme__is_light_or_dark(opened: Callable[..., Seen]) -> None:
    """Paper and ink change places, the picture's ink too."""
    paper, ink = "getComputedStyle(document.body).backgroundColor", "getComputedStyle(document.body).color"
    light, dark = (opened(color_scheme=scheme).page for scheme in ("light", "dark"))
    for page, is_dark in ((light, False), (dark, True)):
        numbers = [_brightness(page.evaluate(value)) for value in (paper, ink)]
        assert (numbers[0] < numbers[1]) is is_dark
        assert abs(numbers[0] - numbers[1]) > 150
        title = page.locator("figure svg text", has_text="price").first
        assert _brightness(title.evaluate("text => getComputedStyle(text).fill")) == numbers[1]


def test_page__on_a_narrow_screen__does_not_scroll_sideways(opened: Callable[..., Seen]) -> None:
    page = opened(viewport=NARROW).page
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def _brightness(colour: str) -> float:
    """Return the mean of a colour's parts, 0 to 255."""
    parts = [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(parts) / 3

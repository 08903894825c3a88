"""A search as what continuous integration reads: JUnit's XML, and annotations in GitHub's log format."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ringfence.report.summary import PropertyStatus, Summary
from ringfence.report.text import headlines
from ringfence.types.finding import Finding

SUITE: Final = "ringfence"
FAILED, SKIPPED, PASSED = "failure", "skipped", ""
ESCAPES: Final = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
TITLE_ESCAPES: Final = (*ESCAPES, (":", "%3A"), (",", "%2C"))
UNPRINTABLE: Final = {code: "?" for code in range(32) if chr(code) not in "\t\n"}  # that XML can't hold


@dataclass(frozen=True, slots=True)
class Case:
    """Something that was looked at: ``end`` is how, ``text`` is why it failed or was left out."""

    group: str
    name: str
    end: str
    text: str


def junit(summary: Summary) -> str:
    """Return the search as a test suite: a case for each property, each other finding, each thing missing."""
    cases = list(_cases(summary))
    counts = {end: str(sum(case.end == end for case in cases)) for end in (FAILED, SKIPPED)}
    counted = {"tests": str(len(cases)), "failures": counts[FAILED], "skipped": counts[SKIPPED]}
    time = f"{summary.seconds:.3f}"
    suites = Element("testsuites", counted | {"time": time})
    suite = SubElement(suites, "testsuite", {"name": SUITE} | counted | {"errors": "0", "time": time})
    for case in cases:
        names = {"classname": f"{SUITE}.{case.group}", "name": _clean(case.name)}
        element = SubElement(suite, "testcase", names)
        if case.end:
            first, _, _ = case.text.partition("\n")
            SubElement(element, case.end, {"message": _clean(first)}).text = _clean(case.text)
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def annotations(summary: Summary) -> list[str]:
    """Return a line of a workflow's log for each finding, and one for whatever was not tried."""
    lines = [
        _annotation("error", shown.finding.name, _headlines(shown.finding)) for shown in summary.findings
    ]
    if summary.fault:
        lines.append(_annotation("error", "ended early", summary.fault))
    for each in summary.properties:
        if each.standing is PropertyStatus.UNTESTED:
            lines.append(_annotation("warning", each.id, f"never put to the test: {each.sentence}"))
    return lines + [_annotation("warning", "not reached", sentence) for sentence in summary.missing]


def _cases(summary: Summary) -> Iterator[Case]:
    texts = {shown.finding.property_id: _headlines(shown.finding) for shown in summary.findings}
    known = {each.id for each in summary.properties}
    for each in summary.properties:
        name = f"{each.id}: {each.sentence}"
        if each.standing is PropertyStatus.BROKEN:
            yield Case("properties", name, FAILED, texts.get(each.id, "broken"))
        elif each.standing is PropertyStatus.UNTESTED:
            yield Case("properties", name, FAILED, str(each.standing))
        elif each.standing is PropertyStatus.NOT_APPLICABLE:
            yield Case("properties", name, SKIPPED, each.why)
        else:
            yield Case("properties", name, PASSED, "")
    others = [shown.finding for shown in summary.findings if shown.finding.property_id not in known]
    for finding in others:
        yield Case("model", finding.name, FAILED, _headlines(finding))
    if not others:
        yield Case("model", "the vault is where its model is after every step", PASSED, "")
    for sentence in (*summary.missing, *([summary.fault] if summary.fault else [])):
        yield Case("search", sentence, FAILED, sentence)


def _headlines(finding: Finding) -> str:
    return "\n".join(headlines(finding))


def _annotation(level: str, title: str, message: str) -> str:
    for plain, escaped in TITLE_ESCAPES:
        title = title.replace(plain, escaped)
    for plain, escaped in ESCAPES:
        message = message.replace(plain, escaped)
    return f"::{level} title={title}::{message}"


def _clean(text: str) -> str:
    return text.translate(UNPRINTABLE)

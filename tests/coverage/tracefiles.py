"""What an lcov tracefile must be, as geninfo(1) has it: the lines of a record, in order, and its sums."""

import re

COUNT = r"(\d+)"
RECORD = re.compile(
    r"TN:\nSF:(?P<file>/.+)\n"
    r"(?P<FN>(?:FN:\d+,\S+\n)*)(?P<FNDA>(?:FNDA:\d+,\S+\n)*)FNF:(?P<FNF>\d+)\nFNH:(?P<FNH>\d+)\n"
    r"(?P<BRDA>(?:BRDA:\d+,\d+,\d+,(?:\d+|-)\n)*)BRF:(?P<BRF>\d+)\nBRH:(?P<BRH>\d+)\n"
    r"(?P<DA>(?:DA:\d+,\d+\n)*)LF:(?P<LF>\d+)\nLH:(?P<LH>\d+)\nend_of_record\n"
)


def faults(text: str) -> list[str]:
    """Return what is wrong with a tracefile, a sentence each."""
    found, end = [], 0
    while end < len(text):
        record = RECORD.match(text, end)
        if record is None:
            return [*found, f"no record at character {end}: {text[end : end + 60]!r}"]
        found += _wrong_sums(record) + _wrong_names(record)
        end = record.end()
    return found


def _wrong_sums(record: re.Match[str]) -> list[str]:
    functions = [line.split(":")[1].split(",")[0] for line in record["FNDA"].splitlines()]
    branches = [line.rsplit(",", 1)[1] for line in record["BRDA"].splitlines()]
    lines = [line.rsplit(",", 1)[1] for line in record["DA"].splitlines()]
    sums = []
    for letters, counts in (("FN", functions), ("BR", branches), ("L", lines)):
        hit = sum(count not in ("0", "-") for count in counts)
        for suffix, number in (("F", len(counts)), ("H", hit)):
            if int(record[letters + suffix]) != number:
                sums.append(
                    f"{record['file']}: {letters}{suffix} is {record[letters + suffix]}, not {number}"
                )
    return sums


def _wrong_names(record: re.Match[str]) -> list[str]:
    named = [line.split(",", 1)[1] for line in record["FN"].splitlines()]
    counted = [line.split(",", 1)[1] for line in record["FNDA"].splitlines()]
    numbers = [int(line.split(":")[1].split(",")[0]) for line in record["DA"].splitlines()]
    wrong = []
    if named != counted or len(set(named)) != len(named):
        wrong.append(f"{record['file']}: FN and FNDA do not name the same functions, once each")
    if numbers != sorted(set(numbers)):
        wrong.append(f"{record['file']}: a line is there twice, or out of order")
    return wrong

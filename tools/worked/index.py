"""The list of all golden cases of some files."""

from tools.worked.cases import all_cases
from tools.worked.tables import source, table


def lines(*files: str) -> list[str]:
    """Every case of these files: its name, where it comes from, days looked at."""
    rows = [
        (name, source(found), str(len(found.case.expect)))
        for name, found in all_cases().items()
        if found.file in files
    ]
    assert rows, files
    return table(("case", "source", "days"), rows)

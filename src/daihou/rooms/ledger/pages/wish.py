"""What an address of the overdue ledger asks for, read strictly and never trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from django.http import QueryDict

from daihou.kit import ladder

BUCKETS = ladder.BUCKETS[1:]  # of loans that are late
# what an address may sort by -> the column of the list
SORTS: Mapping[str, str] = MappingProxyType(
    {
        "number": "number",
        "bucket": "bucket",
        "dpd": "dpd",
        "overdue": "overdue_total",
        "principal": "principal",
        "interest": "interest",
        "extras": "extras",
        "outstanding": "outstanding",
        "instalments": "late_instalments",
        "oldest": "oldest_due_on",
        "penalty": "penalty",
        "compound": "compound",
        "fee": "fee",
        "times": "times_late",
        "worst": "worst_dpd",
        "next": "next_due_on",
    }
)
CHOSEN = ("branch", "product", "status", "officer")  # one value of a column each
FLAGS: Mapping[str, str] = MappingProxyType({"new": "fresh", "first": "first_late"})
LARGEST_FIRST = "-overdue"
SIZES = (50, 100, 200)  # rows of a page
# What of an address belongs to a saved view: neither a page nor a date.
OF_A_VIEW = frozenset(
    {
        *CHOSEN,
        "bucket",
        "least",
        "text",
        "view",
        "label",
        "sort",
        "unit",
        "currency",
        "cols",
        "size",
    }
)


@dataclass(frozen=True)
class Wish:
    """Conditions, order and unit of one view of the ledger."""

    equal: Mapping[str, str] = field(default_factory=dict)
    bucket: str = ""  # as the address has it
    least: Decimal = Decimal(0)  # in major units of the page's currency
    least_text: str = ""
    least_wrong: bool = False
    text: str = ""
    view: str = ""
    sort: str = LARGEST_FIRST
    unit: str = "yuan"
    label: str = ""
    cols: str = ""  # the columns, with commas, as the address has them
    size: int = SIZES[0]
    named: str = ""  # the saved view the address says it shows

    @property
    def buckets(self) -> tuple[str, ...]:
        """The buckets meant: `M4` alone, `M2-M3` or `M4-` a run of them."""
        first, dash, last = self.bucket.partition("-")
        if first not in BUCKETS:
            return ()
        if not dash:
            return (first,)
        start = BUCKETS.index(first)
        stop = BUCKETS.index(last) if last in BUCKETS else len(BUCKETS) - 1
        return BUCKETS[start : stop + 1]

    @property
    def bucket_wrong(self) -> bool:
        """Whether the address names a bucket there is not."""
        return bool(self.bucket) and not self.buckets

    @property
    def flag(self) -> str:
        """The yes-or-no column the view asks for, or nothing."""
        return FLAGS.get(self.view, "")

    @property
    def narrowed(self) -> bool:
        """Whether any condition is in force."""
        return bool(
            any(self.equal.values())
            or self.buckets
            or self.least
            or self.text
            or self.flag
            or self.label
        )

    @property
    def narrows(self) -> tuple[object, ...]:
        """What decides which rows are shown; equal for wishes that show the same."""
        equal = tuple(sorted((k, v) for k, v in self.equal.items() if v))
        return equal, self.buckets, self.least, self.text, self.flag, self.label


def _amount(text: str) -> Decimal | None:
    """An amount in major units; None when it is not one."""
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value < 10**13 else None


def read_wish(query: QueryDict) -> Wish:
    """Read an address; what it cannot mean is left out."""
    least_text = query.get("least", "").strip()[:30]
    least = _amount(least_text) if least_text else Decimal(0)
    sort = query.get("sort", "")
    return Wish(
        equal={name: query.get(name, "").strip() for name in CHOSEN},
        bucket=query.get("bucket", "")[:30],
        least=least or Decimal(0),
        least_text=least_text,
        least_wrong=least is None,
        text=query.get("text", "").strip()[:80],
        view=query.get("view", ""),
        sort=sort if sort.removeprefix("-") in SORTS else LARGEST_FIRST,
        unit="large" if query.get("unit") == "large" else "yuan",
        label=query.get("label", "").replace("\x00", "").strip()[:40],
        cols=query.get("cols", "")[:300] or ",".join(query.getlist("col"))[:300],
        size=next((n for n in SIZES if str(n) == query.get("size")), SIZES[0]),
        named=query.get("v", "")[:20],
    )


def read_day(text: str | None) -> date | None:
    """An ISO date of an address, or None when there is none that can be read."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

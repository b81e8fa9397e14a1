"""What a strategy of the book may ask of a customer, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from daihou.engine.classification.codes import AssetClass
from daihou.engine.delinquency.buckets import BUCKET_SETS
from daihou.engine.strategy.table import ORDERED, Input, Kind, Output

PROMISES: Final = ("none", "live", "kept", "broken")
PLANS: Final = ("none", "asked", "live", "at_risk", "broken", "done")
CUSTOMERS: Final = ("person", "organisation")
ACTIONS: Final = (
    *("none", "message", "call", "visit", "letter", "offer", "assign"),
    *("pause", "stop", "legal_review"),
)
# What speaks to the customer; a held one must get none of it.
OUTBOUND: Final = frozenset({"message", "call", "visit", "letter", "offer"})
# What can be missing: nothing falls due any more, nobody was ever reached.
MAY_BE_UNKNOWN: Final = frozenset({"days_to_due", "days_since_contact"})
BUCKETS: Final = tuple(name for name, _ in BUCKET_SETS["M0_M7"])


@dataclass(frozen=True, slots=True)
class Asked:
    """One standard input with its words; `about` says how it is counted."""

    input: Input
    zh: str
    en: str
    about_zh: str
    about_en: str

    def title(self, language: str) -> str:
        """Its name in `language` (zh... is Chinese, else English)."""
        return self.zh if language.startswith("zh") else self.en

    def about(self, language: str) -> str:
        """How it is counted, in `language`."""
        return self.about_zh if language.startswith("zh") else self.about_en


def _asked(
    name: str,
    kind: Kind,
    titles: tuple[str, str],
    about: tuple[str, str],
    *,
    choices: tuple[str, ...] = (),
) -> tuple[str, Asked]:
    least = 0 if kind in ORDERED else None
    unknown = name in MAY_BE_UNKNOWN
    column = Input(name, kind, choices, least=least, may_be_unknown=unknown)
    return name, Asked(column, *titles, *about)


_INTEGER, _MONEY, _TEXT, _FLAG = Kind.INTEGER, Kind.MONEY, Kind.TEXT, Kind.FLAG
_CLASSES = tuple(each.code for each in AssetClass)
INPUTS: Final[Mapping[str, Asked]] = MappingProxyType(
    dict(
        (
            _asked(
                *("dpd", _INTEGER, ("逾期天数", "days past due")),
                ("客户各笔借据中最大者", "the most of the customer's loans"),
            ),
            _asked(
                *("bucket", _TEXT, ("逾期阶段", "bucket")),
                (
                    "按最大逾期天数，每三十天一档",
                    "of the most days past due, by 30 days",
                ),
                choices=BUCKETS,
            ),
            _asked(
                *("overdue_total", _MONEY, ("逾期金额", "overdue")),
                ("各笔借据合计", "of all loans together"),
            ),
            _asked(
                *("outstanding_total", _MONEY, ("未还余额", "outstanding")),
                ("各笔借据合计", "of all loans together"),
            ),
            _asked(
                *(
                    "outstanding_principal",
                    _MONEY,
                    ("未还本金", "principal outstanding"),
                ),
                ("各笔借据合计", "of all loans together"),
            ),
            _asked(
                *("loans", _INTEGER, ("在贷笔数", "open loans")),
                ("尚未结清的借据数", "loans not yet repaid"),
            ),
            _asked(
                *("late_loans", _INTEGER, ("逾期笔数", "late loans")),
                ("其中逾期的借据数", "of them, those that are late"),
            ),
            _asked(
                *("times_late", _INTEGER, ("历史逾期次数", "times late")),
                ("各笔借据合计，含本次", "of all loans together, this time included"),
            ),
            _asked(
                *("worst_dpd", _INTEGER, ("历史最长逾期天数", "worst days past due")),
                ("曾经达到的最大值", "the most there ever was"),
            ),
            _asked(
                *("product", _TEXT, ("产品", "product")),
                (
                    "逾期最久的一笔借据的产品；均未逾期时取余额最大者",
                    "of the loan latest longest; of the largest, where none is late",
                ),
            ),
            _asked(
                *("branch", _TEXT, ("机构", "branch")),
                ("与产品同一笔借据", "of the same loan as the product"),
            ),
            _asked(
                *("asset_class", _TEXT, ("五级分类", "class")),
                ("各笔借据中最差者", "the worst of the customer's loans"),
                choices=_CLASSES,
            ),
            _asked(
                *("days_to_due", _INTEGER, ("距到期天数", "days to the due date")),
                (
                    "距最近一个应还日；没有应还款时为未知",
                    "to the next one; not known where nothing falls due",
                ),
            ),
            _asked(
                *("next_due_amount", _MONEY, ("下期应还", "next amount due")),
                ("最近一个应还日应还的金额", "due on the next due date"),
            ),
            _asked(
                *("late_instalments", _INTEGER, ("逾期期数", "late instalments")),
                ("各笔借据合计", "of all loans together"),
            ),
            _asked(
                *("promise_state", _TEXT, ("承诺状态", "promise")),
                ("最近一次承诺还款", "the last promise to pay"),
                choices=PROMISES,
            ),
            _asked(
                *("broken_promises", _INTEGER, ("跳票次数", "broken promises")),
                ("本案件内", "within the open case"),
            ),
            _asked(
                *(
                    "days_since_contact",
                    _INTEGER,
                    ("距上次触达天数", "days since contact"),
                ),
                (
                    "从未触达时为未知，写作 ?",
                    "not known, written ?, where there was none",
                ),
            ),
            _asked(
                *("held", _FLAG, ("停留中", "on hold")),
                ("案件有未解除的停留", "the case has a standing hold"),
            ),
            _asked(
                *("new_late", _FLAG, ("首次逾期", "late for the first time")),
                ("历史逾期不超过一次", "late once at most, this time included"),
            ),
            _asked(
                *("plan_state", _TEXT, ("分期协议状态", "arrangement")),
                ("最近一份还款安排", "the last arrangement"),
                choices=PLANS,
            ),
            _asked(
                *("customer_kind", _TEXT, ("客户类型", "kind of customer")),
                ("自然人或机构", "a person or an organisation"),
                choices=CUSTOMERS,
            ),
        )
    )
)

OUTPUTS: Final = (
    Output("segment", Kind.TEXT),
    Output("queue", Kind.TEXT),
    Output("action", Kind.TEXT, ACTIONS),
    Output("priority", Kind.INTEGER),
    Output("journey", Kind.TEXT),
    Output("open_case", Kind.FLAG),
)
OUTPUT_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "segment": ("客群", "segment"),
        "queue": ("队列", "queue"),
        "action": ("动作", "action"),
        "priority": ("优先级", "priority"),
        "journey": ("流程", "journey"),
        "open_case": ("入催", "open a case"),
    }
)


def standard(name: str) -> Input:
    """The standard input of this name; there must be one."""
    return INPUTS[name].input


def titles_of(column: str) -> tuple[str, str]:
    """What a column of either kind is called, in Chinese and English."""
    if column in OUTPUT_WORDS:
        return OUTPUT_WORDS[column]
    known = INPUTS.get(column)
    return (known.zh, known.en) if known else (column, column)

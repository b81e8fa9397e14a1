"""Classes of a book at the end of a day, and the kinds of facts they are made from."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from daihou.tables.facts import MINOR

# One row an open loan, sorted by loan_id. Classes, causes and stage are numbers
# (engine.classification.codes; stage 0: none). `since` is the first day of the class.
# `cleared_on` is the day at whose end the last arrears were seen paid, `missed_on` the
# one at whose end another missed payment was seen. `dpd`, `arrears`, `balance` and
# `late_instalments` are those of the positions, to see what changed since.
CLASSES = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        pa.field("customer_id", pa.int64(), nullable=False),
        pa.field("asset_class", pa.int8(), nullable=False),
        pa.field("machine_class", pa.int8(), nullable=False),
        pa.field("asserted_class", pa.int8(), nullable=False),
        pa.field("causes", pa.int32(), nullable=False),
        pa.field("stage", pa.int8(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("since", pa.date32(), nullable=False),
        pa.field("cleared_on", pa.date32()),
        pa.field("missed_on", pa.date32()),
        pa.field("observed_until", pa.date32()),
        pa.field("upgrade_from", pa.date32()),
        pa.field("dpd", pa.int32(), nullable=False),
        pa.field("arrears", MINOR, nullable=False),
        pa.field("balance", MINOR, nullable=False),
        pa.field("late_instalments", pa.int32(), nullable=False),
    ]
)


class Fact(StrEnum):
    """One kind of fact about a loan or its debtor, from a day on."""

    TECHNICAL_OVERDUE = "technical_overdue"
    USE_CHANGED = "use_changed"
    REFINANCED = "refinanced"
    REFINANCING_EXCEPTED = "refinancing_excepted"
    BAD_ELSEWHERE = "bad_elsewhere"
    MARKET = "market"
    CREDIT_IMPAIRED = "credit_impaired"
    EXPECTED_LOSS = "expected_loss"
    DOWNGRADED = "downgraded"
    EVASION = "evasion"
    BANKRUPTCY_LIQUIDATION = "bankruptcy_liquidation"
    ACCEPTED_ENHANCEMENT = "accepted_enhancement"
    SMALL_BUSINESS = "small_business"
    ACQUIRED = "acquired"
    RISK_INCREASED = "risk_increased"
    STAGE_2_REBUTTED = "stage_2_rebutted"
    DEFAULT_REBUTTED = "default_rebutted"
    JUDGED = "judged"
    ABLE_TO_PAY = "able_to_pay"
    UPGRADE = "upgrade"
    RESTRUCTURED = "restructured"
    MISSED = "missed"
    TURNED_BAD = "turned_bad"
    SOLVED = "solved"
    UNSOLVED = "unsolved"


# True of the debtor, and so of all loans of the customer.
OF_DEBTOR: Final = frozenset(
    {
        *(Fact.BAD_ELSEWHERE, Fact.MARKET, Fact.DOWNGRADED),
        *(Fact.BANKRUPTCY_LIQUIDATION, Fact.ACQUIRED),
    }
)
# What happened on a day; the others are so from a day on until they end.
HAPPENED: Final = frozenset(
    {Fact.RESTRUCTURED, Fact.MISSED, Fact.TURNED_BAD, Fact.SOLVED, Fact.UNSOLVED}
)
# Found by the run itself, or kept with an approved upgrade; nobody enters them.
NOT_ENTERED: Final = frozenset(
    {Fact.MISSED, Fact.TURNED_BAD, Fact.UPGRADE, Fact.ABLE_TO_PAY}
)
# Makes a class better than it would be, so one person proposes and another decides.
LIFTS: Final = frozenset(
    {
        *(Fact.TECHNICAL_OVERDUE, Fact.REFINANCING_EXCEPTED),
        *(Fact.ACCEPTED_ENHANCEMENT, Fact.STAGE_2_REBUTTED),
        *(Fact.DEFAULT_REBUTTED, Fact.SOLVED),
    }
)
# What else is told of a kind: name -> whole amount, class, date or number.
CONTENT: Final[Mapping[Fact, Mapping[str, str]]] = MappingProxyType(
    {
        Fact.MARKET: {"late": "amount", "total": "amount"},
        Fact.EXPECTED_LOSS: {"amount": "amount"},
        Fact.JUDGED: {"to": "class"},
        Fact.UPGRADE: {"to": "class"},
        Fact.RESTRUCTURED: {"first_due_on": "date", "period_months": "number"},
    }
)

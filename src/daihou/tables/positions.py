"""Positions: what one loan owed and how late it was at the end of one day."""

import pyarrow as pa

from daihou.tables.facts import MINOR

# One row a loan disbursed on or before `as_of`, sorted by loan_id; amounts in
# minor units of `currency`. `status` is active, settled, written_off or
# transferred. `overdue_total` is the sum of its five components.
# `overdue_loan_balance` is the whole outstanding principal of a late loan
# (剩余本金口径), zero for one on time. `outstanding_total` adds to the outstanding
# principal what is due and unpaid of the other components. `over_cap` is what the
# cap on the cost of the loan cuts off in all, `non_accrual_since` the day from which
# it earns nothing on the balance sheet.
POSITIONS = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        pa.field("dpd", pa.int32(), nullable=False),
        pa.field("bucket", pa.string(), nullable=False),
        pa.field("asset_class", pa.string()),
        pa.field("class_rule", pa.string()),
        pa.field("overdue_principal", MINOR, nullable=False),
        pa.field("overdue_interest", MINOR, nullable=False),
        pa.field("overdue_fee", MINOR, nullable=False),
        pa.field("overdue_penalty", MINOR, nullable=False),
        pa.field("overdue_compound", MINOR, nullable=False),
        pa.field("overdue_total", MINOR, nullable=False),
        pa.field("overdue_loan_balance", MINOR, nullable=False),
        pa.field("oldest_unpaid_due_on", pa.date32()),
        pa.field("next_due_on", pa.date32()),
        pa.field("next_due_amount", MINOR, nullable=False),
        pa.field("outstanding_principal", MINOR, nullable=False),
        pa.field("outstanding_total", MINOR, nullable=False),
        pa.field("unapplied_credit", MINOR, nullable=False),
        pa.field("times_late", pa.int32(), nullable=False),
        pa.field("worst_dpd", pa.int32(), nullable=False),
        pa.field("late_instalments", pa.int32(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("dpd_method", pa.string(), nullable=False),
        pa.field("over_cap", MINOR, nullable=False),
        pa.field("non_accrual_since", pa.date32()),
    ]
)

# The columns a person or a downstream system gets (`daihou positions`), in this
# order; amounts as decimals in major units, loan_id the sender's own id.
POSITIONS_OUT = [
    "loan_id",
    "as_of",
    "dpd",
    "dpd_method",
    "bucket",
    "asset_class",
    "class_rule",
    "overdue_principal",
    "overdue_interest",
    "overdue_fee",
    "overdue_penalty",
    "overdue_compound",
    "overdue_total",
    "overdue_loan_balance",
    "oldest_unpaid_due_on",
    "next_due_on",
    "next_due_amount",
    "outstanding_principal",
    "outstanding_total",
    "times_late",
    "worst_dpd",
    "status",
]

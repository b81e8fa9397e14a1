"""Facts the night reads: one Arrow schema per table, amounts in minor units.

Every table is sorted as its docstring says; keys are the database's own
`loan_id` (int64). Dates are business dates. The postgres store fills these, the
town and the tests make them, the columnar kernels read them.
"""

import pyarrow as pa

MINOR = pa.int64()  # integer minor units (fen, cent)

# One row a loan, sorted by loan_id. `product` and `policy` name the dated
# product file version in force (packs.products). `status_on` is the day from
# which `status` holds (closed_on), null while active. `penalty_rate` is the
# yearly rate of 罚息 as an exact fraction of 10**9 (annual_rate x multiplier).
LOANS = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        pa.field("product", pa.string(), nullable=False),
        pa.field("customer_id", pa.int64(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("principal", MINOR, nullable=False),
        pa.field("disbursed_on", pa.date32(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("status_on", pa.date32()),
        pa.field("penalty_rate_nano", pa.int64(), nullable=False),
    ]
)

# What is owed: instalments (kind "instalment") and single charges (kind
# "charge", seq 0, fee only). Sorted by loan_id, due_on, seq, demand_id. A row is
# in force on D when begins_on <= D < ends_on: `begins_on` is the day its schedule
# version took effect, `ends_on` the day a later version replaced it (null: still
# in force). The paid_* columns are filled in mirror mode only.
DEMANDS = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        pa.field("demand_id", pa.int64(), nullable=False),
        pa.field("seq", pa.int32(), nullable=False),
        pa.field("due_on", pa.date32(), nullable=False),
        pa.field("begins_on", pa.date32(), nullable=False),
        pa.field("ends_on", pa.date32()),
        pa.field("principal", MINOR, nullable=False),
        pa.field("interest", MINOR, nullable=False),
        pa.field("fee", MINOR, nullable=False),
        pa.field("paid_principal", MINOR, nullable=False),
        pa.field("paid_interest", MINOR, nullable=False),
        pa.field("paid_fee", MINOR, nullable=False),
        pa.field("paid_penalty", MINOR, nullable=False),
    ]
)

# Money that came or went back, sorted by loan_id, paid_on, payment_id. `amount`
# is signed: payments and recoveries positive, refunds and chargebacks negative;
# a reversed payment and its reversal are both left out by the reader from the
# reversal's date on (`ends_on` = the reversal's date, null: never reversed).
PAYMENTS = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        pa.field("payment_id", pa.int64(), nullable=False),
        pa.field("paid_on", pa.date32(), nullable=False),
        pa.field("ends_on", pa.date32()),
        pa.field("amount", MINOR, nullable=False),
    ]
)

# Amounts given up (减免), sorted by loan_id, waived_on, waiver_id. `component` is
# fee, penalty, compound, interest or principal; of the demand named, else (null) of
# the oldest first; from `ends_on` on as if it had never been. `moved`: not given up
# but owed on in the rows of a restructuring.
WAIVERS = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        pa.field("waiver_id", pa.int64(), nullable=False),
        pa.field("waived_on", pa.date32(), nullable=False),
        pa.field("ends_on", pa.date32()),
        pa.field("component", pa.string(), nullable=False),
        pa.field("amount", MINOR, nullable=False),
        pa.field("demand_id", pa.int64()),
        pa.field("moved", pa.bool_(), nullable=False),
    ]
)

# Yearly penalty rates after the first, sorted by loan_id and begins_on; each counts
# for the days after `begins_on`. Of two on one day the last counts.
RATE_STEPS = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        pa.field("begins_on", pa.date32(), nullable=False),
        pa.field("penalty_rate_nano", pa.int64(), nullable=False),
    ]
)

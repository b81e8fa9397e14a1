"""Personal data: masked, found, shown whole for a reason, kept no longer than due."""

from daihou.rooms.ledger.actions.canaries import Doing, watch_export
from daihou.rooms.ledger.actions.keys import (
    add_key,
    drop_key,
    reseal_all,
)
from daihou.rooms.ledger.actions.keys import listed as key_lines
from daihou.rooms.ledger.actions.keys import missing as missing_keys
from daihou.rooms.ledger.actions.large_exports import take_out_alone
from daihou.rooms.ledger.actions.retention import Planned, carry_out, plan
from daihou.rooms.ledger.actions.reveal import Revealed, reveal
from daihou.rooms.ledger.queries.personal import (
    customers_by_tail,
    customers_by_value,
)
from daihou.rooms.ledger.queries.retention import OldFile, register_files, runs
from daihou.rooms.ledger.queries.retention_rows import GONE, Theirs, register_rows
from daihou.rooms.ledger.sealing import address_columns, contact_columns, id_columns

__all__ = [
    "GONE",
    "Doing",
    "OldFile",
    "Planned",
    "Revealed",
    "Theirs",
    "add_key",
    "address_columns",
    "carry_out",
    "contact_columns",
    "customers_by_tail",
    "customers_by_value",
    "drop_key",
    "id_columns",
    "key_lines",
    "missing_keys",
    "plan",
    "register_files",
    "register_rows",
    "reseal_all",
    "reveal",
    "runs",
    "take_out_alone",
    "watch_export",
]

"""What other rooms, the town and the edge may use of intake."""

from daihou.rooms.intake.actions import Deed, Outcome, take_files
from daihou.rooms.intake.acts_tried import in_mapping
from daihou.rooms.intake.after import TakenIn
from daihou.rooms.intake.after import register as register_after
from daihou.rooms.intake.checks.totals import Control, control
from daihou.rooms.intake.error_file import Fault
from daihou.rooms.intake.findings import FileProblem
from daihou.rooms.intake.mapping import Mapping, MappingError, find, load
from daihou.rooms.intake.prepare import Order
from daihou.rooms.intake.preview import Preview, preview
from daihou.rooms.intake.queries import BatchLine, FileLine, history
from daihou.rooms.intake.readers.guard import check_workbook
from daihou.rooms.intake.states import BatchState
from daihou.rooms.ledger import door as ledger

Counts = ledger.taking_in.Counts

__all__ = [
    "BatchLine",
    "BatchState",
    "Control",
    "Counts",
    "Deed",
    "Fault",
    "FileLine",
    "FileProblem",
    "Mapping",
    "MappingError",
    "Order",
    "Outcome",
    "Preview",
    "TakenIn",
    "check_workbook",
    "control",
    "find",
    "history",
    "in_mapping",
    "load",
    "preview",
    "register_after",
    "take_files",
]

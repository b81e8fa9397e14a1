"""What other rooms, the town and the edge may use of the ledger, in eight groups.

`reading` loans, the `book` as a whole, `posting` by hand, `receipts` without an owner,
`taking_in` by file, `personal` data, `reaching` people, `relieving` loans: each has a dozen names or so
and says what it is for.
"""

from daihou.engine.ledger.values import Row
from daihou.kit.refusal import NotFound
from daihou.rooms.ledger.doors import (
    book,
    personal,
    posting,
    reaching,
    reading,
    receipts,
    relieving,
    taking_in,
)

__all__ = [
    "NotFound",
    "Row",
    "book",
    "personal",
    "posting",
    "reaching",
    "reading",
    "receipts",
    "relieving",
    "taking_in",
]

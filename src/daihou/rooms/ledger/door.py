"""What other rooms, the town and the edge may use of the ledger, in four groups.

`reading` loans, the `book` as a whole, `posting` by hand, `taking_in` by file: each
has a dozen names at most and says what it is for.
"""

from daihou.engine.ledger.values import Row
from daihou.kit.refusal import NotFound
from daihou.rooms.ledger.doors import book, posting, reading, taking_in

__all__ = ["NotFound", "Row", "book", "posting", "reading", "taking_in"]

"""A process that posts one payment after another until its input ends.

Run by test_backup: takes loan ids as its words, says each payment once committed.
"""

import os
import sys
import threading
from datetime import timedelta
from itertools import count


def say(text: str) -> None:
    """One line in one write."""
    os.write(1, f"{text}\n".encode())


def main(loans: list[int]) -> None:
    """Post to the loans in turn."""
    from daihou.config import wiring

    wiring.setup()
    from daihou.rooms.ledger import door as ledger
    from tests.nightly.world import AT, LAST
    from tests.rooms.cast import HAND

    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    for number in count():
        ledger.posting.post_payment(
            source="bank",
            external_id=f"LOAD{number}",
            loan_id=loans[number % len(loans)],
            paid_on=LAST + timedelta(days=1),
            amount=1 + number % 7,
            by=HAND,
            at=AT,
            business_date=LAST + timedelta(days=1),
            keep_credit=True,
        )
        say(f"LOAD{number}")
        if over.is_set():
            return


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])

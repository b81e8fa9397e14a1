"""What each kind of person gets from the addresses of the caps."""

from tests.rooms.all_urls import REFUSED, Call, loan_page, page
from tests.rooms.all_urls_api import read, read_loan

CAPS: dict[str, Call | list[Call]] = {
    "caps:listing": page(),
    # Nothing was reckoned in the walk: there is no list to take out yet.
    "caps:export": page(chief=REFUSED, agent=REFUSED, sam=REFUSED, north=REFUSED),
    "caps:loan": loan_page(),
    "api:list_cost_caps": read(),
    "api:get_loan_cost_cap": read_loan(),
}

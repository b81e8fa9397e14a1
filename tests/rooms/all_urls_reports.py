"""What each kind of person gets from the reports."""

from tests.rooms.all_urls import (
    GONE,
    LET_IN,
    REFUSED,
    Call,
    loan_form,
    of_customer,
    page,
    task,
)
from tests.rooms.all_urls_api import read


def _unit(code: str, **wish: object) -> Call:
    """The page of a branch or an officer: for who sees a loan of theirs."""
    return page(args=lambda world: {"code": code}, agent=REFUSED, **wish)


REPORTS: dict[str, Call | list[Call]] = {
    "reporting:reports": page(agent=REFUSED),
    "reporting:report": [
        page(args=lambda world, code=code: {"code": code}, agent=REFUSED)
        for code in (
            *("overdue", "ladder", "class-moves", "exposures", "reasons"),
            *("hands", "contact-funnel", "commitments", "costs", "effect"),
        )
    ],
    "reporting:report_take": [
        page(
            args=lambda world: {"code": "overdue"},
            data=lambda world, form=form: {"form": form},
            agent=REFUSED,
        )
        for form in ("xlsx", "csv")
    ],
    "reporting:branch_report": _unit("north", chief=REFUSED),
    "reporting:officer_report": _unit(
        "nobody-has-it", chief=REFUSED, sam=REFUSED, north=REFUSED
    ),
    "reporting:customer_report": page(args=of_customer, chief=REFUSED, agent=REFUSED),
    "reporting:customer_report_take": page(
        args=of_customer,
        data=lambda world: {"form": "docx"},
        chief=REFUSED,
        agent=REFUSED,
    ),
    "reporting:targets": page(agent=REFUSED),
    "reporting:save_targets": task(data=lambda world: {"month": "2099-01"}),
    # Costs are of the whole house.
    "reporting:costs": page(agent=REFUSED, chief=REFUSED, north=REFUSED),
    "reporting:save_costs": task(
        data=lambda world: {"month": "2026-01"}, chief=REFUSED, north=REFUSED
    ),
    "reporting:callbacks": page(agent=REFUSED, sam=REFUSED),
    "reporting:callbacks_draw": task(
        data=lambda world: {"day": "2026-01-05", "count": "1"}
    ),
    "reporting:callbacks_tell": task(
        args=lambda world: {"callback_id": 0}, chief=GONE, north=GONE
    ),
    "reporting:reason": loan_form(north=LET_IN),
    "api:get_reports": read(agent=REFUSED),
    "api:get_report": read(args=lambda world: {"code": "overdue"}, agent=REFUSED),
}

"""What the pages of tokens and receivers show, as plain lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from daihou.rooms.gateway import queries
from daihou.rooms.gateway.states import DeliveryState
from daihou.rooms.gateway.words import (
    delivery_words,
    problem_word,
    scope_word,
    token_words,
)

SIZE = 50


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token: colour, shape and word of its state, and what it may do."""

    line: queries.TokenLine
    chip: tuple[str, str, str]
    may: str
    valid: bool


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message: colour, shape and word of its state."""

    line: queries.DeliveryLine
    chip: tuple[str, str, str]
    again: bool
    problem: str


@dataclass(frozen=True, slots=True)
class EndpointPage:
    """One receiver with a page of its messages; `older` is an address query."""

    line: queries.EndpointLine
    rows: Sequence[DeliveryRow]
    state: str
    states: Sequence[tuple[str, str]]
    older: str


def token_rows(lines: Sequence[queries.TokenLine], *, at: datetime) -> list[TokenRow]:
    """Tokens as the page lists them."""
    return [
        TokenRow(
            line,
            token_words(line.state(at=at)),
            ", ".join(scope_word(each) for each in line.scopes),
            line.state(at=at) == "valid",
        )
        for line in lines
    ]


def endpoint_page(endpoint_id: int, query: Mapping[str, str]) -> EndpointPage:
    """One receiver and the messages behind an address; NotFound."""
    line = queries.endpoint(endpoint_id)
    state = query.get("state", "")
    state = state if state in set(DeliveryState) else ""
    given = query.get("before", "")
    known = given.isascii() and given.isdigit() and len(given) < 18
    found = queries.deliveries(
        endpoint_id, state=state, before=int(given) if known else 0, limit=SIZE + 1
    )
    older = {"before": str(found[SIZE - 1].id)} if len(found) > SIZE else {}
    return EndpointPage(
        line=line,
        rows=[
            DeliveryRow(
                each,
                delivery_words(each.state),
                each.state != DeliveryState.WAITING,
                problem_word(each.problem),
            )
            for each in found[:SIZE]
        ],
        state=state,
        states=[(each.value, delivery_words(each)[2]) for each in DeliveryState],
        older=urlencode(older | ({"state": state} if state else {})) if older else "",
    )

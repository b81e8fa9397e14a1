"""The book by class: how many, how much, what moved since the run before."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from daihou.engine.basics.dates import DAY
from daihou.engine.classification.codes import AssetClass
from daihou.kit.scope import Scope
from daihou.rooms.grading import queries, words
from daihou.rooms.grading.queries import MoveSum, RunLine


@dataclass(frozen=True, slots=True)
class Tile:
    """One class: loans, what is owed on them, and its share of it all."""

    asset_class: AssetClass
    code: str
    word: str
    loans: int
    balance: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """Loans that went from one class to another; `kind` is stays, better or worse."""

    loans: int
    balance: int
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix: the class before, a cell for each class after."""

    word: str
    cells: Sequence[Cell]
    loans: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page; `run` is None before the first."""

    run: RunLine | None = None
    run_word: str = ""
    currency: str = ""
    currencies: Sequence[str] = ()
    tiles: Sequence[Tile] = ()
    loans: int = 0
    balance: int = 0
    bad_loans: int = 0
    bad_balance: int = 0
    bad_share: Decimal = Decimal(0)
    heads: Sequence[str] = ()
    rows: Sequence[Row] = ()
    moved: int = 0
    since: date | None = None
    spans: Sequence[tuple[str, str, bool]] = ()
    runs: Sequence[tuple[RunLine, str, int]] = ()


SPANS: Mapping[str, Callable[[], str]] = {
    "day": lambda: gettext("the day before"),
    "month": lambda: gettext("the month's end"),
    "quarter": lambda: gettext("the quarter's end"),
}


def begins(span: str, as_of: date) -> date:
    """The day at whose end a span before `as_of` begins."""
    if span == "day":
        return as_of - DAY
    first = as_of.replace(day=1)
    if span == "quarter":
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    return first - DAY


def overview(asked: QueryDict, *, scope: Scope) -> Overview:
    """The page of one currency: the one asked for, else the one with most loans."""
    run = queries.shown_run()
    if run is None:
        return Overview()
    found = queries.sums(scope=scope)
    many: dict[str, int] = defaultdict(int)
    for each in found:
        many[each.currency] += each.loans
    currencies = sorted(many, key=lambda code: (-many[code], code))
    wanted = asked.get("currency", "")
    currency = wanted if wanted in many else next(iter(currencies), "")
    held = {e.asset_class: e for e in found if e.currency == currency}
    balance = sum(each.balance for each in held.values())
    tiles = [_tile(each, held, balance) for each in AssetClass]
    bad = [tile for tile in tiles if tile.asset_class.is_bad]
    bad_balance = sum(tile.balance for tile in bad)
    span = asked.get("since", "")
    span = span if span in SPANS else "day"
    since = begins(span, run.as_of)
    found_moves = queries.moves(since, run.as_of, scope=scope)
    moves = [move for move in found_moves if move.currency == currency]
    return Overview(
        run=run,
        run_word=words.run_word(run.kind),
        currency=currency,
        currencies=currencies,
        tiles=tiles,
        loans=sum(tile.loans for tile in tiles),
        balance=balance,
        bad_loans=sum(tile.loans for tile in bad),
        bad_balance=bad_balance,
        bad_share=Decimal(bad_balance) / balance if balance else Decimal(0),
        heads=[*(tile.word for tile in tiles), pgettext("class", "Closed")],
        rows=_rows(tiles, moves),
        moved=sum(move.loans for move in moves),
        since=since,
        spans=[(code, word(), code == span) for code, word in SPANS.items()],
        runs=[
            (each, words.run_word(each.kind), _bad(each))
            for each in queries.last_runs()
        ],
    )


def _bad(run: RunLine) -> int:
    return sum(run.counts.get(each.code, 0) for each in AssetClass if each.is_bad)


def _tile(
    asset_class: AssetClass,
    held: Mapping[AssetClass, queries.ClassSum],
    balance: int,
) -> Tile:
    found = held.get(asset_class)
    owed = found.balance if found else 0
    return Tile(
        asset_class=asset_class,
        code=asset_class.code,
        word=words.class_word(asset_class),
        loans=found.loans if found else 0,
        balance=owed,
        share=Decimal(owed) / balance if balance else Decimal(0),
    )


def _rows(tiles: Sequence[Tile], moves: Sequence[MoveSum]) -> Sequence[Row]:
    """From each class to each; who stays is who is there now and did not come."""
    went = {(move.was, move.becomes): move for move in moves}
    rows = []
    for was in (*AssetClass, None):
        cells = []
        for becomes in (*AssetClass, None):
            if was is None and becomes is None:
                cells.append(Cell(0, 0, "stays"))
                continue
            if was is becomes and was is not None:
                cells.append(_stayed(tiles[was], moves))
                continue
            move = went.get((was, becomes))
            kind = "gone"
            if was is not None and becomes is not None:
                kind = "worse" if becomes > was else "better"
            cells.append(
                Cell(move.loans if move else 0, move.balance if move else 0, kind)
            )
        word = pgettext("class", "First seen") if was is None else words.class_word(was)
        rows.append(Row(word, cells, sum(cell.loans for cell in cells)))
    return rows


def _stayed(tile: Tile, moves: Sequence[MoveSum]) -> Cell:
    came = [move for move in moves if move.becomes is tile.asset_class]
    loans = tile.loans - sum(move.loans for move in came)
    return Cell(loans, tile.balance - sum(move.balance for move in came), "stays")

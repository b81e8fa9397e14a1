"""What a customer does when somebody asks for money: drawn from a seed, and pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from daihou.town.rates import Rates

_EARLY = frozenset({"current", "pre", "M1", "M2"})


def draw(seed: int, *key: object) -> random.Random:
    """Draws that belong to this seed and key alone, whatever else is drawn."""
    text = "|".join(map(str, (seed, *key)))
    digest = blake2b(text.encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))


@dataclass(frozen=True, slots=True)
class Character:
    """One customer: how easily they are reached, and how far their word goes.

    Both multiply the chances of the table; they stay the same for a seed.
    """

    reach: float
    honest: float


def character(seed: int, customer: str) -> Character:
    """The character of a customer by the id their lender gave them."""
    chance = draw(seed, "character", customer)
    return Character(reach=0.4 + 1.2 * chance.random(), honest=0.5 + chance.random())


def chosen(chance: random.Random, weights: Mapping[str, int]) -> str:
    """One of the names, as often as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]


def answer(chance: random.Random, who: Character, stage: str, rates: Rates) -> str:
    """What a call comes to: a code of result."""
    if chance.random() >= min(0.9, rates.reached[stage] * who.reach):
        return chosen(chance, rates.nobody)
    return chosen(chance, rates.talk_early if stage in _EARLY else rates.talk_late)


@dataclass(frozen=True, slots=True)
class Coming:
    """Money that will come: minor units, on a day."""

    on: date
    amount: int


def promised(
    chance: random.Random, *, overdue: int, on: date, rates: Rates
) -> Sequence[tuple[date, int]]:
    """What somebody says they will pay, and when: days in order with amounts."""
    whole = chance.random() < rates.promise_whole
    amount = overdue if whole else max(1, overdue // 2)
    first = on + timedelta(days=chance.randint(0, rates.promise_days))
    if amount < 20_000 or chance.random() >= rates.promise_parts:
        return [(first, amount)]
    half = amount // 2
    return [(first, half), (first + timedelta(days=4), amount - half)]


def comes(
    chance: random.Random,
    who: Character,
    parts: Sequence[tuple[date, int]],
    *,
    kept: float,
    rates: Rates,
) -> Sequence[Coming]:
    """What really comes of what was promised; `kept` is the chance before honesty."""
    found = []
    for on, amount in parts:
        luck = chance.random()
        good = min(0.97, kept * who.honest)
        rest = (1.0 - good) / (1.0 - kept) if kept < 1.0 else 0.0
        if luck < good:
            found.append(Coming(on, amount))
        elif luck < good + rest * rates.late:
            found.append(Coming(on + timedelta(days=chance.randint(3, 10)), amount))
        elif luck < good + rest * (rates.late + rates.partly):
            found.append(Coming(on, max(1, amount * chance.randint(30, 80) // 100)))
        else:
            return found  # who breaks one part pays no other
    return found

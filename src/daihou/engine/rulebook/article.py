"""A rule as it holds on one day for one lender, with the values a question needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from daihou.engine.rulebook.cited import in_force
from daihou.engine.rulebook.decision import Said, Step
from daihou.engine.rulebook.law import Lawbook, Status, Value


@dataclass(frozen=True, slots=True)
class Article:
    """What a rule says on a day: its values, and which of them nobody may assert.

    `begins_on` is the first day of the version, by which steps of a decision name it.
    """

    rule: str
    begins_on: date
    values: Mapping[str, Value]
    not_asserted: frozenset[str]
    is_verified: bool

    @classmethod
    def of(
        cls, book: Lawbook, rule_id: str, on: date, *, licence: str | None = None
    ) -> "Article | None":
        """Return the rule as it holds on a day; None if it does not, or not for them.

        With a licence: None as well where the rule does not speak to such a lender.
        """
        found = in_force(book, rule_id, licence=licence, on=on)
        if found is None:
            return None
        version = found.version
        return cls(
            rule=rule_id,
            begins_on=version.begins_on,
            values=MappingProxyType(dict(found.values)),
            not_asserted=version.unverified_values,
            is_verified=version.status is Status.VERIFIED,
        )

    def has(self, name: str) -> bool:
        """Tell whether a value is given."""
        return name in self.values

    def whole(self, name: str) -> int:
        """Return a count, or days, months, years."""
        value = self.values[name]
        assert isinstance(value, int) and not isinstance(value, bool), (self.rule, name)
        return value

    def share(self, name: str) -> Decimal:
        """Return an exact share or multiple."""
        value = self.values[name]
        assert isinstance(value, Decimal), (self.rule, name)
        return value

    def day(self, name: str) -> date:
        """Return a date."""
        value = self.values[name]
        assert isinstance(value, date), (self.rule, name)
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Return a set of names, in the order of the rule; empty if not given."""
        value = self.values.get(name, ())
        assert isinstance(value, tuple), (self.rule, name)
        return tuple(str(each) for each in value)

    def flag(self, name: str) -> bool:
        """Tell whether a yes-or-no value is given and yes."""
        value = self.values.get(name, False)
        assert isinstance(value, bool), (self.rule, name)
        return value

    def table(self, name: str) -> Mapping[str, Decimal]:
        """Return a table of exact shares by row."""
        value = self.values[name]
        assert isinstance(value, Mapping), (self.rule, name)
        rows: dict[str, Decimal] = {}
        for row, each in value.items():
            assert isinstance(each, Decimal), (self.rule, name, row)
            rows[row] = each
        return MappingProxyType(rows)

    def counts(self, name: str) -> tuple[int, ...]:
        """Return the whole numbers of a table, in the order of its rows."""
        value = self.values[name]
        assert isinstance(value, Mapping), (self.rule, name)
        found = []
        for row, each in value.items():
            assert isinstance(each, int), (self.rule, name, row)
            found.append(each)
        return tuple(found)

    def is_doubted(self, *names: str) -> bool:
        """Tell whether what is said by these values may not be stated as law."""
        return not self.is_verified or any(each in self.not_asserted for each in names)

    def step(self, outcome: str, *names: str, **params: Said) -> Step:
        """Return a step of a decision that rests on these values of the rule.

        Plain values are given to the words as parameters, beside `params`.
        """
        said: dict[str, Said] = {}
        for each in names:
            value = self.values.get(each)
            if value is not None and not isinstance(value, Mapping):
                said[each] = value
        return Step(
            rule=self.rule,
            version=self.begins_on,
            outcome=outcome,
            params=MappingProxyType({**said, **params}),
            unverified=self.is_doubted(*names),
        )

"""Says the steps of a derivation in Chinese or English, the same on page and paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from daihou.engine.basics.line import Line
from daihou.engine.basics.money import Money, format_minor
from daihou.engine.delinquency.buckets import shown
from daihou.engine.delinquency.words import CHINESE, ENGLISH
from daihou.engine.rulebook.policy import Component


@dataclass(frozen=True, slots=True)
class Said:
    """One step in words: what it is, its figure, and the reason (may be empty)."""

    title: str
    value: str
    note: str

    def __str__(self) -> str:
        """Write the step on one line."""
        head = f"{self.title}: {self.value}" if self.value else self.title
        return f"{head} ({self.note})" if self.note else head


# Before the note on a payment of which penalty or compound interest took a share.
_PENAL = {
    True: "其中 {penal} 冲罚息、复利，{due} 冲本期应还；",
    False: "{penal} of it to penalty and compound, {due} to what was due; ",
}
_COMPONENTS: Mapping[Component, tuple[str, str]] = MappingProxyType(
    {
        Component.FEE: ("费", "fee"),
        Component.PENALTY: ("罚", "penalty"),
        Component.COMPOUND: ("复", "compound"),
        Component.INTEREST: ("利", "interest"),
        Component.PRINCIPAL: ("本", "principal"),
    }
)
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def say(line: Line, language: str) -> Said:
    """Say one step of a derivation in `language` (zh... is Chinese, else English)."""
    chinese = language.lower().startswith("zh")
    phrases = CHINESE if chinese else ENGLISH
    words = {name: _word(value, chinese=chinese) for name, value in line.params.items()}
    words |= {name: shown(words[name]) for name in ("bucket", "from") if name in words}
    if "low" in line.params:
        low, high = line.params["low"], line.params["high"]
        words["range"] = f"{low}+" if high is None else f"{low}–{high}"
    title, value, note = phrases[line.code]
    penal = line.params.get("penal")
    if isinstance(penal, Money) and penal.minor:
        note = _PENAL[chinese] + note
    return Said(title.format(**words), value.format(**words), note.format(**words))


def _word(value: object, *, chinese: bool) -> str:
    if isinstance(value, Money):
        return format_minor(value.minor, value.currency)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _percent(value)
    if isinstance(value, tuple):
        return _list(value, chinese=chinese)
    return str(value)


def _percent(share: Decimal) -> str:
    """Write a share of a year as a percentage, exactly (0.24 -> 24 %)."""
    return f"{(share * 100).normalize():f} %"


def _list(values: tuple[object, ...], *, chinese: bool) -> str:
    """Write an order of components, or days month by month (at most four)."""
    if all(isinstance(value, Component) for value in values):
        names = [_COMPONENTS[Component(str(value))] for value in values]
        return " → ".join(name[0] if chinese else name[1] for name in names)
    months = [value for value in values if isinstance(value, tuple)]
    assert len(months) == len(values), values
    shown = months if len(months) <= 4 else [months[0], ("…", None), months[-1]]
    return " + ".join(_month(*month, chinese=chinese) for month in shown)


def _month(month: object, days: object, *, chinese: bool) -> str:
    if not isinstance(month, date):
        return str(month)
    if chinese:
        return f"{days} 天（{month.month} 月）"
    return f"{days} ({_MONTHS[month.month - 1]})"

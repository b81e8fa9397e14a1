"""An answer that explains itself: what went in, by which rules, what would flip it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from daihou.engine.basics.money import Money, format_minor

Plain = None | bool | int | Decimal | str | date | Money
Said = Plain | tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was asked: the version of it, and what it said.

    `rule` is an id of the rule book, empty for what no rule says (a sum, a fact).
    `version` is the first day of the version asked. `outcome` is a code of the words
    of the question; its `{places}` are `params`. `unverified`: what was used of the
    rule is no law, for nobody has seen the text; it holds as the lender's policy.
    """

    rule: str
    version: date | None
    outcome: str
    params: Mapping[str, Said] = field(default_factory=lambda: MappingProxyType({}))
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Flip:
    """A change of one input that would change the answer, all else equal.

    `input` was `now`; if it were `becomes` (and, with `on`, on that day), the
    answer would be `answer`.
    """

    input: str
    now: Said
    becomes: Said
    answer: Plain
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer to a question about a subject as of a day, with its reasons.

    `path` is in the order in which the rules were asked; `flips` begin with the
    nearest. The same inputs under the same rules make an equal decision.
    """

    question: str
    subject: str
    as_of: date
    answer: Plain
    inputs: tuple[tuple[str, Said], ...] = ()
    path: tuple[Step, ...] = ()
    flips: tuple[Flip, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules asked, each once, in order."""
        return tuple(dict.fromkeys(each.rule for each in self.path if each.rule))

    @property
    def is_unverified(self) -> bool:
        """Tell whether any step rests on what nobody has seen in the text."""
        return any(each.unverified for each in self.path)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of a question in both languages: code -> text with `{places}`.

    Codes are: `answer` (places: answer, subject, as_of, and the inputs), each
    `outcome` of a step, `flip_` and the input of a flip (places: now, becomes,
    answer, on; `flip_..._on` is taken where the flip has a day and that text
    exists), and `=` before a plain text for its own words (`=doubtful`).
    """

    chinese: Mapping[str, str]
    english: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse a text that only one language has."""
        missing = self.chinese.keys() ^ self.english.keys()
        assert not missing, missing

    def of(self, language: str) -> Mapping[str, str]:
        """Return the texts in `language` (zh... is Chinese, else English)."""
        return self.chinese if language.lower().startswith("zh") else self.english


_UNVERIFIED = {True: "（未核实：机构政策，不作为法律）", False: " (unverified: policy)"}
_NONE = {True: "无", False: "none"}
_TRUTH = {(True, True): "是", (True, False): "yes"}
_TRUTH |= {(False, True): "否", (False, False): "no"}
_CITED = {True: "〔{rule}，{version} 版〕", False: " [{rule}, version {version}]"}


def words(decision: Decision, language: str, phrases: Phrases) -> list[str]:
    """Say a decision: the answer, a sentence a step, then what would flip it."""
    chinese = language.lower().startswith("zh")
    texts = phrases.of(language)
    known = {
        name: shown(value, texts, chinese=chinese) for name, value in _of(decision)
    }
    said = [texts["answer"].format(**known)]
    said += [_step(each, texts, chinese=chinese) for each in decision.path]
    said += [_flip(each, texts, chinese=chinese) for each in decision.flips]
    return said


def _of(decision: Decision) -> tuple[tuple[str, Said], ...]:
    return (
        *decision.inputs,
        ("answer", decision.answer),
        ("subject", decision.subject),
        ("as_of", decision.as_of),
    )


def _step(step: Step, texts: Mapping[str, str], *, chinese: bool) -> str:
    known = {
        name: shown(value, texts, chinese=chinese)
        for name, value in step.params.items()
    }
    said = texts[step.outcome].format(**known)
    if step.rule:
        said += _CITED[chinese].format(rule=step.rule, version=step.version or "-")
    return said + (_UNVERIFIED[chinese] if step.unverified else "")


def _flip(flip: Flip, texts: Mapping[str, str], *, chinese: bool) -> str:
    code = f"flip_{flip.input}"
    if flip.on is not None and f"{code}_on" in texts:
        code += "_on"
    return texts[code].format(
        now=shown(flip.now, texts, chinese=chinese),
        becomes=shown(flip.becomes, texts, chinese=chinese),
        answer=shown(flip.answer, texts, chinese=chinese),
        on=shown(flip.on, texts, chinese=chinese),
    )


def shown(value: Said, texts: Mapping[str, str], *, chinese: bool) -> str:
    """Write one value as a person reads it: amounts grouped, codes in words."""
    if value is None:
        return _NONE[chinese]
    if isinstance(value, bool):
        return _TRUTH[value, chinese]
    if isinstance(value, Money):
        return format_minor(value.minor, value.currency)
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %"
    if isinstance(value, tuple):
        between = "、" if chinese else ", "
        parts = [shown(each, texts, chinese=chinese) for each in value]
        return between.join(parts) or _NONE[chinese]
    if isinstance(value, date):
        return value.isoformat()
    return texts.get(f"={value}", str(value))

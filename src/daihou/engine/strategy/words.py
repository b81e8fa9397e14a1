"""The words of a strategy decision in Chinese and English."""

from typing import Final

from daihou.engine.rulebook.decision import Decision, Phrases
from daihou.engine.rulebook.decision import words as _words
from daihou.engine.strategy.inputs import INPUTS

_CHOICES: Final = {
    "none": ("无", "none"),
    "live": ("有效", "live"),
    "kept": ("已兑现", "kept"),
    "broken": ("已跳票", "broken"),
    "asked": ("已申请", "asked for"),
    "at_risk": ("有风险", "at risk"),
    "done": ("已完成", "done"),
    "person": ("自然人", "person"),
    "organisation": ("机构", "organisation"),
    "normal": ("正常", "normal"),
    "special_mention": ("关注", "special mention"),
    "substandard": ("次级", "substandard"),
    "doubtful": ("可疑", "doubtful"),
    "loss": ("损失", "loss"),
    "M7": ("M6+", "M6+"),
}
_STEPS: Final = {
    "answer": (
        "客户 {subject} 在 {as_of}：命中第 {answer} 行。",
        "Customer {subject} on {as_of}: row {answer} matches.",
    ),
    "row": (
        "第 {place} 行（{row}）命中，因为：",
        "Row {place} ({row}) matches, since:",
    ),
    "no_row": ("{rows} 行都没有命中。", "None of the {rows} rows matches."),
    "cell": (
        "{input}：{value}，该行要求 {cell}。",
        "{input}: {value}; the row asks {cell}.",
    ),
}
_FLIP: Final = (
    "如果{title}为 {becomes}（现为 {now}），将命中 {answer}。",
    "If {title} were {becomes} (it is {now}), the answer would be {answer}.",
)


def _phrases() -> Phrases:
    both = dict(_STEPS)
    both |= {f"={code}": pair for code, pair in _CHOICES.items()}
    for name, asked in INPUTS.items():
        both[f"={name}"] = (asked.zh, asked.en)
        both[f"flip_{name}"] = (
            _FLIP[0].replace("{title}", asked.zh),
            _FLIP[1].replace("{title}", asked.en),
        )
    return Phrases(
        {code: pair[0] for code, pair in both.items()},
        {code: pair[1] for code, pair in both.items()},
    )


PHRASES: Final = _phrases()


def words(decision: Decision, language: str) -> list[str]:
    """Say a decision of a strategy: the row, why it matches, what would flip it."""
    return _words(decision, language, PHRASES)

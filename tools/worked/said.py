"""Why a figure: the derivation of one day, in both languages."""

from datetime import date

from daihou.engine.delinquency.phrases import say
from tools.worked.cases import find
from tools.worked.tables import state_on, table


def why_lines(name: str, day: str) -> list[str]:
    """The steps that lead to the days past due of a case on a day."""
    state = state_on(find(name), date.fromisoformat(day))
    rows = []
    for line in state.derivation:
        english, chinese = say(line, "en"), say(line, "zh")
        why = "<br>".join(each for each in (english.note, chinese.note) if each)
        step = f"{english.title}<br>{chinese.title}"
        value = english.value
        if chinese.value != value:
            value += f"<br>{chinese.value}"
        rows.append((step, value, why, line.source))
    return table(("step 步骤", "figure", "why 为何", "rule 依据"), rows)

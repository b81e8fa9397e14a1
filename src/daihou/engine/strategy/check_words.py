"""The words of what is found wrong with a strategy: code -> (English, Chinese)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "overlap_unique": (
            (
                "Rows {rows} both match the case shown, and hit policy UNIQUE lets "
                "only one. Narrow one of them."
            ),
            "第 {rows} 行都命中所示情形，而命中策略“唯一”只允许一行。请收窄其中一行。",
        ),
        "overlap_any": (
            (
                "Rows {rows} both match the case shown and answer differently, which "
                "hit policy ANY does not allow. Make their answers the same."
            ),
            (
                "第 {rows} 行都命中所示情形而答案不同，命中策略“任一”不允许。"
                "请使两行答案相同。"
            ),
        ),
        "overlap_priority": (
            (
                "Rows {rows} both match the case shown with the same priority and "
                "answer differently. Give one of them a higher priority."
            ),
            (
                "第 {rows} 行都命中所示情形，优先级相同而答案不同。"
                "请提高其中一行的优先级。"
            ),
        ),
        "empty": (
            "Row {rows} cannot match anything: a cell asks what can never be.",
            "第 {rows} 行不可能命中：有单元格要求不可能出现的值。",
        ),
        "unreachable": (
            (
                "Row {rows} is never reached: the rows before it take every case of "
                "it. Move it up, narrow the others, or delete it."
            ),
            (
                "第 {rows} 行永远不会命中：其全部情形已被前面的行取走。"
                "请上移、收窄其他行，或删除该行。"
            ),
        ),
        "gap": (
            (
                "No row matches: {facts}. Add a row, or a last row in which every cell "
                "is -."
            ),
            "没有任何行命中：{facts}。请增加一行，或在最后增加一行全部填 - 的兜底行。",
        ),
        "bound": (
            (
                "The table is too intertwined to check to the end ({nodes} pieces "
                "looked at). What is said above holds; split the table to know the rest."
            ),
            (
                "决策表条件交错过多，未能全部检查（已检查 {nodes} 块）。"
                "以上结论有效；如需完整检查，请拆分该表。"
            ),
        ),
        "queue": (
            "Row {rows} names the queue {name!r}, which the strategy does not have.",
            "第 {rows} 行引用的队列 {name!r} 不在本策略之内。",
        ),
        "journey": (
            "Row {rows} names the journey {name!r}, which the strategy does not have.",
            "第 {rows} 行引用的流程 {name!r} 不在本策略之内。",
        ),
        "no_action": (
            "Row {rows} has no action; write none if nothing is to be done.",
            "第 {rows} 行没有动作；不需处理时请填 none。",
        ),
        "held_outbound": (
            (
                "Row {rows} speaks to a customer on hold ({action}). Somebody on hold "
                "must hear nothing; put a row for held customers before it."
            ),
            (
                "第 {rows} 行会对停留中的客户采取“{action}”。停留期间不得联系；"
                "请在其前面增加停留客户的一行。"
            ),
        ),
        "no_because": (
            "Row {rows} says no because in both languages; whoever acts on it needs it.",
            "第 {rows} 行没有中英文理由；执行者需要知道原因。",
        ),
        "step_target": (
            "Journey {journey}, step {step}: goes on at {name!r}, which does not exist.",
            "流程 {journey} 的步骤 {step}：跳转到不存在的步骤 {name!r}。",
        ),
        "step_queue": (
            "Journey {journey}, step {step}: the queue {name!r} does not exist.",
            "流程 {journey} 的步骤 {step}：队列 {name!r} 不存在。",
        ),
        "step_empty": (
            "Journey {journey}, step {step}: {what} is missing.",
            "流程 {journey} 的步骤 {step}：缺少 {what}。",
        ),
        "step_lost": (
            "Journey {journey}, step {step}: no step leads to it.",
            "流程 {journey} 的步骤 {step}：没有任何步骤通向它。",
        ),
        "step_round": (
            (
                "Journey {journey}, step {step}: can go round within one day, without "
                "anything that waits or acts. Put a wait into the circle."
            ),
            (
                "流程 {journey} 的步骤 {step}：一天之内会无休止循环，"
                "中间没有等待或动作。请在循环中加入等待。"
            ),
        ),
        "no_steps": (
            "Journey {journey} has no steps.",
            "流程 {journey} 没有步骤。",
        ),
        "interrupt_days": (
            (
                "Journey {journey}, on the event {event}: say for how many days it "
                "pauses, 1 to {most}."
            ),
            "流程 {journey} 遇事件 {event}：请填写暂停天数，1 至 {most} 天。",
        ),
        "interrupt_step": (
            (
                "Journey {journey}, on the event {event}: goes on at the step {name!r}, "
                "which does not exist."
            ),
            "流程 {journey} 遇事件 {event}：跳转到不存在的步骤 {name!r}。",
        ),
        "interrupt_journey": (
            (
                "Journey {journey}, on the event {event}: starts {name!r}, which is no "
                "other journey of this strategy."
            ),
            "流程 {journey} 遇事件 {event}：启动的 {name!r} 不是本策略的其他流程。",
        ),
        "arm_row": (
            "Arm {arm} names the row {name!r}, which the table does not have.",
            "组 {arm} 引用的行 {name!r} 不在决策表之内。",
        ),
    }
)

"""What can be wrong with an event in the life of a loan, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class LifeError(UserError):
    """An event that cannot be placed in the life of its loan."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "of": (
            "Event {event} names event {of}, which is not among them; correct `of`.",
            "事件 {event} 指向的事件 {of} 不存在；请更正 of。",
        ),
        "of_money": (
            (
                "Event {event} takes back event {of}, which brought no money; name a "
                "payment, or use an undo."
            ),
            "事件 {event} 要冲回的事件 {of} 不是入账；请改为一笔回款，或用撤销。",
        ),
        "circle": (
            "Event {event} takes itself back in the end; correct `of`.",
            "事件 {event} 最终撤销了自己；请更正 of。",
        ),
        "twice": (
            "Event id {event} is used twice; give each event its own.",
            "事件编号 {event} 重复；请为每个事件使用不同编号。",
        ),
        "early": (
            (
                "Event {event} happened on {on}, before the loan was paid out on "
                "{disbursed_on}; correct one of the two days."
            ),
            (
                "事件 {event} 发生于 {on}，早于放款日 {disbursed_on}；"
                "请更正其中一个日期。"
            ),
        ),
        "amount": (
            "Event {event}: `amount` must be more than zero; it is {amount}.",
            "事件 {event}：amount 必须大于零，现为 {amount}。",
        ),
        "dates": (
            (
                "Event {event}: {field} is {value}; it must be later than {on}, the day "
                "before it."
            ),
            "事件 {event}：{field} 为 {value}；应晚于 {on}。",
        ),
        "count": (
            "Event {event}: {field} is {value}; it must lie from {low} to {high}.",
            "事件 {event}：{field} 为 {value}；应在 {low} 到 {high} 之间。",
        ),
        "nothing_coming": (
            (
                "Event {event}: no instalment is still to come on {on}; reschedule or "
                "re-age the debt instead."
            ),
            "事件 {event}：{on} 已无未到期的期次；请改用重组或重新起算账龄。",
        ),
        "nothing_left": (
            "Event {event}: nothing is owed on {on}; leave the event out.",
            "事件 {event}：{on} 已无欠款；请去掉该事件。",
        ),
        "seq": (
            "Event {event}: no instalment {seq} is in force on {on}; correct `seq`.",
            "事件 {event}：{on} 没有生效的第 {seq} 期；请更正 seq。",
        ),
        "rows": (
            (
                "Event {event}: the principal of its rows adds up to {total}, not to "
                "the {balance} minor units left; correct the rows."
            ),
            (
                "事件 {event}：各期本金合计 {total}，与剩余本金 {balance}"
                "（最小货币单位）不符；请更正。"
            ),
        ),
        "method": (
            (
                "Event {event}: the rows of method {method} cannot be worked out; use a "
                "reschedule that states its method or its rows."
            ),
            (
                "事件 {event}：还款方式 {method} 的各期无法推算；"
                "请改用写明还款方式或各期的重组。"
            ),
        ),
        "versions": (
            (
                "Event {event} reshapes the plan on {on}, but a version of rows begins "
                "after it, on {begins_on}; send that version as events, or leave one out."
            ),
            (
                "事件 {event} 于 {on} 改变还款计划，但另有一版计划自 {begins_on} 起；"
                "请把该版本改写为事件，或去掉其一。"
            ),
        ),
        "running": (
            (
                "Event {event} ({kind}) reshapes instalments; a loan whose interest runs "
                "on its balance has none of its own. Use a payment, a rate change or a "
                "pause."
            ),
            (
                "事件 {event}（{kind}）改变各期；按日计息、随借随还的借据没有固定各期。"
                "请改用回款、调息或暂停。"
            ),
        ),
        "mirror": (
            (
                "A core system keeps the ledger of product {product}; its life cannot "
                "be unfolded here. Use a product of mode own."
            ),
            "产品 {product} 的账由核心系统记，无法在此推演；请使用 own 模式的产品。",
        ),
    }

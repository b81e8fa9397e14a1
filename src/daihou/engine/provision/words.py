"""The words of provisions in Chinese and English."""

from types import MappingProxyType

from daihou.engine.rulebook.decision import Phrases

_CODES_ZH = {
    "=normal": "正常",
    "=special_mention": "关注",
    "=substandard": "次级",
    "=doubtful": "可疑",
    "=loss": "损失",
    "=table": "计提表",
    "=model": "模型",
    "=provision_ratio": "贷款拨备率",
    "=coverage_ratio": "拨备覆盖率",
    "=enough": "拨备充足",
    "=short": "拨备不足",
    "=book": "全部贷款",
    "=CN_MOF2012": "财金〔2012〕20号标准系数",
    "=CN_PBC2002": "2002 年计提指引",
    "=CN_MICRO": "小额贷款常用表",
}
_CODES_EN = {
    "=normal": "normal",
    "=special_mention": "special mention",
    "=substandard": "substandard",
    "=doubtful": "doubtful",
    "=loss": "loss",
    "=table": "the table",
    "=model": "the model",
    "=provision_ratio": "the provision ratio",
    "=coverage_ratio": "the coverage ratio",
    "=enough": "enough is held",
    "=short": "too little is held",
    "=book": "all loans",
    "=CN_MOF2012": "the coefficients of 2012",
    "=CN_PBC2002": "the guidance of 2002",
    "=CN_MICRO": "what small lenders commonly use",
}

LOAN = Phrases(
    MappingProxyType(
        _CODES_ZH
        | {
            "answer": "{subject}：应计提 {answer}（{asset_class}，余额 {balance}）",
            "by_table": (
                "{table}：{asset_class} {share}，余额 {balance}，应计提 {amount}"
            ),
            "model_governs": "模型测算 {amount}，较高者为准",
            "model_below": "模型测算 {amount}，低于计提表",
            "flip_asset_class": "由{now}降为{becomes}，则应计提 {answer}",
        }
    ),
    MappingProxyType(
        _CODES_EN
        | {
            "answer": "{subject} needs {answer} ({asset_class}, balance {balance})",
            "by_table": (
                "By {table}: {asset_class} {share}, balance {balance}, needs {amount}"
            ),
            "model_governs": "The model measures {amount}; the higher governs",
            "model_below": "The model measures {amount}, below the table",
            "flip_asset_class": "As {becomes} instead of {now} it would need {answer}",
        }
    ),
)
BOOK = Phrases(
    MappingProxyType(
        _CODES_ZH
        | {
            "answer": "{subject}：{answer}（余额 {loans}，不良 {bad}，已提 {held}）",
            "class_row": "{asset_class} {loans} 笔，余额 {balance} × {share} = {needed}",
            "table_total": "{table}合计应计提 {needed}",
            "no_ratios": "拨备率和覆盖率指标不适用于该牌照",
            "provision_ratio": "贷款拨备率不低于 {share}：{whole} 应计提 {needed}",
            "coverage_ratio": "拨备覆盖率不低于 {share}：不良 {whole} 应计提 {needed}",
            "held_enough": "较高者为{by}：{required}；已提 {held}，充足",
            "held_short": "较高者为{by}：{required}；已提 {held}，缺 {shortfall}",
            "flip_held": "已提由 {now} 增到 {becomes}，则{answer}",
            "flip_held_below": "已提由 {now} 降到低于 {becomes}，则{answer}",
        }
    ),
    MappingProxyType(
        _CODES_EN
        | {
            "answer": "{subject}: {answer} (balance {loans}, bad {bad}, held {held})",
            "class_row": (
                "{asset_class} ({loans}): balance {balance} x {share} = {needed}"
            ),
            "table_total": "By {table} all need {needed}",
            "no_ratios": "The ratios do not speak to this licence",
            "provision_ratio": (
                "Provision to loans at least {share}: {whole} need {needed}"
            ),
            "coverage_ratio": "Coverage at least {share}: bad loans {whole} need {needed}",
            "held_enough": "The highest is {by}: {required}; held {held}, enough",
            "held_short": (
                "The highest is {by}: {required}; held {held}, {shortfall} too little"
            ),
            "flip_held": "With {becomes} held instead of {now}: {answer}",
            "flip_held_below": "With less than {becomes} held (now {now}): {answer}",
        }
    ),
)

LINES = Phrases(
    MappingProxyType(
        {
            "=balances": "余额",
            "=allowances": "拨备",
            "=opening": "期初",
            "=moved_in": "迁入",
            "=moved_out": "迁出",
            "=new": "新增",
            "=repaid": "收回",
            "=written_off": "核销",
            "=remeasured": "补提或释放",
            "=closing": "期末",
        }
    ),
    MappingProxyType(
        {
            "=balances": "Balances",
            "=allowances": "Allowances",
            "=opening": "opening",
            "=moved_in": "moved in",
            "=moved_out": "moved out",
            "=new": "new",
            "=repaid": "repaid",
            "=written_off": "written off",
            "=remeasured": "remeasured",
            "=closing": "closing",
        }
    ),
)

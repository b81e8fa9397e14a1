"""The codes of classification: classes by severity, facts and causes as bits."""

from collections.abc import Mapping
from enum import IntEnum, IntFlag, StrEnum
from types import MappingProxyType


class AssetClass(IntEnum):
    """The five classes 五级分类 (办法 art. 6), worse with every step."""

    NORMAL = 0  # 正常
    SPECIAL_MENTION = 1  # 关注
    SUBSTANDARD = 2  # 次级
    DOUBTFUL = 3  # 可疑
    LOSS = 4  # 损失

    @property
    def code(self) -> str:
        """The name in files and columns, such as `special_mention`."""
        return self.name.lower()

    @property
    def is_bad(self) -> bool:
        """Tell whether the class is one of the last three, 不良."""
        return self >= FIRST_BAD


FIRST_BAD = AssetClass.SUBSTANDARD
BY_CODE: Mapping[str, AssetClass] = MappingProxyType(
    {each.code: each for each in AssetClass}
)


class Guarantee(IntEnum):
    """The kind of security 担保方式: rows of the matrix by days."""

    UNSECURED = 0  # 信用
    GUARANTEED = 1  # 保证
    MORTGAGED = 2  # 抵押
    PLEDGED = 3  # 质押

    @property
    def code(self) -> str:
        """The name in files and columns."""
        return self.name.lower()


class Sign(IntFlag):
    """Facts about a loan or its debtor that are so or are not; one bit each."""

    TECHNICAL_OVERDUE = 1  # said to be an operational or technical overdue
    TECHNICAL_EVIDENCE = 2  # and there is evidence for that
    USE_CHANGED = 4  # use of funds changed without consent 未经同意改变用途
    REFINANCED = 8  # repaid by new debt 借新还旧
    REFINANCING_EXCEPTED = 16  # a bond, or a renewal that qualifies 小微续贷
    BAD_ELSEWHERE = 32  # the debtor is bad at another bank
    CREDIT_IMPAIRED = 64  # 已发生信用减值
    DOWNGRADED = 128  # rating sharply cut, capacity hurt 外部评级大幅下调
    EVASION = 256  # 逃废债
    BANKRUPTCY_LIQUIDATION = 512  # 破产清算
    ACCEPTED_ENHANCEMENT = 1024  # credit enhancement the supervisor accepts
    SMALL_BUSINESS = 2048  # the matrix of small-business loans speaks to it
    ABLE_TO_PAY = 4096  # assessed as able to keep paying 评估能够持续履约
    STAGE_2_REBUTTED = 8192  # overdue is no significant increase, with evidence
    DEFAULT_REBUTTED = 16384  # overdue is no default, with evidence
    RISK_INCREASED = 32768  # significant increase of risk found otherwise
    DUE_DATE_COUNTED = 65536  # the days past due count the due date as day 1
    UNLIKELY_TO_PAY = 131072  # found unlikely to pay in full (EU)

    @property
    def code(self) -> str:
        """The name in files; of a single bit."""
        assert self.name is not None, self
        return self.name.lower()


class Cause(IntFlag):
    """Why a class is not normal: every floor that speaks, and what holds it."""

    OVERDUE = 1
    MATRIX = 2  # days by kind of security
    USE_CHANGED = 4
    REFINANCED = 8
    BAD_ELSEWHERE = 16
    BAD_HERE = 32  # another claim on the same debtor is bad here
    CREDIT_IMPAIRED = 64
    DOWNGRADED = 128
    EVASION = 256
    BANKRUPTCY_LIQUIDATION = 512
    LOSS_SHARE = 1024  # impaired, and much of it is expected to be lost
    MARKET = 2048  # much of the debtor's debt at all banks is late
    CONTAGION = 4096  # much of the debtor's debt here is bad
    OBSERVED = 8192  # restructured, in observation
    RESTRUCTURED_AGAIN = 16384  # restructured a second time in observation
    JUDGED = 32768  # a person set it
    HELD = 65536  # nothing speaks for it today, but nobody has raised it yet

    @property
    def code(self) -> str:
        """The name in files; of a single bit."""
        assert self.name is not None, self
        return self.name.lower()


NO_SIGN, NO_CAUSE = Sign(0), Cause(0)
# What the machine may take back by itself once everything is paid.
LATENESS = Cause.OVERDUE | Cause.MATRIX


class Event(IntEnum):
    """What happens to a restructured loan; in this order on one day."""

    RESTRUCTURED = 0  # terms changed because of financial difficulty
    MISSED = 1  # a payment was missed
    TURNED_BAD = 2  # its class became bad
    SOLVED = 3  # assessed: the difficulty is over
    UNSOLVED = 4  # assessed: it is not

    @property
    def code(self) -> str:
        """The name in files and columns."""
        return self.name.lower()


class Stage(IntEnum):
    """Stages of expected credit loss (CAS 22, IFRS 9)."""

    ONE = 1
    TWO = 2
    THREE = 3


class Grade(StrEnum):
    """Grades of special mention accounts and default (RBI), by severity."""

    STANDARD = "standard"
    SMA_0 = "sma_0"
    SMA_1 = "sma_1"
    SMA_2 = "sma_2"
    NPA = "npa"


class Standing(StrEnum):
    """Standing of an exposure under the definition of default (EBA), by severity."""

    PERFORMING = "performing"
    FORBORNE = "forborne"  # performing, in the probation of two years
    PROBATION = "probation"  # nothing speaks for default now; still counted as one
    DEFAULT = "default"


def names(bits: IntFlag) -> tuple[str, ...]:
    """Return the codes of the bits that are set, in order."""
    return tuple(each.name.lower() for each in type(bits) if each in bits if each.name)

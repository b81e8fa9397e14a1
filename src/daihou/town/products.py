"""What the town's lender offers, to whom and where: shares, terms and prices.

Every rate times the penalty multiplier of 1.5 stays below 24 % a year. Due days
lie between the 5th and the 27th: no month is too short, and none ends on one.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Offer:
    """How one product is sold in the town.

    `share` is its part of the loans by count. `principal_yuan` are the median and
    the spread (sigma of the logarithm) of the amounts, `lowest_yuan` and
    `highest_yuan` their ends, `step_yuan` the rounding. `rates_millionths` are the
    yearly rates in use. `risk` multiplies the chance of getting late.
    `organisations` is the share of borrowers that are small businesses.
    """

    product: str
    share: float
    methods: tuple[str, ...]
    terms_months: tuple[int, ...]
    principal_yuan: tuple[float, float]
    lowest_yuan: int
    highest_yuan: int
    step_yuan: int
    rates_millionths: tuple[int, ...]
    purposes: tuple[str, ...]
    guarantees: tuple[str, ...]
    risk: float = 1.0
    organisations: float = 0.0
    collateral: str = ""


OFFERS: Final = (
    Offer(
        product="consumer_loan",
        share=0.38,
        methods=("equal_instalment",),
        terms_months=(6, 12, 12, 24, 36),
        principal_yuan=(36_000, 0.75),
        lowest_yuan=3_000,
        highest_yuan=200_000,
        step_yuan=1_000,
        rates_millionths=(108_000, 126_000, 144_000),
        purposes=("家电购置", "教育培训", "旅游", "医疗", "婚庆", "数码产品"),
        guarantees=("信用",),
        risk=1.1,
    ),
    Offer(
        product="decoration_loan",
        share=0.14,
        methods=("equal_instalment",),
        terms_months=(24, 36, 36, 60),
        principal_yuan=(120_000, 0.45),
        lowest_yuan=30_000,
        highest_yuan=400_000,
        step_yuan=5_000,
        rates_millionths=(72_000, 84_000, 96_000),
        purposes=("住房装修",),
        guarantees=("信用", "保证"),
        risk=0.8,
    ),
    Offer(
        product="business_loan",
        share=0.18,
        methods=("equal_instalment", "equal_instalment", "interest_only"),
        terms_months=(12, 12, 24, 36),
        principal_yuan=(220_000, 0.7),
        lowest_yuan=30_000,
        highest_yuan=2_000_000,
        step_yuan=10_000,
        rates_millionths=(84_000, 96_000, 108_000, 132_000),
        purposes=("进货", "流动资金周转", "设备更新", "门店装修"),
        guarantees=("信用", "保证", "保证"),
        risk=1.1,
        organisations=0.35,
    ),
    Offer(
        product="farmer_loan",
        share=0.14,
        methods=("interest_only", "bullet"),
        terms_months=(6, 12, 12),
        principal_yuan=(60_000, 0.5),
        lowest_yuan=10_000,
        highest_yuan=300_000,
        step_yuan=5_000,
        rates_millionths=(72_000, 84_000, 96_000, 108_000),
        purposes=("种植", "养殖", "农资采购", "农机购置"),
        guarantees=("保证", "信用", "联保"),
        risk=0.9,
    ),
    Offer(
        product="vehicle_loan",
        share=0.11,
        methods=("equal_instalment",),
        terms_months=(12, 24, 36),
        principal_yuan=(80_000, 0.5),
        lowest_yuan=20_000,
        highest_yuan=300_000,
        step_yuan=5_000,
        rates_millionths=(120_000, 138_000, 150_000),
        purposes=("资金周转", "购车"),
        guarantees=("抵押",),
        risk=1.2,
        collateral="车辆",
    ),
    Offer(
        product="sme_mortgage",
        share=0.05,
        methods=("equal_instalment", "equal_principal"),
        terms_months=(36, 60, 120),
        principal_yuan=(1_200_000, 0.6),
        lowest_yuan=300_000,
        highest_yuan=5_000_000,
        step_yuan=50_000,
        rates_millionths=(48_000, 56_000, 66_000),
        purposes=("厂房购置", "扩大经营", "流动资金周转"),
        guarantees=("抵押",),
        risk=0.6,
        organisations=0.7,
        collateral="房产",
    ),
)

METHODS: Final = ("equal_instalment", "equal_principal", "interest_only", "bullet")
DUE_DAYS: Final = (5, 8, 10, 12, 15, 18, 20, 21, 25, 27)


@dataclass(frozen=True, slots=True)
class Office:
    """A branch: code, names, share of the loans and how its borrowers fare."""

    code: str
    name: str
    name_en: str
    share: float
    risk: float
    officers: int


OFFICES: Final = (
    Office("chengdong", "城东", "Chengdong", 0.26, 1.00, 6),
    Office("jiangbei", "江北", "Jiangbei", 0.22, 0.90, 5),
    Office("kaifaqu", "开发区", "Kaifaqu", 0.18, 1.15, 5),
    Office("hekou", "河口", "Hekou", 0.14, 1.30, 4),
    Office("nanshan", "南山", "Nanshan", 0.12, 0.85, 3),
    Office("liucun", "柳村", "Liucun", 0.08, 1.05, 3),
)

CHANNELS: Final = ("网点", "手机银行", "合作商户", "助贷平台")
CHANNEL_SHARES: Final = (0.46, 0.31, 0.14, 0.09)
CHANNEL_RISK: Final = (0.9, 0.95, 1.1, 1.5)
FUNDERS: Final = ("自有资金", "清江银行联合贷", "支农再贷款")
FUNDER_SHARES: Final = (0.74, 0.18, 0.08)

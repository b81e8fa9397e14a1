"""Names, numbers and addresses that belong to nobody.

Names are put together at random from common characters. Identity numbers carry
region codes that do not exist (99....) with a correct check digit; mobile numbers
begin with 12, which no network uses; the city is not on any map.
"""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.town import calendar
from daihou.town.draws import Array

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN_FIRST: Final = "伟秀志建国文晓丽海玉春明永德金小红桂淑光少振庆立世宏新华长福兴荣思雅子家俊佳雨浩欣梓成学祥云天爱广东"
GIVEN_LAST: Final = "英芳强军平霞艳杰涛娟敏静磊洋勇燕斌波辉刚玲健鹏飞宁亮龙琴琳辰轩悦涵凯丹萍红梅兰峰林超琪瑶婷雪颖莹媛嘉"
STREETS: Final = (
    *("建设路", "人民路", "解放街", "和平巷", "文化路"),
    *("胜利街", "滨河路", "育才路", "工农街", "振兴路"),
)
TRADES: Final = {
    "批发零售": ("商贸", "百货", "建材"),
    "制造": ("机械", "五金", "塑业"),
    "餐饮住宿": ("餐饮", "酒店管理"),
    "运输物流": ("物流", "运输"),
    "建筑装饰": ("装饰工程", "建筑劳务"),
    "农林牧渔": ("农业科技", "养殖"),
    "居民服务": ("家政服务", "汽车维修"),
}
FIRM_CHARACTERS: Final = "鑫源恒泰盛达宏昌瑞丰安顺华通永兴嘉禾腾远锦程万和"
EMPLOYERS: Final = (
    *("清江纺织厂", "清江第二中学", "清江人民医院", "清江公交公司", "清江食品公司"),
    *("清江电子厂", "清江物流园", "清江供水公司", "清江百货大楼", "个体经营"),
    *("自由职业", "清江建筑公司", "清江化工厂", "清江农机站"),
)
CITY: Final = "清江市"
_WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS: Final = np.frombuffer(b"10X98765432", np.uint8)
_CODE: Final = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
_ORGANISATION_WEIGHTS: Final = np.array([3, 7, 9, 10, 5, 8, 4, 2])


def take(names: Any, places: Array) -> pa.Array:
    """Text by position."""
    return pa.array(list(names), pa.string()).take(pa.array(places))


def join(*parts: Any) -> pa.Array:
    """Texts written one after the other."""
    return pc.binary_join_element_wise(*parts, "")


def padded(numbers: Array, width: int) -> pa.Array:
    """Numbers as text with leading zeros."""
    text = pa.array(np.asarray(numbers, np.int64)).cast(pa.string())
    return pc.utf8_lpad(text, width, "0")


def compact_dates(days: Array) -> pa.Array:
    """Dates as yymmdd."""
    first = int(days.min()) if len(days) else 0
    last = int(days.max()) if len(days) else 0
    names = [f"{calendar.date_of(day):%y%m%d}" for day in range(first, last + 1)]
    return take(names, days - first)


def personal(rng: np.random.Generator, count: int) -> pa.Array:
    """Names of people: one common surname and one or two common characters."""
    popularity = 1.0 / (np.arange(len(SURNAMES)) + 6.0)
    edges = np.cumsum(popularity / popularity.sum())
    surname = np.minimum(np.searchsorted(edges, rng.random(count)), len(SURNAMES) - 1)
    middle = rng.integers(0, len(GIVEN_FIRST), count)
    short = pa.array(rng.random(count) < 0.17)
    last = take(GIVEN_LAST, rng.integers(0, len(GIVEN_LAST), count))
    given = pc.if_else(short, last, join(take(GIVEN_FIRST, middle), last))
    return join(take(SURNAMES, surname), given)


def firms(rng: np.random.Generator, count: int) -> tuple[pa.Array, pa.Array]:
    """Names of small firms, and the industry of each."""
    trades = [(industry, word) for industry, of in TRADES.items() for word in of]
    which = rng.integers(0, len(trades), count)
    first, second = rng.integers(0, len(FIRM_CHARACTERS), (2, count))
    form = take(["有限公司", "有限公司", "经营部", "商行"], rng.integers(0, 4, count))
    name = join(
        CITY,
        take(FIRM_CHARACTERS, first),
        take(FIRM_CHARACTERS, second),
        take([word for _, word in trades], which),
        form,
    )
    return name, take([industry for industry, _ in trades], which)


def resident_numbers(
    region: Array, born_on: Array, order: Array
) -> tuple[pa.Array, Array]:
    """18-character numbers (GB 11643) and whether the holder is male (odd order).

    `region` is below 10,000 and follows 99, which names no province.
    """
    dates = born_on.astype("datetime64[D]")
    month_first = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = month_first.astype(np.int64) % 12 + 1
    day = (dates - month_first).astype(np.int64) + 1
    digits = np.empty((len(region), 17), np.int64)
    digits[:, :2] = 9
    _put(digits, 2, region, 4)
    _put(digits, 6, year, 4)
    _put(digits, 10, month, 2)
    _put(digits, 12, day, 2)
    _put(digits, 14, order, 3)
    text = np.empty((len(region), 18), np.uint8)
    text[:, :17] = digits + ord("0")
    text[:, 17] = _CHECKS[digits @ _WEIGHTS % 11]
    return _fixed(text), order % 2 == 1


def credit_codes(region: Array, serial: Array) -> pa.Array:
    """Unified social credit codes (GB 32100) of firms in a region of 99...."""
    count = len(region)
    values = np.zeros((count, 17), np.int64)
    values[:, :2] = (9, 1)
    values[:, 2:4] = 9
    _put(values, 4, region, 4)
    values[:, 8:10] = (21, 10)  # M, A: registered since 2015
    _put(values, 10, serial, 6)
    of = values[:, 8:16].copy()
    of[:, 0] = 22  # GB 11714 counts letters A-Z from 10, without gaps
    check = 11 - of @ _ORGANISATION_WEIGHTS % 11
    values[:, 16] = np.where(check == 11, 0, np.where(check == 10, 29, check))
    powers = np.array([pow(3, place, 31) for place in range(17)])
    last = (31 - values @ powers % 31) % 31
    text = np.empty((count, 18), np.uint8)
    text[:, :17] = _CODE[values]
    text[:, 17] = _CODE[last]
    return _fixed(text)


def mobiles(serial: Array) -> pa.Array:
    """Eleven digits from 12, which is no mobile network."""
    return join("12", padded(serial * 7919 % 1_000_000_000, 9))


def _put(digits: Array, start: int, numbers: Array, width: int) -> None:
    for place in range(width):
        digits[:, start + place] = numbers // 10 ** (width - 1 - place) % 10


def _fixed(text: Array) -> pa.Array:
    width = text.shape[1]
    kind = pa.binary(width)
    buffer = pa.py_buffer(np.ascontiguousarray(text).tobytes())
    plain = pa.Array.from_buffers(kind, len(text), [None, buffer])
    return plain.cast(pa.binary()).cast(pa.string())

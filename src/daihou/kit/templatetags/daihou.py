"""Filters and tags that print figures, dates, chips, gauges and icons."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.dictionary_days import DAYS
from daihou.kit import actors, currencies, definitions, ladder, masking, numbers
from daihou.kit.markup import fill

register = template.Library()

_ZERO = SafeString(f'<span class="zero">{numbers.DASH}</span>')
_CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")


def _language() -> str:
    return get_language() or "zh-hans"


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units with grey cents; nothing at all (None) and zero are a dash."""
    return money_full(minor, currency) if minor else _ZERO


@register.filter
def money_full(minor: int, currency: str) -> str:
    """Minor units with grey cents, zero printed as 0.00 (the sum line needs it)."""
    parts = numbers.money_parts(minor, currency=currency)
    cents = fill('<span class="c">{}</span>', parts.cents) if parts.cents else ""
    return fill("{}{}{}", parts.sign, parts.whole, cents)


@register.filter
def money_text(minor: int, currency: str) -> str:
    """Minor units as `¥10,764.39` for a sentence."""
    return numbers.money_text(minor, currency=currency)


@register.filter
def money_plain(minor: int, currency: str) -> str:
    """Minor units as `10,764.39`, no sign of the currency, for titles and fields."""
    return str(numbers.money_parts(minor, currency=currency))


@register.filter
def money_large(minor: int, currency: str) -> str:
    """Minor units as 万元, 亿元 or ¥ m, ¥ bn, the exact amount in the title."""
    return fill(
        '<span title="{}">{}</span>',
        numbers.money_text(minor, currency=currency),
        numbers.large_money(minor, language=_language(), currency=currency),
    )


@register.filter
def money_unit(minor: int | None, unit: numbers.Unit) -> str:
    """Minor units in the unit of the table: to the cent, or 万 and thousand."""
    if not unit.large:
        return money(minor, unit.currency)
    if not minor:
        return _ZERO
    divisor = numbers.large_divisor(_language(), currency=unit.currency)
    return fill(
        '<span title="{}">{}</span>',
        numbers.money_text(minor, currency=unit.currency),
        numbers.scaled(minor, divisor=divisor, places=2),
    )


@register.filter
def currency_sign(currency: str) -> str:
    """What stands before an amount in this currency: `¥`."""
    return currencies.sign(currency)


@register.filter
def currency_unit(currency: str) -> str:
    """The unit of an amount in words of its column: `元` or `¥`."""
    return currencies.unit(currency, chinese=numbers.is_chinese(_language()))


@register.filter
def large_unit(currency: str) -> str:
    """The name of the large unit of tables: `万元` or `¥ thousand`."""
    return currencies.large_unit(currency, chinese=numbers.is_chinese(_language()))


@register.filter
def count(number: int | None) -> str:
    """A whole number with thousands grouped; zero and None are a dash."""
    return f"{number:,}" if number else _ZERO


@register.filter
def percent(ratio: Decimal, places: int = 2) -> str:
    """A share (0.0462) as percent (`4.62`), without the sign character."""
    return numbers.percent(ratio, places=places)


@register.filter
def delta(change: int, better: str = "down") -> str:
    """A change with arrow, colour and sign; `better` says which way is good."""
    if change == 0:
        return _ZERO
    rising = change > 0
    good = rising == (better == "up")
    return fill(
        '<span class="delta {} {}">{}</span>',
        "up" if rising else "dn",
        "good" if good else "bad",
        numbers.signed(change),
    )


@register.filter
def day(value: date | None) -> str:
    """A date in full, or a dash."""
    return numbers.day_text(value, language=_language()) if value else _ZERO


@register.filter
def day_near(value: date | None, year: int) -> str:
    """A date, its year left out where it is `year`."""
    if not value:
        return _ZERO
    return numbers.day_short(value, language=_language(), year=year)


@register.filter
def weekday(value: date) -> str:
    """A date with its weekday."""
    return numbers.day_with_weekday(value, language=_language())


@register.filter
def instant(value: datetime | None) -> str:
    """An instant in the site's time zone, to the minute."""
    if value is None:
        return _ZERO
    return numbers.instant_text(timezone.localtime(value), language=_language())


@register.filter
def clock(value: datetime | None) -> str:
    """The local time of day of an instant, `14:42`."""
    return f"{timezone.localtime(value):%H:%M}" if value else _ZERO


@register.filter
def seconds(value: float | None) -> str:
    """A measured time in words of its size."""
    return _ZERO if value is None else numbers.seconds_text(value)


@register.filter
def masked_id(number: str) -> str:
    """An identity number with its middle hidden."""
    return masking.id_no(number)


@register.filter
def masked_phone(number: str) -> str:
    """A telephone number with its middle hidden."""
    return masking.phone(number)


@register.filter
def fingerprint(digest: str) -> str:
    """The two ends of a digest, the whole of it in the title."""
    return fill(
        '<span class="mono" title="{}">{}</span>', digest, numbers.fingerprint(digest)
    )


@register.filter
def bucket_word(code: str) -> str:
    """The word printed for a bucket id: `M7` is shown as `M6+`."""
    return numbers.bucket_word(code)


@register.filter
def bucket(code: str) -> str:
    """A bucket as gauge and word."""
    level = code[1:] if code[:1] == "M" and code[1:].isdigit() else "x"
    return fill('<span class="bk" data-m="{}">{}</span>', level, bucket_word(code))


@register.filter
def bucket_of_days(dpd: int) -> str:
    """The step of the ladder that holds `dpd` days past due, as gauge and word."""
    return bucket(ladder.step(dpd))


@register.filter
def asset_class(code: str) -> str:
    """One of the five classes as shape, colour and word; a dash when not classed."""
    if code not in _CLASSES:
        return _ZERO
    words = {
        "normal": pgettext("five-tier class", "Normal"),
        "special_mention": pgettext("five-tier class", "Special mention"),
        "substandard": pgettext("five-tier class", "Substandard"),
        "doubtful": pgettext("five-tier class", "Doubtful"),
        "loss": pgettext("five-tier class", "Loss"),
    }
    return fill(
        '<span class="chip bare cls-{}">{}</span>',
        _CLASSES.index(code) + 1,
        words[code],
    )


@register.simple_tag
def chip(kind: str, shape: str, word: str, *, bare: bool = False) -> str:
    """A status: colour `kind`, `shape` and word; `bare` in tables and lists."""
    return fill(
        '<span class="chip k-{} s-{}{}">{}</span>',
        kind,
        shape,
        " bare" if bare else "",
        word,
    )


@register.simple_tag
def icon(name: str, size: int = 16) -> str:
    """One glyph of the icon sheet in the current ink, hidden from readers."""
    return _icon(name, size)


@cache
def _icon(name: str, size: int) -> str:
    return fill(
        '<svg class="ic" width="{}" height="{}" aria-hidden="true">'
        '<use href="{}#{}"/></svg>',
        size,
        size,
        static("daihou/icons.svg"),
        name,
    )


@register.filter
def actor(by: str) -> str:
    """Who did something, by login; what no person did in a word."""
    return actors.actor_word(by)


@register.simple_tag
def sep() -> SafeString:
    """The parting dot, drawn because a Chinese face sets `·` one em wide."""
    return SafeString('<i class="sep"></i>')


@register.simple_tag(takes_context=True)
def definition(context: template.Context, id: str) -> str:
    """A link to the definition of a figure beside it, for who may read it."""
    address = definitions.address_of(context["request"], id)
    if not address:
        return ""
    metric = METRICS.get(id) or DAYS[id]
    word = metric.zh if numbers.is_chinese(_language()) else metric.en
    told = gettext("Definition: %(figure)s") % {"figure": word}
    link = '<a class="xs" href="{}" title="{}" aria-label="{}">{}</a>'
    return fill(link, address, told, told, gettext("Definition"))

"""Money as integer minor units of a currency, read and written exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.rounding import HALF_EVEN, divide

_TWO = (
    "AED ARS AUD BDT BGN BRL CAD CHF CNY COP CZK DKK DZD EGP ETB EUR GBP GEL GHS HKD "
    "HUF IDR ILS INR KES KHR KZT LAK LKR MAD MMK MNT MOP MXN MYR NGN NOK NPR NZD PEN "
    "PHP PKR PLN RON RSD RUB SAR SEK SGD THB TRY TWD TZS UAH USD UYU UZS ZAR ZMW"
)
# ISO 4217 minor-unit digits.
DIGITS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(_TWO.split(), 2)
    | dict.fromkeys(("CLP", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0)
    | dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3)
)
NANO = 10**9
LARGEST_PLACE = 18  # an amount has at most 19 figures before its point


def digits(currency: str) -> int:
    """Return how many decimals `currency` has (ISO 4217), or raise MoneyError."""
    if currency not in DIGITS:
        raise MoneyError("currency", currency=currency, known=" ".join(sorted(DIGITS)))
    return DIGITS[currency]


def to_minor(amount: Decimal | str | int, currency: str) -> int:
    """Read an amount in major units (`"1234.5"`) as minor units (123450), exactly."""
    places = digits(currency)
    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise MoneyError("not_a_number", text=str(amount)) from None
    if not number.is_finite():
        raise MoneyError("not_a_number", text=str(amount))
    if number.adjusted() > LARGEST_PLACE:  # also: 1e999999999 would never be counted
        raise MoneyError("too_large", text=str(amount))
    numerator, denominator = number.as_integer_ratio()
    minor, rest = divmod(numerator * int(10**places), denominator)
    if rest:
        raise MoneyError(
            "too_many_decimals", text=str(amount), currency=currency, digits=places
        )
    return minor


def to_major(minor: int, currency: str) -> Decimal:
    """Return minor units as an exact Decimal in major units (123450 -> 1234.50)."""
    sign = 1 if minor < 0 else 0
    figures = tuple(int(figure) for figure in str(abs(minor)))
    return Decimal((sign, figures, -digits(currency)))


def format_minor(minor: int, currency: str) -> str:
    """Write minor units as `1,234.50`, without a currency sign."""
    places = digits(currency)
    whole, part = divmod(abs(minor), 10**places)
    text = f"{whole:,}" + (f".{part:0{places}d}" if places else "")
    return f"-{text}" if minor < 0 else text


def nano(rate: Decimal) -> int:
    """Return a rate as an exact fraction of 10**9 (0.216 -> 216000000)."""
    numerator, denominator = rate.as_integer_ratio()
    return divide(numerator * NANO, denominator)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount: `minor` units of `currency`; never mixes currencies."""

    currency: str
    minor: int

    @classmethod
    def parse(cls, amount: Decimal | str | int, currency: str) -> "Money":
        """Read an amount in major units, exactly or not at all (MoneyError)."""
        return cls(currency, to_minor(amount, currency))

    def __add__(self, other: "Money") -> "Money":
        """Add an amount of the same currency."""
        assert self.currency == other.currency, (self.currency, other.currency)
        return Money(self.currency, self.minor + other.minor)

    def __sub__(self, other: "Money") -> "Money":
        """Take off an amount of the same currency."""
        return self + -other

    def __neg__(self) -> "Money":
        """Return the same amount the other way round."""
        return Money(self.currency, -self.minor)

    def at_rate(self, rate: Decimal, *, rounding: str = HALF_EVEN) -> "Money":
        """Return this amount times an exact rate, rounded once."""
        numerator, denominator = rate.as_integer_ratio()
        product = divide(self.minor * numerator, denominator, rounding=rounding)
        return Money(self.currency, product)

    def __str__(self) -> str:
        """Write it as `CNY 1,234.50`."""
        return f"{self.currency} {format_minor(self.minor, self.currency)}"

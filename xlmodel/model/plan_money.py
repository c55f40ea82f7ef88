"""What the months of a plan are worth: depreciation, book value, present value, rate of return.

Months are numbered from 1 and discounted from their ends. The functions take numbers, numpy arrays or cells alike.
"""

from typing import Any

from xlmodel.calc.functions import ABS, IF, MAX, SUMPRODUCT

HALVINGS = 60  # of the range of monthly rates, 0 to 100 %
NOISE = 1e-11  # of an amount: what rounding in sums of sixty months stays far below
NO_RATE = 1e-9  # a monthly discount rate below this counts as none


def monthly(rate: Any) -> Any:
    """A rate a year as a rate a month that compounds to it.

    >>> round(monthly(0.08), 9)
    0.00643403
    """
    return (1 + rate) ** (1 / 12) - 1


def yearly(rate: Any) -> Any:
    """A rate a month as a rate a year.

    >>> round(yearly(0.00643403), 8)
    0.08
    """
    return (1 + rate) ** 12 - 1


def factor(rate: Any, month: Any) -> Any:
    """What a USD at the end of a month is worth at the start of the plan, at a rate a month.

    >>> round(factor(0.01, 12), 6)
    0.887449
    """
    return (1 + rate) ** -month


def straight(gross: Any, left: Any, life: Any) -> Any:
    """Depreciation of a month of the capital in service, by equal parts over its life in months.

    >>> straight(480_000.0, 0.1, 48)
    9000.0
    """
    return gross * (1 - left) / life


def on_books(cost: Any, left: Any, life: Any, age: Any) -> Any:
    """Book value of capital that has been depreciated for so many months.

    >>> on_books(480_000.0, 0.1, 48, 12)
    372000.0
    """
    return cost * (1 - (1 - left) * age / life)


def present(flows: Any, rate: Any, months: Any) -> Any:
    """Present value of the flows of some months at a rate a month."""
    return SUMPRODUCT(flows / (1 + rate) ** months)


def halved(low: Any, width: Any, flows: Any, months: Any) -> Any:
    """The lower end of the range of a rate of return after one halving: the upper half where the flows are still worth more than nothing.

    `width` is that of a half.
    """
    return low + IF(present(flows, low + width, months) > 0, width, 0)


def half(step: Any) -> Any:
    """Width of the half of the range in a step from 1.

    >>> half(1), half(3)
    (0.5, 0.125)
    """
    return 0.5**step


def shielded(cash: Any, expense: Any, tax: Any) -> Any:
    """Cash paid after tax: an expense lowers the tax on profits made elsewhere.

    >>> shielded(100.0, 80.0, 0.25)
    80.0
    """
    return cash - tax * expense


def saved(instead: Any, spent: Any) -> Any:
    """What one way saves over another; nothing where rounding alone keeps them apart, which programs do not do alike.

    >>> saved(5.0, 3.0), saved(3.0, 3.0000000000000004)
    (2.0, 0.0)
    """
    return IF(ABS(instead - spent) <= NOISE * MAX(ABS(instead), ABS(spent)), 0, instead - spent)


def in_service(month: Any, life: Any, months: Any) -> Any:
    """Months of the plan in which what comes into service in a month stays so.

    >>> float(in_service(1, 48, 60)), float(in_service(31, 48, 60))
    (48.0, 30.0)
    """
    whole = month + life <= months + 1
    return life * whole + (months - month + 1) * (month + life > months + 1)


def each_month(amount: Any, rate: Any, month: Any, count: Any) -> Any:
    """Present value of an amount at the end of each of some months from a month on, added up over columns of them.

    >>> round(each_month(1.0, 0.01, 1, 12), 6), each_month(1.0, 0.0, 1, 12)
    (11.255077, 12.0)
    """
    least = MAX(rate, NO_RATE)
    worth = (1 + least) ** (1 - month) * (1 - (1 + least) ** -count) / least
    return IF(rate < NO_RATE, SUMPRODUCT(amount * count), SUMPRODUCT(amount * worth))

"""What numbers are counted in, as algebra: hours and seconds, tokens and millions, GPUs and domains are different bases.

A dimension maps a base to its exponent. Only a named constant (`xlmodel.units`) leads from one base to another, so
that a forgotten 3,600 is an error of description and not a wrong number in a mailed file.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from xlmodel.errors import XlModelError

Dimension = Mapping[str, int]

NUMBER: Dimension = MappingProxyType({})
WORDS: Dimension = MappingProxyType({"text": 1})
# energy is power over time, whoever writes it
_DERIVED = {"kWh": "kW*h", "J": "W*s", "GWh": "GW*h", "MWh": "MW*h"}


class UnitError(XlModelError):
    """The two sides of a formula are counted in different things, or a formula in others than its cell declares."""


@cache
def dimension(text: str) -> Dimension:
    """The dimension that a text spells; `1` has none.

    Args:
        text: bases joined by `*`, then divisors after `/` each, such as USD/GPU/h; `text` for words.

    >>> dict(dimension("USD/GPU/h")), dict(dimension("1")), dict(dimension("USD/kWh"))
    ({'USD': 1, 'GPU': -1, 'h': -1}, {}, {'USD': 1, 'kW': -1, 'h': -1})
    """
    found: dict[str, int] = {}
    for place, part in enumerate(text.split("/")):
        for name in part.split("*"):
            for base in _DERIVED.get(name, name).split("*"):
                if base != "1":
                    found[base] = found.get(base, 0) + (1 if place == 0 else -1)
    return MappingProxyType({base: power for base, power in found.items() if power})


def product(a: Dimension, b: Dimension, sign: int = 1) -> Dimension:
    """The dimension of a x b, or of a / b with sign -1.

    >>> show(product(dimension("USD/h"), dimension("s/h"), -1))
    'USD/s'
    """
    found = {base: a.get(base, 0) + sign * b.get(base, 0) for base in {**a, **b}}
    return {base: power for base, power in found.items() if power}


def power(a: Dimension, exponent: int) -> Dimension:
    """The dimension of a to a whole power."""
    return {base: times * exponent for base, times in a.items() if exponent}


def show(found: Dimension) -> str:
    """A dimension as text, bases in alphabetical order.

    >>> show(dimension("tok/s/GPU")), show(dimension("1/h")), show({})
    ('tok/GPU/s', '1/h', '1')
    """
    above = "*".join(base if times == 1 else f"{base}^{times}" for base, times in sorted(found.items()) if times > 0)
    below = (base if times == -1 else f"{base}^{-times}" for base, times in sorted(found.items()) if times < 0)
    return "/".join([above or "1", *below])


def common(sign: str, *dims: Dimension | None) -> Dimension | None:
    """The one dimension of what is added, compared or chosen between.

    Raises:
        UnitError: there are two.
    """
    found = [dim for dim in dims if dim is not None]
    for dim in found[1:]:
        if dict(dim) != dict(found[0]):
            raise UnitError(f"{show(found[0])} {sign} {show(dim)}")
    return found[0] if found else None

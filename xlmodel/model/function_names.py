"""From the arguments of a function to the curve, the price and the class of tokens that they mean."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from xlmodel.calc.values import NA, NUM, VALUE, ExcelError, Value
from xlmodel.model.curve import Curve
from xlmodel.model.held import EMPTY, Held
from xlmodel.model.point import LATEST, Group
from xlmodel.model.spelling import EPOCH, Spelling

if TYPE_CHECKING:
    from xlmodel.model.market import Market

_FIRST_DAY, _LAST_DAY = 32874, 73051  # serial numbers of 1990-01-01 and 2100-01-01


def day_at(number: float) -> str:
    """The day that a spreadsheet knows by a number, as text; empty for a number that is no day of 1990 to 2099.

    >>> day_at(46353), day_at(0.92)
    ('2026-11-27', '')
    """
    known = _FIRST_DAY <= number < _LAST_DAY
    return (EPOCH + timedelta(days=int(number))).isoformat() if known else ""


class CurveNames:
    """What the arguments of a function mean, on one market or on what a workbook holds."""

    def __init__(self, market: "Market | Held") -> None:
        self.held = market if isinstance(market, Held) else market.held

    @cached_property
    def _spelling(self) -> dict[str, Spelling]:
        held, groups = self.held, self.held.spans
        return {
            "platform": Spelling("platform", held.kilowatt, (g.platform for g in groups)),
            "model": Spelling("model", held.models, (g.model for g in groups)),
            "workload": Spelling("workload", held.shares, (g.workload for g in groups)),
            "precision": Spelling("precision", held.codes),
            "snapshot": Spelling("snapshot", held.snapshots, (g.snapshot for g in groups)),
            "basis": Spelling("basis", held.bases),
        }

    def _name(self, kind: str, given: Value, default: str = "") -> str | ExcelError:
        """The name an argument means; `default` when it is left out."""
        if isinstance(given, ExcelError):
            return given
        if given is None or given == "":
            return default or VALUE
        if kind == "snapshot" and isinstance(given, int | float) and not isinstance(given, bool):
            given = day_at(given)
            if not given:
                return VALUE
        if isinstance(given, bool):
            given = str(given).upper()
        if isinstance(given, int | float):
            given = f"{given:.15g}"
        return self._spelling[kind](given) or VALUE

    def _curve(
        self, platform: Value, model: Value, workload: Value, precision: Value, snapshot: Value
    ) -> Curve | ExcelError:
        """The curve that the names mean; empty when there is none."""
        s = self.held
        found: dict[str, str] = {}
        for kind, given, default in (
            ("model", model, ""), ("platform", platform, ""), ("workload", workload, s.workload),
            ("snapshot", snapshot, s.snapshot), ("precision", precision, s.precision),
        ):  # fmt: skip
            name = self._name(kind, given, default)
            if isinstance(name, ExcelError):
                return name
            found[kind] = name
        if found["snapshot"] == LATEST:
            if found["model"] not in s.newest:
                return EMPTY  # a model that only typed rows bring has no newest snapshot
            found["snapshot"] = s.newest[found["model"]]
        group = Group(found["model"], found["platform"], found["workload"], found["snapshot"])
        if found["precision"] not in s.codes:
            return EMPTY
        return s.curve(group, s.codes.index(found["precision"]))

    def tokprice(self, platform: Value, basis: Value = None) -> Value:
        """USD/GPU-hour."""
        name = self._name("platform", platform)
        listed = "" if basis is None or basis == "" else self._name("basis", basis)
        for found in (name, listed):
            if isinstance(found, ExcelError):
                return found
        return self.held.price(str(name), str(listed))

    def _usd(self, platform: Value, price: Value) -> Value:
        if isinstance(price, int | float) and not isinstance(price, bool):
            return price if price > 0 else NUM
        return price if isinstance(price, ExcelError) else self.tokprice(platform, price)

    def _factor(self, workload: Value, tokens: Value) -> float | ExcelError:
        """What the cost of one token in all is multiplied by to put it all on one class."""
        if isinstance(tokens, ExcelError):
            return tokens
        kind = str("" if tokens is None else tokens).strip(" ").lower()
        if tokens is None or tokens == "" or kind == "total":
            return 1.0
        if kind not in ("output", "input"):
            return VALUE
        name = self._name("workload", workload, self.held.workload)
        if isinstance(name, ExcelError):
            return name
        if name not in self.held.shares:
            return NA
        share = self.held.shares[name]
        return 1 / share if kind == "output" else 1 / (1 - share)

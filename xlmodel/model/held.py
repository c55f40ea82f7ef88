"""What the functions read of a workbook: its names, choices, prices, facts and knots, and nothing else of it.

A market gives it from its inputs; a workbook gives it as the range TOKDATA (`xlmodel.model.feed`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xlmodel.calc.values import NA, ExcelError
from xlmodel.model.curve import Curve, steffen_slopes
from xlmodel.model.point import Group

EMPTY = Curve((), (), (), ())
Price = float | ExcelError


@dataclass(frozen=True)
class Held:
    """The content of a workbook as far as its functions need it.

    Attributes:
        workload, precision, snapshot: the scenario's choices, for arguments that are left out.
        models, codes, snapshots, bases: names in the order of the menus; `codes` are precisions, pooled first.
        newest: model -> the newest snapshot that holds it.
        shares: workload -> output tokens as a share of all tokens.
        kilowatt, domain: platform -> utility kW per GPU with the scenario's PUE, and GPUs of a scale-up domain; None when not known.
        in_use: platform -> USD/GPU-hour that the workbook uses; `quoted` the same of one basis.
        spans: group -> for each precision the number of its first knot (from 1) and how many there are.
        xs, ys: interactivity and throughput of all knots.
    """

    workload: str
    precision: str
    snapshot: str
    interpolation: str
    below_range: str
    utilization: Price
    models: tuple[str, ...]
    codes: tuple[str, ...]
    snapshots: tuple[str, ...]
    bases: tuple[str, ...]
    newest: Mapping[str, str]
    shares: Mapping[str, float]
    kilowatt: Mapping[str, float | None]
    domain: Mapping[str, float | None]
    in_use: Mapping[str, Price]
    quoted: Mapping[tuple[str, str], Price]
    spans: Mapping[Group, tuple[tuple[int, int], ...]]
    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def price(self, platform: str, basis: str = "") -> Price:
        """USD/GPU-hour of a basis, or the one in use; #N/A where the price book has none."""
        return self.quoted.get((platform, basis), NA) if basis else self.in_use.get(platform, NA)

    @cached_property
    def _curves(self) -> dict[tuple[int, int], Curve]:
        return {}

    def curve(self, group: Group, code: int) -> Curve:
        """The curve of a group and a precision (by its place among `codes`); empty when there is none."""
        spans = self.spans.get(group, ())
        first, count = spans[code] if code < len(spans) else (0, 0)
        if not count:
            return EMPTY
        if (first, count) not in self._curves:
            xs, ys = (knots[first - 1 : first - 1 + count] for knots in (self.xs, self.ys))
            self._curves[first, count] = Curve(xs, ys, tuple(steffen_slopes(xs, ys)), ())
        return self._curves[first, count]

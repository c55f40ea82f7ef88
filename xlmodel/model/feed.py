"""The range TOKDATA: all that the functions read of a workbook, row by row, each row named in its first cell.

    head       HEAD
    choices    workload, precision, snapshot, number of the interpolation, 1 to hold the slowest point, utilization, PUE
    bases      the columns of the price book
    price      platform, price in use, price of each basis
    fact       platform, kW per GPU, GPUs of a scale-up domain
    model      model, its newest snapshot
    workload   workload, output tokens as a share of all
    precision  precision
    snapshot   label
    curve      model, platform, workload, snapshot; for each precision: number of knots, first knot
    knots      interactivity and throughput of PAIRS knots

The sheet that writes it is `xlmodel.sheets.function_data`.
"""

from collections.abc import Iterable, Sequence

from xlmodel.calc.values import NA, VALUE, ExcelError, Value
from xlmodel.model.curve import BELOW_RANGE, INTERPOLATIONS
from xlmodel.model.held import Held, Price
from xlmodel.model.point import Group

RANGE = "TOKDATA"
HEAD = "xlmodel 1"
PAIRS = 8


class NotData(Exception):
    """A range that is not TOKDATA; the argument says what is wrong with it."""


def parse(rows: Iterable[Sequence[Value]]) -> Held:
    """What a workbook holds, from the values of its range TOKDATA.

    Raises:
        NotData: the range is another one, or a part of it.
    """
    found: dict[Value, list[Sequence[Value]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1:])
    if HEAD not in found:
        raise NotData(f"data must be the range {RANGE} of a workbook built by this version of xlmodel")
    try:
        return _held(found)
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise NotData(f"data is a part of {RANGE}, or a choice on the Scenario sheet is not one of the list") from error


def _held(found: dict[Value, list[Sequence[Value]]]) -> Held:
    workload, precision, snapshot, method, hold, utilization, pue = found["choices"][0][:7]
    if not isinstance(method, int | float) or method not in (1, 2, 3):
        raise ValueError(method)
    bases = tuple(_text(basis) for basis in found["bases"][0] if basis not in (None, ""))
    prices = found["price"]
    spans: dict[Group, tuple[tuple[int, int], ...]] = {}
    codes = tuple(_text(row[0]) for row in found["precision"])
    for row in found["curve"]:
        if row[0] not in (None, ""):
            group = Group(*(_text(name) for name in row[:4]))
            counts = [row[4 + 2 * i : 6 + 2 * i] for i in range(len(codes))]
            spans.setdefault(group, tuple((_whole(first), _whole(count)) for count, first in counts))
    knots = [number for row in found["knots"] for number in row[: 2 * PAIRS]]
    return Held(
        _text(workload), _text(precision), _text(snapshot),
        INTERPOLATIONS[int(method) - 1], BELOW_RANGE[1 if hold == 1 else 0], _price(utilization),
        models=tuple(_text(row[0]) for row in found["model"]),
        codes=codes,
        snapshots=tuple(_text(row[0]) for row in found["snapshot"]),
        bases=bases,
        newest={_text(row[0]): _text(row[1]) for row in found["model"]},
        shares={_text(row[0]): _number(row[1]) for row in found["workload"]},
        kilowatt={_text(row[0]): _product(_fact(row[1]), _number(pue)) for row in found["fact"]},
        domain={_text(row[0]): _fact(row[2]) for row in found["fact"]},
        in_use={_text(row[0]): _price(row[1]) for row in prices},
        quoted={(_text(row[0]), basis): _price(row[2 + i]) for row in prices for i, basis in enumerate(bases)},
        spans=spans,
        xs=tuple(_fact(x) or 0.0 for x in knots[::2]),
        ys=tuple(_fact(y) or 0.0 for y in knots[1::2]),
    )  # fmt: skip


def _text(cell: Value) -> str:
    """A name; a number typed as one reads as Excel joins it to a text."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return f"{cell:.15g}"
    return "" if cell is None else str(cell)


def _fact(cell: Value) -> float | None:
    return cell if isinstance(cell, float | int) and not isinstance(cell, bool) else None


def _product(fact: float | None, factor: float) -> float | None:
    return None if fact is None else fact * factor


def _number(cell: Value) -> float:
    number = _fact(cell)
    if number is None:
        raise ValueError(cell)
    return number


def _whole(cell: Value) -> int:
    return int(_fact(cell) or 0)


def _price(cell: Value) -> Price:
    if isinstance(cell, ExcelError):
        return cell
    number = _fact(cell)
    return number if number is not None else NA if cell is None else VALUE

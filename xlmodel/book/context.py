"""What sheet modules share: inputs, the Python model, the plan of places, and the list of readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from xlmodel.book.edition import NATIVE
from xlmodel.book.graph import Graph
from xlmodel.book.places import CURVES, Places
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.stand_ins import ByHand, reading_unit, stand_in
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.cells import Cell, Place
from xlmodel.calc.expression import Expr
from xlmodel.calc.record import Formula
from xlmodel.calc.values import NA, Value
from xlmodel.model.curve import HOLD, REFUSE
from xlmodel.model.market import NO_SPEED, Market, Reading
from xlmodel.model.scenario import Inputs


@dataclass(frozen=True, slots=True)
class Given:
    """A value and where it stands, or a value typed into the row itself when `ref` is None."""

    value: Value
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One row of the readings on Curves: what is read, where, and what the model expects."""

    used_by: str
    platform: Given
    model: Given
    workload: Given
    snapshot: Given
    precision: Given
    interactivity: Given
    hold: Given
    reading: Reading
    places: Places
    row: int

    def cell(self, name: str) -> Ref:
        """A part of this reading."""
        return Ref(CURVES, self.row, self.places.readings(name))

    def part(self, name: str) -> Cell:
        """A part of this reading as an ingredient of expressions: Throughput, Read at, Lowest, Reason ..."""
        field = name.casefold().replace(" ", "_")
        value = (
            getattr(self, field).value
            if isinstance(getattr(self, field, None), Given)
            else getattr(self.reading, field)
        )
        return Cell(reading_unit(name), place=self.cell(name), stated=value)


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the Checks sheet: a number that is 0 when all is well, and how far it may be off.

    Attributes:
        place: the cell at fault, where a reader is led; its key, where it is declared later.
    """

    id: str
    says: str
    place: Ref | Place | str
    formula: Expr
    limit: float = 0


def old_check(
    name: str,
    says: str,
    place: Ref,
    text: str,
    value: float,
    limit: float,
    refs: Mapping[str, Ref | Area | str | float],
) -> Check:
    """A check whose formula is still put together by hand."""
    return Check(name, says, place, ByHand(text, value, refs), limit)


@dataclass(slots=True)
class Context:
    """Everything a sheet module needs to describe its sheet."""

    inputs: Inputs
    market: Market
    places: Places
    title: str
    build_date: str
    build_id: str
    graph: Graph = field(default_factory=Graph)
    readings: list[ReadingRow] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    edition: str = NATIVE
    contents: Sequence[tuple[str, str]] = ()
    names: dict[str, Ref | Area] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Until every sheet declares its cells itself, stand-ins answer for those that do not."""
        stand_in(self)

    @property
    def dates(self) -> str:
        """The labels of the snapshots; a series kept beside a date follows it."""
        return ", ".join(sorted(snapshot.label for snapshot in self.inputs.snapshots))

    def given(self, choice: str) -> Given:
        """A choice of the scenario and its cell."""
        return Given(getattr(self.market.scenario, choice), self.places.choice(choice))

    def assumed(self, name: str) -> Given:
        """A number of the scenario as formulas read it, an empty one as 0, and its cell."""
        return Given(self.market.scenario.number(name), self.places.choice(name))

    def read(
        self,
        used_by: str,
        platform: Given,
        interactivity: Given,
        model: Given,
        workload: Given,
        snapshot: Given,
        precision: Given,
        hold: Given | None = None,
    ) -> ReadingRow:
        """Add a reading of a curve; its row on Curves holds the interpolation."""
        hold = hold or Given(self.market.hold, self.places.derived("hold"))
        reading = self.market.reading(
            str(platform.value), str(model.value), str(workload.value), str(precision.value), str(snapshot.value),
            float(interactivity.value) if isinstance(interactivity.value, int | float) else 0.0,
            HOLD if hold.value else REFUSE,
        )  # fmt: skip
        if not isinstance(interactivity.value, int | float) and reading.knots:
            reading = replace(reading, read_at=NA, knot=NA, way=NA, throughput=NA, reason=NO_SPEED)
        row = ReadingRow(
            used_by, platform, model, workload, snapshot, precision, interactivity, hold, reading, self.places,
            FIRST + len(self.readings),
        )  # fmt: skip
        self.readings.append(row)
        return row


def record(sheet: Sheet, row: int, col: int, formula: Formula, style: str = "Calculation", **args: Given) -> Given:
    """Write a registered formula: its text with references, its twin's value."""
    text = formula.excel
    refs = {name: given.ref.on(sheet.name) if given.ref else repr(given.value) for name, given in args.items()}
    value = formula(**{name: given.value for name, given in args.items()})
    ref = sheet.calc(row, col, text.format(**refs), value, style, formula.unit.format)
    return Given(value, ref)

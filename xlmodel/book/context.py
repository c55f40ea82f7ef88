"""What sheet modules share: inputs, the Python model, the plan of places, and the list of readings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from xlmodel.book.edition import NATIVE
from xlmodel.book.graph import Graph
from xlmodel.book.places import Places
from xlmodel.book.point_places import FIRST
from xlmodel.book.readings import Readings
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.expression import Expr
from xlmodel.calc.place import Place
from xlmodel.model.market import Market
from xlmodel.model.scenario import Inputs
from xlmodel.model.sort_order import Order


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
    checks: list[Check] = field(default_factory=list)
    edition: str = NATIVE
    contents: Sequence[tuple[str, str]] = ()
    names: dict[str, Ref | Area] = field(default_factory=dict)
    readings: Readings = field(init=False)
    order: Order = field(init=False)

    def __post_init__(self) -> None:
        """The readings that sheets ask for, and the order of the points against their rows as built."""
        self.order = Order(self.market, [(a - FIRST + 1, b - FIRST + 1) for a, b in self.places.built_groups])
        self.readings = Readings(self.graph, len(self.places.codes))

    @property
    def dates(self) -> str:
        """The labels of the snapshots; a series kept beside a date follows it."""
        return ", ".join(sorted(snapshot.label for snapshot in self.inputs.snapshots))

"""Where every table of the book stands: the one plan that all sheets read.

Positions depend only on how many points, groups, platforms and quotes there are, never on a
scenario, so that a formula's text stays the same whatever a reader types.
"""

from dataclasses import dataclass
from functools import cached_property

from xlmodel.book.point_places import FIRST, PointPlaces
from xlmodel.book.rows import QUOTE_FIELDS
from xlmodel.calc.address import Area, Ref
from xlmodel.model.facts import Platform
from xlmodel.model.spelling import KINDS, held_names, spellings
from xlmodel.model.variants import VARIED

COVER, SUMMARY, SCENARIO, PRICES, PLATFORMS, COST_CURVES, CLAIMS, CHECKS, SOURCES, CHANGES = (
    "Cover", "Summary", "Scenario", "Prices", "Platforms", "Cost curves", "Claims",
    "Checks", "Sources", "Changes",
)  # fmt: skip

FUNCTIONS, TOKENS, SENSITIVITY = "Functions", "Tokens and power", "Sensitivity"
OWNERSHIP, FLEET = "Ownership", "Fleet"
# picked by hand: on Summary, or on Scenario in a book without a Summary
SCENARIOS = ("base", "second", "third")  # columns on Scenario
CHOSEN = ("model", "workload", "interactivity", "precision", "snapshot", "baseline", "basis")
SPARE_QUOTES = 60  # rows under the quotes that join the price book
SPARE_HOSTED = 30  # rows under the prices of hosted models that are ranked as well
STEPS = 10  # intervals of a platform's own grid of interactivities
SPELLING_ROW = 63  # first row of the other spellings on Functions

QUOTE_COLUMNS = tuple(QUOTE_FIELDS)


@dataclass(frozen=True)
class Places(PointPlaces):
    """The plan of one book; a compact one holds only what its functions need."""

    compact: bool = False

    @cached_property
    def platforms(self) -> tuple[str, ...]:
        """Platforms with a curve, in the order of the platform facts."""
        held = {point.platform for point in self.inputs.points}
        known = [p.platform for p in self.inputs.platforms if p.platform in held]
        return (*known, *sorted(held - set(known)))

    @cached_property
    def without_curve(self) -> tuple[Platform, ...]:
        """Facts of the platforms that no point measures."""
        return tuple(p for p in self.inputs.platforms if p.platform not in self.platforms)

    @cached_property
    def progress(self) -> tuple[int, ...]:
        """Positions of the snapshots that follow each other in time; a series kept beside a date is none of them."""
        return tuple(i for i, snapshot in enumerate(self.inputs.snapshots) if " " not in snapshot.label)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """Columns of the price book: the known bases, those that only the quotes bring, and the computed one."""
        return self.inputs.bases

    # --- Scenario -------------------------------------------------------------------------------

    def choice(self, name: str) -> Ref:
        """The cell from which formulas read a choice."""
        if name in CHOSEN:
            place = CHOSEN.index(name)
            return Ref(SCENARIO, self.chosen_row + place, 2) if self.compact else Ref(SUMMARY, 7, 2 + place)
        return Ref(SCENARIO, FIRST + VARIED.index(name), 2)

    def typed_choice(self, name: str, scenario: int = 1) -> Ref:
        """The input cell of a choice: its own, or that of a scenario (from 1) where each has a column."""
        return Ref(SCENARIO, FIRST + VARIED.index(name), 2 + scenario) if name in VARIED else self.choice(name)

    @staticmethod
    def naming(name: str) -> Ref:
        """The active scenario, or the name above the column of one."""
        return Ref(SCENARIO, 4, 2) if name == "active" else Ref(SCENARIO, FIRST - 1, 3 + SCENARIOS.index(name))

    @property
    def scenario_names(self) -> Area:
        """The names of the scenarios above their columns."""
        return Area(SCENARIO, FIRST - 1, 3, FIRST - 1, 2 + len(SCENARIOS))

    @staticmethod
    def reporting(name: str) -> Ref:
        """An input of the reporting currency."""
        return Ref(SCENARIO, FIRST + len(VARIED) + 2 + ("currency", "rate", "as_of", "source").index(name), 2)

    def derived(self, name: str) -> Ref:
        """A cell of the Scenario sheet that follows from the choices."""
        names = (
            "number", "snapshot", "output_share", "method", "hold", "spec_none", "spec_mtp", "spec_unknown", "dis_no", "dis_yes",
            "in_time",
            "basis_words",
            "price_words",
        )  # fmt: skip
        return Ref(SCENARIO, self.chosen_row + len(CHOSEN) + 3 + names.index(name), 2)

    @property
    def chosen_row(self) -> int:
        """First row on Scenario of the choices that are made on Summary."""
        return FIRST + len(VARIED) + 8

    def menu(self, name: str) -> Area:
        """The list behind a drop-down, on the Scenario sheet."""
        columns = {
            "models": (10, len(self.inputs.models)),
            "workloads": (11, len(self.inputs.workloads)),
            "output shares": (12, len(self.inputs.workloads)),
            "codes": (13, len(self.codes)),
            "snapshots": (14, len(self.inputs.snapshots) + 1),
            "platforms": (15, len(self.platforms)),
            "bases": (16, len(self.bases)),
            "switches": (17, 3),
            "interpolations": (18, 3),
            "below": (19, 2),
            "speculative": (20, 3),
            "disaggregated": (21, 2),
        }
        col, count = columns[name]
        return Area(SCENARIO, FIRST, col, FIRST + count - 1, col)

    @property
    def precisions(self) -> Area:
        """The list of precisions without the pooled one."""
        area = self.menu("codes")
        return Area(SCENARIO, area.row + 1, area.col, area.last_row, area.col)

    @property
    def snapshot_counts(self) -> Area:
        """Points by snapshot (rows) and model (columns); behind the newest snapshot of the model."""
        inputs = self.inputs
        menus = (self.bases, inputs.models, inputs.workloads, (None, *inputs.snapshots), self.platforms)
        row = FIRST + max(map(len, menus)) + 5
        return Area(SCENARIO, row, 11, row + len(self.inputs.snapshots) - 1, 10 + len(self.inputs.models))

    @property
    def newest(self) -> Area:
        """The newest snapshot of each model, in the row under the counts."""
        counts = self.snapshot_counts
        return Area(SCENARIO, counts.last_row + 1, counts.col, counts.last_row + 1, counts.last_col)

    # --- Functions ------------------------------------------------------------------------------

    @cached_property
    def spellings(self) -> dict[str, dict[str, str]]:
        """Other spellings of names by kind, in the order of the table on Functions."""
        held = held_names(self.inputs, self.codes)
        return {kind: spellings(kind, held[kind]) for kind in KINDS}

    def spelt(self, kind: str) -> tuple[Area, Area]:
        """Where the spellings of a kind stand, and what they mean."""
        row = SPELLING_ROW
        for name in KINDS[: KINDS.index(kind)]:
            row += len(self.spellings[name])
        last = row + len(self.spellings[kind]) - 1
        return Area(FUNCTIONS, row, 2, last, 2), Area(FUNCTIONS, row, 3, last, 3)

    # --- Prices and platforms -------------------------------------------------------------------

    @property
    def own_prices(self) -> Area:
        """Own prices, one blue cell a platform."""
        return Area(PRICES, FIRST, 2, FIRST + len(self.platforms) - 1, 2)

    @property
    def price_book(self) -> Area:
        """USD/GPU-hour by platform (rows) and basis (columns)."""
        return Area(PRICES, FIRST, 3, FIRST + len(self.platforms) - 1, 2 + len(self.bases))

    @property
    def bases_header(self) -> Area:
        """The bases above the price book."""
        return Area(PRICES, FIRST - 1, 3, FIRST - 1, 2 + len(self.bases))

    @property
    def prices_in_use(self) -> Area:
        """The price the model reads, one a platform."""
        col = self.price_book.last_col + 1
        return Area(PRICES, FIRST, col, FIRST + len(self.platforms) - 1, col)

    def quotes(self, column: str) -> Area:
        """One column of the quotes, spare rows included."""
        col = self.price_book.last_col + 6 + QUOTE_COLUMNS.index(column)
        row = self.quotes_row
        return Area(PRICES, row, col, row + len(self.inputs.quotes) + SPARE_QUOTES - 1, col)

    @property
    def quotes_row(self) -> int:
        """The first row of the quotes: below what stands left of them, so that long notes do not stretch its rows."""
        others = len(self.without_curve)
        return FIRST + len(self.platforms) + (others + 3 if others else 0) + 3

    def platform_fact(self, col: int) -> Area:
        """One column of the platform facts (1-based column of the sheet)."""
        return Area(PLATFORMS, FIRST, col, FIRST + len(self.inputs.platforms) - 1, col)

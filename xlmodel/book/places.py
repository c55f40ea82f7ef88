"""What the tables of a book hold and how long they are: the one plan that all sheets read.

It depends only on how many points, groups, platforms and quotes there are, never on a scenario, so that a formula's
text stays the same whatever a reader types.
"""

from dataclasses import dataclass
from functools import cached_property

from xlmodel.book.point_places import FIRST, PointPlaces
from xlmodel.book.record_rows import QUOTE_FIELDS
from xlmodel.model.facts import Platform
from xlmodel.model.spelling import KINDS, held_names, spellings

COVER, SUMMARY, SCENARIO, PRICES, PLATFORMS, COST_CURVES, CLAIMS, CHECKS, SOURCES, CHANGES = (
    "Cover", "Summary", "Scenario", "Prices", "Platforms", "Cost curves", "Claims",
    "Checks", "Sources", "Changes",
)  # fmt: skip

FUNCTIONS, TOKENS, SENSITIVITY = "Functions", "Tokens and power", "Sensitivity"
OWNERSHIP, FLEET, API_PRICES = "Ownership", "Fleet", "API prices"
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

    @cached_property
    def spellings(self) -> dict[str, dict[str, str]]:
        """Other spellings of names by kind, in the order of the table on Functions."""
        held = held_names(self.inputs, self.codes)
        return {kind: spellings(kind, held[kind]) for kind in KINDS}

    @property
    def quotes_row(self) -> int:
        """The first row of the quotes: below what stands left of them, so that long notes do not stretch its rows."""
        others = len(self.without_curve)
        return FIRST + len(self.platforms) + (others + 3 if others else 0) + 3

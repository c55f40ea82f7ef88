"""The functions a reader can type into any cell: one record each, from which all help is printed.

The Excel text stands in `xlmodel.calc.lambdas`, the Python twin in `xlmodel.model.workbook_functions`; both go
by these names and this order of arguments.
"""

from dataclasses import dataclass, replace

from xlmodel import units

# Workbook names that an argument must not repeat: IronCalc would read the name instead of the argument.
TAKEN = frozenset({"model", "workload", "precision", "snapshot", "interactivity", "baseline", "basis", "utilization"})


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its name, what it means, and whether it may be left out or be a range."""

    name: str
    help: str
    optional: bool = False
    ranges: bool = False

    @property
    def variable(self) -> str:
        """Its name inside the LAMBDA."""
        return self.name + "_" if self.name in TAKEN else self.name


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the workbook.

    Attributes:
        returns: what comes out, without its unit.
        errors: which error means what, beyond the rules that hold for all.
        example: arguments of the worked example, as typed.
    """

    name: str
    category: str
    arguments: tuple[Argument, ...]
    returns: str
    unit: units.Unit
    errors: str
    example: tuple[str, ...]

    @property
    def signature(self) -> str:
        """Name and arguments; optional ones in brackets."""
        inside = ", ".join(f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({inside})"

    def typed(self, separator: str = ",") -> str:
        """The worked example as typed, with the separator of a locale."""
        return f"={self.name}({(separator + ' ').join(self.example)})"

    @property
    def on_book(self) -> bool:
        """Whether it reads the workbook's curves and prices, and not only its arguments."""
        return self.category != "Own points"

    @property
    def comment(self) -> str:
        """What Excel shows in its name manager and while typing: at most 255 characters."""
        return f"{self.returns}, in {self.unit.label}. {self.signature}"[:255]


def _optional(name: str, text: str) -> Argument:
    return Argument(name, text, optional=True)


PLATFORM = Argument("platform", 'platform, such as "GB200 NVL72"')
BASELINE = Argument("baseline", "platform to compare with")
MODEL = Argument("model", 'model, such as "DeepSeek-R1"')
SPEED = Argument("interactivity", "output tok/s per user; a cell, a number or a range", ranges=True)
PRICE = _optional("price", "USD/GPU-hour, or the name of a basis for its quotes unchanged; default: the price in use")
OTHER_PRICE = _optional(
    "baseline_price", "the same for the baseline; default: the basis in price, else the price in use"
)
WORKLOAD = _optional("workload", 'input/output tokens, such as "8k/1k"; default: Scenario')
PRECISION = _optional("precision", '"best", "FP4", "FP8"...; default: Scenario')
SNAPSHOT = _optional("snapshot", '"latest" or a label of the Scenario sheet; default: Scenario')
TOKENS = _optional("tokens", '"total" (default), or all cost on the "output" or on the "input" tokens')
CHOICES = (WORKLOAD, PRECISION, SNAPSHOT)
XS = Argument("xs", "interactivities of own points; cells without a number are skipped", ranges=True)
YS = Argument("ys", "throughputs of the same points", ranges=True)

_SUBJECT = ('"GB200 NVL72"', '"DeepSeek-R1"', "60")
_PAIR = ('"GB200 NVL72"', '"H200"', '"DeepSeek-R1"', "60")
_GPUS = replace(units.COUNT, of="GPU")
_READ = "#N/A: no points, or outside the measured range"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "TOKCOST", "Cost", (PLATFORM, MODEL, SPEED, PRICE, *CHOICES, TOKENS),
        "Cost of one million tokens on a platform at an interactivity", units.USD_PER_MILLION,
        _READ + ", or no price. #NUM!: interactivity or price not above 0", _SUBJECT,
    ),
    Function(
        "TOKRATE", "Throughput", (PLATFORM, MODEL, SPEED, *CHOICES),
        "Throughput per GPU, input and output tokens, at an interactivity", units.TOKENS_PER_GPU,
        _READ + ". #NUM!: interactivity not above 0", _SUBJECT,
    ),
    Function(
        "TOKPRICE", "Cost", (PLATFORM, _optional("basis", "column of the price book; default: the price in use")),
        "Price of a platform; an own price wins unless a basis is named", units.USD_PER_GPU_HOUR,
        "#N/A: the basis has no quote for the platform", ('"B200"', '"Oracle list"'),
    ),
    Function(
        "TOKPERUSD", "Cost", (PLATFORM, MODEL, SPEED, PRICE, *CHOICES, TOKENS),
        "Tokens that one dollar buys on a platform at an interactivity", units.TOKENS_PER_USD,
        "as TOKCOST", _SUBJECT,
    ),
    Function(
        "TOKGAIN", "Comparison", (PLATFORM, BASELINE, MODEL, SPEED, PRICE, OTHER_PRICE, *CHOICES),
        "Performance per dollar as a multiple of the baseline's", units.RATIO,
        "as TOKCOST, for either platform", _PAIR,
    ),
    Function(
        "TOKBREAKEVEN", "Comparison", (PLATFORM, BASELINE, MODEL, SPEED, OTHER_PRICE, *CHOICES),
        "Price at which the platform's tokens cost as much as the baseline's", units.USD_PER_GPU_HOUR,
        "as TOKCOST, for either platform", _PAIR,
    ),
    Function(
        "TOKSPEED", "Throughput",
        (PLATFORM, MODEL, Argument("budget", "USD per million tokens; a cell, a number or a range", ranges=True), PRICE,
         *CHOICES, TOKENS),
        "Highest interactivity whose cost is within a budget", units.TOKENS_PER_USER,
        "#N/A: no points, no price, or no speed is that cheap. #NUM!: budget or price not above 0",
        ('"GB200 NVL72"', '"DeepSeek-R1"', "0.50"),
    ),
    Function(
        "TOKPERMW", "Throughput", (PLATFORM, MODEL, SPEED, *CHOICES),
        "Throughput per megawatt of all-in utility power", units.TOKENS_PER_MW,
        _READ + ", or power not known", _SUBJECT,
    ),
    Function(
        "TOKGPUS", "Sizing",
        (PLATFORM, MODEL, SPEED, Argument("users", "users at the same time; a cell, a number or a range", ranges=True),
         *CHOICES),
        "GPUs for a number of users, in whole scale-up domains", _GPUS,
        _READ + ", or domain not known. #NUM!: users below 0", (*_SUBJECT, "1000"),
    ),
    Function(
        "TOKINTERP", "Own points",
        (Argument("target", "interactivity to read at; a cell, a number or a range", ranges=True), XS, YS,
         _optional("method", '"Steffen" (default) or "linear"')),
        "Own points read between them, sorted first; of equal xs the larger y counts", units.TOKENS_PER_GPU,
        "#N/A: target outside the points. #VALUE!: xs and ys differ in size", ("25", "A2:A9", "B2:B9"),
    ),
    Function(
        "TOKFRONTIER", "Own points", (XS, YS),
        "Own points that no other point beats in both, as two columns", units.TOKENS_PER_GPU,
        "#N/A: no point above 0. #VALUE!: xs and ys differ in size", ("A2:A9", "B2:B9"),
    ),
)  # fmt: skip
BY_NAME = {function.name: function for function in FUNCTIONS}
# Functions that come from Python take the workbook as one more argument, so that Excel knows what they depend on.
DATA = _optional("data", "the range TOKDATA of the workbook: its curves, prices and choices")
LINE = Function(
    "TOKLINE", "Own points",
    (XS, YS, Argument("price", "USD/GPU-hour"), _optional("steps", "parts of the line, 1 to 1000; default: 20"),
     _optional("method", '"Steffen" (default) or "linear"')),
    "Own points as an even line to plot, in three columns", units.Unit("tok/s/user, tok/s/GPU, USD/M tokens", units.USD_PER_MILLION.format, of="any"),
    "#N/A: no points. #NUM!: price not above 0", ("A2:A9", "B2:B9", "3.60"),
)  # fmt: skip


def from_python() -> tuple[Function, ...]:
    """The functions as Python gives them: those on the workbook's curves take `data`, and one more on own points."""
    return (*(replace(f, arguments=(*f.arguments, DATA)) if f.on_book else f for f in FUNCTIONS), LINE)


RULES = (
    "#VALUE!: an unknown name or the wrong kind of argument. #NUM!: an impossible number. #N/A: no data or out of range. "
    "An empty optional argument is as if left out; an empty interactivity counts as 0."
)

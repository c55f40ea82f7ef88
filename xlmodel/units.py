"""Units as values: label, number format and valid range, each stated once.

A sheet takes the unit column, the number format and the input validation of a cell from the same
`Unit`, so the three can never disagree.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number is counted in.

    Attributes:
        label: text of the unit column, for example ``USD/GPU-hour``.
        format: Excel number format.
        low: smallest valid input (inclusive).
        high: largest valid input (inclusive).
        of: the dimension, such as USD/GPU/h; see `xlmodel.calc.dimension`.
        whole: whether only whole numbers mean something.
    """

    label: str
    format: str
    low: float = 0.0
    high: float = 1e9
    of: str = "1"
    whole: bool = False

    def holds(self, number: float) -> bool:
        """Whether a number is within the valid range.

        >>> USD_PER_GPU_HOUR.holds(16.0), USD_PER_GPU_HOUR.holds(-1.0)
        (True, False)
        """
        return self.low <= number <= self.high

    @property
    def allowed(self) -> str:
        """The valid range in words; years have no thousands.

        >>> STEP.allowed, USD_PER_GPU.allowed, CALENDAR_YEAR.allowed
        ('0.01 to 0.45', '0 to 10,000,000', '2020 to 2100')
        """
        mark = "" if self.whole and self.high < 10_000 else ","
        return f"{self.low:{mark}.12g} to {self.high:{mark}.12g}"


ANY = Unit("", "General", of="any")  # what goes by a unit of its own in each row
TEXT = Unit("text", "@", of="text")
COUNT = Unit("count", "#,##0", 0, 1e7)
SWITCH = Unit("1 = yes, 0 = no", "0", 0, 1)
DATE = Unit("date", "yyyy-mm-dd", of="text")
USD_PER_GPU_HOUR = Unit("USD/GPU-hour", "#,##0.00", 0.01, 1_000, of="USD/GPU/h")
USD_PER_MILLION = Unit("USD/M tokens", "#,##0.000", of="USD/Mtok")
COST_AT_ONE = Unit("USD/M tokens x tok/s/GPU", "#,##0.0", of="USD*tok/Mtok/s/GPU")
TOKENS_PER_USER = Unit("tok/s/user", "#,##0.0", 0.1, 9_999, of="tok/s/user")
TOKENS_PER_GPU = Unit("tok/s/GPU", "#,##0", 0.001, 10_000_000, of="tok/s/GPU")
SLOPE = Unit("tok/s/GPU per tok/s/user", "#,##0.00;-#,##0.00;", of="user/GPU")
TOKENS_PER_MW = Unit("tok/s/MW", "#,##0", of="tok/s/MW")
TOKENS_PER_USD = Unit("tokens/USD", "#,##0", of="tok/USD")
RATIO = Unit("x", '0.00"x"')
SHARE = Unit("share", "0.0%", 0, 1)
TAX = Unit("share", "0.0%", 0, 0.9)  # all of it would leave nothing to compare
UTILIZATION = Unit("share of hours", "0.0%", 0.01, 1)
KILOWATT = Unit("kW/GPU", "0.00", 0.01, 100, of="kW/GPU")
USERS_PER_GPU = Unit("users/GPU", "#,##0.0", of="user/GPU")
MILLISECONDS = Unit("ms", "#,##0", 0, 1e8, of="ms")
YEARS = Unit("years", "0.0", 0.5, 30, of="year")
SHARE_OF_RANGE = Unit("share of range", "0%", 0.5, 1)
STEP = Unit("share", "0%", 0.01, 0.45)
SWING = Unit("share", "0%", 0.01, 0.9)
CHANGE = Unit("share", "+0.0%;-0.0%;0.0%", -0.9, 10)
RATE = Unit("share a year", "0.0%", 0, 1, of="1/year")
USD_PER_GPU = Unit("USD/GPU", "#,##0", 0, 10_000_000, of="USD/GPU")
CAPITAL = Unit(
    "USD/GPU", "#,##0", 1_000, 10_000_000, of="USD/GPU"
)  # no GPU with its share of a server costs less: 36 means thousands
USD_PER_GPU_YEAR = Unit("USD/GPU-year", "#,##0;-#,##0;-", 0, 10_000_000, of="USD/GPU/year")
USD_PER_KWH = Unit("USD/kWh", "0.000", 0, 10, of="USD/kWh")
USD_PER_KW_MONTH = Unit("USD/kW-month", "#,##0.00", 0, 10_000, of="USD/kW/month")
GRAMS_PER_KWH = Unit("g CO2/kWh", "#,##0", 0, 2_000, of="g/kWh")
GRAMS_PER_MILLION = Unit("g CO2/M tokens", "#,##0.0", of="g/Mtok")
JOULE_PER_TOKEN = Unit("J/token", "0.000", of="J/tok")
KWH_PER_MILLION = Unit("kWh/M tokens", "0.000", of="kWh/Mtok")
PRICE_RATIO = Unit("x input price", "0.00", 0, 100)
EXCHANGE_RATE = Unit("per USD", "0.0000", 0.0001, 100_000, of="money/USD")
PUE = Unit("utility kW/IT kW", "0.00", 1, 3)
GPUS_PER_DOMAIN = Unit("GPUs", "#,##0", 1, 10_000, of="GPU/domain")
DOMAINS = Unit("domains", "#,##0", of="domain")
GPUS = Unit("GPUs", "#,##0.0;-#,##0.0;-", 0, 100_000_000, of="GPU")
WHOLE_GPUS = Unit("GPUs", "#,##0", 0, 100_000_000, of="GPU")
GPUS_PER_DOMAIN = Unit("GPUs", "#,##0", of="GPU/domain")
GIGABYTES = Unit("GB/GPU", "General", of="GB/GPU")
BANDWIDTH = Unit("TB/s/GPU", "0.00", of="TB/s/GPU")
PETAFLOPS = Unit("PFLOPS", "0.00", of="PFLOPS/GPU")
WATTS = Unit("W", "#,##0", of="W/GPU")
USERS = Unit("users", "#,##0", 0, 10_000_000, of="user")
MILLION_TOKENS_PER_DAY = Unit("M tokens/day", "#,##0", 0, 10_000_000, of="Mtok/day")
TOTAL_KILOWATT = Unit("kW", "#,##0", 0, 10_000_000, of="kW")
FACTOR = Unit("x", "0.0", 1, 100)
USD_PER_HOUR = Unit("USD/hour", "#,##0.00", of="USD/h")
USD_PER_MONTH = Unit("USD/month", "#,##0", of="USD/month")
USD_PER_YEAR = Unit("USD/year", "#,##0", of="USD/year")
MONTHS = Unit("months", "#,##0.0", of="month")
MONEY_PER_MILLION = Unit("per M tokens", "#,##0.000", of="money/Mtok")  # in the currency of reports
TOKEN_PRICE = Unit("USD/M tokens", "#,##0.000", 0, 10_000, of="USD/Mtok")
MARGIN = Unit("USD/GPU-hour", "#,##0.00;-#,##0.00", -1_000, 1_000, of="USD/GPU/h")
MILLION_TOKENS = Unit("M tokens", "#,##0", 0, 1e10, of="Mtok")  # of a month of the plan, or of several
MILLION_TOKENS_PER_USER = Unit("M tokens/user", "#,##0.00", 0, 1e6, of="Mtok/user")
MONTHLY_GROWTH = Unit("share a month", "0.0%", -0.5, 0.5)  # half as much again each month is 130 times in a year
YEARLY_GROWTH = Unit("share a year", "0.0%", 0, 10)
YEARLY_DECLINE = Unit("share a year", "0.0%", 0, 0.9)
WHOLE_MONTHS = Unit("months", "0", 0, 36, whole=True)
PLAN_MONTHS = Unit("months", "0", 12, 60, whole=True)
CALENDAR_YEAR = Unit("year", "0", 2020, 2100, whole=True)
CALENDAR_MONTH = Unit("1 to 12", "0", 1, 12, whole=True)
SEASON = Unit("x trend", "0.00", 0, 10)
WHOLE_DOMAINS = Unit("domains", "#,##0;-#,##0;-", 0, 10_000_000, of="domain", whole=True)
USD = Unit("USD", "#,##0;-#,##0;-", of="USD")
MILLION_USD = Unit("M USD", "#,##0.00,,;-#,##0.00,,;-", of="USD")  # counted in USD, shown in millions
GPU_COUNT = Unit("GPUs", "#,##0;-#,##0;-", of="GPU")
POWER_DRAWN = Unit("kW", "#,##0;-#,##0;-", of="kW")
KILOWATT_HOURS = Unit("kWh", "#,##0;-#,##0;-", of="kWh")
GRAMS = Unit("t CO2", "#,##0,,;-#,##0,,;-", of="g")  # counted in grams, shown in tonnes
SECONDS = Unit("s", "#,##0.000", 0, 100_000, of="s")
IN_FLIGHT = Unit("requests", "#,##0", 1, 1_000_000, of="user")
TOKENS_PER_REQUEST = Unit("tokens", "#,##0", 2, 10_000_000, of="tok/user")
TPOT = Unit("ms", "#,##0.00", of="ms*user/tok")
REQUEST_RATE = Unit("requests/s", "#,##0.00", of="user/s")
TOKEN_RATE = Unit("tok/s", "#,##0.0", of="tok/s")

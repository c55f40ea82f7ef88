"""Units as values: label, number format and valid range, each stated once.

A sheet takes the unit column, the number format and the input validation of a cell from the same
`Unit`, so the three can never disagree.
"""

from dataclasses import dataclass

SECONDS_PER_HOUR = 3_600
HOURS_PER_MONTH = 730
HOURS_PER_YEAR = 8_760
MILLION = 1_000_000
WATT_PER_KILOWATT = 1_000


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number is counted in.

    Attributes:
        label: text of the unit column, for example ``USD/GPU-hour``.
        format: Excel number format.
        low: smallest valid input (inclusive).
        high: largest valid input (inclusive).
    """

    label: str
    format: str
    low: float = 0.0
    high: float = 1e9

    def holds(self, number: float) -> bool:
        """Whether a number is within the valid range.

        >>> USD_PER_GPU_HOUR.holds(16.0), USD_PER_GPU_HOUR.holds(-1.0)
        (True, False)
        """
        return self.low <= number <= self.high


TEXT = Unit("text", "@")
COUNT = Unit("count", "#,##0", 0, 1e7)
SWITCH = Unit("1 = yes, 0 = no", "0", 0, 1)
DATE = Unit("date", "yyyy-mm-dd")
USD_PER_GPU_HOUR = Unit("USD/GPU-hour", "#,##0.00", 0.01, 1_000)
USD_PER_MILLION = Unit("USD/M tokens", "#,##0.000")
TOKENS_PER_USER = Unit("tok/s/user", "#,##0.0", 0.1, 9_999)
TOKENS_PER_GPU = Unit("tok/s/GPU", "#,##0", 0.001, 10_000_000)
TOKENS_PER_MW = Unit("tok/s/MW", "#,##0")
TOKENS_PER_USD = Unit("tokens/USD", "#,##0")
RATIO = Unit("x", '0.00"x"')
SHARE = Unit("share", "0.0%", 0, 1)
UTILIZATION = Unit("share of hours", "0.0%", 0.01, 1)
KILOWATT = Unit("kW/GPU", "0.00", 0.01, 100)
USERS_PER_GPU = Unit("users/GPU", "#,##0.0")
MILLISECONDS = Unit("ms", "#,##0", 0, 1e8)
YEARS = Unit("years", "0.0", 0.5, 30)
SHARE_OF_RANGE = Unit("share of range", "0%", 0.5, 1)
STEP = Unit("share", "0%", 0.01, 0.45)
SWING = Unit("share", "0%", 0.01, 0.9)
CHANGE = Unit("share", "+0.0%;-0.0%;0.0%", -0.9, 10)
RATE = Unit("share a year", "0.0%", 0, 1)
USD_PER_GPU = Unit("USD/GPU", "#,##0", 0, 10_000_000)
CAPITAL = Unit(
    "USD/GPU", "#,##0", 1_000, 10_000_000
)  # no GPU with its share of a server costs less: 36 means thousands
USD_PER_GPU_YEAR = Unit("USD/GPU-year", "#,##0;-#,##0;-", 0, 10_000_000)
USD_PER_KWH = Unit("USD/kWh", "0.000", 0, 10)
USD_PER_KW_MONTH = Unit("USD/kW-month", "#,##0.00", 0, 10_000)
GRAMS_PER_KWH = Unit("g CO2/kWh", "#,##0", 0, 2_000)
GRAMS_PER_MILLION = Unit("g CO2/M tokens", "#,##0.0")
JOULE_PER_TOKEN = Unit("J/token", "0.000")
KWH_PER_MILLION = Unit("kWh/M tokens", "0.000")
PRICE_RATIO = Unit("x input price", "0.00", 0, 100)
EXCHANGE_RATE = Unit("per USD", "0.0000", 0.0001, 100_000)
PUE = Unit("utility kW/IT kW", "0.00", 1, 3)
GPUS = Unit("GPUs", "#,##0.0;-#,##0.0;-", 0, 100_000_000)
WHOLE_GPUS = Unit("GPUs", "#,##0", 0, 100_000_000)
USERS = Unit("users", "#,##0", 0, 10_000_000)
MILLION_TOKENS_PER_DAY = Unit("M tokens/day", "#,##0", 0, 10_000_000)
TOTAL_KILOWATT = Unit("kW", "#,##0", 0, 10_000_000)
FACTOR = Unit("x", "0.0", 1, 100)
USD_PER_HOUR = Unit("USD/hour", "#,##0.00")
USD_PER_MONTH = Unit("USD/month", "#,##0")
USD_PER_YEAR = Unit("USD/year", "#,##0")
MONTHS = Unit("months", "#,##0.0")
TOKEN_PRICE = Unit("USD/M tokens", "#,##0.000", 0, 10_000)
MARGIN = Unit("USD/GPU-hour", "#,##0.00;-#,##0.00", -1_000, 1_000)

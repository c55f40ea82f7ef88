"""The demand on a fleet, and the token prices it is measured against."""

from dataclasses import dataclass

from xlmodel.calc.values import NA, Value
from xlmodel.model.fleet_formulas import blended
from xlmodel.units import FACTOR, MILLION_TOKENS_PER_DAY, SHARE, TOKEN_PRICE, TOTAL_KILOWATT, USERS, Unit

UNITS: dict[str, Unit] = {
    "users": USERS, "tokens": MILLION_TOKENS_PER_DAY, "power": TOTAL_KILOWATT, "peak": FACTOR, "price_input": TOKEN_PRICE,
    "price_output": TOKEN_PRICE, "price_cached": TOKEN_PRICE, "cached_share": SHARE, "api": TOKEN_PRICE,
}  # fmt: skip
MODES = ("users", "million tokens a day", "kW of power")


@dataclass(frozen=True, slots=True)
class Fleet:
    """The assumptions; None is an empty cell.

    Attributes:
        mode: which of the three demands counts.
        users: served at the same time, at the peak. tokens: millions a day, input and output. power: kW.
        peak: highest demand over average demand; empty counts as 1.
        price_input, price_output, price_cached: USD per million tokens that customers pay; cached input at the
            input price when empty.
        cached_share: share of the input tokens that is cached.
        api: USD per million tokens, input and output together, that an API charges for the same work.
    """

    mode: str = MODES[0]
    users: float | None = 5000.0
    tokens: float | None = None
    power: float | None = None
    peak: float | None = 1.0
    price_input: float | None = None
    price_output: float | None = None
    price_cached: float | None = None
    cached_share: float | None = None
    api: float | None = None

    @property
    def number(self) -> int:
        """Number of the mode, from 1."""
        return MODES.index(self.mode) + 1

    @property
    def demand(self) -> Value:
        """The demand that counts; #N/A when its cell is empty."""
        value = (self.users, self.tokens, self.power)[self.number - 1]
        return value if value else NA

    @property
    def cached(self) -> Value:
        """USD per million cached input tokens; #N/A when no input price is typed either."""
        price = self.price_input if self.price_cached is None else self.price_cached
        return NA if price is None else price

    def blended(self, output_share: float) -> Value:
        """USD per million tokens of the mix; #N/A until both token prices are typed."""
        if self.price_input is None or self.price_output is None:
            return NA
        return blended(
            output_share=output_share, output=self.price_output, input=self.price_input, cached=self.cached,
            cached_share=self.cached_share or 0.0,
        )  # fmt: skip

"""The table of bounds: what is plausible of each kind of number, what is asked of one that is not, and why.

The sheet Checks shows it; readers of files, the sheets and `check` follow it (see `xlmodel.model.plausible`).
"""

from typing import NamedTuple

FAR_ABOVE, FAR_BELOW = 1.75, 0.4  # of every other quote of the platform


class Band(NamedTuple):
    """From a bound up to the next of its kind: the doubt, empty where all is well, and why the bound stands there."""

    kind: str
    start: float
    says: str
    why: str


BANDS = (
    Band("price", 0, "in thousands of USD?", "times the platform's other quotes; 1,000 USD are 0.001 of it"),
    Band("price", 0.003, "a hundredth of other quotes: USD for cents?", "0.01: as if USD had been counted in cents"),
    Band("price", 0.03, "far below every other quote of the platform", f"below {FAR_BELOW} of the lowest quote; public spreads stay above"),
    Band("price", 0.9, "", "within the spread of the platform's quotes"),
    Band("price", 1.12, "per superchip of 2 GPUs, or far above every other quote?", "2 GPUs: a GB200 superchip"),
    Band("price", 2.9, "per server of 4 or 8 GPUs?", "4 GPUs a tray of NVL72, 8 a server"),
    Band("price", 24, "per rack of 72 GPUs?", "72 GPUs a rack; the geometric middle to 8 is 24"),
    Band("price", 85, "in cents?", "100 cents; the geometric middle to 72 is 85"),
    Band("price", 270, "per month of 730 hours?", "730 hours; the geometric middle to 100 is 270"),
    Band("price", 2_500, "per year of 8,760 hours?", "8,760 hours; the geometric middle to 730 is 2,529"),
    Band("any price", 0, "far below any GPU-hour: in thousands of USD?", "USD/GPU-hour; the cheapest quote here is above 1"),
    Band("any price", 0.2, "", "what GPU-hours cost"),
    Band("any price", 60, "far above any GPU-hour: per server, rack or month, or in cents?", "the dearest quote here is below 30"),
    Band("electricity", 0, "far below any tariff: not in USD per kWh?", "USD/kWh"),
    Band("electricity", 0.01, "", "industrial tariffs lie between 0.02 and 0.40"),
    Band("electricity", 0.6, "in cents per kWh?", "no industrial tariff is above 0.60; cents are 100 times as many"),
    Band("electricity", 30, "per MWh?", "1,000 kWh a MWh: 30 to 200 USD/MWh is usual"),
    Band("carbon", 0, "in kg?", "g CO2/kWh; no grid comes below ten, and in kg coal has 1"),
    Band("carbon", 2, "", "hydropower to coal: 10 to 1,000"),
    Band("cached", 0, "", "of an input token's price: 0.1 to 0.5 is listed"),
    Band("cached", 1.001, "dearer than a new token: in per cent?", "a token that was read before costs no more than a new one"),
    Band("colocation", 0, "per kWh, or per hour?", "USD/kW-month; a kWh costs cents"),
    Band("colocation", 1, "", "100 to 250 USD/kW-month is published"),
    Band("capital", 0, "in thousands of USD?", "USD/GPU; a GPU with its share of a server costs more"),
    Band("capital", 3_000, "", "30,000 to 60,000 USD/GPU is published"),
    Band("capital", 150_000, "per server of 8 GPUs?", "250,000 to 500,000 USD a server is published"),
    Band("capital", 1_000_000, "per rack of 72 GPUs?", "3 to 4 million USD a rack is published"),
    Band("ttft", 0, "in seconds?", "ms; no public row answers within 70 ms"),
    Band("ttft", 5, "", "public rows: 77 ms to 156 s"),
    Band("ttft", 1_000_000, "in microseconds?", "a thousand seconds to the first token is no service"),
    Band("interactivity", 0, "seconds per token in place of tokens per second?", "tok/s/user; the slowest public row has 0.68"),
    Band("interactivity", 0.3, "", "public rows: 0.68 to 535"),
    Band("interactivity", 1_000, "throughput in place of the interactivity?", "twice the fastest public row"),
    Band("load", 0, "output tokens only, or per user?", "throughput x GPUs over what the row's concurrency allows"),
    Band("load", 0.115, "", "99 % of public rows; the median is 0.95"),
    Band("load", 1.25, "whole server as one GPU, or another token count?", "more than the concurrency can make; 0.2 % of public rows"),
)  # fmt: skip
# what is asked of which assumption of a scenario
ASSUMED = {"usd_per_kwh": "electricity", "ttft_limit": "ttft", "cached_ratio": "cached", "g_per_kwh": "carbon"}
KINDS = tuple(dict.fromkeys(band.kind for band in BANDS))

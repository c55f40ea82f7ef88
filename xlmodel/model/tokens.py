"""Cost by class of token, energy and carbon of a token, and money in another currency."""

from xlmodel.calc.record import formula
from xlmodel.calc.values import NA, Value
from xlmodel.units import (
    EXCHANGE_RATE,
    GRAMS_PER_KWH,
    GRAMS_PER_MILLION,
    JOULE_PER_TOKEN,
    KILOWATT,
    KWH_PER_MILLION,
    MILLION,
    PRICE_RATIO,
    PUE,
    SECONDS_PER_HOUR,
    SHARE,
    TOKENS_PER_GPU,
    USD_PER_KWH,
    USD_PER_MILLION,
    UTILIZATION,
    WATT_PER_KILOWATT,
)


@formula(
    "CLASSCOST",
    "{cost}/{share}",
    USD_PER_MILLION,
    {"cost": USD_PER_MILLION, "share": SHARE},
    {"cost": 0.577, "share": 1 / 9},
    5.193,
)
def class_cost(cost: float, share: float) -> float:
    """USD per million tokens of one class when that class bears all cost (the convention of InferenceX)."""
    return cost / share


@formula(
    "INPUTCOST",
    "IF({output_ratio}>0,{cost}/((1-{output_share})*(1-{cached_share}+{cached_share}*{cached_ratio})+{output_share}*{output_ratio}),NA())",
    USD_PER_MILLION,
    {
        "cost": USD_PER_MILLION, "output_share": SHARE, "output_ratio": PRICE_RATIO, "cached_share": SHARE, "cached_ratio": PRICE_RATIO,
    },
    {"cost": 1.0, "output_share": 0.25, "output_ratio": 4.0, "cached_share": 0.5, "cached_ratio": 0.2},
    0.689655,
)  # fmt: skip
def input_cost(
    cost: float, output_share: float, output_ratio: float, cached_share: float, cached_ratio: float
) -> Value:
    """USD per million input tokens when the classes share the cost in proportion to their prices; #N/A without a ratio."""
    if output_ratio <= 0:
        return NA
    read = 1 - cached_share * (1 - cached_ratio)
    return cost / (read + output_share * (output_ratio - read))


@formula(
    "OTHERCOST",
    "{input_cost}*{ratio}",
    USD_PER_MILLION,
    {"input_cost": USD_PER_MILLION, "ratio": PRICE_RATIO},
    {"input_cost": 0.689655, "ratio": 4.0},
    2.75862,
)
def other_cost(input_cost: float, ratio: float) -> float:
    """USD per million output or cached tokens: that of input tokens times the ratio of prices."""
    return input_cost * ratio


@formula(
    "JOULE",
    "{kilowatt}*{pue}*1000/({throughput}*{utilization})",
    JOULE_PER_TOKEN,
    {"kilowatt": KILOWATT, "pue": PUE, "throughput": TOKENS_PER_GPU, "utilization": UTILIZATION},
    {"kilowatt": 1.87, "pue": 1.0, "throughput": 7707.0, "utilization": 1.0},
    0.242636,
)
def joule(kilowatt: float, pue: float, throughput: float, utilization: float) -> float:
    """Joule per token of the power that is provisioned, busy or idle."""
    return WATT_PER_KILOWATT * kilowatt * pue / utilization / throughput


@formula(
    "KWH",
    "{joule}*1000000/(3600*1000)",
    KWH_PER_MILLION,
    {"joule": JOULE_PER_TOKEN},
    {"joule": 0.242636},
    0.067399,
)
def kwh(joule: float) -> float:
    """Kilowatt-hours per million tokens."""
    return joule * MILLION / WATT_PER_KILOWATT / SECONDS_PER_HOUR


@formula(
    "CURRENT",
    "{kwh}*{usd_per_kwh}",
    USD_PER_MILLION,
    {"kwh": KWH_PER_MILLION, "usd_per_kwh": USD_PER_KWH},
    {"kwh": 0.067399, "usd_per_kwh": 0.08},
    0.00539192,
)
def current(kwh: float, usd_per_kwh: float) -> float:
    """USD per million tokens of electricity; a rented GPU's price includes it."""
    return kwh * usd_per_kwh


@formula(
    "CARBON",
    "IF({g_per_kwh}>0,{kwh}*{g_per_kwh},NA())",
    GRAMS_PER_MILLION,
    {"kwh": KWH_PER_MILLION, "g_per_kwh": GRAMS_PER_KWH},
    {"kwh": 0.067399, "g_per_kwh": 400.0},
    26.9596,
)
def carbon(kwh: float, g_per_kwh: float) -> Value:
    """Grams of CO2 per million tokens; #N/A until a carbon intensity is typed."""
    return kwh * g_per_kwh if g_per_kwh > 0 else NA


@formula(
    "REPORTED",
    "IF({rate}>0,{usd}*{rate},NA())",
    USD_PER_MILLION,
    {"usd": USD_PER_MILLION, "rate": EXCHANGE_RATE},
    {"usd": 0.055, "rate": 0.9},
    0.0495,
)
def reported(usd: float, rate: float) -> Value:
    """Money in the reporting currency; #N/A without a rate."""
    return usd * rate if rate > 0 else NA

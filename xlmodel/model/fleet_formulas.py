"""How many GPUs a demand needs, what the fleet costs, and what its tokens earn."""

import math

from xlmodel.calc.record import formula
from xlmodel.calc.values import NA, Value
from xlmodel.units import (
    COUNT,
    FACTOR,
    GPUS,
    HOURS_PER_MONTH,
    HOURS_PER_YEAR,
    KILOWATT,
    MARGIN,
    MILLION,
    MILLION_TOKENS_PER_DAY,
    MONTHS,
    PUE,
    SECONDS_PER_HOUR,
    SHARE,
    TOKEN_PRICE,
    TOKENS_PER_GPU,
    TOTAL_KILOWATT,
    USD_PER_GPU,
    USD_PER_GPU_HOUR,
    USD_PER_HOUR,
    USD_PER_MILLION,
    USD_PER_MONTH,
    USD_PER_YEAR,
    USERS,
    USERS_PER_GPU,
    UTILIZATION,
    WHOLE_GPUS,
)

SECONDS_PER_DAY = 86_400
DECIMALS = 6  # a demand that fits whole domains to the sixth decimal needs no further one


@formula(
    "GPUSFORUSERS",
    "{users}/{users_per_gpu}",
    GPUS,
    {"users": USERS, "users_per_gpu": USERS_PER_GPU},
    {"users": 5000.0, "users_per_gpu": 11.4178},
    437.9127,
)
def gpus_for_users(users: float, users_per_gpu: float) -> float:
    """GPUs for users who are served at the same time, before rounding."""
    return users / users_per_gpu


@formula(
    "TOKENLOAD",
    "MAX(1,{peak},IFERROR(1/{utilization},1))",
    FACTOR,
    {"peak": FACTOR, "utilization": UTILIZATION},
    {"peak": 1.5, "utilization": 0.5},
    2.0,
)
def token_load(peak: float, utilization: float) -> float:
    """Full over average load of a fleet that has to serve tokens: by the peak, and by hours in which it cannot work."""
    return max(1.0, peak, 1 / utilization if utilization > 0 else 1.0)


@formula(
    "GPUSFORTOKENS",
    "{tokens}*1000000/86400*{load}/{throughput}",
    GPUS,
    {"tokens": MILLION_TOKENS_PER_DAY, "load": FACTOR, "throughput": TOKENS_PER_GPU},
    {"tokens": 86400.0, "load": 2.0, "throughput": 5000.0},
    400.0,
)
def gpus_for_tokens(tokens: float, load: float, throughput: float) -> float:
    """GPUs for millions of tokens a day, input and output, when full load is so much above the average; before rounding."""
    return tokens * MILLION * load / (SECONDS_PER_DAY * throughput)


@formula(
    "GPUSFORPOWER",
    "{power}/({kilowatt}*{pue})",
    GPUS,
    {"power": TOTAL_KILOWATT, "kilowatt": KILOWATT, "pue": PUE},
    {"power": 1000.0, "kilowatt": 2.0, "pue": 1.25},
    400.0,
)
def gpus_for_power(power: float, kilowatt: float, pue: float) -> float:
    """GPUs that a power budget feeds, before rounding."""
    return power / kilowatt / pue


@formula(
    "WHOLEDOMAINS",
    "IF({limit}=1,ROUNDDOWN(ROUND({gpus}/{domain},6),0),ROUNDUP(ROUND({gpus}/{domain},6),0))",
    COUNT,
    {"gpus": GPUS, "domain": COUNT, "limit": COUNT},
    {"gpus": 437.9127, "domain": 72.0, "limit": 0.0},
    7.0,
)
def whole_domains(gpus: float, domain: float, limit: float) -> float:
    """Whole scale-up domains (servers or racks): rounded up for a demand, down for a budget (limit = 1)."""
    domains = round(gpus / domain, DECIMALS)
    return float(math.floor(domains) if limit == 1 else math.ceil(domains))


@formula(
    "TIMES",
    "{count}*{each}",
    WHOLE_GPUS,
    {"count": COUNT, "each": COUNT},
    {"count": 7.0, "each": 72.0},
    504.0,
)
def times(count: float, each: float) -> float:
    """So many of a thing: domains x GPUs each, GPUs x users each."""
    return count * each


@formula(
    "IDLE",
    "IF({gpus}>0,1-MIN(1,{needed}/{gpus})/IF({number}=2,{load},MAX(1,{peak})),0)",
    SHARE,
    {"needed": GPUS, "gpus": WHOLE_GPUS, "peak": FACTOR, "load": FACTOR, "number": COUNT},
    {"needed": 400.0, "gpus": 500.0, "peak": 2.0, "load": 4.0, "number": 1.0},
    0.6,
)
def idle(needed: float, gpus: float, peak: float, load: float, number: float) -> float:
    """Share of the fleet that is idle on average: by rounding to whole domains, and below the peak.

    A fleet for tokens (number 2) is large enough to serve them all in the hours in which it works, so there full over
    average `load` takes the place of the peak.
    """
    if gpus <= 0:
        return 0.0
    return 1 - min(1.0, needed / gpus) / (load if number == 2 else max(1.0, peak))


@formula(
    "BUSY",
    "MIN({utilization},1-{idle})",
    SHARE,
    {"utilization": UTILIZATION, "idle": SHARE},
    {"utilization": 0.9, "idle": 0.6},
    0.4,
)
def busy(utilization: float, idle: float) -> float:
    """Share of its hours in which the fleet serves: no more than it is used anywhere, nor than the demand leaves it to do."""
    return 1 - max(1 - utilization, idle)


@formula(
    "FLEETPOWER",
    "{gpus}*{kilowatt}*{pue}",
    TOTAL_KILOWATT,
    {"gpus": WHOLE_GPUS, "kilowatt": KILOWATT, "pue": PUE},
    {"gpus": 504.0, "kilowatt": 1.87, "pue": 1.0},
    942.48,
)
def fleet_power(gpus: float, kilowatt: float, pue: float) -> float:
    """Utility kilowatts of the fleet."""
    return kilowatt * pue * gpus


@formula(
    "FLEETHOUR",
    "{gpus}*{price}",
    USD_PER_HOUR,
    {"gpus": WHOLE_GPUS, "price": USD_PER_GPU_HOUR},
    {"gpus": 504.0, "price": 2.6},
    1310.4,
)
def per_hour(gpus: float, price: float) -> float:
    """USD per hour of the fleet, busy or idle."""
    return gpus * price


@formula("FLEETMONTH", "{hour}*730", USD_PER_MONTH, {"hour": USD_PER_HOUR}, {"hour": 1310.4}, 956592.0)
def per_month(hour: float) -> float:
    """USD per month of 730 hours."""
    return hour * HOURS_PER_MONTH


@formula("FLEETYEAR", "{hour}*8760", USD_PER_YEAR, {"hour": USD_PER_HOUR}, {"hour": 1310.4}, 11479104.0)
def per_year(hour: float) -> float:
    """USD per year of 8,760 hours."""
    return hour * HOURS_PER_YEAR


@formula(
    "BLENDED",
    "{output_share}*{output}+(1-{output_share})*((1-{cached_share})*{input}+{cached_share}*{cached})",
    TOKEN_PRICE,
    {"output_share": SHARE, "output": TOKEN_PRICE, "input": TOKEN_PRICE, "cached": TOKEN_PRICE, "cached_share": SHARE},
    {"output_share": 0.25, "output": 4.0, "input": 1.0, "cached": 0.2, "cached_share": 0.5},
    1.45,
)
def blended(output_share: float, output: float, input: float, cached: float, cached_share: float) -> float:  # noqa: A002
    """USD per million tokens that the mix of output, input and cached input tokens earns."""
    read = input + cached_share * (cached - input)
    return read + output_share * (output - read)


@formula(
    "REVENUE",
    "{throughput}*3600*{utilization}*{blended}/1000000",
    USD_PER_GPU_HOUR,
    {"throughput": TOKENS_PER_GPU, "utilization": UTILIZATION, "blended": TOKEN_PRICE},
    {"throughput": 5000.0, "utilization": 0.5, "blended": 1.45},
    13.05,
)
def revenue(throughput: float, utilization: float, blended: float) -> float:
    """USD that the tokens of a paid GPU-hour earn."""
    return blended * utilization * (throughput * SECONDS_PER_HOUR / MILLION)


@formula(
    "MARGIN",
    "{revenue}-{price}",
    MARGIN,
    {"revenue": USD_PER_GPU_HOUR, "price": USD_PER_GPU_HOUR},
    {"revenue": 13.05, "price": 2.6},
    10.45,
)
def margin(revenue: float, price: float) -> float:
    """USD per GPU-hour that revenue leaves after the price of the hour."""
    return revenue - price


@formula(
    "MARGINSHARE",
    "{margin}/{revenue}",
    SHARE,
    {"margin": MARGIN, "revenue": USD_PER_GPU_HOUR},
    {"margin": 10.45, "revenue": 13.05},
    0.800766,
)
def margin_share(margin: float, revenue: float) -> float:
    """Gross margin as a share of revenue."""
    return margin / revenue


@formula(
    "PAYBACK",
    "IF({revenue}>{running},{capital}/(({revenue}-{running})*730*{availability}),NA())",
    MONTHS,
    {"capital": USD_PER_GPU, "revenue": USD_PER_GPU_HOUR, "running": USD_PER_GPU_HOUR, "availability": UTILIZATION},
    {"capital": 31250.0, "revenue": 3.0, "running": 1.0, "availability": 0.8},
    26.755137,
)
def payback(capital: float, revenue: float, running: float, availability: float) -> Value:
    """Months until revenue less running costs, both per hour that the GPU is up, has paid back its capital; else #N/A."""
    if revenue <= running:
        return NA
    return capital / (revenue - running) / (HOURS_PER_MONTH * availability)


@formula(
    "APISAVED",
    "1-{cost}/{api}",
    SHARE,
    {"cost": USD_PER_MILLION, "api": TOKEN_PRICE},
    {"cost": 0.3, "api": 1.2},
    0.75,
)
def api_saved(cost: float, api: float) -> float:
    """Share of an API's price that self-hosting saves; negative when the API is cheaper."""
    return (api - cost) / api


@formula(
    "BREAKEVENUTILIZATION",
    "{price}*1000000/(3600*{throughput}*{api})",
    SHARE,
    {"price": USD_PER_GPU_HOUR, "throughput": TOKENS_PER_GPU, "api": TOKEN_PRICE},
    {"price": 2.65, "throughput": 6000.0, "api": 0.490741},
    0.25,
)
def breakeven_utilization(price: float, throughput: float, api: float) -> float:
    """Utilization at which a token of one's own costs what the API charges; above 100 % the API always wins."""
    return price / (throughput * SECONDS_PER_HOUR / MILLION * api)

"""What a GPU of one's own costs: capital as an annuity, running costs, and USD per GPU-hour."""

from xlmodel.calc.record import formula
from xlmodel.units import (
    HOURS_PER_YEAR,
    KILOWATT,
    PUE,
    RATE,
    SHARE,
    USD_PER_GPU,
    USD_PER_GPU_HOUR,
    USD_PER_GPU_YEAR,
    USD_PER_KW_MONTH,
    USD_PER_KWH,
    YEARS,
)

MONTHS = 12
NO_INTEREST = 0.0001


@formula(
    "SHARELEFT",
    "IF({life}>0,(1-{decline})^{life},1)",
    SHARE,
    {"decline": RATE, "life": YEARS},
    {"decline": 0.3, "life": 4.0},
    0.2401,
)
def share_left(decline: float, life: float) -> float:
    """Share of the purchase price that is left when used hardware loses the same share of its value each year."""
    return float((1 - decline) ** life) if life > 0 else 1.0


@formula(
    "RESIDUAL",
    "{capital}*{share}",
    USD_PER_GPU,
    {"capital": USD_PER_GPU, "share": SHARE},
    {"capital": 31250.0, "share": 0.1},
    3125.0,
)
def residual(capital: float, share: float) -> float:
    """USD per GPU for which it can be sold at the end of its life."""
    return capital * share


@formula(
    "CHARGE",
    "IF({rate}<0.0001,({capital}-{residual})/{life},PMT({rate},{life},-{capital},{residual}))",
    USD_PER_GPU_YEAR,
    {"rate": RATE, "life": YEARS, "capital": USD_PER_GPU, "residual": USD_PER_GPU},
    {"rate": 0.08, "life": 4.0, "capital": 31250.0, "residual": 3000.0},
    8769.262726,
)
def charge(rate: float, life: float, capital: float, residual: float) -> float:
    """USD per GPU and year that pay back the capital less its residual value, with interest, in equal parts.

    The annuity is written out as a discount factor; Excel's PMT is the other statement of it. A rate below a hundredth
    of a percent counts as none: what PMT gives then is noise.
    """
    if rate < NO_INTEREST:
        return (capital - residual) / life
    if life <= 0:
        raise ValueError("no payments in no time")
    discount = float((1 + rate) ** -life)
    return rate * (capital - residual * discount) / (1 - discount)


@formula(
    "DEPRECIATION",
    "({capital}-{residual})/{life}",
    USD_PER_GPU_YEAR,
    {"capital": USD_PER_GPU, "residual": USD_PER_GPU, "life": YEARS},
    {"capital": 320000.0, "residual": 0.0, "life": 4.0},
    80000.0,
)
def depreciation(capital: float, residual: float, life: float) -> float:
    """USD per GPU and year by which its value falls, in equal parts."""
    return (capital - residual) / life


@formula(
    "FINANCING",
    "{charge}-{depreciation}",
    USD_PER_GPU_YEAR,
    {"charge": USD_PER_GPU_YEAR, "depreciation": USD_PER_GPU_YEAR},
    {"charge": 8769.26, "depreciation": 7062.5},
    1706.76,
)
def financing(charge: float, depreciation: float) -> float:
    """USD per GPU and year of the capital charge that is interest."""
    return charge - depreciation


@formula(
    "ELECTRICITY",
    "{kilowatt}*8760*{pue}*{usd_per_kwh}",
    USD_PER_GPU_YEAR,
    {"kilowatt": KILOWATT, "pue": PUE, "usd_per_kwh": USD_PER_KWH},
    {"kilowatt": 10.2, "pue": 1.3, "usd_per_kwh": 0.08},
    9292.608,
)
def electricity(kilowatt: float, pue: float, usd_per_kwh: float) -> float:
    """USD per year of the electricity that the given kilowatts draw around the clock."""
    return HOURS_PER_YEAR * usd_per_kwh * (kilowatt * pue)


@formula(
    "COLOCATION",
    "{kilowatt}*12*{usd_per_kw_month}",
    USD_PER_GPU_YEAR,
    {"kilowatt": KILOWATT, "usd_per_kw_month": USD_PER_KW_MONTH},
    {"kilowatt": 1.37, "usd_per_kw_month": 100.0},
    1644.0,
)
def colocation(kilowatt: float, usd_per_kw_month: float) -> float:
    """USD per GPU and year of data-centre space, which is let by the kilowatt and month."""
    return usd_per_kw_month * MONTHS * kilowatt


@formula(
    "SUPPORT",
    "{flat}+{share}*{charge}",
    USD_PER_GPU_YEAR,
    {"flat": USD_PER_GPU_YEAR, "share": SHARE, "charge": USD_PER_GPU_YEAR},
    {"flat": 0.0, "share": 0.2, "charge": 23148.148148},
    4629.62963,
)
def support(flat: float, share: float, charge: float) -> float:
    """USD per GPU and year of support, staff and hosting: a flat sum and a share of the capital charge."""
    return flat + share * charge


@formula(
    "YEARLY",
    "{charge}+{electricity}+{colocation}+{support}+{software}",
    USD_PER_GPU_YEAR,
    dict.fromkeys(("charge", "electricity", "colocation", "support", "software"), USD_PER_GPU_YEAR),
    {"charge": 80000.0, "electricity": 0.0, "colocation": 0.0, "support": 3000.0, "software": 4500.0},
    87500.0,
)
def yearly(charge: float, electricity: float, colocation: float, support: float, software: float) -> float:
    """USD per year of owning and running: capital charge and all running costs."""
    return charge + electricity + colocation + support + software


@formula(
    "HOURLY",
    "{yearly}/(8760*{availability})",
    USD_PER_GPU_HOUR,
    {"yearly": USD_PER_GPU_YEAR, "availability": SHARE},
    {"yearly": 27777.777778, "availability": 1.0},
    3.170979,
)
def hourly(yearly: float, availability: float) -> float:
    """USD per GPU-hour that can be used or sold: a year's cost over the hours in which the GPU is up."""
    return yearly / availability / HOURS_PER_YEAR

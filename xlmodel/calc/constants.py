"""The named constants that lead from one unit to another; beside plain numbers they are plain numbers."""

from xlmodel.calc.expression import Constant

MILLION = Constant(1_000_000, "tok/Mtok")
SECONDS_PER_HOUR = Constant(3_600, "s/h")
SECONDS_PER_DAY = Constant(86_400, "s/day")
HOURS_PER_MONTH = Constant(730, "h/month")
HOURS_PER_YEAR = Constant(8_760, "h/year")
MONTHS_PER_YEAR = Constant(12, "month/year")
WATT_PER_KILOWATT = Constant(1_000, "W/kW")
WATT_PER_MEGAWATT = Constant(1_000_000, "W/MW")
JOULE_PER_KILOWATT_HOUR = Constant(3_600_000, "J/kWh", "3600*1000")
KILOWATT_PER_MEGAWATT = Constant(1_000, "kW/MW")
MILLISECONDS_PER_SECOND = Constant(1_000, "ms/s")
MTOK_S_PER_TOK_H = Constant(0.0036, "Mtok*s/tok/h")  # 3,600 s/h over a million tok/Mtok
MTOK_S_PER_TOK_DAY = Constant(0.0864, "Mtok*s/tok/day")  # 86,400 s/day over a million tok/Mtok

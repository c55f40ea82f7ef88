"""Prices of hosted models per million tokens: the bundled table, where there is one."""

from dataclasses import dataclass

from xlmodel.readers import names
from xlmodel.readers.bundled import FOLDER
from xlmodel.readers.cells import BadCell, number
from xlmodel.readers.table import Problems, read_text
from xlmodel.units import TOKEN_PRICE

FILE = "api_prices.csv"


@dataclass(frozen=True, slots=True)
class ApiPrice:
    """What a provider asks for a million tokens of a model, in USD; None where it has no such price."""

    model: str
    provider: str
    input: float | None
    cached_input: float | None
    output: float | None
    as_of: str = ""


def api_prices_of(model: str) -> list[ApiPrice]:
    """The quotes of a model; none when the table is not bundled.

    >>> api_prices_of("a model that nobody hosts")
    []
    """
    import csv  # noqa: PLC0415 - beside the reading of the one table

    path = FOLDER / FILE
    if not path.is_file():
        return []
    problems = Problems(FILE)
    found = []
    price = number(TOKEN_PRICE, empty=True)
    wanted = names.plain(model)
    for row in csv.DictReader(read_text(path).splitlines()):
        if names.plain(row.get("model") or "") != wanted:
            continue
        try:
            asked, cached, made = (price(row.get(column) or "") for column in ("input", "cached_input", "output"))
        except BadCell as bad:
            problems.add(row.get("provider") or "", "a price", bad.expected, bad.fix)
            continue
        found.append(ApiPrice(model, row.get("provider") or "", asked, cached, made, row.get("as_of") or ""))
    problems.raise_if_any()
    return found

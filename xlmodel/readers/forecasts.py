"""Reader of the bundled forecasts of token prices and software gains."""

from pathlib import Path

from xlmodel.model.forecast import CONFIDENCE, KINDS, UNITS, Forecast
from xlmodel.readers.cell_readers import Memo, choice, free_text, number, period, spellings
from xlmodel.readers.problems import Problems
from xlmodel.readers.records import read_records
from xlmodel.units import Unit

FILE = Path(__file__).parents[1] / "data" / "forecasts.csv"
FACT = Unit("as the unit says", "0", 1e-6, 1e6)
REQUIRED = ("id", "kind", "who", "says", "value", "unit", "from", "to", "as_of", "source", "confidence")


def bundled_forecasts() -> list[Forecast]:
    """The published forecasts that come with the package, in their order.

    Raises:
        InputRefused: the file is not as expected; all problems at once.
    """
    text = free_text(required=True)
    columns = {
        **{name: Memo(text) for name in ("id", "who", "says", "source")},
        "kind": Memo(choice(spellings(KINDS), KINDS)),
        "value": Memo(number(FACT)),
        "unit": Memo(choice(spellings(UNITS), UNITS)),
        **{name: Memo(period(empty=True)) for name in ("from", "to")},
        "as_of": Memo(period()),
        "confidence": Memo(choice(spellings(CONFIDENCE), CONFIDENCE)),
        "note": Memo(free_text()),
    }
    problems = Problems(FILE.name)
    rows = [row for _, row in read_records(FILE, columns, REQUIRED, problems)]
    problems.raise_if_any()
    return [Forecast(begins=row.pop("from"), ends=row.pop("to"), **row) for row in rows]

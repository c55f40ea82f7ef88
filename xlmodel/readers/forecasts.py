"""Reader of the bundled forecasts of token prices and software gains."""

from xlmodel.model.forecast import CONFIDENCE, KINDS, UNITS, Forecast
from xlmodel.readers.bundled import FOLDER, rows_of
from xlmodel.readers.cell_readers import Reader, choice, free_text, number, period, spellings
from xlmodel.units import Unit

FACT = Unit("as the unit says", "0", 1e-6, 1e6)


def bundled_forecasts() -> list[Forecast]:
    """The published forecasts that come with the package, in their order.

    Raises:
        InputRefused: the file is not as expected; all problems at once.
    """
    readers: dict[str, Reader] = {
        **dict.fromkeys(("id", "who", "says", "source"), free_text(required=True)),
        "kind": choice(spellings(KINDS), KINDS),
        "value": number(FACT),
        "unit": choice(spellings(UNITS), UNITS),
        **dict.fromkeys(("from", "to"), period(empty=True)),
        "as_of": period(),
        "confidence": choice(spellings(CONFIDENCE), CONFIDENCE),
        "note": free_text(),
    }
    rows = rows_of(FOLDER / "forecasts.csv", readers, optional=("note",))
    return [Forecast(begins=row.pop("from"), ends=row.pop("to"), **row) for row in rows]

"""What looks like another unit in the files and settings of a user, in words for the report of a build."""

from collections.abc import Iterator

from xlmodel.model.doubts import Peers, of_quote, of_settings
from xlmodel.model.scenario import Inputs
from xlmodel.readers.user_files import Own


def doubted(inputs: Inputs, own: Own) -> tuple[str, ...]:
    """The doubts about what is brought, each with its place; rows with a note are left out."""
    return (*_points(inputs, own), *_quotes(inputs, own), *_settings(inputs))


def _points(inputs: Inputs, own: Own) -> Iterator[str]:
    asked = [point for point in own.points if not point.note]
    mine = set(inputs.own_rows)
    beside = Peers(inputs.points, (p for i, p in enumerate(inputs.points) if i not in mine)) if asked else None
    for point in asked:
        doubt = beside.doubt(point) if beside else ""
        if doubt:
            place = own.point_places.get(id(point), f"{point.platform}, {point.model}")
            yield f"{place}, interactivity {point.interactivity:g}, throughput {point.throughput:g}: {doubt}"


def _quotes(inputs: Inputs, own: Own) -> Iterator[str]:
    listed = inputs.quotes[: len(inputs.quotes) - inputs.own_quotes]
    for quote, place in zip(own.quotes, own.places, strict=True):
        doubt = of_quote(quote, listed)
        if doubt:
            yield f"{place}, {quote.platform} at {quote.usd_per_gpu_hour:g} USD/GPU-hour: {doubt}"


def _settings(inputs: Inputs) -> Iterator[str]:
    for key, number, doubt in of_settings(inputs):
        if doubt:
            yield f"{key} = {number:g}: {doubt}"

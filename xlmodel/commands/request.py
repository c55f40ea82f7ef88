"""A build as it was asked for, on the command line or from Python: checked as a whole, then made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.commands import arguments
from xlmodel.commands.terminal import DEFAULT
from xlmodel.errors import InputRefused, Round
from xlmodel.model.point import Point
from xlmodel.readers.assemble import Asked, Gathered, gather_all
from xlmodel.readers.config import Config, survey_config
from xlmodel.readers.user_files import Source

if TYPE_CHECKING:
    from xlmodel.commands.produce import Report


@dataclass(frozen=True, slots=True)
class Data:
    """Where the inputs of a book come from; see `xlmodel.build` for the meanings.

    Attributes:
        models: as they were typed. every: all bundled models.
        results: result files of load testers, or folders of them. about: what no file says of them.
    """

    config: Path | None = None
    models: tuple[str, ...] = ()
    every: bool = False
    prices: tuple[Path, ...] = ()
    points: tuple[Path, ...] = ()
    results: tuple[Path, ...] = ()
    about: str = ""
    api_prices: tuple[Path, ...] = ()

    @property
    def own(self) -> bool:
        """Whether a file of the user goes in."""
        return bool(self.config or self.prices or self.points or self.results or self.api_prices)

    def settings(self) -> Config:
        """The settings as far as they can be read; what is wrong with them comes with `gathered`."""
        return survey_config(self.config) if self.config else Config()

    def gathered(self, settings: Config, found: Round, date: str = "") -> Gathered:
        """The inputs, at the end of a round of checks.

        Raises:
            InputRefused: with the problems of the round, then of the settings, files, names and choices.
        """
        models = arguments.models(self.models)
        measured: list[Point] = []
        if self.results or self.about:
            from xlmodel.commands.measured import measured_points  # noqa: PLC0415 - loads when used

            with found.step():
                measured = measured_points(self.results, self.about)
        asked = Asked(
            tuple(models), self.every, self.prices, self.points, self.api_prices, measured=tuple(measured), date=date
        )
        return gather_all(found, settings, asked)


@dataclass(frozen=True, slots=True)
class Request:
    """What to build of which data; None and empty texts take what the settings or the defaults say."""

    data: Data
    output: Path | None = None
    template: Path | None = None
    title: str = ""
    date: str = ""
    edition: str = "native"
    recalculate: bool | None = None
    force: bool = False


def build(asked: Request, step: Callable[[str], None] = lambda _: None) -> "Report":
    """Check everything that was asked for, and build when nothing is wrong.

    Raises:
        InputRefused: with the problems of the options, the settings, the files and the choices, all at once.
        CheckFailed: the engine's values differ from the Python model; nothing was written.
    """
    from xlmodel.commands.drafts import check_writable  # noqa: PLC0415
    from xlmodel.commands.produce import write_book  # noqa: PLC0415 - heavy modules load when used

    step("reading data")
    found = Round()
    with found.step():
        arguments.check_models(asked.data.models, every=asked.data.every)
    with found.step():
        arguments.check_words(asked.title, asked.date)
    with found.step():
        arguments.check_edition(asked.edition)
    settings = asked.data.settings()
    target = asked.output or settings.output or Path(DEFAULT)
    template = asked.template or settings.template
    if asked.output or not settings.open("[build] output"):
        with found.step():
            arguments.check_output(target, [template, asked.data.config], force=asked.force)
            check_writable(target)
    brand = None
    if template:
        from xlmodel.xlsx.brand import read_brand  # noqa: PLC0415

        named = Source(template, "" if asked.template else settings.place("[build] template"))
        try:
            brand = read_brand(template)
        except InputRefused as refused:
            found.add(named.placed(refused.problems))
    gathered = asked.data.gathered(settings, found, asked.date if arguments.is_day(asked.date) else "")
    report = write_book(
        gathered.inputs,
        target,
        title=asked.title or settings.title or "",
        date=asked.date or settings.date or "",
        brand=brand,
        edition=asked.edition,
        recalculate=asked.recalculate if asked.recalculate is not None else None if asked.data.own else False,
        step=step,
    )
    doubts = gathered.doubts
    if asked.data.results:
        from xlmodel.commands.measured import doubts_of  # noqa: PLC0415

        doubts += tuple(doubts_of(gathered.inputs.points[i] for i in gathered.inputs.own_rows))
    return replace(report, elsewhere=gathered.elsewhere, doubts=(*report.doubts, *doubts))

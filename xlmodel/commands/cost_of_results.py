"""The command `cost`: from a result file and a price to USD per million tokens, without opening a book."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlmodel.commands.terminal import errors, tell
from xlmodel.errors import InputRefused, Round

if TYPE_CHECKING:
    from xlmodel.readers.results.placing import Said


def cost(
    files: Annotated[
        list[Path], typer.Argument(readable=False, help="Result files of one load test, or folders of them.")
    ],
    price: Annotated[str, typer.Option(help="USD per GPU-hour that you pay.", metavar="USD")],
    platform: Annotated[str, typer.Option(help="Platform that was measured, such as H200.", metavar="NAME")] = "",
    gpus: Annotated[str, typer.Option(help="GPUs of the whole deployment.", metavar="NUMBER")] = "",
    at: Annotated[str, typer.Option(help="Interactivity to answer at, in tok/s/user; 60.", metavar="NUMBER")] = "",
    model: Annotated[str, typer.Option(help="Model, where the file does not say.", metavar="NAME")] = "",
    precision: Annotated[str, typer.Option(help="FP4, FP8, BF16 or INT4.", metavar="WORD")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """What a million tokens cost on this load test: total, output, input, cached; beside bundled platforms and API prices."""
    with errors():
        from xlmodel.commands import console_cost  # noqa: PLC0415 - heavy modules load when used
        from xlmodel.commands.quick import quick_answer  # noqa: PLC0415
        from xlmodel.readers.results import folder  # noqa: PLC0415

        asked = Round()
        with asked.step():
            said = _said(platform, gpus, model, precision)
        with asked.step():
            usd = _number("--price", price, "USD_PER_GPU_HOUR")
        with asked.step():
            target = _number("--at", at, "TOKENS_PER_USER") if at else None
        asked.end()
        found = quick_answer(folder.read_all(files), said, usd, target, files)
        tell(found, as_json, console_cost.cost_facts, console_cost.cost_text)


def _said(platform: str, gpus: str, model: str, precision: str) -> "Said":
    from xlmodel.readers.results import folder  # noqa: PLC0415

    return folder.options({"platform": platform, "gpus": gpus, "model": model, "precision": precision})


def _number(option: str, text: str, unit: str) -> float:
    """The number of an option.

    Raises:
        InputRefused: it is none, or out of range.
    """
    from xlmodel import units  # noqa: PLC0415
    from xlmodel.readers.cell_readers import NOT_KNOWN, BadCell, number  # noqa: PLC0415

    try:
        value: float = number(getattr(units, unit))(text)
    except BadCell as bad:
        fix = "correct the number" if bad.fix == NOT_KNOWN else bad.fix  # of an option nothing is left out
        raise InputRefused.one(option, repr(text[:60]), bad.expected, fix) from None
    return value

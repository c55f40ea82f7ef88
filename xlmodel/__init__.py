"""Builds a formula-driven Excel workbook on the economics of LLM inference.

The words are those of the workbook: platform, model, interactivity (output tok/s per user), throughput
(input + output tok/s per GPU), workload, precision, snapshot, price (USD/GPU-hour), basis.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    import pandas

    from xlmodel.commands.produce import Report
    from xlmodel.model.market import Market
    from xlmodel.model.workbook_functions import Functions

from xlmodel.version import __version__ as __version__

__all__ = ["build", "cost", "market", "read_results", "throughput"]

_MARKETS: dict[str, "Market"] = {}
_TWINS: dict["Market", "Functions"] = {}


def build(
    output: "str | os.PathLike[str]" = "token-economics.xlsx",
    *,
    config: "str | os.PathLike[str] | None" = None,
    models: "Iterable[str]" = (),
    all_models: bool = False,
    prices: "Iterable[str | os.PathLike[str]]" = (),
    points: "Iterable[str | os.PathLike[str]]" = (),
    results: "Iterable[str | os.PathLike[str]]" = (),
    about: str = "",
    api_prices: "Iterable[str | os.PathLike[str]]" = (),
    template: "str | os.PathLike[str] | None" = None,
    title: str = "",
    date: str = "",
    edition: str = "native",
    recalculate: bool | None = None,
    step: Any = None,
) -> "Report":
    """Write the workbook and say what was built.

    Args:
        output: path of the .xlsx.
        config: TOML file with scenario, own prices and build settings; arguments given here win over it.
        models: models of the bundle to include; default: DeepSeek-R1, gpt-oss-120B, Llama 3.3 70B.
        all_models: include every bundled model.
        prices: own price lists (CSV) in the form of templates/prices.csv.
        points: own measurements (CSV) in the form of templates/points.csv.
        results: result files of load testers, or folders of them; see `read_results`.
        about: what no result file says, such as "platform=H200, gpus=8, precision=FP8, snapshot=2026-11".
        api_prices: own prices of hosted models (CSV) in the form of templates/api-prices.csv.
        template: brand workbook whose styles, theme, logo and page setup are used.
        title: title on the cover.
        date: day printed on the cover, in ISO form.
        edition: where the functions come from: "native" (LAMBDAs, nothing to install), "xlwings" (Python on Windows)
            or "lite" (Python stored in the workbook, for the add-in xlwings Lite).
        recalculate: hold every formula cell against an independent engine before the file is put in place;
            by default only when a file of yours goes in (the bundled book is held against it in the tests), and
            not when you bring more than 50,000 points, as the report then says.
        step: called with a few words before each stage.

    Raises:
        InputRefused: a file or argument is not usable; its `problems` lists every one.
        CheckFailed: the engine's values differ from the Python model; nothing was written.
    """
    from pathlib import Path  # noqa: PLC0415 - a quick import matters more than a tidy top

    from xlmodel.commands import request  # noqa: PLC0415

    data = request.Data(
        Path(config) if config else None,
        models=tuple(models),
        every=all_models,
        prices=tuple(map(Path, prices)),
        points=tuple(map(Path, points)),
        results=tuple(map(Path, results)),
        about=about,
        api_prices=tuple(map(Path, api_prices)),
    )
    asked = request.Request(
        data,
        Path(output),
        Path(template) if template else None,
        title=title,
        date=date,
        edition=edition,
        recalculate=recalculate,
        force=True,
    )
    return request.build(asked, step or (lambda _: None))


def market(model: str = "") -> "Market":
    """The Python model of the bundled data: the default book, or one further model of the bundle, however it is spelt."""
    from xlmodel.model.market import Market as Model  # noqa: PLC0415
    from xlmodel.model.point import MODELS  # noqa: PLC0415
    from xlmodel.model.spelling import Spelling  # noqa: PLC0415
    from xlmodel.readers.assemble import gather  # noqa: PLC0415
    from xlmodel.readers.bundled import available_models  # noqa: PLC0415

    name = Spelling("model", available_models())(model) or model
    wanted = name if name not in MODELS else ""
    if wanted not in _MARKETS:
        _MARKETS[wanted] = Model(gather(models=[wanted] if wanted else ()))
    return _MARKETS[wanted]


def _functions(model: str) -> "Functions":
    """The functions of the workbook on the bundled data, with its spellings."""
    from xlmodel.model.workbook_functions import Functions as Twins  # noqa: PLC0415

    held = market(model)
    if held not in _TWINS:
        _TWINS[held] = Twins(held)
    return _TWINS[held]


def throughput(
    platform: str, model: str, interactivity: float, workload: str = "", precision: str = "", snapshot: str = ""
) -> Any:
    """Throughput in tok/s/GPU (input + output) at an interactivity in tok/s/user, from the bundled data.

    Choices left empty are those of the default scenario: workload 8k/1k, precision best, snapshot latest. Names may be spelt as in
    the functions of the workbook. Outside the measured range the answer is `#N/A`, never a guess; for a name that is unknown `#VALUE!`.

    Raises:
        InputRefused: the model is not in the bundle.

    >>> round(throughput("GB200 NVL72", "DeepSeek-R1", 60, snapshot="2025-12-15") / 1000, 1)
    9.0
    >>> print(throughput("H100", "DeepSeek-R1", 5000))
    #N/A
    >>> throughput("nvidia gb200", "deepseek r1", 60, "8192/1024") == throughput("GB200 NVL72", "DeepSeek-R1", 60)
    True
    """
    return _functions(model).tokrate(platform, model, interactivity, workload, precision, snapshot)


def cost(
    platform: str,
    model: str,
    interactivity: float,
    price: float | str = "",
    workload: str = "",
    precision: str = "",
    snapshot: str = "",
) -> Any:
    """USD per million tokens (input + output) at an interactivity in tok/s/user, from the bundled data.

    `price` is USD per GPU-hour or the name of a basis such as "Oracle list"; empty is the default basis. Otherwise as `throughput`.

    >>> round(cost("GB200 NVL72", "DeepSeek-R1", 60, 10.50, snapshot="2025-12-15"), 2)
    0.32
    """
    return _functions(model).tokcost(platform, model, interactivity, price, workload, precision, snapshot)


def read_results(
    *paths: "str | os.PathLike[str]", platform: str = "", gpus: int | None = None, model: str = "", precision: str = ""
) -> "pandas.DataFrame":
    """Result files of load testers as a table, a row a run: vLLM, SGLang, AIPerf, genai-perf, GuideLLM and others, told apart by content.

    Columns with a unit: `interactivity` (output tok/s per user: 1000 / median time per output token in ms, without the first
    token), `derived` (from which number of the file), `throughput` and `output_throughput` (tok/s of the whole deployment; input +
    output, and output alone), `counted` (from which numbers), `throughput_per_gpu` (tok/s/GPU, input + output, over all GPUs;
    missing when nobody counts them), `per_gpu` (the same as the file states it), `input_length`, `output_length` (tokens of a
    request, mean), `concurrency`, `mean_concurrency` (requests in flight, at most and on average), `request_rate` (1/s),
    `completed`, `failed` (requests), `duration` (s), `ttft_ms` (median time to first token in ms; the mean where `ttft_mean`),
    `doubts` (what speaks against the row, as text), `grave` (a number is in another unit, or counts something else).

    Args:
        paths: files, and folders of them; a results.toml beside files is read.
        platform: where the files do not say.
        gpus: GPUs of the whole deployment; wins over what a file says.
        model: where the files do not say.
        precision: where the files do not say.

    Returns:
        the table; `attrs["not_used"]` holds what could not be used, with the reason.

    Raises:
        InputRefused: a file does not exist, or none holds a run that can be used.

    >>> float(read_results("templates/points.csv").loc[0, "throughput_per_gpu"])
    1310.5
    """
    from pathlib import Path  # noqa: PLC0415

    from xlmodel.commands.measured import results_frame  # noqa: PLC0415
    from xlmodel.readers.results.placing import Said  # noqa: PLC0415

    said = Said(platform=platform, model=model, precision=precision, gpus=gpus)
    return results_frame(map(Path, paths), said)

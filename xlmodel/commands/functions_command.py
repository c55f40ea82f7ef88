"""The commands `xlmodel functions` and `xlmodel functions add`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from xlmodel.commands.terminal import Command, errors, print_json, progress

app = typer.Typer(name="functions", invoke_without_command=True, add_completion=False)


@app.callback()
def functions(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a table for a README.")] = False,
) -> None:
    """List the functions of the workbook, such as TOKCOST, or put them into a workbook of your own."""
    if context.invoked_subcommand:
        return
    if as_json:
        print_json(facts())
    else:
        typer.echo(table() if markdown else listing())


@app.command(cls=Command)
def add(
    target: Annotated[Path, typer.Argument(readable=False, help="Your workbook, .xlsx or .xlsm.", metavar="TARGET")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", readable=False, help="Write a copy there and leave TARGET as it is.", metavar="FILE"
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(readable=False, help="Settings: see templates/scenario.toml.", metavar="TOML")
    ] = None,
    prices: Annotated[
        list[Path] | None, typer.Option(readable=False, help="Own prices. Repeat for more.", metavar="CSV")
    ] = None,
    points: Annotated[
        list[Path] | None, typer.Option(readable=False, help="Own points. Repeat for more.", metavar="CSV")
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(help="Bundled model to include instead of the default three.", metavar="MODEL")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Include every bundled model.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Put the functions, and the sheets they need, into a workbook of your own.

    Its sheets, charts, shapes and values stay byte for byte. A name or sheet that is taken is refused; an earlier set is
    replaced, with what was typed into it; in a full build whose functions another program broke, these are written again.
    """
    with errors():
        from xlmodel.commands import arguments  # noqa: PLC0415 - heavy modules load when used
        from xlmodel.commands.attach import add_functions  # noqa: PLC0415
        from xlmodel.commands.request import Data  # noqa: PLC0415
        from xlmodel.errors import Round  # noqa: PLC0415
        from xlmodel.readers.safe_package import check_package  # noqa: PLC0415

        data = Data(config, tuple(model or ()), every, tuple(prices or ()), tuple(points or ()))
        found = Round()
        with found.step():
            arguments.check_models(data.models, every=every)
        with found.step():
            check_package(target)
        with found.step():
            if output is not None:
                arguments.check_free(output, [target, config], force=force)
        with progress() as step:
            step("reading data")
            inputs = data.gathered(data.settings(), found).inputs
            step("adding the functions")
            added = add_functions(target, inputs, output, keep=not (config or model or every))
        if as_json:
            print_json({"path": str(added.path), "sheets": added.sheets, "functions": added.functions,
                        "kept": added.kept, "changed": added.changed})  # fmt: skip
        else:
            sheets = f", and the sheets {', '.join(added.sheets)}" if added.sheets else ""
            typer.echo(
                f"Added {len(added.functions)} functions to {added.path}{sheets}\n"
                f"  {added.kept} parts of the workbook are as they were; changed: {', '.join(added.changed) or 'none'}\n"
                "  Type into any cell, in Excel 365 or 2024: " + _first()
            )


def _first() -> str:
    from xlmodel.model.function_records import FUNCTIONS  # noqa: PLC0415

    return FUNCTIONS[0].typed()


def facts() -> list[dict[str, Any]]:
    """Every function as plain data."""
    from xlmodel.model.function_records import FUNCTIONS  # noqa: PLC0415

    return [
        {
            "name": f.name, "category": f.category, "signature": f.signature, "returns": f.returns, "unit": f.unit.label,
            "errors": f.errors, "example": f.typed(), "example_semicolon": f.typed(";"),
            "arguments": [
                {"name": a.name, "help": a.help, "optional": a.optional, "range": a.ranges} for a in f.arguments
            ],
        }
        for f in FUNCTIONS
    ]  # fmt: skip


def table() -> str:
    """The functions as a Markdown table, with one example each."""
    from xlmodel.model.function_records import FUNCTIONS  # noqa: PLC0415

    rows = (f"| `{f.signature}` | {f.returns} | {f.unit.label} | `{f.typed()}` |" for f in FUNCTIONS)
    return "\n".join(("| function | returns | unit | example |", "| --- | --- | --- | --- |", *rows))


def listing() -> str:
    """The functions for a terminal."""
    from xlmodel.model.function_records import FUNCTIONS, RULES  # noqa: PLC0415

    lines: list[str] = []
    for f in FUNCTIONS:
        lines += [f.signature, f"    {f.returns}, in {f.unit.label}", f"    {f.typed()}"]
        if f.errors:
            lines.append(f"    {f.errors}")
    meanings = {a.name: a.help for f in FUNCTIONS for a in f.arguments}
    wide = max(map(len, meanings))
    lines += ["", "Arguments", *(f"    {name:<{wide}}  {text}" for name, text in meanings.items()), "", RULES]
    lines.append("Where Excel separates arguments by semicolons: " + FUNCTIONS[0].typed(";"))
    return "\n".join(lines)

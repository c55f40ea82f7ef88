"""The command `xlmodel functions`: what can be typed into a cell of the workbook."""

from typing import Annotated, Any

import typer


def functions(
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a table for a README.")] = False,
) -> None:
    """List the functions of the workbook, such as TOKCOST, with their arguments."""
    import json  # noqa: PLC0415 - loads when used

    if as_json:
        typer.echo(json.dumps(facts(), ensure_ascii=False, indent=2))
    else:
        typer.echo(table() if markdown else listing())


def facts() -> list[dict[str, Any]]:
    """Every function as plain data."""
    from xlmodel.formulas.functions import FUNCTIONS  # noqa: PLC0415

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
    from xlmodel.formulas.functions import FUNCTIONS  # noqa: PLC0415

    rows = (f"| `{f.signature}` | {f.returns} | {f.unit.label} | `{f.typed()}` |" for f in FUNCTIONS)
    return "\n".join(("| function | returns | unit | example |", "| --- | --- | --- | --- |", *rows))


def listing() -> str:
    """The functions for a terminal."""
    from xlmodel.formulas.functions import FUNCTIONS, RULES  # noqa: PLC0415

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

"""Prints the functions as a modeller would write them for xlwings, from their records."""

import textwrap

from xlmodel.formulas.functions import DATA, Argument, Function, from_python

LONGEST = 255  # characters that Excel's function wizard takes of a text
WIDTH = 110


def printed() -> str:
    """The decorated functions, one after the other."""
    return "\n\n\n".join(_function(function) for function in from_python())


def _function(f: Function) -> str:
    reads_book = DATA in f.arguments
    names = ", ".join(a.name for a in f.arguments if a != DATA)
    call = f'of_book("{f.name}", {DATA.name}, {names})' if reads_book else f'of_points("{f.name}", {names})'
    lines = [
        f'@xw.func(category="xlmodel: {f.category}"{", volatile=COM" if reads_book else ""})',
        *(f"@xw.arg({a.name!r}, doc={a.help[:LONGEST]!r}, **TAKE)" for a in f.arguments),
        *_head(f),
        f'    """{_help(f)}"""',
        f"    return {call}",
    ]
    return "\n".join(lines)


def _head(f: Function) -> list[str]:
    """The line, or lines, that begin with `def`."""
    inside = ", ".join(map(_parameter, f.arguments))
    if len(f.name) + len(inside) < WIDTH - 8:
        return [f"def {f.name}({inside}):"]
    return [f"def {f.name}(", *textwrap.wrap(inside, WIDTH, initial_indent="    ", subsequent_indent="    "), "):"]


def _parameter(argument: Argument) -> str:
    return f"{argument.name}=None" if argument.optional else argument.name


def _help(f: Function) -> str:
    """What Excel says about a function: what it returns, and which error means what, as far as there is room."""
    text = f"{f.returns}, in {f.unit.label}."
    longer = f"{text} {f.errors}."
    return longer if len(longer) <= LONGEST else text

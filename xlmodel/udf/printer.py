"""Prints the functions as a modeller would write them for xlwings, from their records."""

import textwrap

from xlmodel.model.function_records import DATA, Argument, Function, from_python

LONGEST = 255  # characters that Excel's function wizard takes of a text
WIDTH = 110


def printed(*, com: bool = False) -> str:
    """The decorated functions, one after the other.

    By COM (`com`) those on a workbook may leave out its data: they learn the calling cell, read its workbook, and so
    must be computed at every calculation.
    """
    return "\n\n\n".join(_function(function, com=com) for function in from_python())


def _function(f: Function, *, com: bool) -> str:
    reads_book = DATA in f.arguments
    com = com and reads_book
    names = ", ".join(a.name for a in f.arguments if a != DATA)
    caller = ", caller=caller" if com else ""
    call = f'of_book("{f.name}", {DATA.name}, {names}{caller})' if reads_book else f'of_points("{f.name}", {names})'
    lines = [
        f'@xw.func(category="xlmodel: {f.category}"{", volatile=True" if com else ""})',
        *(f"@xw.arg({a.name!r}, doc={a.help[:LONGEST]!r}, **AS_IT_IS)" for a in f.arguments),
        "@xw.ret(**AS_IT_IS)",
        *_head(f, com=com),
        f'    """{_help(f)}"""',
        f"    return {call}",
    ]
    return "\n".join(lines)


def _head(f: Function, *, com: bool) -> list[str]:
    """The line, or lines, that begin with `def`."""
    inside = ", ".join((*map(_parameter, f.arguments), *(("caller=None",) if com else ())))
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

"""What the rules about formulas read: every formula once, as tokens, and the names it may use.

Copies of a formula that differ only in the cells they point to are read once.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from xlmodel.book.refs import shape
from xlmodel.calc.excel import CELL_LIKE, LONGEST
from xlmodel.xlsx.formula_tokens import Token, tokens
from xlmodel.xlsx.parts import MAIN, Package

PLAIN_NAME = re.compile(r"[^\W\d][\w.?\\]*|\\[\w.?\\]*")


class Text(NamedTuple):
    """A formula and where it first stands."""

    where: str
    text: str


class Word(NamedTuple):
    """What the rules need of a token."""

    kind: str
    part: str
    value: str


def texts(package: Package, known: Mapping[str, Collection[str] | None] = {}) -> Iterator[Text]:
    """Every formula once per shape: names, cells, formats, validations, table columns; without the cells in `known`.

    A sheet whose cells are all known is given with None.
    """
    for name, text in defined_names(package):
        yield Text(f"name {name}", text)
    for sheet in package.sheets:
        grid = package.grid(sheet)
        seen: set[str] = set()
        passed = known.get(sheet, ())
        cells = () if passed is None else (c for c in grid.cells if c.formula and c.a1 not in passed)
        for cell in cells:
            formula = cell.formula or ""
            form = shape(formula)
            if form not in seen or len(formula) > LONGEST:
                seen.add(form)
                yield Text(f"{sheet}!{cell.a1}", formula)
        for tag in ("formula", "formula1", "formula2"):
            for element in grid.rest.iter(MAIN + tag):
                if element.text:
                    yield Text(f"{sheet}, rule or validation", element.text)
        for table in package.related(package.sheets[sheet], "table"):
            for element in package.tree(table).iter(MAIN + "calculatedColumnFormula"):
                yield Text(f"{sheet}, table column", element.text or "")


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[Word, ...] | str:
    """The tokens of a formula, or what is wrong with it."""
    if text.startswith("="):
        return "starts with '=', which the file leaves out"
    try:
        read = tokens(text)
    except ValueError as error:
        return f"cannot be read: {error}"
    depth = 0
    for token in read:
        depth += (token.subtype == Token.OPEN) - (token.subtype == Token.CLOSE)
        if depth < 0:
            break
    if depth:
        return "brackets do not match"
    return tuple(Word(token.type, token.subtype, token.value) for token in read)


def read(package: Package, known: Mapping[str, Collection[str] | None] = {}) -> Iterator[tuple[str, tuple[Word, ...]]]:
    """Where each readable formula stands, and its tokens; without the cells in `known`."""
    for where, text in texts(package, known):
        found = words(text)
        if not isinstance(found, str):
            yield where, found


def defined_names(package: Package) -> Iterator[tuple[str, str]]:
    """Name and text of every defined name."""
    for name in package.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        yield name.get("name", ""), name.text or ""


def table_columns(package: Package) -> dict[str, set[str]]:
    """Table name -> column names, both in lower case."""
    found = {}
    for part in package.sheets.values():
        for table in package.related(part, "table"):
            root = package.tree(table)
            columns = {column.get("name", "").lower() for column in root.iter(MAIN + "tableColumn")}
            found[root.get("displayName", "").lower()] = columns
    return found


def legal_name(name: str) -> bool:
    """Whether Excel accepts a defined name or a table name.

    >>> legal_name("TOKCOST"), legal_name("H100"), legal_name("gpu price"), legal_name("R1C1")
    (True, False, False, False)
    """
    return bool(PLAIN_NAME.fullmatch(name)) and not CELL_LIKE.fullmatch(name) and len(name) <= 255

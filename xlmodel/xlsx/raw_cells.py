"""Cells as a sheet part stores them, read from the plain spelling of Excel, openpyxl, LibreOffice and this project.

That is several times as fast as a tree. A part in any other spelling is left to the XML parser as a whole, and what is
accepted here is what the parser would accept, with the same result.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from operator import attrgetter
from typing import NamedTuple

MAX_FORMULA = 16_384  # characters; Excel takes 8,192 and stores some functions under longer names
TRUE = ("1", "true")  # how XML says yes

_ATTRIBUTES = r'((?: [A-Za-z:]+="[^"<&\s]*")*)'
_SPACED = r'(?: xml:space="preserve")?'
_ROW = re.compile(rf"\s*<row{_ATTRIBUTES} ?(/?)>")
_CELL = re.compile(
    rf'<c r="([A-Z]{{1,3}}[0-9]{{1,7}})"{_ATTRIBUTES} ?(?:/>|>(?:<f{_ATTRIBUTES} ?(?:/>|>([^<]*)</f>))?'
    rf"(?:<v{_SPACED}>([^<]*)</v>|<is><t{_SPACED}>([^<]*)</t></is>|(<v ?/>|<is><t{_SPACED} ?/></is>))?</c>)"
)
_STEP = _CELL.groups + 1
_ATTRIBUTE = re.compile(r'([A-Za-z:]+)="([^"]*)"')
_START = re.compile(
    rb"(?:<\?xml version=['\"]1\.0['\"](?: encoding=['\"][Uu][Tt][Ff]-8['\"])?(?: standalone=['\"]\w+['\"])? ?\?>)?\s*<worksheet\s"
)
_OPEN, _CLOSED, _EMPTY = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_ILLEGAL = bytes((*range(9), *range(11, 32)))  # or, as the carriage return, read as something else
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_ENTITIES, _CHARACTERS = (
    ("&lt;", "&gt;", "&quot;", "&apos;", "&amp;"),
    "<>\"'&",
)  # in the order in which they are replaced
_NAMED = tuple(entity[1:] for entity in _ENTITIES)
_NUMBER = re.compile("#([0-9]{3,5});")
_NUMBER_AT = re.compile(f"&{_NUMBER.pattern}")
_ROW_NAMES = frozenset(
    ("r", "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot")
)  # fmt: skip
_CELL_NAMES = frozenset(("s", "t", "cm"))
_FORMULA_NAMES = frozenset(("t", "ref", "si", "ca", "aca", "xml:space"))


class RawCell(NamedTuple):
    """One cell as stored. `formula` is None without a formula and "" for a follower of a shared one."""

    a1: str
    line: int
    kind: str
    stored: str | None
    formula: str | None = None
    shape: str = ""
    ref: str = ""
    group: str = ""
    dynamic: bool = False
    style: int = 0


STYLE = attrgetter("style")
_cell: Callable[[tuple[object, ...]], RawCell] = partial(
    tuple.__new__, RawCell
)  # no frame of Python's for each of 90,000 cells


class PlainRows(NamedTuple):
    """The rows of a sheet part: cells in file order, hidden rows, heights that rows are given, and the part without its rows."""

    cells: tuple[RawCell, ...]
    hidden: tuple[int, ...]
    heights: dict[int, float]
    rest: bytes


class _OtherSpelling(ValueError):
    """Something that only the XML parser can judge."""


def plain_rows(part: bytes) -> PlainRows | None:
    """The rows of a sheet part; None for one that the XML parser has to read."""
    start, end = part.find(_OPEN), part.rfind(_CLOSED)
    if not 0 <= start < end or part.count(b"sheetData") != 2 or not _START.match(part):
        return None
    try:
        inside = part[start + len(_OPEN) : end]
        if len(inside.translate(None, _ILLEGAL)) != len(inside) or any(mark in inside for mark in _NO_CHARACTERS):
            return None
        text = inside.decode()
        if "]]>" in text or not _known(text):
            return None
        rest = part[:start] + _EMPTY + part[end + len(_CLOSED) :]
        return PlainRows(*_read(text), rest)
    except ValueError:  # no number, no UTF-8, or another spelling
        return None


def _read(text: str) -> tuple[tuple[RawCell, ...], tuple[int, ...], dict[int, float]]:
    cells: list[RawCell] = []
    hidden: list[int] = []
    heights: dict[int, float] = {}
    for attributes, body in _rows(text):
        said = _said(attributes, _ROW_NAMES)
        line = int(said.get("r", "0"))
        cells += _cells(line, body)
        if said.get("hidden") in TRUE:
            hidden.append(line)
        if height := said.get("ht"):
            heights[line] = float(height)
    return tuple(cells), tuple(hidden), heights


def _rows(text: str) -> list[tuple[str, str]]:
    """Attributes and cells of every row."""
    found = []
    for body in f"{text}<row>".split("</row>"):
        row = _ROW.match(body)
        while row and row[2]:
            found.append((row[1], ""))
            row = _ROW.match(body, row.end())
        if row is None:
            raise _OtherSpelling
        found.append((row[1], body[row.end() :]))
    if found.pop() != ("", ""):  # the last one was put there as the end
        raise _OtherSpelling
    return found


def _cells(line: int, body: str) -> Iterator[RawCell]:
    pieces = _CELL.split(body)
    if "".join(pieces[::_STEP]).strip(" \t\n"):  # something between the cells
        raise _OtherSpelling
    for a1, attributes, described, formula, value, inline, blank in zip(
        *(pieces[i::_STEP] for i in range(1, _STEP)), strict=True
    ):
        kind, dynamic, style = _look(attributes or "")
        stored = inline if value is None else value
        if stored and "&" in stored:
            stored = _plain(stored)
        elif blank:
            stored = ""
        if described is None:
            yield _cell((a1, line, kind, stored, None, "", "", "", False, style))
            continue
        text = _plain(formula) or ""
        if len(text) > MAX_FORMULA:
            raise _OtherSpelling
        yield _cell((a1, line, kind, stored, text, *_shape(described), dynamic, style))


def _known(text: str) -> bool:
    """Whether all references to characters are read here: those of XML, and numbers of letters beyond ASCII."""
    others = [said for said in text.split("&")[1:] if not said.startswith(_NAMED)]
    return all((match := _NUMBER.match(said)) and 160 <= int(match[1]) < 0xD800 for said in others)


def _plain(text: str | None) -> str | None:
    if not text or "&" not in text:
        return text
    if "&#" in text:
        text = _NUMBER_AT.sub(lambda m: chr(int(m[1])), text)
    for entity, character in zip(_ENTITIES, _CHARACTERS, strict=True):
        text = text.replace(entity, character)
    return text


@lru_cache(maxsize=4096)
def _look(attributes: str) -> tuple[str, bool, int]:
    said = _said(attributes, _CELL_NAMES)
    return said.get("t", "n"), "cm" in said, int(said.get("s", "0"))


@lru_cache(maxsize=4096)
def _shape(attributes: str) -> tuple[str, str, str]:
    said = _said(attributes, _FORMULA_NAMES)
    return said.get("t", ""), said.get("ref", ""), said.get("si", "")


def _said(attributes: str, names: frozenset[str]) -> dict[str, str]:
    """The attributes of an element, each once and of a name that is known to be declared."""
    pairs = _ATTRIBUTE.findall(attributes)
    said = dict(pairs)
    if len(said) != len(pairs) or not names >= said.keys():
        raise _OtherSpelling
    return said

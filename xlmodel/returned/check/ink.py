"""Rules about what can be read in a cell: ink on its ground, size, letters, cell styles, the width of numbers."""

from collections.abc import Iterator

from lxml import etree

from xlmodel.calc.values import Value
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.formats import misread
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.lines import column_widths
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import Hit, as_one, said
from xlmodel.xlsx.cell_looks import Look
from xlmodel.xlsx.palette import contrast
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.shown import ink_of, reading

FAINT = 1.7  # contrast below which a text is not seen; the palest look of a build has 2.4
FAR = 20  # indents that push a number out of its cell
CUT = 1.5  # letters of a text for each of its column, from which it is cut off
TINY = 6.0  # points; the smallest text of a build has 9
SAMPLE = 1234.5  # a number under a changed cell style


def ink(s: Subject) -> Iterator[Fault]:
    """Cells with content that cannot be read: ink like the ground, tiny, letters that are none, repeated to fill."""
    shared = _in_pieces(s)
    open_ = {name for name, wear in s.styles.items() if not wear.locked}
    for sheet in s.described:
        hits: dict[str, list[Hit]] = {}
        known: dict[int, tuple[str, str] | None] = {}
        dressed = s.dressed[sheet]
        for number in {number for number, worn in s.worn[sheet] if worn}:
            look = s.looks.at(number)
            found = unreadable(look)
            if found or "[" in look.format:
                known[number] = found
        for at, cell in s.mailed.cells(sheet).items() if known else ():
            if cell.style not in known or at not in dressed:
                continue
            look, found = s.looks.at(cell.style), known[cell.style]
            if found is None and "[" in look.format:
                found = _painted(look, s.package.value(cell))
            if found:
                value = s.package.value(cell)
                if value is not None and value != "":
                    hits.setdefault(found[0], []).append((at, f"{said(value)} {found[1]}", "a cell that can be read"))
                elif found[0] == ERROR and (cell.formula is not None or dressed[at][0] in open_):
                    words = f"empty now; what comes to stand here {found[1]}"
                    hits.setdefault(WARNING, []).append((at, words, "a cell that can be read"))
        for at, problem, words in _pieces(s, sheet, shared):
            hits.setdefault(problem[0], []).append((at, f"{words} {problem[1]}", "words that can be read"))
        for severity, lines in hits.items():
            yield from as_one(s, sheet, lines, "give the cell its style again: Home, Cell Styles", severity)


def _in_pieces(s: Subject) -> dict[str, etree._Element]:
    """Number of a shared string -> the string, where pieces of it have fonts of their own."""
    part = "xl/sharedStrings.xml"
    items = s.package.tree(part).iter(MAIN + "si") if b"rPr" in s.package.data.get(part, b"") else ()
    return {str(i): item for i, item in enumerate(items) if item.find(MAIN + "r") is not None}


def _pieces(s: Subject, sheet: str, shared: dict[str, etree._Element]) -> Iterator[tuple[Place, tuple[str, str], str]]:
    """Words of a text in a look of their own that cannot be read: the others seem to be all that stands there."""
    inline, dressed = s.package.grid(s.mailed.sheets[sheet]).pieced, s.dressed[sheet]
    for at, cell in s.mailed.cells(sheet).items() if shared or inline else ():
        text = shared.get(cell.stored or "") if cell.kind == "s" else inline.get(cell.a1)
        for piece in text.iterfind(MAIN + "r") if text is not None and at in dressed else ():
            font, words = piece.find(MAIN + "rPr"), (piece.findtext(MAIN + "t") or "").strip()
            found = unreadable(s.looks.piece(font, s.looks.at(cell.style))) if font is not None and words else None
            if found:
                yield at, found, f"{words[:60]!r} in {said(s.package.value(cell))}"


def unreadable(look: Look) -> tuple[str, str] | None:
    """Why a cell of a look cannot be read; None when it can."""
    reasons = (
        (
            look.contrast < FAINT,
            ERROR,
            f"cannot be seen: ink {look.ink} on {look.ground}; a reader takes the cell for empty",
        ),
        (look.size < TINY, ERROR, f"is written in {look.size:g} points: nobody reads it"),
        (
            not look.letters,
            ERROR,
            f"is written in {look.font}, whose letters are pictures: another number seems to stand there",
        ),
        (look.align == "fill", ERROR, "is repeated to fill the cell: another number seems to stand there"),
        (look.indent > FAR, ERROR, f"is pushed out of its cell by an indent of {look.indent}"),
        (look.rotation != 0, WARNING, "is turned on its side: a row of usual height cuts it off"),
        (look.backwards, WARNING, "runs from right to left: its signs and full stops change sides"),
        (look.struck, WARNING, "is struck through: a reader takes it for void"),
    )
    return next(((grade, words) for holds, grade, words in reasons if holds), None)


def _painted(look: Look, value: Value) -> tuple[str, str] | None:
    own = ink_of(value, look.format)
    if own and contrast(own, look.ground) < FAINT:
        return ERROR, f"cannot be seen: the format {look.format} writes it in {own} on {look.ground}"
    return None


def styles(s: Subject) -> Iterator[Fault]:
    """Cell styles and theme colours under which text cannot be read."""
    used = {worn[0] for cells in s.dressed.values() for worn in cells.values()}
    for name in sorted(used & s.looks.named.keys()):
        found = unreadable(s.looks.named[name])
        if found:
            fix = "mend the style: Home, Cell Styles, Modify"
            yield Fault(
                f"cell style {name}", f"text of this style {found[1]}", "a style that can be read", fix, found[0]
            )
        elif s.built and name in s.built.styles:
            yield from _style_format(s, name)
    palette = s.looks.palette
    if palette is not None and contrast(palette.colours[1], palette.colours[0]) < FAINT:
        found_ = f"text {palette.colours[1]} on {palette.colours[0]}: all that follows the theme vanishes"
        yield Fault("theme", found_, "text that stands out from the background", "Page Layout, Colors", ERROR)


def _style_format(s: Subject, name: str) -> Iterator[Fault]:
    was, now = s.built.styles[name].format, s.looks.named[name].format  # type: ignore[union-attr]
    verdict = misread(SAMPLE, was, now) if was != now else None
    if verdict:
        yield Fault(
            f"cell style {name}",
            verdict[1],
            f"the format {was}",
            "mend the style: Home, Cell Styles, Modify",
            verdict[0],
        )


def narrow(s: Subject) -> Iterator[Fault]:
    """Columns too narrow for their numbers, which then read ####, or flattened to nothing."""
    for sheet, built in s.described.items():
        widths = dict(column_widths(s.rest(sheet)))
        hits: list[Hit] = []
        short: list[Hit] = []
        dressed = s.dressed[sheet]
        styles_ = s.styles
        suspect = {}
        usual = s.rest(sheet).find(MAIN + "sheetFormatPr")
        width_else = 8.43 if usual is None else float(usual.get("defaultColWidth", "8.43"))
        for col in widths.keys() | built.widths.keys():
            width = widths.get(col, width_else)
            was = built.widths.get(col if not s.moves[sheet].cols else 0, 8.43)
            if width < was - 0.01:
                suspect[col] = width
        grown = {
            (number, worn)
            for number, worn in s.worn[sheet]
            if worn and worn[0] in styles_ and s.looks.at(number).size > styles_[worn[0]].size + 0.01
        }
        for at, cell in s.mailed.cells(sheet).items() if suspect or grown else ():
            if at[1] not in suspect and (cell.style, dressed.get(at)) not in grown:
                continue
            look = s.looks.at(cell.style)
            value = s.package.value(cell)
            if (
                isinstance(value, str)
                and len(value) > CUT * suspect.get(at[1], 999)
                and suspect[at[1]] < built.widths.get(at[1], 8.43) / 2
            ):
                if any(s.package.value(n) is not None for n in [s.mailed.cells(sheet).get((at[0], at[1] + 1))] if n):
                    short.append(
                        (at, f"{said(value)} is cut off after some {suspect[at[1]]:g} letters", "a width that shows it")
                    )
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or look.format == "General":
                continue
            width = widths.get(at[1], 8.43)
            text = reading(value, look.format).text
            if len(text) * look.size / 11 > width + 0.5:
                hits.append(
                    (
                        at,
                        f"{said(value)} reads ####: {text} needs more than a width of {width:g}",
                        "a width that shows it",
                    )
                )
        yield from as_one(s, sheet, hits, "widen the column: double-click its edge", ERROR)
        yield from as_one(s, sheet, short, "widen the column: double-click its edge", WARNING, most=2)


RULES = (
    AuditRule("ink", ERROR, "a number that cannot be seen, or seems to be another, misleads without a trace", ink),
    AuditRule("styles", ERROR, "a cell style changes all its cells at once", styles),
    AuditRule("narrow", ERROR, "a number that does not fit its column reads ####", narrow),
)

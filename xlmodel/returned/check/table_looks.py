"""Rules about the styles of tables: their ground lies under the cells, and is seen where these have none of their own."""

from collections.abc import Iterator

from xlmodel.book.refs import corners
from xlmodel.returned.check import WARNING, AuditRule, Fault
from xlmodel.returned.check.ink import FAINT
from xlmodel.returned.check.subject import Subject
from xlmodel.xlsx.palette import contrast

PAPER = "FFFFFF"
PARTS = ("wholeTable", "firstRowStripe", "secondRowStripe", "firstColumnStripe", "secondColumnStripe")


def dark(s: Subject) -> Iterator[Fault]:
    """Tables in a style of the program's own that is dark, or in one of somebody's under which words cannot be seen."""
    own = _grounds(s)
    for sheet, now in s.mailed.sheets.items():
        for part in s.package.related(s.package.sheets[now], "table"):
            root = s.package.tree(part)
            style = root.find("{*}tableStyleInfo")
            name = "" if style is None else style.get("name", "")
            if "Dark" in name or (name in own and _faint(s, sheet, root.get("ref", "A1"), own[name])):
                found = f"the table style {name}: dark words on a dark ground cannot be seen"
                yield Fault(f"sheet {now}", found, "a light style", "Table Design, Table Styles", WARNING)


def _grounds(s: Subject) -> dict[str, set[str]]:
    """What each table style of the file itself puts under rows and columns, by its name."""
    looks, root = s.looks.switched, s.package.tree("xl/styles.xml") if "xl/styles.xml" in s.package.data else None
    return {
        style.get("name", ""): {
            looks[number].ground
            for part in style.iterfind("{*}tableStyleElement")
            if part.get("type") in PARTS and (number := int(part.get("dxfId", "-1"))) in range(len(looks))
        }
        - {""}
        for style in (root.iter("{*}tableStyle") if root is not None else ())
    }


def _faint(s: Subject, sheet: str, ref: str, grounds: set[str]) -> bool:
    """Whether words of a table's first row that have no ground of their own cannot be told from that of the style."""
    top, left, _, right = corners(ref)
    cells = s.mailed.cells(sheet)
    held = (s.looks.at(cells[top + 1, col].style) for col in range(left, right + 1) if (top + 1, col) in cells)
    inks = {look.ink for look in held if look.ground == PAPER}
    return any(contrast(ink, ground) < FAINT for ink in inks for ground in grounds)


RULES = (AuditRule("dark", WARNING, "a table style lies under the cells and is seen where they have no ground", dark),)

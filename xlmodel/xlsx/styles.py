"""Roles of the theme -> cell formats of an openpyxl workbook; a brand workbook may override them."""

from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle

from xlmodel.book.theme import FONT, LOOKS, ROLES, RULE, Role

_SIDE = {"thin": Side("thin", color=RULE), "hair": Side("hair", color=RULE), "accent": Side("medium", color=RULE)}
_BORDER = {
    "": Border(),
    "box": Border(*(_SIDE["thin"],) * 4),
    "bottom": Border(bottom=_SIDE["accent"]),
    "hair": Border(bottom=_SIDE["hair"]),
}


def named(name: str, role: Role) -> NamedStyle:
    """The named cell style of a role, as Excel lists it under Cell Styles."""
    style = NamedStyle(name=name)
    style.font = Font(
        name=FONT, sz=role.size, b=role.bold, i=role.italic, color="FF" + role.ink,
        u="single" if role.underline else None,
    )  # fmt: skip
    if role.fill:
        style.fill = PatternFill("solid", fgColor="FF" + role.fill)
    style.alignment = Alignment(
        horizontal=role.align or None, vertical="center", wrap_text=role.wrap or None, indent=role.indent
    )
    style.border = _BORDER[role.border]
    style.number_format = role.format
    style.protection = Protection(locked=role.locked)
    return style


def look(name: str) -> DifferentialStyle:
    """The differential format of a conditional look."""
    ink, fill = LOOKS[name]
    return DifferentialStyle(
        font=Font(color="FF" + ink), fill=PatternFill(bgColor="FF" + fill, fill_type="solid") if fill else None
    )


@dataclass(slots=True)
class Styles:
    """Hands out the index of a cell format for a role and a number format, with or without the mark of literal text."""

    workbook: Workbook
    brand: dict[str, NamedStyle] = field(default_factory=dict)
    known: dict[tuple[str, str, bool], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, role in ROLES.items():
            self.workbook.add_named_style(self.brand.get(name) or named(name, role))

    def index(self, role: str, number_format: str = "", literal: bool = False) -> int:
        """Index into the workbook's cell formats; `literal` for text that Excel would take for a formula when edited."""
        key = (role, number_format, literal)
        if key not in self.known:
            cell = self.workbook.worksheets[0].cell(1, 1)
            cell.style = role
            if number_format:
                cell.number_format = number_format
            if literal:
                cell.quotePrefix = True
            self.known[key] = cell.style_id
            del self.workbook.worksheets[0]._cells[1, 1]
        return self.known[key]

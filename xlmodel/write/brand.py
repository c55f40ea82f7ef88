"""A brand workbook: its cell styles, theme, logo and page setup replace the built-in look."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Brand:
    """What a brand workbook may change.

    Attributes:
        styles: named cell styles by role.
        theme: the theme part (fonts and colours) as XML.
        logo: an image for the cover.
        paper: paper size number of the page setup: 9 is A4, 1 is Letter.
        footer: text at the left of every page's foot.
    """

    styles: dict[str, Any] = field(default_factory=dict)
    theme: str | bytes = ""
    logo: BytesIO | None = None
    paper: int = 9
    margin: float = 0.4
    footer: str = ""


def read_brand(path: Path) -> Brand:
    """Read a brand workbook."""
    raise NotImplementedError

"""Rebuilds what this folder holds: the sample workbook, its cells as text and, with --pictures, the pictures.

python samples/make.py            build and write
python samples/make.py --check    build into a temporary folder and compare byte for byte
python samples/make.py --pictures draw the sheets of the default book (needs LibreOffice, pdftoppm and the font Carlito)

Carlito is as wide as Calibri; in a wider font the pages would hold fewer columns than in Excel.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from lxml import etree

import xlmodel
from xlmodel.engines.listing import lines
from xlmodel.xlsx.parts import MAIN, Package, parse

HERE = Path(__file__).parent
BOOK, CELLS = "token-economics-sample.xlsx", "cells.txt"
PICTURES = (
    "Cover",
    "Summary",
    "Scenario",
    "Prices",
    "API prices",
    "Ownership",
    "Fleet",
    "Plan",
    "Sensitivity",
    "Claims",
    "Definitions",
    "Checks",
)


def make(folder: Path) -> None:
    """Build the sample workbook and write its cells as text."""
    xlmodel.build(folder / BOOK, config=HERE / "inputs" / "scenario.toml")
    (folder / CELLS).write_text("\n".join(lines(folder / BOOK)) + "\n", encoding="utf-8")


def check() -> int:
    """1 when a rebuilt file differs from the committed one."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        make(made)
        changed = [file for file in (BOOK, CELLS) if (made / file).read_bytes() != (HERE / file).read_bytes()]
    for file in changed:
        print(f"samples/{file} is not what the code makes today; run: python samples/make.py", file=sys.stderr)
    print("samples: " + ("differ" if changed else "rebuilt byte for byte"))
    return 1 if changed else 0


def pictures(folder: Path) -> None:
    """Draw the first page of the main sheets of the default book."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        xlmodel.build(work / "book.xlsx")
        values_only(work / "book.xlsx", work / "token-economics.xlsx")
        office = ["soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless"]
        convert = [*office, "--convert-to", "pdf", "--outdir", name, str(work / "token-economics.xlsx")]
        subprocess.run(convert, check=True, capture_output=True)
        pdf = str(work / "token-economics.pdf")
        text = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
        pages = text.split("\f")
        for sheet in PICTURES:
            page = str(next(i for i, words in enumerate(pages, 1) if f"· {sheet}\n" in words))
            target = str(folder / sheet.lower())
            subprocess.run(["pdftoppm", "-r", "110", "-png", "-singlefile", "-f", page, pdf, target], check=True)


def values_only(path: Path, target: Path) -> None:
    """A copy without formulas, since LibreOffice would compute anew."""
    package = Package(path)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, data in package.data.items():
            archive.writestr(part, _without_formulas(data) if part in package.sheets.values() else data)


def _without_formulas(data: bytes) -> bytes:
    root = parse(data, "sheet")
    for formula in list(root.iter(MAIN + "f")):
        cell = formula.getparent()
        if cell is not None and cell.tag == MAIN + "c":
            cell.remove(formula)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _as_wide() -> bool:
    """Whether texts come out as wide as in Excel."""
    found = subprocess.run(["fc-match", "Calibri"], check=True, capture_output=True, text=True).stdout
    return "Carlito" in found or "Calibri" in found


def main() -> int:
    """Run as the docstring says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--pictures", action="store_true")
    asked = parser.parse_args()
    if asked.check:
        return check()
    if asked.pictures:
        if not all(shutil.which(program) for program in ("soffice", "pdftoppm", "fc-match")) or not _as_wide():
            print(
                "pictures need LibreOffice (soffice), poppler-utils (pdftoppm) and the font Carlito or Calibri",
                file=sys.stderr,
            )
            return 3
        pictures(HERE / "pictures")
    else:
        make(HERE)
    return 0


if __name__ == "__main__":
    sys.exit(main())

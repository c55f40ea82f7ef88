"""Books as other programs save them: those that run here save themselves, two are written in the form of public samples."""

import html
import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desk import Desk

from xlmodel.engines.gnumeric import Gnumeric
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.engines.validator import VARIABLE
from xlmodel.errors import EngineMissing

EXCELJS = """
const ExcelJS = require('exceljs');
const book = new ExcelJS.Workbook();
book.xlsx.readFile(process.argv[1]).then(() => book.xlsx.writeFile(process.argv[2]));
"""
SHEETJS = """
const xlsx = require('xlsx');
xlsx.writeFile(xlsx.readFile(process.argv[1], {cellFormula: true, cellStyles: true}), process.argv[2]);
"""


def node(script: str, *arguments: Path | str) -> str:
    """What a script says, run by Node.js with the modules of the validator's folder."""
    modules = Path(os.environ.get(VARIABLE, "node_modules")).resolve()
    program = shutil.which("node")
    if program is None or not (modules / "exceljs").is_dir() or not (modules / "xlsx").is_dir():
        raise EngineMissing(f"Node.js with exceljs and xlsx is missing in {modules}")
    environment = {**os.environ, "NODE_PATH": str(modules)}
    ran = subprocess.run(
        [program, "-e", script, *map(str, arguments)], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


def exceljs(book: Path, target: Path) -> None:
    node(EXCELJS, book, target)


def sheetjs(book: Path, target: Path) -> None:
    node(SHEETJS, book, target)


def openpyxl(book: Path, target: Path) -> None:
    from openpyxl import load_workbook  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says what it drops
        load_workbook(book).save(target)


def ironcalc(book: Path, target: Path) -> None:
    opened = IronCalc().open(book)
    opened.compute()
    opened.save(target)


def gnumeric(book: Path, target: Path) -> None:
    _saved(partial(Gnumeric().save, calculated=False), book, target)


def libreoffice(book: Path, target: Path) -> None:
    _saved(LibreOffice().save, book, target)


def libreoffice_ods(book: Path, target: Path) -> None:
    _saved(partial(LibreOffice().save, form="ods"), book, target)


def _saved(save: Callable[[list[Path], Path], list[Path]], book: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (made,) = save([book], Path(folder) / "saved")
        shutil.copy(made, target)


def google_sheets(book: Path, target: Path) -> None:
    """The export's form: no properties and no custom XML, a theme called Sheets, calls it does not know wrapped with their results."""
    desk = Desk(book)
    desk.parts = {n: d for n, d in desk.parts.items() if not n.startswith(("docProps/", "customXml/", "xl/metadata"))}
    for rels in [name for name in desk.parts if name.endswith(".rels")]:
        text = desk.parts[rels].decode()
        gone = r"<Relationship [^>]*(?:docProps|customXml|metadata)[^>]*/>"
        desk.parts[rels] = re.sub(gone, "", text).encode()
    types = desk.parts["[Content_Types].xml"].decode()
    types = re.sub(r'<Override [^>]*PartName="/(?:docProps|customXml|xl/metadata)[^>]*/>', "", types)
    desk.parts["[Content_Types].xml"] = types.encode()
    theme = desk.parts["xl/theme/theme1.xml"].decode()
    desk.parts["xl/theme/theme1.xml"] = re.sub(r'name="[^"]*"', 'name="Sheets"', theme, count=1).encode()
    names = desk.parts["xl/workbook.xml"].decode()
    desk.parts["xl/workbook.xml"] = re.sub(r"<definedName [^>]*>_xlfn\.LAMBDA.*?</definedName>", "", names).encode()

    def wrapped(match: re.Match[str]) -> str:
        call = html.unescape(match[1]).replace('"', '""')
        text = html.escape(f'IFERROR(__xludf.DUMMYFUNCTION("{call}"),{match[2]})', quote=False)
        return f"<f>{text}</f><v>{match[2]}</v>"

    for part in [name for name in desk.parts if name.startswith("xl/worksheets/sheet")]:
        text = re.sub(r' cm="1"', "", desk.parts[part].decode())
        text = re.sub(r"<f[^>]*>([^<]*\bTOK[A-Z]+\([^<]*)</f><v>([^<]*)</v>", wrapped, text)
        desk.parts[part] = text.encode()
    desk.save(target)


def excel_web(book: Path, target: Path) -> None:
    """Excel for the web keeps every part and signs with a name of its own."""
    desk = Desk(book)
    text = desk.parts["docProps/app.xml"].decode()
    signed = re.sub("<Application>[^<]*<", "<Application>Microsoft Excel Online<", text)
    signed = re.sub("<AppVersion>[^<]*<", "<AppVersion>16.0300<", signed)
    desk.parts["docProps/app.xml"] = signed.encode()
    desk.save(target)

"""Random months of work on generated and own sheets: a refresh loses none of it. Two hundred months come by XLMODEL_ROUNDS."""

import datetime
import os
import random
import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest
from books import make
from desk import DML, MAIN, REL, XDR, Desk, bar_chart, chart_frame, condition, put_on, spots, text_box
from lxml import etree
from openpyxl import Workbook, load_workbook

from xlmodel.calc.address import letters
from xlmodel.commands.produce import refresh_book
from xlmodel.readers.assemble import gather
from xlmodel.returned.check import ERROR
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.opening import open_mailed
from xlmodel.xlsx.parts import Package

ROUNDS = int(os.environ.get("XLMODEL_ROUNDS", "5"))
INPUTS = gather(models=["GLM-5.1"])
SPOTS = spots(INPUTS)
DAY = datetime.date(2026, 11, 27)
SHEETS = (
    "Summary",
    "Scenario",
    "Prices",
    "Benchmarks",
    "Curves",
    "Cost curves",
    "Ownership",
    "Fleet",
    "Claims",
    "Checks",
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005fe02fea7"
    "3581840000000049454e44ae426082"
)


@dataclass
class Result:
    """A refreshed book, as its readers see it."""

    path: Path
    book: Workbook
    package: Package


Check = Callable[[Result], bool]
Edit = Callable[[Desk, random.Random], tuple[str, Check]]


def built_cell(d: Desk, rng: random.Random, sheet: str) -> str:
    """A cell that the build filled, in the upper part of a sheet, which new data do not move."""
    cells = [c.get("r", "") for c in d.tree(d.part_of(sheet)).iter(MAIN + "c") if len(c)]
    return rng.choice(cells[: max(40, len(cells) // 50)])


def styled(d: Desk, sheet: str, a1: str, change: Callable[[etree._Element, etree._Element], None]) -> None:
    """A cell in a format of its own, as Excel appends it."""
    styles = d.tree("xl/styles.xml")
    formats = styles.find(MAIN + "cellXfs")
    assert formats is not None
    cell = d.cell(sheet, a1)
    made = deepcopy(formats[int(cell.get("s", "0"))])
    change(styles, made)
    formats.append(made)
    formats.set("count", str(len(formats)))
    cell.set("s", str(len(formats) - 1))


def appended(styles: etree._Element, group: str, xml: str) -> str:
    home = styles.find(MAIN + group)
    assert home is not None
    home.append(etree.fromstring(xml.replace(" ", f' xmlns="{MAIN[1:-1]}" ', 1)))
    home.set("count", str(len(home)))
    return str(len(home) - 1)


def number_format(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    a1 = built_cell(d, rng, sheet)
    styled(d, sheet, a1, lambda _, xf: xf.set("numFmtId", "11"))
    return f"number format of {sheet}!{a1}", lambda r: r.book[sheet][a1].number_format == "0.00E+00"


def font(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    a1 = built_cell(d, rng, sheet)
    xml = '<font a="1"><sz val="17"/><color rgb="FF00AA33"/><name val="Georgia"/></font>'.replace(' a="1"', " ")
    styled(d, sheet, a1, lambda styles, xf: xf.set("fontId", appended(styles, "fonts", xml)))
    return (
        f"font of {sheet}!{a1}",
        lambda r: (r.book[sheet][a1].font.sz, r.book[sheet][a1].font.name) == (17, "Georgia"),
    )


def fill(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    a1 = built_cell(d, rng, sheet)
    xml = '<fill ><patternFill patternType="solid"><fgColor rgb="FF12F0AB"/></patternFill></fill>'
    styled(d, sheet, a1, lambda styles, xf: xf.set("fillId", appended(styles, "fills", xml)))
    return f"fill of {sheet}!{a1}", lambda r: r.book[sheet][a1].fill.fgColor.rgb == "FF12F0AB"


def empty_fill(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet, a1 = rng.choice(SHEETS), f"{letters(rng.randint(110, 130))}{rng.randint(8, 20)}"
    xml = '<fill ><patternFill patternType="solid"><fgColor rgb="FF12F0AB"/></patternFill></fill>'
    d.set(sheet, a1, "see mail")
    styled(d, sheet, a1, lambda styles, xf: xf.set("fillId", appended(styles, "fills", xml)))
    return (
        f"a remark at {sheet}!{a1}",
        lambda r: (r.book[sheet][a1].value, r.book[sheet][a1].fill.fgColor.rgb) == ("see mail", "FF12F0AB"),
    )


def hidden_row(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    rows = [row for row in d.tree(d.part_of(sheet)).iter(MAIN + "row") if len(row)][5:25]
    row = rng.choice(rows)
    line = int(row.get("r", "0"))
    row.set("hidden", "1")
    return f"row {line} of {sheet} hidden", lambda r: bool(r.book[sheet].row_dimensions[line].hidden)


def height(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    row = rng.choice([row for row in d.tree(d.part_of(sheet)).iter(MAIN + "row") if len(row)][5:25])
    line = int(row.get("r", "0"))
    row.set("ht", "161.5")
    row.set("customHeight", "1")
    return f"height of row {line} of {sheet}", lambda r: r.book[sheet].row_dimensions[line].height == 161.5


def column(d: Desk, rng: random.Random) -> Callable[[str], etree._Element]:
    def of(sheet: str) -> etree._Element:
        cols = d.tree(d.part_of(sheet)).find(MAIN + "cols")
        assert cols is not None
        return rng.choice([c for c in cols if c.get("min") == c.get("max")])

    return of


def width(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    col = column(d, rng)(sheet)
    col.set("width", "47.25")
    col.set("customWidth", "1")
    name = letters(int(col.get("min", "1")))
    return f"width of {sheet}!{name}", lambda r: r.book[sheet].column_dimensions[name].width == 47.25


def hidden_column(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    col = column(d, rng)(sheet)
    col.set("hidden", "1")
    name = letters(int(col.get("min", "1")))
    return f"column {name} of {sheet} hidden", lambda r: bool(r.book[sheet].column_dimensions[name].hidden)


def print_area(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice(SHEETS)
    number, last = d.sheets().index(sheet), rng.randint(9, 14)
    names = d.tree("xl/workbook.xml").find(MAIN + "definedNames")
    assert names is not None
    for name in list(names):
        if (name.get("name"), name.get("localSheetId")) == ("_xlnm.Print_Area", str(number)):
            names.remove(name)
    made = etree.SubElement(names, MAIN + "definedName", name="_xlnm.Print_Area", localSheetId=str(number))
    made.text = f"'{sheet}'!$A$1:$C${last}"
    return f"print area of {sheet}", lambda r: r.book[sheet].print_area == f"'{sheet}'!$A$1:$C${last}"


def picture(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet, number = rng.choice(SHEETS), len(d.parts)
    d.parts[f"xl/media/image{number}.png"] = PIXEL
    types = d.tree("[Content_Types].xml")
    if not any(t.get("Extension") == "png" for t in types):
        types.insert(
            0, types.makeelement(f"{{{types.nsmap[None]}}}Default", {"Extension": "png", "ContentType": "image/png"})
        )
    frame = (
        "<xdr:oneCellAnchor><xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff>"
        f'</xdr:from><xdr:ext cx="90000" cy="90000"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Ours {number}"/><xdr:cNvPicPr/>'
        '</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{0}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom '
        'prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
    )
    part = put_on(d, sheet)
    id_ = d.relate(part, "image", f"/xl/media/image{number}.png")
    d.tree(part).append(
        etree.fromstring(f'<x xmlns:xdr="{XDR}" xmlns:a="{DML}" xmlns:r="{REL[1:-1]}">{frame.replace("{0}", id_)}</x>')[
            0
        ]
    )
    return (
        f"a picture on {sheet}",
        lambda r: (
            any(name.startswith("xl/media/") and data == PIXEL for name, data in r.package.data.items())
            and any(
                f'"Ours {number}"'.encode() in data
                for name, data in r.package.data.items()
                if "drawings/drawing" in name
            )
        ),
    )


def note(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet = rng.choice([s for s in SHEETS if d.tree(d.part_of(s)).find(MAIN + "legacyDrawing") is None] or ["Summary"])
    if d.tree(d.part_of(sheet)).find(MAIN + "legacyDrawing") is not None:
        return "nothing", lambda _: True
    a1 = built_cell(d, rng, sheet)
    d.note(sheet, a1, "Ann", f"as agreed {a1}")

    def kept(r: Result) -> bool:
        comment = r.book[sheet][a1].comment
        return comment is not None and comment.text == f"as agreed {a1}"

    return f"a note on {sheet}!{a1}", kept


def rule(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet, line = rng.choice(SHEETS), rng.randint(8, 30)
    condition(d, sheet, f"B7:B{line}", f"B7>{line}.125")
    return (
        f"a format by condition on {sheet}",
        lambda r: f"&gt;{line}.125".encode() in r.package.data[r.package.sheets[sheet]],
    )


def validation(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet, limit = rng.choice(SHEETS), rng.randint(1000, 9999)
    root = d.tree(d.part_of(sheet))
    home = root.find(MAIN + "dataValidations")
    if home is None:
        home = etree.Element(MAIN + "dataValidations")
        tags = ("sheetData", "sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting")
        [c for c in root if etree.QName(c).localname in tags][-1].addnext(home)
    made = etree.SubElement(home, MAIN + "dataValidation", type="whole", sqref="CA7:CA9", operator="lessThan")
    etree.SubElement(made, MAIN + "formula1").text = str(limit)
    home.set("count", str(len(home)))
    return (
        f"a validation on {sheet}",
        lambda r: f"<formula1>{limit}</formula1>".encode() in r.package.data[r.package.sheets[sheet]],
    )


def typed(d: Desk, rng: random.Random) -> tuple[str, Check]:
    key = rng.choice([k for k in SPOTS if k.startswith(("prices.own/", "fleet.users", "cover."))])
    value: float | str = f"Ann {rng.randint(1, 99)}" if key.startswith("cover.") else round(rng.uniform(2, 9), 2)
    d.set(*SPOTS[key], value)
    return f"{key} = {value}", lambda r: open_mailed(r.path).typed[key].value == value


def shape(d: Desk, rng: random.Random) -> tuple[str, Check]:
    sheet, words = rng.choice(SHEETS), f"Draft {rng.randint(1, 9999)}"
    put_on(d, sheet, text_box(words, words, row=2400))
    return f"a shape on {sheet}", lambda r: any(
        words.encode() in data for n, data in r.package.data.items() if "drawings/" in n
    )


def own_sheet(d: Desk, rng: random.Random) -> tuple[str, Check]:
    name = f"Budget {rng.randint(1, 99_999)}"
    d.add_sheet(name)
    d.formula(name, "B2", "Summary!$D$7*2", 120)
    put_on(d, name, chart_frame("Ours", "{0}"), charts=(bar_chart("Summary!$E$16:$E$18", "Summary!$B$16:$B$18"),))
    return f"sheet {name}", lambda r: r.book[name]["B2"].value == "=Summary!$D$7*2" and len(r.book[name]._charts) == 1


EDITS: tuple[Edit, ...] = (
    number_format, font, fill, empty_fill, hidden_row, height, width, hidden_column, print_area, picture, note, rule, validation,
    typed, shape, own_sheet,
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "book.xlsx"
    make(INPUTS, path)
    return path


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_month_of_work_survives_a_refresh(seed: int, small: Path, tmp_path: Path) -> None:
    rng, d = random.Random(seed), Desk(small)
    done: dict[str, Check] = {}
    for edit in rng.choices(EDITS, k=rng.randint(3, 9)):
        said, check = edit(d, rng)
        done[said] = check  # a later edit of the same place wins
    old = d.save(tmp_path / "old.xlsx")
    faults = [
        f for f in audit(old, DAY).findings if f.severity == ERROR and f.rule not in ("stored", "checks", "hidden")
    ]
    assert faults == [], f"these edits are no work but faults: {list(done)}"
    refresh_book(old, tmp_path / "new.xlsx", day=DAY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = Result(tmp_path / "new.xlsx", load_workbook(tmp_path / "new.xlsx"), Package(tmp_path / "new.xlsx"))
    assert [said for said, check in done.items() if not check(result)] == []

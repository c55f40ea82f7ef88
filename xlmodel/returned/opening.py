"""Opening of a workbook from outside: safely, with its contract or one recovered from its tables."""

import re
from collections import Counter
from pathlib import Path

from xlmodel.book.contract import Contract
from xlmodel.book.places import API_PRICES, CHANGES, PLATFORMS, PRICES
from xlmodel.book.point_places import BENCHMARKS
from xlmodel.errors import Problem, WorkbookRefused
from xlmodel.readers.safe_package import check_package
from xlmodel.returned.mailed_file import Mailed
from xlmodel.returned.open_document import converted, is_open_document
from xlmodel.returned.origin import mended, origin_of
from xlmodel.returned.recover import recover
from xlmodel.version import __version__
from xlmodel.xlsx.contract_part import NAMESPACE, BadContract, from_xml
from xlmodel.xlsx.far_rows import FAR
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.relations import listed, rels_of
from xlmodel.xlsx.sound import sound

TYPED_BELOW = (BENCHMARKS, PRICES, PLATFORMS, API_PRICES, CHANGES)  # sheets with rows that people add
BACK = "go back to a copy that was saved before, or build the workbook again"
_FORM = re.compile(rb"<contract [^>]*urn:xlmodel:contract:(\d{1,9})\"")
_PLACES = {  # part -> what it leads to, and where every part of that kind is read here
    "": {"officeDocument": "xl/workbook.xml"},
    "xl/workbook.xml": {"styles": "xl/styles.xml", "sharedStrings": "xl/sharedStrings.xml"},
}
AS_EXCEL = "open it in Excel and save it under another name: a program may read other parts than those judged here"
SPARE_ROWS = 20_000  # rows of a contract beyond the cells of its largest sheet: people delete rows


def open_mailed(path: Path) -> Mailed:
    """Open a workbook from outside, safely.

    Raises:
        WorkbookRefused: it cannot be read safely, or was not built by xlmodel.
    """
    parts = check_package(path, open_document=True)
    return opened(converted(path) if is_open_document(path) else Package(path, parts))


def opened(package: Package) -> Mailed:
    """The same for a package that is known to be safe.

    Raises:
        WorkbookRefused: it was not built by xlmodel.
    """
    with sound(package.path.name):
        _check_places(package)
        package.shorten(TYPED_BELOW)
        origin = origin_of(package)
        mended(package, origin)
        contract = find_contract(package)
        if contract is not None:
            _check_rows(package, contract)
            return Mailed(package, contract, origin=origin)
        return recover(package, origin)


def all_rows(mailed: Mailed) -> None:
    """A file whose far rows were left out is not written anew without them.

    Raises:
        WorkbookRefused: it is such a file.
    """
    problems = [
        Problem(
            f"{mailed.package.path.name}, sheet {sheet}", f"{count + FAR:,} rows below the last formula", f"at most {FAR:,}",
            "move them to a sheet of their own: nothing reads them there",
        ) for sheet, count in mailed.package.far.items()
    ]  # fmt: skip
    if problems:
        raise WorkbookRefused(problems)


def find_contract(package: Package) -> Contract | None:
    """The contract that a package carries; None when it carries none.

    Raises:
        WorkbookRefused: it is damaged, or two of them contradict each other.
    """
    found = []
    for part, data in package.data.items():
        form = _FORM.search(data[:2000]) if part.startswith("customXml/item") else None
        if form and int(form[1]) > int(NAMESPACE.rpartition(":")[2]):
            raise _no_contract(
                package, f"a contract of form {form[1].decode()}, of a newer xlmodel than {__version__}: nothing of it can be judged here",
                "check it with the version that built it, or a later one",
            )  # fmt: skip
        if part.startswith("customXml/") and NAMESPACE.encode() in data and not part.startswith("customXml/itemProps"):
            root = package.tree(part)
            if root.tag == f"{{{NAMESPACE}}}contract":
                try:
                    found.append(from_xml(root))
                except BadContract as bad:
                    raise _no_contract(package, f"a damaged contract ({bad})") from bad
    if len(found) > 1 and found[0] != found[1]:
        raise _no_contract(package, "two contracts that differ")
    return found[0] if found else None


def _check_places(package: Package) -> None:
    """A spreadsheet program reads the parts that relationships lead to: they must be those that are read here.

    Raises:
        WorkbookRefused: others are named, two of a kind, or none.
    """
    for owner, kinds in _PLACES.items():
        rels = rels_of(owner)
        links = list(listed(package.tree(rels), owner)) if rels in package.data else []
        twice = [id_ for id_, n in Counter(link.id for link in links).items() if n > 1]
        for kind, part in kinds.items():
            led = [link.target for link in links if link.kind == kind]
            if twice or (led != [part] and (led or part in package.data)):
                where = f"{package.path.name}, part {rels}"
                found = (
                    f"{' and '.join(led) or 'nothing'} as its {kind}" if not twice else f"two meanings of {twice[0]}"
                )
                raise WorkbookRefused([Problem(where, found, f"the one part {part}", AS_EXCEL)])


def _check_rows(package: Package, contract: Contract) -> None:
    """A contract may not promise rows by the hundred thousand that are not in the file: every one would be read.

    Raises:
        WorkbookRefused: it does.
    """
    held = max((len(package.grid(sheet).cells) for sheet in package.sheets), default=0)
    promised = contract.knot_rows + sum(table.count + table.spare for table in contract.tables.values())
    if promised > held + SPARE_ROWS:
        raise _no_contract(package, f"a contract of {promised:,} rows")


def _no_contract(package: Package, found: str, fix: str = BACK) -> WorkbookRefused:
    where = f"{package.path.name}, contract"
    return WorkbookRefused([Problem(where, found, "the contract of the build", fix)])

"""Engines for tests. A missing one skips its tests, or fails them when XLMODEL_REQUIRE_TOOLS=1."""

import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

from xlmodel.commands.own_process import collect_seldom
from xlmodel.engines import validator as sdk
from xlmodel.engines.gnumeric import Gnumeric
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.errors import EngineMissing
from xlmodel.xlsx import zipped

# xlwings reads it when it is imported: the tests run its code for web add-ins, which is PolyForm Noncommercial
os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")

T = TypeVar("T")

collect_seldom()  # as on the command line
FULL = zipped.LEVELS
zipped.LEVELS = {
    True: 6,
    False: 6,
}  # the usual level takes longer than all else in a build; what counts bytes sets it back

settings.register_profile("house", deadline=None)  # machines are shared; a slow moment is no failure
settings.load_profile("house")


def need(make: Callable[[], T]) -> T:
    """What is made, where its program is installed; its tests are skipped where not, or fail where nothing may."""
    try:
        return make()
    except EngineMissing as missing:
        if os.environ.get("XLMODEL_REQUIRE_TOOLS") == "1":
            raise
        pytest.skip(str(missing))


@pytest.fixture
def full_compression(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds compressed as those of users."""
    monkeypatch.setattr(zipped, "LEVELS", FULL)


@pytest.fixture(scope="session")
def ironcalc_engine() -> IronCalc:
    return need(IronCalc)


@pytest.fixture(scope="session")
def libreoffice_engine() -> LibreOffice:
    return need(LibreOffice)


@pytest.fixture(scope="session")
def gnumeric_engine() -> Gnumeric:
    return need(Gnumeric)


@pytest.fixture(scope="session")
def validator() -> Callable[[Path], list[str]]:
    """The errors the Open XML SDK validator finds in a workbook."""
    need(sdk.command)
    return sdk.errors


def _rewritten(path: Path, changes: Mapping[str, str | Callable[[str], str]], target: Path) -> Path:
    """A copy with parts replaced, added, or passed through a function; entries get the fixed time."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for part, change in changes.items():
        text = change(parts[part].decode()) if callable(change) else change
        assert text.encode() != parts.get(part), f"the planted fault did not change {part}"
        parts[part] = text.encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), data)
    return target


@pytest.fixture(scope="session")
def rewritten() -> Callable[[Path, Mapping[str, str | Callable[[str], str]], Path], Path]:
    """Copies a workbook with some parts changed: (path, part -> text or function, target)."""
    return _rewritten

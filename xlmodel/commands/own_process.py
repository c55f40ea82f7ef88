"""What a process of our own can do without: the search for garbage, since the many objects of a book live to the end, and numpy."""

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec

SELDOM = (100_000, 50, 1000)


class _NoNumpy:
    """A finder that hides numpy while openpyxl is loaded, which takes it along for numbers that no build hands it."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Nothing: others find the module, but for numpy as long as openpyxl is not whole."""
        if name == "numpy" and "openpyxl" in sys.modules and not hasattr(sys.modules["openpyxl"], "Workbook"):
            raise ModuleNotFoundError(name=name)
        return None


def without_numpy() -> None:
    """Load openpyxl without numpy, whose import takes a tenth of a second; who needs numpy itself still gets it."""
    sys.meta_path.insert(0, _NoNumpy)


def collect_never() -> None:
    """Look for no garbage in a process of our own that makes one thing and ends: then all goes with it."""
    gc.disable()
    atexit.register(gc.freeze)


def collect_seldom() -> None:
    """Look for garbage seldom from now on, in a process of our own that makes one thing after another."""
    gc.enable()
    gc.set_threshold(*SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage seldom meanwhile, in a process that is somebody else's."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)

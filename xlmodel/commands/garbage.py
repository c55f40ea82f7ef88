"""How often Python looks for garbage while a book is made: its many objects all live to the end, so the search is vain."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (1_000_000, 5, 1000)


def collect_seldom() -> None:
    """Look for garbage seldom from now on, in a process of our own, and not once more as it ends: all goes with it."""
    gc.set_threshold(*SELDOM)
    atexit.register(gc.freeze)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage seldom meanwhile, in a process that is somebody else's."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)

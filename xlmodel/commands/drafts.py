"""Places for output, and drafts: a file is written beside its place and takes its name when it is whole; those of dead processes are swept away."""

import os
import platform
import re
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xlmodel.errors import InputRefused

NO_PERMISSION = "a folder without write permission", "a folder you may write to"
OLD = 86_400  # seconds after which a draft that names no living process of this computer is nobody's
_MAKER = re.compile(r"\.([0-9a-f]{8})-([0-9]{1,10})\.[^.]*\.part$")


def check_writable(output: Path, ending: str = ".xlsx") -> None:
    """Refuse an output that cannot be written.

    Raises:
        InputRefused: its name has another ending, or its folder does not take a file.
    """
    found = None
    if output.suffix.lower() != ending:
        found = repr(output.suffix), f"a name that ends in {ending}", f"add {ending} to the name"
    elif not output.parent.is_dir():
        found = "no such folder", "a folder that exists", f"create {output.parent} first"
    elif output.is_dir():
        found = "a folder", "a file name", "name a file inside it"
    elif not os.access(output.parent, os.W_OK):
        found = (*NO_PERMISSION, "choose another place with -o")
    if found:
        raise InputRefused.one(f"output {output}", *found)


@contextmanager
def draft_of(output: Path, mode: int = 0o644) -> Iterator[Path]:
    """A file beside the output that takes its name when all went well, and is gone when not.

    Args:
        output: the file to be.
        mode: its permissions.
    """
    sweep(output)
    prefix = f".{output.name}.{_here()}-{os.getpid()}."
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=".part", dir=output.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb+") as written:
            os.fsync(written.fileno())  # the name must never be there before the content
        draft.chmod(mode)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)


def sweep(output: Path) -> None:
    """Remove drafts of an output whose process died; one of another computer, on a shared disk, after a day."""
    for draft in output.parent.glob(f".{_literal(output.name)}.*.part"):
        try:
            if _dead(draft):
                draft.unlink()
        except OSError:  # somebody else's, or gone already
            continue


def _dead(draft: Path) -> bool:
    maker = _MAKER.search(draft.name)
    if maker is None or maker[1] != _here() or os.name != "posix":
        return time.time() - draft.stat().st_mtime > OLD
    try:
        os.kill(int(maker[2]), 0)  # asks only; elsewhere than on POSIX it would kill
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _here() -> str:
    """Eight characters that tell this computer from others."""
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _literal(name: str) -> str:
    """A name in which no character stands for others in a search."""
    return re.sub(r"([*?[])", r"[\1]", name)

"""Where books go: a folder, or an address that fsspec knows. A file appears whole under its name or not at all."""

import hashlib
import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from xlmodel.commands.drafts import NO_PERMISSION, draft_of
from xlmodel.errors import EngineMissing, InputRefused, Problem

RECORDS = ".xlmodel"  # subfolder with a record of each finished book
BUILT, KEPT, FAILED = "built", "kept", "failed"


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a row.

    Attributes:
        state: built, kept from an earlier run, or failed.
        digest: of all that the book is made from. sha256, bytes: of the book.
        figures: the results that a reader quotes, by key.
        failing: the names of its checks that fail. problem: why there is no book.
        seconds: that it took.
    """

    name: str
    line: int
    state: str
    digest: str = ""
    sha256: str = ""
    bytes: int = 0
    seconds: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)
    failing: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder, or an address such as s3://bucket/books; workers make their own connection."""

    address: str

    @property
    def far(self) -> bool:
        """Whether it is an address and no folder."""
        return "://" in self.address

    def check(self) -> None:
        """Refuse a folder that cannot be made or written, and make nothing.

        Raises:
            InputRefused: a file has its name or that of a folder above it, or the folder takes no files.
        """
        if self.far:
            return
        folder = Path(self.address)
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        where, fix = f"output {self.address}", "choose another place with -o"
        if not there.is_dir():
            raise InputRefused([Problem(where, f"a file of the name {there}", "a folder", fix)])
        if not os.access(there, os.W_OK):
            raise InputRefused([Problem(where, *NO_PERMISSION, fix)])

    def ready(self) -> None:
        """Make the folder, with the one for the records.

        Raises:
            InputRefused: it cannot be made.
            EngineMissing: the library for this kind of address is not installed.
        """
        try:
            if self.far:
                files, root = self._files()
                files.makedirs(f"{root}/{RECORDS}", exist_ok=True)
            else:
                (Path(self.address) / RECORDS).mkdir(parents=True, exist_ok=True)
        except ImportError as error:
            raise EngineMissing(f"{self.address}: {error}") from error
        except (OSError, ValueError) as error:
            found = f"a place that cannot be written ({error})"[:300]
            raise InputRefused([Problem(f"output {self.address}", found, "a folder, or an address that fsspec knows", "choose another place with -o")]) from error  # fmt: skip

    def put(self, name: str, data: bytes) -> None:
        """Write a file: beside its place first, and then under its name."""
        if not self.far:
            with draft_of(Path(self.address) / name) as draft:
                draft.write_bytes(data)
            return
        files, root = self._files()
        folder, _, last = f"{root}/{name}".rpartition("/")
        draft_name = f"{folder}/.{last}.{uuid.uuid4().hex}.part"
        files.pipe_file(draft_name, data)
        files.mv(draft_name, f"{folder}/{last}")

    def finish(self, made: Made, book: bytes) -> None:
        """Put a book in place. Its record goes first, so that a book that stands is never made again."""
        self.put(f"{RECORDS}/{made.name}.json", json.dumps(asdict(made), ensure_ascii=False).encode())
        self.put(f"{made.name}.xlsx", book)

    def finished(self, name: str, line: int, digest: str) -> Made | None:
        """The record of a book that stands as it was made from the same inputs; None when it has to be made."""
        try:
            facts = json.loads(self.get(f"{RECORDS}/{name}.json"))
            made = replace(Made(**facts), line=line, state=KEPT, failing=tuple(facts["failing"]))
            if made.digest == digest and self._stands(f"{name}.xlsx", made):
                return made
        except (OSError, ValueError, TypeError, KeyError):  # no record, or none that can be read
            pass
        return None

    def get(self, name: str) -> bytes:
        """The content of a file."""
        if not self.far:
            return (Path(self.address) / name).read_bytes()
        files, root = self._files()
        return bytes(files.cat_file(f"{root}/{name}"))

    def _stands(self, name: str, made: Made) -> bool:
        if self.far:  # what lies far away is known by its size: fetching it would cost more than making it
            files, root = self._files()
            return int(files.size(f"{root}/{name}")) == made.bytes
        return hashlib.sha256(self.get(name)).hexdigest() == made.sha256

    def _files(self) -> tuple[Any, str]:
        import fsspec  # noqa: PLC0415 - loads when used

        files, root = fsspec.core.url_to_fs(self.address)
        return files, str(root).rstrip("/")


def counts(rows: Iterable[Made]) -> dict[str, int]:
    """How many rows came to each end."""
    found = dict.fromkeys((BUILT, KEPT, FAILED), 0)
    for row in rows:
        found[row.state] += 1
    return found

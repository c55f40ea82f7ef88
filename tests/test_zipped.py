"""A package's file: whole for every reader, and the same whatever was kept of the one before."""

import random
from io import BytesIO
from zipfile import ZipFile

import pytest

from xlmodel.xlsx import zipped


def rows(rng: random.Random, count: int) -> bytes:
    """Something like the rows of a sheet."""
    return "".join(f'<row r="{i}"><c r="B{i}"><v>{rng.random():.9f}</v></c></row>' for i in range(count)).encode()


def packed(parts: dict[str, bytes], kept: zipped.Kept | None) -> bytes:
    target = BytesIO()
    zipped.write(target, {name: (data[:700], data[700:]) for name, data in parts.items()}, kept=kept)
    return target.getvalue()


@pytest.mark.parametrize("seed", range(4))
def test_what_was_kept_changes_no_byte_and_every_part_reads_back(seed: int) -> None:
    rng, kept = random.Random(seed), zipped.Kept()
    parts = {"small": rows(rng, 300), "large": rows(rng, 30_000), "noise": rng.randbytes(1_100_000), "empty": b""}
    for _ in range(3):
        name, at = rng.choice(["small", "large", "noise"]), rng.choice([0, 5_000, 12_000])
        parts[name] = parts[name][:at] + rows(rng, 3) + parts[name][at + 90 :]
        made = packed(parts, kept)
        assert made == packed(parts, None)
        with ZipFile(BytesIO(made)) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == parts


@pytest.mark.usefixtures("full_compression")
def test_the_first_rows_of_a_large_part_change_alone() -> None:
    rng, kept = random.Random(7), zipped.Kept()
    data = rows(rng, 30_000)
    packed({"large": data}, kept)
    before = [compressed for _, compressed in kept["large"].pieces]
    packed({"large": data[:8_000] + b"a longer row" + data[8_004:]}, kept)
    after = [compressed for _, compressed in kept["large"].pieces]
    assert [a is b for a, b in zip(after, before, strict=True)] == [False, False, True]

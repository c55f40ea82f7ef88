"""Files that were damaged on purpose, and a worker that gives them to a reader: `python fuzz.py READER BASE FIRST COUNT`.

The worker prints what it saw as JSON. Every file follows from its seed, so a finding is repeated by its number.
"""

import datetime
import json
import os
import random
import re
import signal
import sys
import time
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from config_files import read_config
from lxml import etree

from xlmodel.commands.own_process import collect_seldom
from xlmodel.commands.produce import refresh_book
from xlmodel.engines.recalculate import stored
from xlmodel.errors import CheckFailed, InputRefused, XlModelError
from xlmodel.readers.points import read_points
from xlmodel.readers.prices import read_prices
from xlmodel.readers.results.placing import Placer, Said
from xlmodel.readers.results.registry import read_file
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.diff.compare import compare
from xlmodel.returned.explain.explain_cell import explain
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.typed_inputs import read_contents
from xlmodel.xlsx.brand import read_brand
from xlmodel.xlsx.sound import sound

DAY = datetime.date(2026, 11, 24)
HANG = 60  # seconds until a reader is stopped, whatever the machine does meanwhile
MEMORY = 4_000_000_000  # address space, so that a finding does not take the machine along
REACHING = {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
WORDS = (
    "", " ", "0", "-1", "1", "0.5", "1e400", "-1e400", "1e-320", "NaN", "inf", "1_000", "1,5", "٣", "99999999999999999999",
    "2147483648", "true", "TRUE", "no", "2026-13-45", "2026-07", "A1", "$A$1", "A0", "A1048577", "XFE1", "ZZZZ9", "A1:XFD1048576",
    "B2:A1", "1:1048576", "A:XFD", "#REF!", "#N/A", "Prices!A1", "'Pri''ces'!A1", "[1]Prices!A1", "Summary:Prices!A1",
    "../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "\\\\server\\share", "C:\\x",
    "=1+1", "+1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1:9")', "((((((", "(" * 5000, "1+" * 3000 + "1",
    "{1,2;3}", "[", "]", "'", '"', '""', "[[a]", "tblBenchmarks[", "tblPrices[[#All],[Basis]]", "_xlfn.LET(", "LAMBDA(x,x)(1)",
    "\u202e", "é" * 300, "x" * 40_000, "\U0001f4a5", "\u00a0", "\ufeff", "%s%n{0}", "GB200 NVL72", "GLM-5.1", "8k/1k", "|" * 300, "-" * 80,
    "rId1", "rId999", "xl/workbook.xml", "worksheets/sheet1.xml", "/xl/worksheets/sheet3.xml", "hidden", "shared", "array", "dataTable",
)  # fmt: skip
NOISE = (b"\0", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\x1b[2J", b"\r", b"\n\n", b'"', b"'", b"<", b"&", b"&#0;", b"]]>", b",", b";",
         b"\t", b"<!DOCTYPE a>", b"<!--", b"=", b"[", b"[a]\n", b'"""', b"\\u0000", b"1e999", b"\xef\xbb\xbf")  # fmt: skip
# parts that readers take at their word come up more often
HEAVY = re.compile(r"customXml/item|xl/workbook\.xml|_rels/|\[Content|tables/|styles|sharedStrings|drawing|comments")


def spoiled(data: bytes, rng: random.Random) -> bytes:
    """Any bytes with a few mishaps."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        a, b = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
        b = min(b, a + rng.choice((1, 1, 4, 40, 400, 10**9)))
        kind = rng.randrange(6)
        if kind == 0:
            data = data[:a] + data[b:]
        elif kind == 1:
            data = data[:b] + data[a:b] * rng.choice((1, 1, 2, 9)) + data[b:]
        elif kind == 2:
            data = data[:a] + rng.choice(NOISE) + data[a:]
        elif kind == 3:
            data = data[:a] + rng.choice(WORDS).encode() + data[b:]
        elif kind == 4 and data:
            at = min(a, len(data) - 1)
            data = data[:at] + bytes((data[at] ^ (1 << rng.randrange(8)),)) + data[at + 1 :]
        else:
            data = data[:a]
    return data[:5_000_000]


def spoiled_lines(data: bytes, rng: random.Random) -> bytes:
    """A text file with mishaps that keep it looking like one: cells and values replaced, lines moved."""
    lines = data.decode().split("\n")
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        kind, at = rng.randrange(6), rng.randrange(len(lines))
        if kind == 0:
            lines.insert(at, rng.choice(lines))
        elif kind == 1 and len(lines) > 1:
            del lines[at]
        elif kind == 2:
            lines[at] = lines[at].replace(",", rng.choice((";", "\t", ",,", "")), rng.choice((1, -1)))
        else:
            pieces = re.split(r"([,=\"\[\]])", lines[at])
            pieces[rng.randrange(len(pieces))] = rng.choice(WORDS)
            lines[at] = "".join(pieces)
    text = "\n".join(lines)
    encoding = rng.choice(("utf-8",) * 8 + ("utf-16", "utf-8-sig", "cp1252", "utf-32"))
    return text.encode(encoding, "replace")


def spoiled_xml(data: bytes, rng: random.Random) -> bytes:
    """A part that is still well-formed and no longer what it was."""
    root = etree.fromstring(data)
    for _ in range(rng.choice((1, 1, 2, 4, 20))):
        elements = [e for e in root.iter() if isinstance(e.tag, str)]
        e, other = rng.choice(elements), rng.choice(elements)
        parent, kind = e.getparent(), rng.randrange(9)
        if kind == 0 and parent is not None:
            parent.remove(e)
        elif kind == 1 and parent is not None and len(etree.tostring(e)) < 100_000:
            for _ in range(rng.choice((1, 1, 3, 50))):
                parent.append(etree.fromstring(etree.tostring(e)))
        elif kind == 2:
            e.tag = other.tag
        elif kind == 3:
            e.text = rng.choice(WORDS)
        elif kind == 4:
            e.text = other.text
        elif kind == 5 and other not in (root, e, *e.iterancestors()):
            e.append(other)
        elif e.attrib:
            name = rng.choice(list(e.attrib))
            if kind == 6:
                del e.attrib[name]
            else:
                e.set(name, rng.choice(WORDS) if kind == 7 else rng.choice([*other.attrib.values(), "7"]))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def spoiled_package(parts: dict[str, bytes], rng: random.Random) -> dict[str, bytes]:
    """A workbook in which some parts are not what they were, gone, doubled or under another name."""
    parts = dict(parts)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        names = sorted(parts)
        name = rng.choice([n for n in names if HEAVY.search(n)] if rng.random() < 0.5 else names)
        kind = rng.randrange(12)
        if kind == 0:
            del parts[name]
        elif kind == 1:
            parts[name] = parts[rng.choice(names)]
        elif kind == 2:
            parts[rng.choice(WORDS)[:60] or "x"] = parts.pop(name)
        elif kind == 3:
            parts[name] = spoiled(parts[name], rng)
        elif name.endswith((".xml", ".rels", ".vml")):
            try:
                parts[name] = spoiled_xml(parts[name], rng)
            except etree.XMLSyntaxError:
                continue
    return parts


def pack(parts: dict[str, bytes], path: Path) -> None:
    """Write a package quickly."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


# --- the worker -------------------------------------------------------------------------------------


def into_new(path: Path, _: Path) -> None:
    """A refresh, and a look at what it wrote."""
    output = path.with_name("new.xlsx")
    refresh_book(path, output, day=DAY)
    open_mailed(output)
    output.unlink()


def read_all(path: Path) -> None:
    """Whatever a command reads of a workbook before it does its own work: the parts, the stored values, the inputs."""
    mailed = open_mailed(path)
    stored(mailed.package)
    read_contents(mailed)


def as_commands_read(path: Path) -> None:
    """The same with the refusal that every command puts around its reading: what a damaged file breaks deep inside."""
    with sound(path.name):
        read_all(path)


USER = Said(platform="H200", model="DeepSeek-R1", precision="FP8", snapshot="mine", workload="8k/1k", gpus=8)


def place_all(path: Path) -> None:
    """Whatever `import` does with a result file."""
    placer = Placer()
    for m in read_file(path).measurements:
        placed = placer.place(m, USER)
        assert placed.point or placed.problem
        assert placed.point is None or (placed.point.interactivity > 0 and placed.point.throughput > 0)


READERS: dict[str, Callable[[Path, Path], object]] = {
    "points": lambda path, _: read_points(path),
    "prices": lambda path, _: read_prices(path),
    "results": lambda path, _: place_all(path),
    "settings": lambda path, _: read_config(path),
    "brand": lambda path, _: read_brand(path),
    "workbook": lambda path, _: as_commands_read(path),
    "explain": lambda path, _: explain("Summary!E16", path),
    "check": lambda path, _: audit(path, DAY),
    "diff": lambda path, base: compare(base, path),
    "refresh": into_new,
}


def spoil(kind: str, base: Path, parts: dict[str, bytes], path: Path, rng: random.Random) -> None:
    """Write the damaged file."""
    data = base.read_bytes()
    if not parts:
        path.write_bytes(spoiled(data, rng) if rng.random() < 0.3 else spoiled_lines(data, rng))
    elif rng.random() < 0.06:
        path.write_bytes(spoiled(data, rng))
    else:
        pack(spoiled_package(parts, rng), path)


class Hang(BaseException):
    """A reader that takes too long; nothing in between may catch it."""


def forbid(folder: Path, wrong: list[str]) -> None:
    """Take note of anything a reader must not do: reach out, start programs, write elsewhere."""

    drafts = Path(gettempdir()).resolve()
    allowed = (str(folder.resolve()), str(drafts / "xlmodel-"), "/dev/")

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in REACHING and not own_engine(event, args):
            wrong.append(f"{event} {args!r:.300}")
        opened = event == "open" and isinstance(args[0], str) and isinstance(args[1], str)
        named = opened and set(args[1]) & set("wax+") and args[0] != str(drafts)  # a file without a name is opened so
        if named and not os.path.realpath(args[0]).startswith(allowed):
            wrong.append(f"{event} {args!r:.300}")

    sys.addaudithook(hook)


def own_engine(event: str, args: tuple[Any, ...]) -> bool:
    """Whether a process is the project's own spreadsheet engine, which runs apart."""
    return event == "subprocess.Popen" and list(args[1])[:3] == [sys.executable, "-m", "xlmodel.engines.apart"]


def peak() -> float:
    """Memory of this process at its highest, MB; `ru_maxrss` would count what the parent held when it started this one."""
    said = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert said
    return int(said[1]) / 1000


def judge(call: Callable[[], object]) -> tuple[str, str]:
    """What became of a call: taken, refused, or something that must not happen with the reason."""

    def hang(*_: object) -> None:
        raise Hang

    signal.signal(signal.SIGALRM, hang)
    signal.alarm(HANG)
    try:
        call()
    except CheckFailed as failed:
        return "refused", "" if str(failed) else "a failure without words"
    except InputRefused as refused:
        said = [str(problem) for problem in refused.problems]
        four = all(p.found and p.expected and p.fix for p in refused.problems)
        plain = all(len(s) < 2000 and s.replace("\n", " ").isprintable() for s in said)
        return "refused", "" if said and four and plain else f"words that do not help: {said!r:.600}"
    except XlModelError:
        return "refused", ""
    except Hang:
        return "hang", traceback.format_exc()[-1500:]
    except BaseException:
        return "crash", traceback.format_exc()[-2500:]
    finally:
        signal.alarm(0)
    return "taken", ""


def work(kind: str, base: Path, first: int, count: int) -> dict[str, Any]:
    """Give `count` damaged files to a reader."""
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found: dict[str, Any] = {"taken": 0, "refused": 0, "slowest": [0.0, 0], "peak": [0.0, 0], "wrong": []}
    parts: dict[str, bytes] = {}
    if base.suffix == ".xlsx":
        with zipfile.ZipFile(base) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    with TemporaryDirectory() as name:
        folder, outside = Path(name), list[str]()
        path = folder / f"x{base.suffix}"
        judge(lambda: READERS[kind](base, base))  # what loads once is no cost of a file
        start = time.process_time()
        judge(lambda: READERS[kind](base, base))
        found["sound"] = round(time.process_time() - start, 2)
        for left in folder.iterdir():
            left.unlink()
        forbid(folder, outside)
        for seed in range(first, first + count):
            spoil(kind, base, parts, path, random.Random(f"{kind} {seed}"))
            before = path.read_bytes()
            start = time.process_time()
            said, why = judge(lambda: READERS[kind](path, base))
            took = time.process_time() - start
            found["slowest"] = max(found["slowest"], [round(took, 2), seed])
            if peak() > found["peak"][0]:
                found["peak"] = [peak(), seed]
            found[said] = found.get(said, 0) + 1
            if why:
                found["wrong"].append([seed, why])
            if path.read_bytes() != before or [p.name for p in folder.iterdir()] != [path.name]:
                found["wrong"].append([seed, "the file was changed, or another left behind"])
                for left in folder.iterdir():
                    left.unlink()
            if outside:
                found["wrong"].append([seed, outside.pop()])
                outside.clear()
    return found


if __name__ == "__main__":
    collect_seldom()  # as on the command line
    print(json.dumps(work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))

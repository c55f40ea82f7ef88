"""The commands from cold on the default book: check, diff, refresh, explain, build.

python tests/bench/commands.py
"""

import sys
import tempfile
from pathlib import Path

from figures import Figure, Found, command, main

BOUNDS = {"check": 1.5, "diff": 2.0, "refresh": 3.0, "explain": 0.7}


def measure(quick: bool) -> Found:
    """Each command in a fresh process, and build beside them in the same run."""
    runs = 1 if quick else 5
    with tempfile.TemporaryDirectory() as name:
        work, program = Path(name), [sys.executable, "-m", "xlmodel"]
        book, other = str(work / "book.xlsx"), str(work / "other.xlsx")
        (work / "own.toml").write_text("[own_prices]\nB200 = 4.5\n[scenario]\ninteractivity = 50\n")
        built = command([*program, "build", "-o", book, "--force"], runs)
        command([*program, "build", "-o", other, "--config", str(work / "own.toml"), "--no-recalculate"], 1)
        words = {
            "check": ["check", book], "diff": ["diff", book, other], "explain": ["explain", "Summary!E16", book],
            "refresh": ["refresh", other, "-o", str(work / "fresh.xlsx"), "--force"],
        }  # fmt: skip
        times = {name: command([*program, *rest], runs, (0, 1)) for name, rest in words.items()}
    found: Found = [Figure("xlmodel build, cold, no other process beside it", built)]
    return [
        *found,
        *(
            Figure(f"xlmodel {name}, cold", times[name], "s", bound, f"{times[name] / built:.2f}x build")
            for name, bound in BOUNDS.items()
        ),
    ]


if __name__ == "__main__":
    main(measure)

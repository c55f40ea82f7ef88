"""A build is refused in one round: the slips of options, settings, files and choices together, each with its place."""

import importlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from config_files import read_config
from test_cli import OWN, TEMPLATES, refused, run

from xlmodel.readers.assemble import gather

# one settings file with a slip of every stage: its own values, what only the data know, and files that are not there
SLIPS = """[scenario]
model = "GLM-5"
snapshot = "2024-01"
baseline = "MI9000"
basis = "Our lost"
utilization = "80%"
[naming]
active = "Worst"
[own_prices]
"H900" = 3
[ownership]
residual = 0.1
decline = 0.2
[reporting]
currency = "EUR"
[build]
prices = ["gone.csv"]
template = "gone.xlsx"
"""
SAID = (
    "settings/s.toml: [scenario] utilization", "write 0.8", "settings/s.toml: [scenario] model", "add --model 'GLM-5'",
    "settings/s.toml: [scenario] snapshot", "settings/s.toml: [scenario] baseline", "settings/s.toml: [scenario] basis",
    "settings/s.toml: [naming] active", "settings/s.toml: [own_prices] H900", "[ownership] residual and decline",
    "EUR without rate and as_of and source", "settings/s.toml: [build] prices, settings/gone.csv",
    "settings/s.toml: [build] template, settings/gone.xlsx",
)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--config", "settings/s.toml"], SAID),
        (["--config", "settings/s.toml", "--prices", "nope.csv", "-o", "taken.xlsx"], [*SAID, "nope.csv", "not taken"]),
        (["--prices", "nope.csv", "-o", "taken.xlsx"], ["2 problems", "nope.csv", "not taken"]),
        (
            ["--config", "nope.toml", "--prices", "nope.csv", "--points", "p.csv", "--model", "Nope", "--date", "x"],
            ["5 problems", "nope.toml", "nope.csv", "p.csv", "'Nope'", "--date"],
        ),
        (["--title", "x" * 121, "--edition", "x", "--model", "GLM-5", "--all"], ["3 problems", "--edition", "both"]),
    ],
)
def test_slips_of_all_stages_are_told_in_one_round(
    arguments: list[str], words: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken.xlsx").write_bytes(b"x")
    Path("settings").mkdir()
    Path("settings/s.toml").write_text(SLIPS)
    refused(run("build", *arguments), *words)


def test_a_choice_that_a_refused_file_would_bring_is_no_slip_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (TEMPLATES / "points.csv").read_text().replace("H200", "Own cluster")
    Path("points.csv").write_text(text.replace("1310.5", "x"))
    Path("s.toml").write_text('[scenario]\nbaseline = "Own cluster"\nmodel = "Mine"\n')
    ran = run("build", "--config", "s.toml", "--points", "points.csv")
    refused(ran, "2 problems", "points.csv line 2, throughput", "s.toml: [scenario] model")
    refused(run("build", "--config", "s.toml", "--points", "lost.csv"), "3 problems", "if lost.csv was to bring")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[build]\noutput = C:/x\nprices = ["a.csv", 1]\n', ["2 problems", "line 2", "[build] prices"]),  # not: output taken
        ('[naming]\nbase = 1\nactive = "Plan"\n', ["1 problem", "[naming] base"]),
        ('[naming]\nactive = "Plan"\n', ["[naming] active", "one of Base, Negotiated, Stress", "use one of these names\n"]),
        ('[naming]\nbase = "stress"\n', ["two scenarios of one name"]),
        ('[scenario]\nbasis = "Ours"\n', ["Oracle list", "or bring quotes on it with --prices"]),
        ('[build]\nmodels = "GLM-5"\n[scenario]\nmodel = "GLM-5"\nbaseline = "X"\n', ["2 problems", "[scenario] baseline"]),
        ('[build]\nmodels = ["GLM-9"]\n', ["s.toml: [build] models", "'GLM-9'"]),
        ("[plan]\none_year = 0.7\n", ["[plan] one_year + three_year", "0.7 + 0.8", "at most 1"]),
        ("[plan]\ntokens = 5\nusers = 5\n", ["tokens and users", "one demand"]),
        ("[plan]\nusers = 5\n", ["users without user_tokens", "add user_tokens"]),
        ('[reporting]\nrate = 0.9\n', ["a rate of 0.9 for USD", "name the currency"]),
        ('[reporting]\ncurrency = "EUR"\nrate = 0.9\nas_of = "2031-01-01"\n', ["EUR without source", "a day up to 2027-10-10"]),
    ],
)  # fmt: skip
def test_choices_are_judged_by_what_is_known(
    text: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("token-economics.xlsx").write_bytes(b"somebody's work")
    Path("s.toml").write_text(text)
    arguments = [] if "output" in text else ["-o", "new.xlsx"]
    refused(run("build", "--config", "s.toml", *arguments), *words)


def test_the_demand_of_users_counts_where_no_tokens_are_said(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[plan]\nusers = 5000\nuser_tokens = 400\n")
    assert gather(read_config(tmp_path / "s.toml")).plan.tokens is None


def test_without_a_word_on_it_the_base_is_active_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('[naming]\nbase = "Plan"\n')
    assert gather(read_config(tmp_path / "s.toml")).naming.active == "Plan"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["a/p.csv", "a/p.csv"], ["1 problem", "the same file twice"]),
        (["a/p.csv", "./a/p.csv"], ["1 problem", "the same file twice"]),
        (["a/p.csv", "b/p.csv"], ["b/p.csv line 2", "of a/p.csv line 2 again", "line 4", "the row of a/p.csv line 4 again"]),
        (["a/listed.csv"], ["a/listed.csv line 2", "on the basis Oracle list of the bundled prices again", "a basis of its own"]),
        (["a/bad.csv", "b/bad.csv"], ["a/bad.csv line 2", "b/bad.csv line 2"]),
        (["a/future.csv"], ["a/future.csv line 2, as_of", "'2031-01-01'", "up to 2027-10-10", "--date"]),
    ],
)  # fmt: skip
def test_prices_count_once_and_places_tell_files_apart(
    files: list[str], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (TEMPLATES / "prices.csv").read_text()
    changes = {
        "p.csv": ("", ""), "bad.csv": ("9.50", "9,50"), "listed.csv": ("Our quote", "Oracle list"), "future.csv": ("2026-11-20", "2031-01-01"),
    }  # fmt: skip
    for folder in ("a", "b"):
        Path(folder).mkdir()
        for name, change in changes.items():
            Path(folder, name).write_text(text.replace(*change))
    refused(run("build", *(part for file in files for part in ("--prices", file))), *words)


def test_points_count_once_over_several_files(tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_text((TEMPLATES / "points.csv").read_text())
    ran = run("build", "--points", TEMPLATES / "points.csv", "--points", copy, "-o", tmp_path / "x.xlsx")
    refused(ran, "3 problems", f"{copy} line 4", "each point once")


def test_a_later_day_of_the_build_lets_later_prices_in(tmp_path: Path) -> None:
    prices = tmp_path / "p.csv"
    prices.write_text((TEMPLATES / "prices.csv").read_text().replace("2026-11-20", "2031-01-01"))
    ran = run("build", "--prices", prices, "--no-recalculate", "-o", tmp_path / "x.xlsx", "--date", "2030-06-01")
    assert ran.code == 0


def test_the_report_counts_what_is_yours_and_names_prices_that_no_curve_uses(tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text((TEMPLATES / "prices.csv").read_text().replace("MI355X", "GB500"))
    arguments = ["build", "--prices", str(prices), *OWN[2:], "--no-recalculate"]
    out = " ".join(run(*arguments, "-o", tmp_path / "a.xlsx").out.split())
    assert "yours among them: 3 points, 3 quotes" in out
    assert f"1 of these quotes for a platform not in this book: GB500 ({prices} line 3)" in out
    facts = json.loads(run(*arguments, "--json", "-o", tmp_path / "b.xlsx").out)
    assert (facts["own_points"], facts["own_quotes"]) == (3, 3)
    assert facts["elsewhere"] == [f"GB500 ({prices} line 3)"]


@pytest.mark.parametrize(("options", "compared"), [([], False), (["--recalculate"], True)])
def test_a_comparison_that_is_not_made_is_said_with_the_reason(
    options: list[str], compared: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = importlib.import_module("xlmodel.commands.produce")
    monkeypatch.setattr(builder, "verify", lambda *_: 7)
    arguments = ["build", *OWN, "--json", *options]
    assert json.loads(run(*arguments, "-o", tmp_path / "a.xlsx").out)["recalculated"] == 7, (
        "only points of the user count"
    )
    monkeypatch.setattr(builder, "VERIFY_UP_TO", 2)
    facts = json.loads(run(*arguments, "-o", tmp_path / "b.xlsx").out)
    assert (facts["recalculated"], bool(facts["not_recalculated"])) == ((7, False) if compared else (0, True))
    out = run("build", *OWN, *options, "-o", tmp_path / "c.xlsx").out
    assert ("more than 2 points of yours" in " ".join(out.split())) != compared

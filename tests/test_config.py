"""Settings of a build: every assumption can be said, what is left out keeps its default, what is wrong is refused."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from config_files import read_config
from hypothesis import given, settings
from hypothesis import strategies as st
from test_readers import TEMPLATES, refused
from worlds import world

from xlmodel.model import fleet, ownership
from xlmodel.model.fleet import Fleet
from xlmodel.model.ownership import Ownership
from xlmodel.model.plan import Plan
from xlmodel.model.scenario import Scenario
from xlmodel.model.variants import NAMING, NEGOTIATED, REPORTING, SENSITIVITY, STRESS
from xlmodel.readers.config import Config, survey_config

DEFAULTS = {
    "naming": NAMING, "second": NEGOTIATED, "third": STRESS, "ownership": Ownership(), "fleet": Fleet(), "reporting": REPORTING,
    "sensitivity": SENSITIVITY, "plan": Plan(),
}  # fmt: skip


def test_what_the_template_shows_is_what_leaving_it_out_means() -> None:
    config = read_config(TEMPLATES / "scenario.toml")
    assert Scenario(**config.choices) == Scenario()
    assert {name: type(part)(**config.sections[name]) for name, part in DEFAULTS.items()} == DEFAULTS
    assert config.own_prices == {"GB200 NVL72": 9.5, "MI355X": 5.25}
    assert config.prices == (TEMPLATES / "prices.csv",)
    assert config.points == (TEMPLATES / "points.csv",)
    assert config.output == TEMPLATES / "token-economics.xlsx"
    assert (config.date, config.all, config.title) == ("2026-11-23", False, "Token economics")


def test_lines_that_the_template_leaves_open_are_valid_and_name_every_assumption(tmp_path: Path) -> None:
    text = (TEMPLATES / "scenario.toml").read_text(encoding="utf-8")
    path = tmp_path / "s.toml"
    path.write_text(re.sub(r"^# (?=\S+ ?\S* = )", "", text, flags=re.MULTILINE), encoding="utf-8")
    config = read_config(path)
    assert config.sections["ownership"].keys() == ownership.UNITS.keys()
    assert config.sections["fleet"].keys() == {"mode", *fleet.UNITS}
    assert config.sections["plan"].keys() == {field.name for field in fields(Plan)}
    assert list(config.sections["plan"]["season"].values()) == [*[1.0] * 6, 0.9, 0.9, 1.0, 1.0, 1.1, 1.1]
    assert config.sections["reporting"].keys() == {field.name for field in fields(REPORTING)}
    assert config.choices.keys() == {field.name for field in fields(Scenario)}
    assert config.own_capital == {"MI355X": 36_000.0}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_every_assumption_can_be_set(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    wanted = world(random.Random(seed))
    tables: dict[str, Mapping[str, Any]] = {name: said(getattr(wanted, name)) for name in ("scenario", *DEFAULTS)}
    tables |= {"own_prices": wanted.own_prices, "own_capital": wanted.ownership.capital}
    lines = [
        f"{json.dumps(k)} = {json.dumps(v)}" if k else v
        for name, table in tables.items()
        for k, v in [("", f"[{name}]"), *table.items()]
    ]
    path = tmp_path_factory.getbasetemp() / "all.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    config = read_config(path)
    found = {"scenario": config.choices, "own_prices": config.own_prices, "own_capital": config.own_capital}
    assert {**found, **config.sections} == tables


def said(part: object) -> dict[str, Any]:
    """What a settings file says of one part of the inputs."""
    values = {field.name: getattr(part, field.name) for field in fields(part)}  # type: ignore[arg-type]
    return {name: value for name, value in values.items() if value not in (None, "", {}) and name != "capital"}


@pytest.mark.parametrize("text", ["# nothing\n", "", "\n", "\ufeff"])
def test_settings_left_out_are_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    assert read_config(path) == Config()
    assert Config().choices == {}


def test_settings_take_dates_marks_and_absolute_paths(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(
        b"\xef\xbb\xbf[build]\r\ndate = 2026-11-23\r\noutput = '" + str(tmp_path / "o.xlsx").encode() + b"'\r\n"
        b"[scenario]\r\nutilization = 1\r\n"
    )
    config = read_config(path)
    assert (config.date, config.output, config.choices["utilization"]) == ("2026-11-23", tmp_path / "o.xlsx", 1.0)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("[scenario\n", "s.toml: line 1", "between [ and ]"),
        ("[scenario]\npue = 1\npue = 2\n", "s.toml: line 3", "the key pue is set twice: delete one"),
        ("[scenario]\npue = 1\npue = 2", "s.toml: line 3", "the key pue is set twice: delete one"),
        ("[scenario]\n[scenario]\n", "s.toml: line 2", "[scenario] is there twice"),
        ("[scenario]\nutilization = 80%\n", "s.toml: line 2", "write utilization = 0.8"),
        ("[scenario]\nutilization = 0,8\n", "s.toml: line 2", "write utilization = 0.8"),
        ("[scenario]\nutilization = 80% # of hours\n", "s.toml: line 2", "write utilization = 0.8"),
        ("[own_prices]\nB200 = 5.25 USD\n", "s.toml: line 2", "without a unit"),
        ("[own_prices]\nGB200 NVL72 = 5.25\n", "s.toml: line 2", '"GB200 NVL72" = 5.25'),
        ("[scenario]\nmodel = DeepSeek-R1\n", "s.toml: line 2", 'model = "DeepSeek-R1"'),
        ("[scenario]\nmodel = “GLM-5”\n", "s.toml: line 2", 'model = "GLM-5"'),
        ("[scenario]\nmodel: 'GLM-5'\n", "s.toml: line 2", "write model = 'GLM-5'"),
        ("[scenario]\nmodel =\n", "s.toml: line 2", "delete the line"),
        ("[build]\nall = True\n", "s.toml: line 2", "write all = true"),
        ('[build]\noutput = "C:\\Users"\n', "s.toml: line 2", "write / instead of"),
        ("[build]\ndate = 23.11.2026\n", "s.toml: line 2", 'date = "2026-11-23"'),
        ('[build]\ntitle = """x\n', "s.toml: end of the file", "not closed"),
        ("[scenario]\nmodel = [\n a\n]\n", "s.toml: line 3", "quotation marks"),
        ("[scenarios]\n", "s.toml: [scenarios]", "rename it to scenario"),
        ("model = 'x'\n", "s.toml: model", "put it under the line [scenario]"),
        ("[build]\ninteractivity = 60\n", "s.toml: [build] interactivity", "put it under the line [scenario]"),
        ("[second]\ninteractivity = 60\n", "s.toml: [second] interactivity", "cannot differ by scenario"),
        ("colour = 3\n", "s.toml: colour", "delete it"),
        ("scenario = 3\n", "s.toml: scenario", "a table [scenario]"),
        ("[scenario]\ninteractvity = 60\n", "s.toml: [scenario] interactvity", "rename it to interactivity"),
        ("[scenario]\ninteractivity = '60'\n", "s.toml: [scenario] interactivity", "Fix: write 60."),
        ("[scenario]\ninteractivity = true\n", "s.toml: [scenario] interactivity", "with a decimal point"),
        ("[scenario]\nutilization = '80%'\n", "s.toml: [scenario] utilization", "Fix: write 0.8."),
        ("[scenario]\nusd_per_kwh = '0,08'\n", "s.toml: [scenario] usd_per_kwh", "Fix: write 0.08."),
        ("[scenario]\nprice_change = '-10%'\n", "s.toml: [scenario] price_change", "Fix: write -0.1."),
        ("[scenario]\nutilization = '800%'\n", "s.toml: [scenario] utilization", "without a unit"),
        ("[scenario]\nusd_per_kwh = '8%'\n", "s.toml: [scenario] usd_per_kwh", "without a unit"),
        ("[plan]\nseason = [1, 2]\n", "s.toml: [plan] season", "twelve"),
        ("[plan]\nmonths = 600\n", "s.toml: [plan] months", "12 to 60"),
        ("[plan]\nmonths = 12.5\n", "s.toml: [plan] months", "round it"),
        ("[plan]\nstart_year = 27\n", "s.toml: [plan] start_year", "from 2020 to 2100"),
        ("[plan]\nstart_year = 1900\n", "s.toml: [plan] start_year", "Fix: correct the number"),
        ("[plan]\ngrowth = 1\n", "s.toml: [plan] growth", "from -0.5 to 0.5"),
        ("[plan]\ntax = 1\n", "s.toml: [plan] tax", "from 0 to 0.9"),
        ("[plan]\nstart_month = 13\n", "s.toml: [plan] start_month", "a whole number from 1 to 12."),
        ("[fleet]\npower = '2 MW'\n", "s.toml: [fleet] power", "without a unit"),
        ("[fleet]\nusers = '5,000'\n", "s.toml: [fleet] users", "without a unit"),
        ("[own_capital]\nMI355X = 36\n", "s.toml: [own_capital] MI355X", "in full in USD/GPU, not in thousands"),
        ("[own_prices]\ngb200 = '5 EUR'\n", "s.toml: [own_prices] gb200", "without a unit"),
        ("[scenario]\ninteractivity = nan\n", "s.toml: [scenario] interactivity", "0.1 to 9,999"),
        (
            "[scenario]\ninteractivity = 1" + "0" * 400 + "\n",
            "s.toml: [scenario] interactivity",
            "0.1 to 9,999",
        ),
        ("[scenario]\nutilization = 85\n", "s.toml: [scenario] utilization", "0.01 to 1"),
        ("[scenario]\nmodel = 5\n", "s.toml: [scenario] model", "quotation marks"),
        ("[scenario]\nmodel = ''\n", "s.toml: [scenario] model", "a text"),
        ("[scenario]\nbaseline = 'gb200'\n", "s.toml: [scenario] baseline", "GB200 NVL72"),
        ("[scenario]\nprecision = 'FP16'\n", "s.toml: [scenario] precision", '"best"'),
        ("[scenario]\nspeculative = 'off'\n", "s.toml: [scenario] speculative", '"without"'),
        ("[scenario]\ninterpolation = 'cubic'\n", "s.toml: [scenario] interpolation", '"Steffen"'),
        ("[scenario]\nbelow_range = 0\n", "s.toml: [scenario] below_range", "hold slowest point"),
        ("[scenario]\nworkload = []\n", "s.toml: [scenario] workload", "8k/1k"),
        ("[own_prices]\nGB200 = 9.5\n", "s.toml: [own_prices] GB200", "GB200 NVL72"),
        ("[own_prices]\nB200 = 0\n", "s.toml: [own_prices] B200", "0.01 to 1,000"),
        ("[own_prices]\nB200 = '5.25 USD'\n", "s.toml: [own_prices] B200", "Fix: write 5.25."),
        ("[build]\nall = 'yes'\n", "s.toml: [build] all", "true or false"),
        ("[build]\nmodels = 'DeepSeek-R1'\n", "s.toml: [build] models", "brackets"),
        ("[build]\nprices = [1]\n", "s.toml: [build] prices", "quotation marks"),
        ("[build]\ndate = '23.11.2026'\n", "s.toml: [build] date", "2026-11-23"),
        ("[build]\ndate = '2026-02-30'\n", "s.toml: [build] date", "calendar"),
        ('[build]\ntitle = "a\\nb"\n', "s.toml: [build] title", "U+000A"),
        ("x" * 1_000_001, "s.toml", "1,000,000 bytes"),
        ("a = " + "[" * 5000, "s.toml", "TOML"),
    ],
)
def test_malformed_settings_are_refused_with_place_and_fix(text: str, where: str, words: str, tmp_path: Path) -> None:
    error = refused(read_config, tmp_path / "s.toml", text)
    assert error.problems[0].where.startswith(f"{tmp_path}/{where}")
    assert words in str(error), str(error)


def test_lines_that_are_no_toml_do_not_hide_each_other_or_wrong_values(tmp_path: Path) -> None:
    lines = [
        "[scenario]",
        "utilization = 80%",
        "model = GLM-5",
        "pue = 0.2",
        "[build]",
        "output = C:/x.xlsx",
        "all = 1",
    ]
    error = refused(read_config, tmp_path / "s.toml", "\n".join(lines))
    places = [problem.where.removeprefix(f"{tmp_path}/s.toml: ") for problem in error.problems]
    assert places == ["line 2", "line 3", "line 6", "[scenario] pue", "[build] all"]
    config = survey_config(tmp_path / "s.toml")
    assert config.lost == {
        "[scenario] utilization", "[scenario] model", "[scenario] pue", "[build] output", "[build] all",
    }  # fmt: skip


def test_settings_in_another_encoding_are_saved_as_text_not_as_csv(tmp_path: Path) -> None:
    error = refused(read_config, tmp_path / "s.toml", "[scenario]\n".encode("utf-16"))
    assert "UTF-8" in str(error)
    assert "CSV" not in str(error)

"""A form states each row once: keys, ranges, validations and formats follow from the unit."""

from xlmodel.book.form import Columns, Form
from xlmodel.book.graph import Graph
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Ref
from xlmodel.calc.functions import INDEX, MATCH, typed_number
from xlmodel.units import COUNT, SHARE, STEP, TEXT, UTILIZATION, YEARS

WAYS = ("years", "share")


def example() -> tuple[Graph, Sheet]:
    graph, sheet = Graph(), Sheet("Plan", "inputs", "Plan")
    form = Form(graph, sheet, "plan", 7)
    mode = form.input("mode", "By", TEXT, "years", "picked", menu="plan.ways", prompt="One of the two.")
    form.input("life", WAYS[0], YEARS, 4.0, "a source")
    form.input("share", WAYS[1], SHARE, None)
    graph.add("plan.ways", form.label_list("life", "share"))
    number = form.calc("number", "Number", COUNT, MATCH(mode, graph["plan.ways"].all, 0), shown="1 or 2")
    chosen = typed_number(INDEX(form.value_list("life", "share").all, number))
    form.calc("chosen", "Chosen", COUNT, chosen, "Twice: " & 2 * number)
    graph.finish()
    return graph, sheet


def shown(sheet: Sheet, row: int) -> list[object]:
    return [sheet.cells[row][col].value if col in sheet.cells[row] else "-" for col in range(1, 6)]


def test_a_row_is_label_unit_value_range_and_note() -> None:
    _, sheet = example()
    assert shown(sheet, 8) == ["years", "years", 4.0, "0.5 to 30", "a source"]
    assert sheet.cells[8][3][1:3] == ("Input", YEARS.format)
    assert shown(sheet, 10) == ["Number", "1 or 2", 1.0, "-", "-"]
    assert sheet.cells[11][5].value == "Twice: 2"


def test_inputs_are_known_to_the_contract_and_to_the_graph() -> None:
    graph, sheet = example()
    assert sheet.inputs["plan.life"] == graph.find("plan.life").ref() == Ref("Plan", 8, 3)


def test_what_may_be_typed_follows_from_the_unit_and_a_menu_from_its_list() -> None:
    _, sheet = example()
    rules = {rule.areas[0]: rule for rule in sheet.validations}
    assert (rules["C8"].low, rules["C8"].high, rules["C8"].prompt) == (0.5, 30, "years, 0.5 to 30.")
    assert rules["C7"].source == "$A$8:$A$9"


def test_parts_may_stand_in_other_columns() -> None:
    graph, sheet = Graph(), Sheet("Plan", "inputs", "Plan")
    form = Form(graph, sheet, "plan", 7, Columns(value=2, unit=3, allowed=0, note=4), "Note")
    form.input("use", "Use", UTILIZATION, 0.7, "of hours", prompt="A share.")
    assert shown(sheet, 7) == ["Use", 0.7, "share of hours", "of hours", "-"]
    assert sheet.validations[0].prompt == "A share."
    assert form.numbers == [graph.find("plan.use")]


def test_a_list_of_values_may_hold_different_units() -> None:
    _, sheet = example()
    assert sheet.cells[11][3].formula == "SUM(INDEX($C$8:$C$9,$C$10))"
    assert sheet.cells[11][3].value == 4.0


def test_a_range_below_one_keeps_its_decimals() -> None:
    graph, sheet = Graph(), Sheet("Plan", "inputs", "Plan")
    Form(graph, sheet, "plan", 7).input("step", "Step", STEP, 0.2)
    assert sheet.cells[7][4].value == "0.01 to 0.45"

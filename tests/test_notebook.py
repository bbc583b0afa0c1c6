"""Parameters for a filing: what goes into the notebook comes out of it as the same filing."""

import json
from dataclasses import replace
from typing import Any

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.kinds import shipped_forms
from reportkit.model.filing import with_totals
from reportkit.model.names import PARAMETERS
from reportkit.notebook import parameters
from reportkit.notebook.normalization import as_json, notebook_bytes
from reportkit.params.reader import read_parameters, read_params
from support.laws import examples
from support.repository import ROOT, SANGZHOU, SUQIAN
from support.synthetic import filings

FORMS = shipped_forms()


def texts(filing):
    return {ref: figure.text for ref, figure in filing.values.items()}


@settings(max_examples=examples(25))
@given(st.sampled_from(sorted(FORMS)).flatmap(lambda edition: filings(FORMS[edition])), st.data())
def test_any_filing_goes_through_the_parameters_unchanged(filing, data):
    kept = data.draw(st.sets(st.sampled_from(sorted(filing.values)), min_size=1))
    blanked = with_totals(
        type(filing)(**{**vars_of(filing), "values": {r: filing.values[r] for r in kept}, "computed": frozenset()})
    )
    again = with_totals(read_parameters(parameters(blanked), FORMS))
    assert texts(again) == texts(blanked)
    assert (again.year, again.jurisdiction, again.agency, again.form) == (
        blanked.year, blanked.jurisdiction, blanked.agency, blanked.form
    )  # fmt: skip
    assert again.notes == ()


def vars_of(filing):
    return {name: getattr(filing, name) for name in filing.__dataclass_fields__}


def test_the_samples_go_through_with_their_text():
    for path in (SANGZHOU, SUQIAN):
        filing = read_params(path, FORMS)
        again = read_parameters(parameters(filing), FORMS)
        assert (texts(again), again.narrative) == (texts(filing), filing.narrative)


def test_waivers_go_through_and_are_not_there_if_there_are_none():
    filing = read_params(SANGZHOU, FORMS)
    assert "waivers" not in parameters(filing)
    waived = replace(filing, waivers={"R2": "理由"})
    assert read_parameters(parameters(waived), FORMS).waivers == {"R2": "理由"}


def test_a_figure_with_a_unit_is_a_string_and_blanks_are_none():
    figures = parameters(read_params(SANGZHOU, FORMS))["figures"]
    assert figures["主动公开政府信息情况"]["第二十条第（九）项"] == {"政府集中采购": [27, "9.2万元"]}
    assert figures["政府信息公开行政复议、行政诉讼情况"] == [None, None, None, None, 0] * 3


def master():
    return nbformat.read(ROOT / "notebooks/annual_report.ipynb", as_version=4)


def test_the_master_has_named_cells_no_outputs_and_the_parameters_of_the_files():
    nb = master()
    nbformat.validate(nb)
    assert [cell.id for cell in nb.cells] == [
        "guide", "parameters", "setup", "title", "overview", "overview-proactive", "overview-requests",
        "overview-management", "overview-platform", "overview-oversight", "proactive", "requests", "reviews", "problems", "problems-problems",
        "problems-improvements", "other", "other-fees", "other-nothing", "rest", "compare", "checks",
    ]  # fmt: skip
    assert [cell.id for cell in nb.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)] == []
    (cell,) = [cell for cell in nb.cells if "parameters" in cell.metadata.get("tags", ())]
    assert tuple(line.split(" = ")[0] for line in cell.source.splitlines()) == PARAMETERS


def test_the_master_s_cells_are_thin():
    code = [
        cell.source for cell in master().cells if cell.cell_type == "code" and not cell.source.startswith("%%narrative")
    ]
    assert max(len(source.splitlines()) for source in code) <= len(PARAMETERS)
    assert [source for source in code if "if " in source] == []


ANY_TEXT = st.text(st.characters(exclude_categories=()))  # halves of surrogate pairs among it


def nodes(*numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), ANY_TEXT, *numbers),
        lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
        max_leaves=20,
    )


@settings(deadline=None)
@given(nodes(st.floats()))
def test_a_notebook_is_written_as_python_writes_json(value):
    written = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    assert as_json(value) == written
    assert notebook_bytes(value) == f"{written}\n".encode(errors="backslashreplace")


@settings(deadline=None)
@given(nodes())
def test_a_notebook_without_fractions_is_written_as_python_writes_json(value):
    written = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    assert notebook_bytes(value) == f"{written}\n".encode(errors="backslashreplace")

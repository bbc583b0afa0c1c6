"""`reportkit import` with its real readers: a published page, a filled form, a county's list."""

import pytest
import typer

from reportkit.cli.imports import import_files
from reportkit.form_workbook.county import county_bytes
from reportkit.form_workbook.prefill import entries_of
from reportkit.form_workbook.town_workbook import form_bytes
from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing
from reportkit.params.reader import read_params
from support.repository import FILES, SANGZHOU, SUQIAN

FORMS = shipped_forms()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params").mkdir()
    return tmp_path


def exit_code(*files, **options) -> int:
    with pytest.raises(typer.Exit) as caught:
        import_files(list(files), **options)
    return caught.value.exit_code


def texts(filing: Filing) -> dict:
    return {ref: figure.text for ref, figure in filing.values.items()}


def test_the_seed_as_text_becomes_its_parameter_file(folder):
    exit_code(FILES / "sangzhou-2019.txt", county="宁海县")
    (path,) = folder.rglob("*.yaml")
    assert path == folder / "params/2019/宁海县/桑洲镇.yaml"
    by_import, by_hand = read_params(path, FORMS), read_params(SANGZHOU, FORMS)
    assert texts(by_import) == texts(by_hand)
    assert (by_import.form, by_import.notes) == (by_hand.form, ())
    words = [{key: "".join(text.split()) for key, text in each.narrative.items()} for each in (by_import, by_hand)]
    assert words[0] == words[1]


def test_the_seed_as_text_has_no_other_figure_than_its_parameter_file(folder, capsys):
    path = folder / "params/2019/某县/桑洲镇.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(SANGZHOU.read_bytes())
    exit_code(FILES / "sangzhou-2019.txt", update=True)
    assert capsys.readouterr().out.startswith("unchanged params/2019/某县/桑洲镇.yaml")
    assert path.read_bytes() == SANGZHOU.read_bytes()


@pytest.mark.parametrize("make", ["form", "county"])
def test_a_filled_workbook_becomes_the_parameter_file_that_it_was_made_of(folder, make):
    filing = read_params(SUQIAN, FORMS)
    entries = entries_of(filing)
    content = form_bytes(filing.form, entries) if make == "form" else county_bytes(filing.form, [entries], filing.year)
    (folder / "报送.xlsx").write_bytes(content)
    assert exit_code(folder / "报送.xlsx") == 0
    written = read_params(folder / "params/2023/宿迁市.yaml", FORMS)
    assert texts(written) == texts(filing)
    assert (written.jurisdiction, written.year, written.form, written.notes) == ("宿迁市", 2023, filing.form, ())

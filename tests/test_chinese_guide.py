"""The Chinese pages of the guide: each command on them is given, in their order, and says what the page says."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from support.repository import ROOT
from support.transcripts import followed


def replaced(path: Path, old: str, new: str) -> None:
    """Play the person who changes a file in an editor."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def rewritten(path: Path, cell: str, words: str) -> None:
    """Play the person who changes the text of a cell in JupyterLab and saves."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    place = next(each for each in notebook["cells"] if each["id"] == cell)
    first = "".join(place["source"]).splitlines()[0]  # %%narrative and the section
    place["source"] = f"{first}\n{words}"
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


ONE = "params/2023/示例县/示例镇.yaml"
COPY = "notebooks/towns/2023/示例县/示例镇.ipynb"
MASTER = "notebooks/annual_report.ipynb"


def last_year(folder: Path) -> None:
    """A county's files of last year, each with cases that were still open."""
    for town, left in {"合成甲镇": 2, "合成乙镇": 0, "合成丙镇": 1}.items():
        path = folder / f"params/2022/合成县/{town}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"""year: 2022
jurisdiction: {town}
agency: {town}人民政府
figures:
  主动公开政府信息情况: {{行政规范性文件: [1, 0, 3]}}
  收到和处理政府信息公开申请情况:
    一、本年新收政府信息公开申请数量: {{自然人: 9}}
    三、本年度办理结果: {{（一）予以公开: {{自然人: {9 - left}}}}}
    四、结转下年度继续办理: {{自然人: {left}}}
""",
            encoding="utf-8",
        )


def filled_in(folder: Path, second: int) -> None:
    """Play the clerks of three towns, of whom the second counts so many answers.

    Totals are formulas, which Excel computes and openpyxl does not: they are emptied, as by who types over them.
    """
    book = openpyxl.load_workbook(folder / "全县.xlsx")
    sheet = book["汇总表"]
    counted = {"合成甲镇": (12, 14), "合成乙镇": (7, second), "合成丙镇": (4, 5)}
    for row in (5, 6, 7):
        for cell in sheet[row]:
            if cell.data_type == "f":
                cell.value = None
        received, answered = counted[sheet[f"A{row}"].value]
        sheet[f"E{row}"], sheet[f"G{row}"], sheet[f"L{row}"], sheet[f"Z{row}"] = 1, 4, received, answered
    book.save(folder / "全县.xlsx")


def one_town(folder: Path) -> None:
    """The town of the page about the first report, which leaves its words to the master, and the master."""
    page = (ROOT / "docs/zh/first-report.md").read_text(encoding="utf-8")
    (file,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (folder / ONE).parent.mkdir(parents=True)
    (folder / ONE).write_text(file.replace("0, 7]", "0, 6]"), encoding="utf-8")
    (folder / MASTER).parent.mkdir()
    shutil.copy(ROOT / MASTER, folder / MASTER)


OVERSIGHT = "工作考核、社会评议和责任追究，按照《中华人民共和国政府信息公开条例》关于监督和保障的规定执行。"


def changed_master(folder: Path) -> None:
    rewritten(folder / MASTER, "overview-platform", "政府信息公开平台已接入省级统一平台。")
    rewritten(folder / MASTER, "overview-oversight", f"{OVERSIGHT}考核结果向社会公布。")


ACTS = {
    "改正合计": lambda folder: replaced(folder / ONE, "0, 7]", "0, 6]"),
    "改一个数": lambda folder: replaced(folder / ONE, "行政许可: 27", "行政许可: 28"),
    "改了一个数": lambda folder: replaced(
        folder / "params/2019/宁海县/桑洲镇.yaml", "政府集中采购: [27, ", "政府集中采购: [72, "
    ),
    "上年的数据": last_year,
    "填表": lambda folder: filled_in(folder, 8),
    "改表": lambda folder: filled_in(folder, 7),
    "一个镇": one_town,
    "改副本": lambda folder: rewritten(
        folder / COPY, "overview-platform", "镇政府网站改版后，全年收到网上申请{{ requests.received.total }}件。"
    ),
    "改输出": lambda folder: rewritten(
        folder / "dist/2023/示例县/示例镇.ipynb", "overview-oversight", f"{OVERSIGHT}镇里每季度抽查一次。"
    ),
    "改母版": changed_master,
}


def prepared(folder: Path) -> Path:
    """A folder with what the pages begin with."""
    (folder / "报送").mkdir()
    shutil.copy(ROOT / "tests/files/sangzhou-2019.txt", folder / "报送/桑洲镇.txt")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", ["first-report", "county", "words", "import"])
def test_the_commands_of_a_page_say_what_the_page_says(name: str, tmp_path: Path) -> None:
    page = (ROOT / f"docs/zh/{name}.md").read_text(encoding="utf-8")
    done = followed(page, prepared(tmp_path), ACTS)
    assert done
    assert [(one.command, one.said) for one in done if not one.holds] == []

"""The published report of 桑洲镇 for 2019, read from its text: paragraphs, and tables row by row."""

from support.repository import FILES

TEXT = (FILES / "sangzhou-2019.txt").read_text(encoding="utf-8")
HEADINGS = [
    "总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况", "六、其它需要报告的事项",
]  # fmt: skip


def _section(number: int) -> str:
    text = TEXT[TEXT.index(HEADINGS[number]) + len(HEADINGS[number]) :]
    return text[: text.index(HEADINGS[number + 1])] if number + 1 < len(HEADINGS) else text


def paragraphs() -> list[str]:
    """Every paragraph of the narrative, without the white space around it."""
    lines = [line.strip() for number in (0, 4, 5) for line in _section(number).splitlines()]
    return [line for line in lines if line]


def table(number: int) -> list[list[str]]:
    """Table 2, 3 or 4 as the text prints it: rows are set apart by blank lines, each cell begins with a tab.

    A cell that goes on from the row above is printed as an empty cell; a line break inside a cell is dropped.
    """
    rows = []
    for lines in _section(number - 1).strip("\n").split("\n\n"):
        cells = ("\n" + lines).replace("\n\t", "\t").replace("\n", "").split("\t")[1:]
        if cells:
            rows.append([cell.strip() for cell in cells])
    return rows

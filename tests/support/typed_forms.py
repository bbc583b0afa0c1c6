"""Made-up forms whose cells are of all kinds and formats, and filings of them."""

import random
from decimal import Decimal
from pathlib import Path

import yaml

from reportkit.errors import CellRef, Origin
from reportkit.kinds import load_form
from reportkit.model.cell import Cell
from reportkit.model.entries import read_value
from reportkit.model.filing import Filing, Value, with_totals
from reportkit.model.form import Form

OPTIONS = ["是", "否", "部分, 见说明"]
_WORDS = "甲乙丙丁戊己庚辛壬癸"
_THINGS = ("经费", "人员", "线路", "楼宇", "车辆", "学校", "医院", "道路", "农田", "水库", "桥梁", "公园")
_TEXTS = (
    "0399990001", "www.example.org/?a=1&b=<2>", "=1+1", "某ICP备00000001号", "甲|乙", "一般“说明”", "12", "3.50", "No. 7 (a)",
    "-", "已完成", "2024", "a * b", "'单引号", "true", "~",
    # What reads like a label is none where a town writes it.
    "经费", "甲数", "项目", "合计", "单位：万元", "注：无", "一、情况", "其中甲", "12件", "白鹭镇", "是", "☑",
)  # fmt: skip


def typed_form(seed: int, folder: Path) -> Form:
    """Return a form of one or two tables. Its file, in `folder`, is what an author would write."""
    source = random.Random(seed)
    tables = [_table(source, f"t{number}") for number in range(source.randint(1, 2))]
    sections = [
        {
            "key": f"s{number}",
            "heading": f"{'一二'[number]}、{'情况概要'[number * 2 : number * 2 + 2]}",
            "table": table["key"],
        }
        for number, table in enumerate(tables)
    ]
    form = {
        "edition": "杂表", "years": [2020, None], "title": "{year}年{jurisdiction}杂项报表", "sections": sections,
        "tables": tables,
    }  # fmt: skip
    path = folder / f"{seed}.yaml"
    path.write_text(yaml.safe_dump(form, allow_unicode=True), encoding="utf-8")
    return load_form(path)


def typed_filing(form: Form, seed: int) -> Filing:
    """Return a filing of it, of whose cells some are blank; what is computed is left out."""
    source, values = random.Random(seed), {}
    for ref, cell in form.cells.items():
        if ref not in form.formulas and source.random() < 0.8:
            values[ref] = _value(source, cell)
    filing = Filing(form, "白鹭镇", 2024, "白鹭镇人民政府", values, {}, Origin("typed.yaml", "1"))
    return with_totals(filing)


def stated(filing: Filing) -> dict[CellRef, Value]:
    return {ref: value for ref, value in filing.values.items() if ref not in filing.computed}


def _table(source: random.Random, key: str) -> dict:
    things = source.sample(_THINGS, 8)
    columns = [
        {"key": f"c{number}", "label": f"{word}数"} for number, word in enumerate(_WORDS[: source.randint(2, 4)])
    ]
    rows = [{"key": f"r{number}", "label": thing} for number, thing in enumerate(things[: source.randint(2, 5)])]
    for column in columns:
        column.update(_traits(source))
    if source.random() < 0.3:
        columns[-1] = {"key": columns[-1]["key"], "label": "备注", "kind": "text"}
    if source.random() < 0.5:
        columns.append(_computed(source, columns))
    for row in rows:
        if source.random() < 0.25 and "formula" not in columns[-1]:
            row.update(_traits(source))
    table = {
        "key": key,
        "caption": f"{things[-1]}{key}表",
        "blocks": [{"corner": "项目", "columns": _grouped(source, columns), "rows": _grouped(source, rows)}],
    }
    if source.random() < 0.3:
        table["format"] = {"blank": "–", "group": True}
    if source.random() < 0.3 and "formula" not in columns[-1]:
        row, column = _first_leaf(table["blocks"][0]["rows"]), _first_leaf(table["blocks"][0]["columns"])
        table["cells"] = [{"row": row, "column": column, **_traits(source)}]
    return table


def _grouped(source: random.Random, headers: list[dict]) -> list[dict]:
    if len(headers) < 3 or source.random() < 0.5 or any("formula" in header for header in headers):
        return headers
    group = {"key": "g", "label": f"其中{source.choice(_WORDS)}", "children": headers[1:]}
    return [headers[0], group]


def _first_leaf(headers: list[dict]) -> str:
    return headers[0]["key"]


def _computed(source: random.Random, columns: list[dict]) -> dict:
    one, other = columns[0], columns[1]
    for column in (one, other):
        column.clear()
        column.update(
            {
                "key": f"c{columns.index(column)}",
                "label": f"{_WORDS[columns.index(column)]}数",
                "kind": "number",
                "format": {"decimals": 2},
            }
        )
    formula, traits = source.choice(
        [
            ("c0 + c1", {"kind": "number"}),
            ("c0 - c1", {"kind": "number", "format": {"negative": "parens"}}),
            ("(c0 - c1) / c1", {"kind": "percent", "format": {"decimals": 1, "plus": True}}),
            ("100 × c0 ÷ (c0 + c1)", {"kind": "number", "format": {"decimals": 3}}),
        ]
    )
    return {"key": "f", "label": "算出数", "formula": formula, **traits}


def _traits(source: random.Random) -> dict:
    kind = source.choice(["count", "change", "amount", "number", "percent", "money", "text", "choice", "date"])
    traits: dict = {"kind": kind}
    look: dict = {}
    if kind == "choice":
        traits["options"] = OPTIONS
        look["boxes"] = source.random() < 0.5
    if kind == "date":
        look["date"] = source.choice(["{year}年{month}月{day}日", "{monthname} {day}, {year}", "{month}/{day}/{year}"])
    if kind == "money":
        traits["currency"] = source.choice(["USD", "EUR", "CHF"])
        look["symbol"] = source.random() < 0.5
    if kind == "amount" and source.random() < 0.6:
        traits["unit"] = "万元"
    if kind == "percent" and source.random() < 0.5:
        traits["unit"] = "%"  # which the label is to have
    if kind in ("amount", "number", "percent", "money"):
        traits["negative"] = source.random() < 0.5
        look |= {"decimals": source.randint(0, 3), "group": source.random() < 0.5}
        look["negative"] = source.choice(["minus", "parens"])
    if source.random() < 0.6:
        traits["format"] = look
    return traits


def _value(source: random.Random, cell: Cell) -> Value:
    value = read_value(_text(source, cell), cell)
    assert isinstance(value, Value), value
    return value


def _text(source: random.Random, cell: Cell) -> str:
    match cell.kind:
        case "text":
            return source.choice(_TEXTS)
        case "choice":
            return source.choice(cell.options)
        case "date":
            return f"20{source.randint(10, 29)}-{source.randint(1, 12):02}-{source.randint(1, 28):02}"
        case "count":
            return str(source.choice([0, 7, 1234, 1203344]))
        case "change":
            return str(source.randint(-2000, 2000))
    digits = source.randint(0, 2 if cell.format.decimals is None else cell.format.decimals)
    number = Decimal(source.choice([0, 5, 1379, 120034, 2345600])).scaleb(-digits)
    sign = "-" if cell.negative and number and source.random() < 0.4 else ""
    unit = source.choice(["元", "万元"]) if cell.states_unit and number else ""
    return f"{sign}{number:f}{'%' if cell.kind == 'percent' else unit}"

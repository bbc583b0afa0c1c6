"""A town's filings of two years, the later of which asks for the comparison."""

from pathlib import Path

from reportkit.kinds import shipped_forms
from reportkit.model.filing import Filing, with_totals
from reportkit.params.reader import read_parameters
from reportkit.params.writer import params_text
from support.offices import office

FORMS = shipped_forms()
NOW = {
    "主动公开政府信息情况": {
        "规章": [0, 0, 0], "行政规范性文件": [3, 1, 12], "行政许可": 40, "行政处罚": 9, "行政强制": 2,
        "行政事业性收费": "9.20",
    },
    "收到和处理政府信息公开申请情况": {
        "一、本年新收政府信息公开申请数量": [12, 3, 0, 0, 0, 0, 15],
        "二、上年结转政府信息公开申请数量": [2, 0, 0, 0, 0, 0, 2],
        "三、本年度办理结果": {
            "（一）予以公开": [8, 3, 0, 0, 0, 0, 11],
            "（三）不予公开": {"1.属于国家秘密": [1, 0, 0, 0, 0, 0, 1], "7.属于行政执法案卷": [2, 0, 0, 0, 0, 0, 2]},
            "（七）总计": [11, 3, 0, 0, 0, 0, 14],
        },
        "四、结转下年度继续办理": [3, 0, 0, 0, 0, 0, 3],
    },
    "政府信息公开行政复议、行政诉讼情况": {
        "行政复议": [1, 0, 0, 0, 1],
        "行政诉讼": {"未经复议直接起诉": [0, 0, 0, 0, 0], "复议后起诉": [1, 0, 0, 1, 2]},
    },
}  # fmt: skip
LAST = {
    "主动公开政府信息情况": {
        "规章": [0, 0, 0], "行政规范性文件": [None, 2, 10], "行政许可": 36, "行政处罚": 12, "行政强制": 0,
        "行政事业性收费": "10.25",
    },
    "收到和处理政府信息公开申请情况": {
        "一、本年新收政府信息公开申请数量": [8, 5, 0, 0, 0, 0, 13],
        "二、上年结转政府信息公开申请数量": [0, 0, 0, 0, 0, 0, 0],
        "三、本年度办理结果": {
            "（一）予以公开": [6, 5, 0, 0, 0, 0, 11],
            "（三）不予公开": {"1.属于国家秘密": [0, 0, 0, 0, 0, 0, 0]},
            "（七）总计": [6, 5, 0, 0, 0, 0, 11],
        },
        "四、结转下年度继续办理": [2, 0, 0, 0, 0, 0, 2],
    },
    "政府信息公开行政复议、行政诉讼情况": {
        "行政复议": [2, 0, 0, 0, 2],
        "行政诉讼": {"未经复议直接起诉": [0, 0, 0, 0, 0], "复议后起诉": [1, 0, 0, 0, 1]},
    },
}  # fmt: skip


def filed(year: int, figures: dict, town: str = "甲镇", **more) -> Filing:
    return with_totals(read_parameters({"year": year, "jurisdiction": town, "figures": figures, **more}, FORMS))


def write(root: Path, year: int, figures: dict, town: str = "甲镇", folder: str = "甲县", **more) -> Path:
    path = root / f"params/{year}/{folder}/{town}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(params_text(filed(year, figures, town, **more)), encoding="utf-8")
    return path


def two_years(root: Path, town: str = "甲镇", **more):
    """A project with a town's file of 2023, which asks for the comparison, and of 2022."""
    project = office(root)
    write(root, 2023, NOW, town, compare=True, **more)
    write(root, 2022, LAST, town)
    return project

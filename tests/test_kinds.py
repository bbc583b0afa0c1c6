"""The statute's rules judge the reports of their kind, and no other report whose tables and sections have equal keys."""

from pathlib import Path

from reportkit.checks import check_report
from reportkit.checks.registry import rules_of
from reportkit.messages.catalogue import entries
from support.counties import project_at

FORM = """
edition: 收件季报
years: [2023, null]
title: "{jurisdiction}{year}年收件季报"
sections:
  - {key: requests, heading: 一、收件, table: requests}
  - {key: proactive, heading: 二、收费, table: proactive}
  - {key: other, heading: 三、其他}
tables:
  - key: requests
    blocks:
      - columns: [{key: total, label: 件数}]
        rows:
          - {key: received, label: 新收}
          - {key: carried_in, label: 上季结转}
          - {key: carried_over, label: 结转下季}
  - key: proactive
    blocks:
      - columns: [{key: amount, label: 金额, kind: amount}]
        rows: [{key: fees, label: 复印费}]
"""
WORDS = {"收件": "全年共收到政府信息公开申请8件。", "收费": "复印费按页收取。", "其他": "无其他事项。"}
STATUTES = {"R7", "R12", "L13", "P4"}
"""What these rules would say of the town below."""


def codes(root: Path, form: str, more: str = "", **words: str) -> set[str]:
    """The codes of the issues of a town that has carried in 5 where it had carried over 3, and has taken 120000."""
    project = project_at(root)
    narrative = "".join(f"  {section}: {text}\n" for section, text in {**WORDS, **words}.items())
    for inside, text in {
        "forms/季报.yaml": form,
        "params/2023/甲镇.yaml": town(2023, (4, 0, 3)),
        "params/2024/甲镇.yaml": f"{town(2024, (9, 5, 1))}narrative:\n{narrative}{more}",
    }.items():
        (root / inside).parent.mkdir(parents=True, exist_ok=True)
        (root / inside).write_text(text, encoding="utf-8")
    path = root / "params/2024/甲镇.yaml"
    return {issue.code for issue in check_report(project, path, project.read(path))}


def town(year: int, cases: tuple[int, int, int]) -> str:
    """A parameter file up to its words."""
    new, old, left = cases
    figures = f"{{requests: {{新收: {new}, 上季结转: {old}, 结转下季: {left}}}, proactive: {{复印费: 120000}}}}"
    return f"edition: 收件季报\nyear: {year}\njurisdiction: 甲镇\nfigures: {figures}\n"


def test_a_project_s_own_form_is_left_alone_by_the_statute_s_rules(tmp_path):
    assert codes(tmp_path, FORM) == set()


def test_a_form_that_says_it_is_of_the_kind_is_judged_by_them(tmp_path):
    assert codes(tmp_path, f"{FORM}\nkind: ogi\n") == STATUTES


def test_rules_of_any_report_look_at_a_form_of_no_kind(tmp_path):
    assert codes(tmp_path, FORM, 其他="待补充。") == {"L9"}
    assert codes(tmp_path, FORM, "waivers: {L9: 是示例}\n") == {"Y10"}


def test_to_waive_a_rule_of_the_statute_elsewhere_is_no_mistake_and_waives_nothing(tmp_path):
    assert codes(tmp_path, FORM, "waivers: {L13: 没有这一项}\n") == set()
    assert codes(tmp_path, FORM, "waivers: {L99: 没有这一项}\n") == {"Y5"}


def test_a_kind_adds_its_rules_to_those_of_any_report_and_their_entries_to_the_catalogue():
    assert set(rules_of("")) < set(rules_of("ogi"))
    assert entries().items() < entries("ogi").items()
    assert [code for code in entries() if code in ("R1", "R7", "R12", "L13", "P4")] == []

"""Texts that repeat a few signs over and over, in which a search that begins anew at each place takes for ever."""

import gc
import time
from collections.abc import Callable
from typing import Any

UNITS = (
    *(" ", "\t", "|", "\f", "\n", "\r", "\r\n", "\u3000", "\xa0", "\u200b", "\u202e", "\u0301", "\x1b["),
    *(
        "1",
        "1,",
        "1,234,",
        "1.",
        "1 2",
        "1.1",
        "1%",
        ",",
        "，",
        "。",
        "、",
        "；",
        "：",
        "？",
        ":",
        "/",
        "+",
        "-",
        "- ",
        "—",
    ),
    *(
        "（",
        "）",
        "（）",
        "(",
        "()",
        "[",
        "]",
        "“",
        '"',
        "'",
        "{",
        "{{",
        "{{ a }}",
        "}}",
        "%",
        "=",
        "\\",
        "!",
        "![",
        "[a](",
    ),
    *("*", "**", "_", "`", "```\n", "~", "#", "# ", "<", "<b", "<p>", "</p>", "<!--", "<svg ", "&", "&amp;", "http://"),
    *(
        "x",
        "X",
        "×",
        "é",
        "字",
        "的",
        "一",
        "一、",
        "（一）",
        "第一条",
        "1. ",
        "没",
        "无",
        "我",
        "共",
        "占",
        "将",
        "件",
    ),
    *("2019年", "2019年12月31日", "201912月", "2019年度", "统计期限", "年报", "现将2019年", "2019年将继续", "市政府"),
    *("其中", "其中1件", "（1件", "1件", "1件，", "1件占1%，", "12万元", "桑洲镇", "镇", "乙镇共收到1件", "总体情况\n"),
    *("收到政府信息公开申请1件", "收到政府信息公开申请1件，", "未收到政府信息公开申请", "政府信息公开", "予以公开、"),
    *(
        "予以公开1件",
        "转下年1件",
        "自然人1件",
        "行政复议1件",
        "没有行政复议",
        "收取信息处理费1元",
        "国办发〔2019〕60号",
    ),
    *(
        "规章\t1\t2\n",
        "| 规章 | 1 | 2 |\n",
        "|1|\n",
        "|1\n",
        "1\n",
        "\t1\n",
        "a\n\n",
        "|-|\n",
        "|a|\n|-|\n\n",
        "a\n",
        "一、总体情况\n",
    ),
)
"""What is repeated."""

ENDS = ("", "x", "1", "\n", "。", "|")
"""What stands behind it: a search that has come to the end must begin anew for it."""


_AGAIN = 2
"""What looks steep is measured again so often: another process may have had the machine's memory for itself."""

_AT_ONCE = 0.1
"""What takes less than these seconds takes none."""

_PROPORTION = 1.2
"""Times that go up by no more than this, for each time that a text is as long, go up in proportion to the length."""


def repeated(unit: str, size: int, end: str = "") -> str:
    """A text of so many bytes, about."""
    return unit * max(1, size // len(unit.encode())) + end


def grows(
    work: Callable[[Any], object], text: Callable[[int], Any], small: int, large: int, *, least: float = _AT_ONCE
) -> float:
    """How many times the time for the small text the large one takes, for each time that it is as large: 1 is linear.

    Times are the process's own, the best of some; less than `least` seconds are none.
    """
    slow = _seconds(work, text(large))
    if slow < least:
        return 0.0
    quick = min(_seconds(work, text(small)) for _ in range(3))
    for _ in range(_AGAIN):
        if slow / quick <= 2 * large / small:
            break
        quick = max(quick, min(_seconds(work, text(small)) for _ in range(3)))
        slow = min(slow, _seconds(work, text(large)))
    return slow / quick / (large / small)


def is_steep(work: Callable[[Any], object], text: Callable[[int], Any], slack: float) -> bool:
    """Whether 400,000 signs take more than `slack` times as long as ten times 40,000, and a tenth of a second at least.

    They are tried only if fewer show it: 4,000 next to 400, then 40,000 next to 4,000 take more than in proportion, and
    so long that 400,000 may take a tenth of a second with the square. What is as steep as that already there need not
    be tried.
    """
    for small, large in ((400, 4_000), (4_000, 40_000)):
        growth, slow = _growth(work, text(small), text(large))
        if growth < _PROPORTION or slow < _AT_ONCE * (large / 400_000) ** 2:
            return False
        if growth > slack and slow > _AT_ONCE:
            return True
    return grows(work, text, 40_000, 400_000, least=_AT_ONCE) > slack


def _growth(work: Callable[[Any], object], few: Any, many: Any) -> tuple[float, float]:
    """How many times the time for a few signs many take, for each time that they are as many, and the seconds of these.

    They are measured once, and again while they seem to take more than in proportion.
    """
    quick, slow, times = _best(work, few), _once(work, many), len(many) / len(few)
    for _ in range(_AGAIN):
        if slow / quick < _PROPORTION * times:
            break
        quick, slow = max(quick, _best(work, few)), min(slow, _once(work, many))
    return slow / quick / times, slow


def _best(work: Callable[[Any], object], text: Any) -> float:
    return min(_once(work, text) for _ in range(3))


def _seconds(work: Callable[[Any], object], text: Any) -> float:
    gc.collect()
    return _once(work, text)


def _once(work: Callable[[Any], object], text: Any) -> float:
    gc.disable()  # else the time is also that of everything there is
    try:
        start = time.process_time()
        work(text)
        return max(time.process_time() - start, 1e-6)
    finally:
        gc.enable()

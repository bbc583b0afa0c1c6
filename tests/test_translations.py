"""The catalogues: every sentence of the code, whole, in Chinese, with its fields, and none that the code has no more."""

import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from tools.translations import _strings, catalogues, extracted, mo_bytes, po_bytes, read, results, updated

from support.sources import PACKAGE, called, modules, nodes

(PO,) = catalogues()
MESSAGES = [message for message in read(PO) if message.id]
HAN = re.compile("[\u3400-\u9fff]")

NAMES = {"桑洲镇", "宁海县", "浙江省"}
"""Examples of names, which stand in English sentences, too."""

WORDS = set(
    re.findall(
        r"\w+",
        """
        HTML PDF YAML JSON TOML UTF MB kB Ctrl
        Python JupyterLab IPython Dask dask worker TLS fsspec Noto CycloneDX s3 bucket pip install cd exit
        roster reportkit preview build check edit new resolve diff undo status adopt explain rules local ours theirs
        notebook subject base ipynb FILE CSV GB
        folder params dist config county srv SECURITY md ogi readers yaml toml xlsx zip distributed comm tls
        waivers compare forms kind key name true false null value years per total right row column rows columns count change amount form Schema
        year jurisdiction narrative import True False
        Markdown Raw Code Esc PNG JPEG GIF WebP SVG MathML LaTeX GeoJSON JavaScript mermaid Image fig to_image png
        Altair Vega plotly bokeh HoloViews chart save alt src remove cell output outputs skip execution report checks
        iframe object embed applet frameset audio video canvas math foreignObject image progress meter
        Word XML RTF BMP TIFF RAR gzip mht Office doc wps OFD OpenDocument odt pptx xlsb docx WPS en
        corner beside foot open most label children colspan rowspan draft html facts
        open_report is __ to_html style print pylopdf fonts zh cn
        CSV csv xls ods jsonl Tab Excel Windows macOS str GB git TAG
        to max_output hide set_table_styles title heading table
        init update kinds FOLDER README
        add bool date float int
        number percent money text choice options currency unit cells formula format only minus parens CNY USD monthname day month this last
        Tab Excel edition TOWN git cells metadata nbformat nbformat_minor source id cell_type tags attachments
        gbt letter mm cm in pt en US zh CN none
        kind name title extends skeleton RULES Rule checks findings rules message messages severity error warning note
        schema kinds
        _brand yml page signature agency logo file path place left center bold normal px rem color palette typography size line height
        pdf artifact block data brand parts typ
        """,
    )
)
"""All that a Chinese sentence may have in Latin letters, besides its fields and options."""


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def told(message: Message) -> list[tuple[str, str]]:
    """Each translation with what it translates: of a plural the many, which are what Chinese has."""
    return [(_strings(message.id)[-1], text) for text in _strings(message.string)]


PAIRS = [pair for message in MESSAGES for pair in told(message)]


def test_the_files_are_what_the_tool_makes_of_the_code():
    assert [str(path) for path, content in results().items() if path.read_bytes() != content] == []


def test_every_sentence_of_the_code_is_translated_and_no_other():
    assert {str(message.id) for message in MESSAGES} == {str(one.id) for one in extracted() if one.id}
    assert [english for english, chinese in PAIRS if not chinese.strip()] == []
    assert [message.id for message in MESSAGES if message.fuzzy] == []
    assert read(PO).obsolete == {}


def test_a_translation_has_the_fields_of_its_sentence():
    assert [english for english, chinese in PAIRS if fields(english) != fields(chinese)] == []
    assert [english for english, _chinese in PAIRS if not all(name.isidentifier() for name in fields(english))] == []


def test_the_singular_has_no_field_that_the_plural_lacks():
    plurals = [_strings(message.id) for message in MESSAGES if message.pluralizable]
    assert plurals != []
    assert [one for one, many in plurals if fields(one) != fields(many) or "number" not in fields(one)] == []


def test_no_sentence_mixes_both_languages():
    chinese_left = {english: set(re.findall("[\u3400-\u9fff]+", english)) - NAMES for english, _chinese in PAIRS}
    assert {english: words for english, words in chinese_left.items() if words} == {}
    english_left = {}
    for _english, chinese in PAIRS:
        plain = re.sub(r"\{[^{}]*\}|--[\w-]+|params/\S*|ogi-2021\.yaml|R\d+|\bs3://|\[[a-z]+\]|-o\b", " ", chinese)
        if words := set(re.findall("[A-Za-z_]{2,}", plain)) - WORDS:
            english_left[chinese] = words
    assert english_left == {}


def test_every_translation_is_chinese_where_there_is_something_to_say():
    only_signs = [e for e, c in PAIRS if not HAN.search(c) and re.search("[A-Za-z]{2,}", re.sub(r"\{[^{}]*\}", "", e))]
    assert only_signs == []


def test_a_catalogue_can_be_read_with_the_standard_library():
    from gettext import GNUTranslations

    with PO.with_suffix(".mo").open("rb") as file:
        catalogue = GNUTranslations(file)
    for message in MESSAGES:
        if message.pluralizable:
            assert [catalogue.ngettext(*message.id, number) for number in (1, 2)] == [message.string[0]] * 2
        else:
            assert catalogue.gettext(message.id) == message.string


def test_what_is_new_stands_open_and_what_is_gone_goes():
    before, found = Catalog("zh_CN"), Catalog()
    before.add("kept", "留")
    before.add("gone", "去")
    for key in ("kept", "new", ("{number} one", "{number} many")):
        found.add(key)
    after = updated(before, found)
    assert {str(one.id): one.string for one in after if one.id} == {
        "kept": "留",
        "new": "",
        "('{number} one', '{number} many')": [""],
    }
    assert "gone" not in po_bytes(after, "zh_CN").decode()
    assert b"kept" in mo_bytes(after, "zh_CN")
    assert b"new" not in mo_bytes(after, "zh_CN")


# --- what of the code is no sentence of a catalogue ------------------------------------------------------------------

MARKS = {"_", "N_", "gettext", "Saying", "ngettext", "one_and_many", "counted"}

NO_SENTENCE = re.compile(
    r"SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN|CREATE|[<>]|\\[sdwAb]|\(\?|: (?:none|bold|left|center)|-src |"
    r"^(?:reportkit|import) [a-z]|^rollup --|^pip install|::|filename\*|SameSite|^ style|text-align|^\s*import |"
    r"^from IPython|noopener|^Root Entry$|^Python 3 |^(?:Noto|Kaiti|Heiti|Songti|DejaVu) "
)
"""Texts for machines: SQL, patterns, HTML, styles, commands, names of typefaces."""

KEPT = {
    "model/days.py": {"{monthname} {day}, {year}"},  # how a day is written
    "exporters/fonts.py": {"Libertinus Serif"},
    "model/numbers.py": {"TO CHECK"},  # what stands in an English form's file
    "report/narrative/cell_values.py": {"{monthname} {day}, {year}"},  # in an English report
    "exporters/template_errors.py": {"(searched at ", "no room: (header|footer)"},  # what Typst says
    # what stands in a form's file
    "drafting/drafted_form.py": {"{}, {jurisdiction}, {year}"},
    "drafting/form_text.py": {"years: [2000, null]", "beside: true", "rows: open", "corner: No."},
    "kinds/form_rules.py": {"table[row, column]"},  # how a form's file names a cell
    "kinds/form_years.py": {"table[row, column]"},
    # cells of a notebook
    "report/rehearsal.py": {
        "from reportkit.report import open_report\n\nreport = open_report({})",
        "%%narrative {}\n{{ agency }} {{ year }}",
    },
    "__init__.py": {"module {} has no attribute {}"},
    "batch/__init__.py": {"module {} has no attribute {}"},
    "engine/__init__.py": {"module {} has no attribute {}"},
    "exporters/__init__.py": {"module {} has no attribute {}"},
    "report/tables.py": {"{} object has no attribute {}", "FormTable({}, {} cells)"},
    "report/narrative/__init__.py": {"Prose({} characters)"},
    "model/filing.py": {"Filing({} {}, {} edition, {} cells)"},
    "model/form.py": {"Form({}, {} tables, {} rules)"},
    "model/reading.py": {"Reading({}, {} edition, {} cells, {} unread)"},
    # faults of ours, whose traceback is English, too
    "params/round_trip.py": {"{} has no year or no jurisdiction"},
    "engine/compiler.py": {"what follows is compiled differently after this cell"},
    "engine/coroutines.py": {"a cell without await was suspended"},
    "preview/renderer.py": {"the renderer has been closed"},
    "batch/processes/frames.py": {"the other process has ended"},
    # as IPython and Python have it
    "engine/shell.py": {
        "in a notebook",
        "write() argument must be str, not {}",
        "raw_input was called, but this frontend does not support input requests.",
        "getpass was called, but this frontend does not support input requests.",
    },
    "preview/routes.py": {"Not Found"},
    # caught, and told otherwise
    "batch/database.py": {
        "a name that is none",
        "an environment that is not there",
        "an input that is none",
        "an output that is none",
        "not a file",
        "other tables",
        "written by another version",
    },
    "batch/folder_lock.py": {"not a file", "process {} on {}, since {}\n"},
    "exporters/images.py": {"not a data URI", "not svg"},
    "exporters/glyphs.py": {"not a PDF as Typst writes it (a string without end)"},
    "exporters/readback.py": {
        "not a PDF as Typst writes it (an element before what it stands in)",
        "not a PDF as Typst writes it (no structure)",
        "not a PDF as Typst writes it (no table of objects)",
        "not a PDF as Typst writes it (no {})",
        "not a PDF as Typst writes it ({}: {})",
    },
    # keys, which are looked up
    "batch/journal_words.py": {"cut off"},
    "batch/fingerprint.py": {"{name} {old} → {new}"},
    "cli/help.py": {"Missing command\\."},
    "cli/imports.py": {"would write", "would update"},
    "project/config.py": {"at line (\\d+)"},
    # for Excel
    "form_workbook/town_workbook.py": {"begins with"},
}
"""What reads like an English sentence and is none for a person, by file; `{}` stands for a value."""


CHINESE_ROOMS = (
    # what issues are told with, and what is looked for in the texts of towns
    *("checks/", "documents/", "drafting/", "imports/", "kinds/", "messages/", "model/", "params/", "spreadsheets/"),
    "worddiff/",
    "report/narrative/lines.py",  # numbers of lists
    "report/comparison/",  # printed in the report
    "report/obligations.py",  # stays in the report's notebook, in its language; the exporters tell it to a person
)
"""Rooms and files in which Chinese is no sentence for whoever calls the command."""

CHINESE_KEPT = {
    "batch/title_check.py": {"(?<![本我全该各])(?:省|市|县|区|旗|镇|乡|街道|厅|局|委|委员会|办公室|政府)$"},
    # examples of commands
    "cli/edits.py": {"reportkit adopt 下载/桑洲镇.ipynb"},
    "cli/form.py": {"reportkit form --year 2024 --from params/2023/江苏省/宿迁市.yaml -o form.xlsx"},
    "cli/imports.py": {"reportkit import 报送/*.xlsx --into params --county 宁海县 --dry-run"},
    # printed on a page
    "report/narrative/namespace.py": {"{}{}时{}分", "{}年{}月{}日"},
    "sets/list_text.py": {"\ufffd|锟斤拷"},  # what is left of Chinese that was read in a wrong encoding
    # what a roster's columns are headed with, and its days
    "project/roster_file.py": {
        "单位 名称 单位名称 单位全称 报送单位 name unit town jurisdiction",
        "序号 顺序 排序 order no no.",
        "截止 期限 截止日期 截止时间 报送期限 报送时限 deadline due duedate",
        "联系人 联系方式 联系电话 电话 手机 contact phone telephone email",
        r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?",
    },
    "form_workbook/town_workbook.py": {"表{}"},  # as the official sections call their tables
    "form_workbook/styles.py": {"宋体", "仿宋"},  # typefaces
}
"""What else is Chinese in the code, by file; `{}` stands for a value."""

SIGNS_OF_SCRIPTS = re.compile("[\u2e80\u3400]-")
"""Part of a pattern for Chinese signs, of whatever text."""


@cache
def texts(path: Path) -> list[str]:
    """The texts of a module that are not marked, less docstrings; `{}` stands for what an f-string puts in."""
    left_out: set[int] = set()
    for node in nodes(path):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))  # a docstring
        elif isinstance(node, ast.JoinedStr):
            left_out |= {id(value) for value in node.values}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            left_out |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.Call) and called(node) in ("note", "_place"):
            left_out |= {id(node.args[0])} if node.args else set()  # what the JSON Schema says, in every language
    kept = [node for node in nodes(path) if id(node) not in left_out]
    plain = [node.value for node in kept if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    joined = [node for node in kept if isinstance(node, ast.JoinedStr)]
    return plain + [
        "".join(str(value.value) if isinstance(value, ast.Constant) else "{}" for value in node.values)
        for node in joined
    ]


def test_no_english_sentence_is_left_out_of_the_catalogue():
    left = {}
    for path in modules():
        name = path.relative_to(PACKAGE).as_posix()
        words = [text for text in texts(path) if len(re.findall("[A-Za-z]{2,}", text)) > 1 and " " in text.strip()]
        words = [text for text in words if not HAN.search(text) and not NO_SENTENCE.search(text)]
        left[name] = set(words) - KEPT.get(name, set())
    assert {name: words for name, words in left.items() if words} == {}


def test_the_list_of_what_is_kept_has_nothing_that_is_gone():
    there = {path.relative_to(PACKAGE).as_posix(): set(texts(path)) for path in modules()}
    assert {name: words - there[name] for name, words in KEPT.items() if words - there[name]} == {}


def tells(call: ast.Call) -> bool:
    """Whether a call is of an exception, or writes to a person; a ReaderError is made of issues."""
    name = called(call)
    return (name.endswith("Error") and name != "ReaderError") or name in ("say", "say_lines", "Option", "Argument")


def test_no_sentence_is_chinese_in_the_code():
    found = {}
    for path in modules():
        calls = [node for node in nodes(path) if isinstance(node, ast.Call) and tells(node)]
        texts_told = [ast.unparse(argument) for call in calls for argument in call.args]
        found[path.relative_to(PACKAGE).as_posix()] = [
            text for text in texts_told if HAN.search(text) and not text.startswith("_(")
        ]
    assert {name: words for name, words in found.items() if words} == {}


def test_no_other_chinese_is_left_in_the_code_than_a_report_s_own_and_what_is_looked_for():
    left = {}
    for path in modules():
        name = path.relative_to(PACKAGE).as_posix()
        words = {text for text in texts(path) if set(re.findall("[\u3400-\u9fff]+", text)) - NAMES}
        words = {text for text in words if not SIGNS_OF_SCRIPTS.search(text)}
        if not name.startswith(CHINESE_ROOMS):
            left[name] = words ^ CHINESE_KEPT.get(name, set())
    assert {name: words for name, words in left.items() if words} == {}


def test_the_front_ends_have_no_words_of_their_own():
    front = [path for path in PACKAGE.rglob("*") if path.suffix in (".js", ".css", ".html")]
    assert len(front) > 10
    assert [path.name for path in front if HAN.search(path.read_text(encoding="utf-8"))] == []


def test_a_mark_has_a_whole_sentence_and_stands_in_no_f_string():
    for path in modules():
        calls = [node for node in nodes(path) if isinstance(node, ast.Call) and called(node) in MARKS]
        assert [ast.unparse(call) for call in calls if isinstance(call.args[0], ast.JoinedStr)] == []
        inside = {id(n) for joined in nodes(path) if isinstance(joined, ast.JoinedStr) for n in ast.walk(joined)}
        assert [ast.unparse(call) for call in calls if id(call) in inside] == []

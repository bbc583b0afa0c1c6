"""Long stories of edits: whatever a town, its colleagues and the office change in turn, nobody's words get lost."""

import copy as copying
import json
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reportkit.errors import UserError
from reportkit.notebook import sign
from reportkit.notebook.sentence_ends import sentences
from reportkit.notebook.towns import Choice, carry, make_copy, open_conflicts, read_town, resolve, settle
from reportkit.notebook.towns.file import copy_path
from support.laws import examples
from support.offices import office

NAME = "2019/宁海县/甲镇"
# The words of overview and problems are the town's own, from its parameter file; the others are the master's.
CELLS = st.sampled_from(["overview", "problems", "proactive", "checks"])
MARKS = "<<<<<<<", "=======", ">>>>>>>"
PLACES = st.integers(0, 7)


def put(nb, cell: str, place: int, word: str) -> bool:
    """Put a line or a sentence with this word into a cell; say whether there is such a cell."""
    for each in nb["cells"]:
        if each["id"] == cell:
            lines = "".join(each["source"]).split("\n")
            number = 1 + place % len(lines)  # behind the line that says what cell it is
            if place % 2 and number < len(lines) and not lines[number].startswith(MARKS):
                lines[number] = put_sentence(lines[number], place, word)
            else:
                lines.insert(number, f"{word}。")
            each["source"] = "\n".join(lines)
            return True
    return False


def put_sentence(line: str, place: int, word: str) -> str:
    """Put a sentence with this word somewhere between those of a line."""
    parts = sentences(line)
    parts.insert(place % (len(parts) + 1), f"{word}。")
    return "".join(parts)


class Office(RuleBasedStateMachine):
    """A town with a copy, outputs that people take home, and a master that moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.project = office(Path(self.folder.name), "甲镇")
        self.filing = self.project.read(self.project.params / f"{NAME}.yaml")
        self.words = 0
        self.town: set[str] = set()
        self.master: set[str] = set()
        self.outputs: list = []
        self.build()

    def teardown(self) -> None:
        self.folder.cleanup()

    def word(self, whose: set[str]) -> str:
        self.words += 1
        whose.add(word := f"第{self.words}个词")
        return word

    def text(self) -> str:
        """All that the town has, and what waits in the master until a conflict in the same cell is settled."""
        town = read_town(self.project, NAME, self.filing)
        torn = {conflict.cell for conflict in town.merged.conflicts}
        return "\n".join(
            cell.source for cell in [*town.merged.cells, *(cell for cell in town.cells if cell.id in torn)]
        )

    def edit_file(self, path, cell, place, whose) -> None:
        nb = json.loads(path.read_text(encoding="utf-8"))
        word = self.word(whose)
        if put(nb, cell, place, word):
            path.write_text(json.dumps(nb, ensure_ascii=False), encoding="utf-8")
        else:
            whose.discard(word)

    @rule(cell=st.sampled_from(["proactive", "checks"]), place=PLACES)
    def the_office_edits_the_master(self, cell, place):
        self.edit_file(self.project.notebook, cell, place, self.master)

    @rule(key=st.sampled_from(["overview", "problems"]), place=PLACES)
    def somebody_edits_the_parameter_file(self, key, place):
        lines = self.filing.narrative[key].split("\n")
        lines.insert(place % len(lines), f"{self.word(self.master)}。")
        self.filing = replace(self.filing, narrative={**self.filing.narrative, key: "\n".join(lines)})

    @rule(key=st.sampled_from(["overview", "problems"]), place=PLACES)
    def somebody_adds_a_sentence_in_the_parameter_file(self, key, place):
        first, *others = self.filing.narrative[key].split("\n")
        first = put_sentence(first, place, self.word(self.master))
        words = {**self.filing.narrative, key: "\n".join([first, *others])}
        self.filing = replace(self.filing, narrative=words)

    @rule(cell=CELLS, place=PLACES)
    def the_town_edits_its_copy(self, cell, place):
        if copy_path(self.project, NAME).exists():
            self.edit_file(copy_path(self.project, NAME), cell, place, self.town)

    @rule()
    def build(self):
        town = read_town(self.project, NAME, self.filing)
        if town.merged.conflicts:
            make_copy(self.project, NAME, self.filing)
        else:
            nb = town.notebook(town.merged.cells)
            sign(nb, NAME)
            self.outputs = [*self.outputs[-2:], nb]

    @precondition(lambda self: self.outputs)
    @rule(cell=CELLS, place=PLACES, which=st.integers(0, 2))
    def somebody_edits_an_output_of_any_age(self, cell, place, which):
        nb = copying.deepcopy(self.outputs[which % len(self.outputs)])
        word = self.word(self.town)
        try:
            if not put(nb, cell, place, word):
                self.town.discard(word)
            carry(self.project, NAME, self.filing, nb)
        except UserError:
            self.town.discard(word)  # refused while there is a conflict; it stays in the output

    @rule(side=st.sampled_from(["ours", "theirs"]))
    def somebody_settles_the_conflicts(self, side):
        if conflicts := read_town(self.project, NAME, self.filing).merged.conflicts:
            given_up = "".join((each.theirs if side == "ours" else each.ours) or "" for each in conflicts)
            resolve(self.project, NAME, self.filing, side)
            lost = {word for word in self.town | self.master if f"{word}。" not in self.text()}
            assert {word for word in lost if f"{word}。" not in given_up} == set()
            # What was given up may still stand in the master, where it waits for nothing any more.
            kept = "".join(cell.source for cell in read_town(self.project, NAME, self.filing).merged.cells)
            lost |= {word for word in self.town | self.master if f"{word}。" in given_up and f"{word}。" not in kept}
            self.town -= lost
            self.master -= lost

    @rule()
    def somebody_takes_both_where_both_have_only_added(self):
        for conflict in open_conflicts(self.project, NAME, self.filing):
            if Choice.both in conflict.choices:
                settle(self.project, NAME, self.filing, conflict.cell, Choice.both, conflict.version)

    @invariant()
    def no_sentence_stands_twice(self):
        town = read_town(self.project, NAME, self.filing)
        if not town.merged.conflicts:
            text = "\n".join(cell.source for cell in town.merged.cells)
            assert {word for word in self.town | self.master if text.count(f"{word}。") > 1} == set()

    @invariant()
    def every_word_is_there(self):
        text = self.text()
        assert {word for word in self.town | self.master if f"{word}。" not in text} == set()


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=examples(40), stateful_step_count=25, deadline=None)

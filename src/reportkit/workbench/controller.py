"""What the workbench does, without a widget: messages in, messages out, all JSON values but what a file holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from reportkit.errors import ReaderError, ReportkitError, UserError
from reportkit.notebook.towns import copy_path, open_conflicts
from reportkit.project import Project
from reportkit.translation import _, ngettext
from reportkit.workbench import serialization
from reportkit.workbench.base_desk import BaseDesk, Message
from reportkit.workbench.beginnings import begun
from reportkit.workbench.blanks import with_zeros
from reportkit.workbench.build import Workers
from reportkit.workbench.conflicts import conflict_values, settled
from reportkit.workbench.draft import Draft, refusal
from reportkit.workbench.errands import Errands
from reportkit.workbench.fields import Field, field_of
from reportkit.workbench.leftovers import Leftovers
from reportkit.workbench.opening import open_town, path_of, reloaded
from reportkit.workbench.page import Previewer, Renderer, renderer
from reportkit.workbench.received_files import ReceivedFiles
from reportkit.workbench.save import Changed, Saved, merge, overwrite, save, undo
from reportkit.workbench.steps import Steps, changed
from reportkit.workbench.town_list import Town, Towns
from reportkit.workbench.unit_states import UnitStates

_SHOWN = 60


class Desk(BaseDesk):
    """The towns of a project, and the drafts that are open: switching towns keeps what was typed."""

    def __init__(
        self,
        project: Project,
        tell: Callable[[Message], None] = lambda _message: None,
        render: Callable[[], Renderer] | None = None,
        workers: Workers | None = None,
    ) -> None:
        super().__init__(project, _ACTIONS, tell, workers)
        self.towns = Towns(project)
        self.town: Town | None = None
        self.drafts: dict[str, Draft] = {}
        self._steps: dict[str, Steps] = {}
        self._seen: bytes | None = None
        self._turn = 0
        self._leftovers = Leftovers(project, self._say)
        self._states = UnitStates(project, self._say)
        self._errands = Errands(self._told_no)
        self._received = ReceivedFiles(project, self._say, self._taken_in, self._errands)
        self._previewer = Previewer(render or (lambda: renderer(project)), self._show_page)

    def refresh(self) -> None:
        """Look again which towns the project has; the drafts stay."""
        self.towns = Towns(self.project)

    @property
    def draft(self) -> Draft:
        """The draft of the town that is open; KeyError if none is."""
        return self.drafts[self.town.name if self.town else ""]

    @property
    def steps(self) -> Steps:
        """What was done in the town that is open, to be taken back."""
        return self._steps.setdefault(self.town.name if self.town else "", Steps())

    def close(self) -> None:
        """End the preview. What is not saved is there for the next workbench."""
        self._previewer.close()
        self._leftovers.close()

    def hello(self, _message: Mapping[str, Any]) -> None:
        """Tell a front end that has just appeared everything that it shows."""
        years = self.towns.years
        files = [year for year in years if any(town.has_file for town in self.towns.of(year))]
        year = self.town.year if self.town else files[0] if files else 0
        self._previewer.start()
        self.tell({"what": "hello", "years": years, "year": year})
        if self.town and self.town.name in self.drafts:
            self._show()
        elif self.town:
            self.open({"year": self.town.year, "inside": self.town.inside})
        self._received.show()

    def find(self, message: Mapping[str, Any]) -> None:
        """Tell the towns of a year that fit what was typed."""
        year, text = int(message["year"]), str(message["text"])
        found = self.towns.search(year, text, _SHOWN)
        unsaved = {name for name, draft in self.drafts.items() if draft.is_changed}
        lines = [serialization.town(town, town.name in unsaved, self._states.said(town)) for town in found]
        self.tell({"what": "found", "year": year, "text": text, "towns": lines, "all": len(self.towns.of(year))})

    def survey(self, message: Mapping[str, Any]) -> None:
        """Look over all units of a year in the background, and tell how far each is."""
        self._states.ask(int(message["year"]), self.towns, asked=bool(message.get("asked")))

    def send_out(self, message: Mapping[str, Any]) -> None:
        """Make the workbooks that the towns of a year are to fill in, in the background."""
        self._errands.add(partial(self._send_out, int(message["year"])))

    def piece(self, message: Mapping[str, Any]) -> None:
        """Take a piece of a file that a person has chosen."""
        self._received.add(message)

    def look(self, message: Mapping[str, Any]) -> None:
        """Tell what would become of the files that have come."""
        self._received.look(message)

    def leave_out(self, message: Mapping[str, Any]) -> None:
        """Let a file be none of those that are taken in."""
        self._received.leave_out(message)

    def take_in(self, _message: Mapping[str, Any]) -> None:
        """Write what was told of the files that have come."""
        self._received.take_in()

    def put_away(self, _message: Mapping[str, Any]) -> None:
        """Forget the files that have come."""
        self._received.put_away()

    def open(self, message: Mapping[str, Any]) -> None:
        """Open a town as it is on disk; a draft with edits goes on."""
        town = self.towns.find(int(message["year"]), str(message["inside"]))
        self.town = town
        known = self.drafts.get(town.name)
        if known is None or not known.is_changed:
            try:
                self.drafts[town.name] = open_town(self.project, town)
            except ReaderError as error:
                self.tell(serialization.broken(town, refusal(error)))
                return
        self._show()
        if self.draft.content is None:
            self.tell(serialization.started(self.draft))
        self._leftovers.offer(town.name, self.draft)

    def edit(self, message: Mapping[str, Any]) -> None:
        """Put texts into fields, and tell what follows; what comes in one `group` is taken back at once."""
        form = self.draft.opened.form
        texts = {field_of(name, form): str(text) for name, text in message["fields"].items()}
        self._step(self.draft.with_edits(texts), message)

    def zeros(self, message: Mapping[str, Any]) -> None:
        """Put a zero into each blank cell of a table."""
        self._step(with_zeros(self.draft, str(message["table"])), message)

    def begin(self, message: Mapping[str, Any]) -> None:
        """Begin a section from last year's words, or from the master's."""
        assert self.town is not None
        section, source = str(message["section"]), str(message["source"])
        self._step(begun(self.draft, self.town.name, section, source), message)
        self.tell(serialization.notice("done", _("The words are taken over; Ctrl+Z brings back what was there.")))

    def back(self, message: Mapping[str, Any]) -> None:
        """Take the last step back, and tell where that was."""
        self._move(self.steps.undo, message)

    def forth(self, message: Mapping[str, Any]) -> None:
        """Do the step again that was taken back last, and tell where that was."""
        self._move(self.steps.redo, message)

    def unsent(self, message: Mapping[str, Any]) -> None:
        """Offer edits that a front end had when its kernel was gone already."""
        self._leftovers.add(message["fields"], float(message["time"]), self.draft)

    def restore(self, _message: Mapping[str, Any]) -> None:
        """Put edits back in that were left when a workbench ended."""
        self._step(self.draft.with_edits(self._leftovers.edits), {"do": "restore", "turn": self._turn})
        self.forget({})

    def forget(self, _message: Mapping[str, Any]) -> None:
        """Give up edits that were left when a workbench ended, or have been put back in."""
        if self.town:
            self._leftovers.forget(self.town.name, self.draft)

    def save(self, _message: Mapping[str, Any]) -> None:
        """Save the draft, or tell how the file has changed meanwhile."""
        self._saved(save(self.draft))

    def merge(self, _message: Mapping[str, Any]) -> None:
        """Save the edits into the version on disk that was told."""
        if self._seen is not None:
            self._saved(merge(self.draft, self._seen))

    def overwrite(self, _message: Mapping[str, Any]) -> None:
        """Save the draft over the version on disk that was told."""
        self._saved(overwrite(self.draft, self._seen))

    def unsave(self, _message: Mapping[str, Any]) -> None:
        """Put the version before the last save back."""
        back = undo(self.draft)
        if isinstance(back, Changed):
            self._changed(back)
            return
        self._replace(back)
        self.tell(
            serialization.notice(
                "done", _("The version before the last save is back; press again to return to the other.")
            )
        )

    def reload(self, _message: Mapping[str, Any]) -> None:
        """Read the file again; with edits that would be lost, ask first."""
        if not self.draft.is_changed:
            self.drop({})
            return
        words = ngettext(
            "{number} edit is not saved, and reloading gives it up.",
            "{number} edits are not saved, and reloading gives them up.",
            len(self.draft.edits),
        )
        text, actions = words.format(number=len(self.draft.edits)), [["drop", _("Give the edits up and reload")]]
        self.tell(serialization.notice("ask", text, actions=actions))

    def drop(self, _message: Mapping[str, Any]) -> None:
        """Read the file again, without the edits."""
        if self.town is None:
            return
        before = self.draft
        fresh = reloaded(before) if before.path.exists() else open_town(self.project, self.town)
        self.steps.add(before, fresh)
        self._replace(fresh)
        self.tell(serialization.notice("done", _("The file was reloaded from the disk.")))

    def settle(self, message: Mapping[str, Any]) -> None:
        """Settle a conflict in the town's notebook, and tell those that are left."""
        assert self.town is not None
        self.tell(settled(self.project, self.town.name, self.draft.opened, message))
        self.tell({"what": "conflicts", "conflicts": self._conflicts()})

    def build(self, message: Mapping[str, Any]) -> None:
        """Make the report, or the year's, in the background. What is not saved is not made: then ask first."""
        assert self.town is not None
        whole_year = message.get("scope") == "year"
        if self.draft.is_changed or self.draft.content is None:
            text = _("There are edits that are not saved, and reports are made from saved files; save first.")
            self.tell(serialization.notice("ask", text, actions=[["save", _("Save first")]]))
            return
        path = self.project.params / str(self.town.year) if whole_year else path_of(self.project, self.town)
        self._states.forget()
        self._builds.start(path)

    def _saved(self, result: Saved | Changed) -> None:
        if isinstance(result, Changed):
            self._changed(result)
            return
        is_new = self.draft.content is None
        self._states.forget()
        self._replace(result.draft)
        if is_new:
            self.refresh()
        path = self.project.name_of(result.draft.path)
        self.tell(serialization.notice("done", _("Saved to {path}.").format(path=path)))

    def _changed(self, found: Changed) -> None:
        self._seen = found.theirs
        self.tell(serialization.changed(found))

    def _replace(self, draft: Draft) -> None:
        """Go on from another version of the file."""
        assert self.town is not None
        self.town = self.town._replace(has_file=draft.content is not None)
        self.drafts[self.town.name] = draft
        self._show()

    def _step(self, draft: Draft, message: Mapping[str, Any]) -> None:
        """Go on from what a person has done."""
        self._turn = int(message.get("turn", 0))
        moved = [] if message["do"] == "edit" else changed(self.draft, draft)
        self.steps.add(self.draft, draft, str(message.get("group", "")))
        self._go_on(draft, moved)

    def _move(self, move: Callable[[Draft], tuple[Draft, list[Field]]], message: Mapping[str, Any]) -> None:
        self._turn = int(message.get("turn", 0))
        self._go_on(*move(self.draft))

    def _go_on(self, draft: Draft, moved: Sequence[Field] = ()) -> None:
        assert self.town is not None
        self.drafts[self.town.name] = draft
        self.tell(serialization.state(draft, self._turn, self.steps, moved))
        self._previewer.ask(self.town.name, draft.bytes)
        self._leftovers.keep(self.town.name, draft)

    def _show(self) -> None:
        assert self.town is not None
        self.tell({**serialization.sheet(self.town, self.draft), "conflicts": self._conflicts()})
        self._go_on(self.draft)

    def _conflicts(self) -> list[Message]:
        """What is in conflict in the town's notebook, if it has one of its own that can be read."""
        assert self.town is not None
        if not copy_path(self.project, self.town.name).exists():
            return []
        try:
            opened = self.draft.opened
            return conflict_values(open_conflicts(self.project, self.town.name, opened), opened.form)
        except UserError as error:
            self._fail(str(error))
            return []

    def _refused(self, error: ReportkitError | OSError) -> None:
        """Tell why something was not done, and what the draft still says."""
        if isinstance(error, ReaderError):  # of the file that is open
            why = "\n".join(one.message for one in error.issues)
            self._fail(_("Nothing was changed: {why}").format(why=why))
        else:
            self._fail(str(error))
        if self.town and self.town.name in self.drafts:
            self.tell(serialization.state(self.draft, self._turn, self.steps))

    def _send_out(self, year: int) -> None:
        from reportkit.workbench.sending import send_out  # what writes workbooks, for which no town waits

        send_out(self.project, year, self._say)

    def _taken_in(self) -> None:
        """Tell which years there are, now that files were written."""
        self.refresh()
        self._states.forget()
        self.tell({"what": "years", "years": self.towns.years})

    def _told_no(self, error: Exception) -> None:
        """Tell why something was not done in the background; of what nobody expected also what it is."""
        expected = isinstance(error, ReportkitError | OSError)
        self._fail(serialization.at_root(str(error) if expected else f"{type(error).__name__}: {error}", self.project))

    def _say(self, message: Message) -> None:
        self.tell(message)  # which a widget replaces

    def _show_page(self, name: str, html: str, reason: str) -> None:
        if self.town and name == self.town.name:
            self.tell({"what": "page", "name": name, "html": html, "reason": reason})


_ACTIONS: Mapping[str, Callable[[Desk, Mapping[str, Any]], None]] = {
    "hello": Desk.hello,
    "find": Desk.find,
    "survey": Desk.survey,
    "send_out": Desk.send_out,
    "piece": Desk.piece,
    "look": Desk.look,
    "leave_out": Desk.leave_out,
    "take_in": Desk.take_in,
    "put_away": Desk.put_away,
    "open": Desk.open,
    "edit": Desk.edit,
    "zeros": Desk.zeros,
    "begin": Desk.begin,
    "back": Desk.back,
    "forth": Desk.forth,
    "unsent": Desk.unsent,
    "restore": Desk.restore,
    "forget": Desk.forget,
    "save": Desk.save,
    "merge": Desk.merge,
    "overwrite": Desk.overwrite,
    "unsave": Desk.unsave,
    "reload": Desk.reload,
    "drop": Desk.drop,
    "build": Desk.build,
    "settle": Desk.settle,
}
"""What a front end can ask for, by the word in `do`."""

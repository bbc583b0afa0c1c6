"""What the workbench does, without a widget: messages in, messages out, all of them JSON values."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from reportkit.errors import CellRef, ReaderError, ReportkitError
from reportkit.project import Project
from reportkit.translation import _, ngettext
from reportkit.workbench import serialization
from reportkit.workbench.build import Workers, build
from reportkit.workbench.draft import Draft, refusal
from reportkit.workbench.opening import open_town, path_of, reloaded
from reportkit.workbench.page import Previewer, Renderer, renderer
from reportkit.workbench.save import Changed, Saved, merge, overwrite, save, undo
from reportkit.workbench.table_layout import cell_ref
from reportkit.workbench.town_list import Town, Towns

Message = dict[str, Any]
_SHOWN = 60


class Desk:
    """The towns of a project, and the drafts that are open: switching towns keeps what was typed.

    `tell` gets every message, also those of a preview or a build, from their threads.
    """

    def __init__(
        self,
        project: Project,
        tell: Callable[[Message], None] = lambda _message: None,
        render: Callable[[], Renderer] | None = None,
        workers: Workers | None = None,
    ) -> None:
        self.project, self.tell = project, tell
        self.towns = Towns(project)
        self.town: Town | None = None
        self.drafts: dict[str, Draft] = {}
        self._seen: bytes | None = None
        self._turn = 0
        self._workers = workers
        self._building = threading.Lock()
        self._previewer = Previewer(render or (lambda: renderer(project)), self._show_page)

    def refresh(self) -> None:
        """Look again which towns the project has; the drafts stay."""
        self.towns = Towns(self.project)

    @property
    def draft(self) -> Draft:
        """The draft of the town that is open; KeyError if none is."""
        return self.drafts[self.town.name if self.town else ""]

    def receive(self, message: Mapping[str, Any]) -> None:
        """Do what a message of the front end asks for; what cannot be done is told, and changes nothing."""
        action = _ACTIONS.get(str(message.get("do")))
        if action is None:
            return
        try:
            action(self, message)
        except ReaderError as error:
            self._refused(_("Nothing was changed: {why}").format(why=refusal(error)))
        except (ReportkitError, OSError) as error:
            self._refused(str(error))

    def close(self) -> None:
        """End the preview."""
        self._previewer.close()

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

    def find(self, message: Mapping[str, Any]) -> None:
        """Tell the towns of a year that fit what was typed."""
        year, text = int(message["year"]), str(message["text"])
        found = self.towns.search(year, text, _SHOWN)
        unsaved = {name for name, draft in self.drafts.items() if draft.is_changed}
        lines = [serialization.town(town, town.name in unsaved) for town in found]
        self.tell({"what": "found", "year": year, "text": text, "towns": lines, "all": len(self.towns.of(year))})

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

    def type(self, message: Mapping[str, Any]) -> None:
        """Put texts into cells, and tell what follows."""
        self._turn = int(message.get("turn", 0))
        form = self.draft.opened.form
        cells: dict[CellRef, str] = {cell_ref(name, form): str(text) for name, text in message["cells"].items()}
        self._go_on(self.draft.with_cells(cells))

    def write(self, message: Mapping[str, Any]) -> None:
        """Put words into a section, and tell what follows."""
        self._turn = int(message.get("turn", 0))
        self._go_on(self.draft.with_words(str(message["section"]), str(message["text"])))

    def state(self, message: Mapping[str, Any]) -> None:
        """Put texts into facts of the form, and tell what follows."""
        self._turn = int(message.get("turn", 0))
        self._go_on(self.draft.with_facts({str(name): str(text) for name, text in message["facts"].items()}))

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

    def undo(self, _message: Mapping[str, Any]) -> None:
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
            self.draft.edits,
        )
        text, actions = words.format(number=self.draft.edits), [["drop", _("Give the edits up and reload")]]
        self.tell(serialization.notice("ask", text, actions=actions))

    def drop(self, _message: Mapping[str, Any]) -> None:
        """Read the file again, without the edits."""
        if self.town is None:
            return
        fresh = reloaded(self.draft) if self.draft.path.exists() else open_town(self.project, self.town)
        self._replace(fresh)
        self.tell(serialization.notice("done", _("The file was reloaded from the disk.")))

    def build(self, message: Mapping[str, Any]) -> None:
        """Make the report, or the year's, in the background. What is not saved is not made: then ask first."""
        assert self.town is not None
        whole_year = message.get("scope") == "year"
        if self.draft.is_changed or self.draft.content is None:
            text = _("There are edits that are not saved, and reports are made from saved files; save first.")
            self.tell(serialization.notice("ask", text, actions=[["save", _("Save first")]]))
            return
        path = self.project.params / str(self.town.year) if whole_year else path_of(self.project, self.town)
        threading.Thread(target=self._build, args=(path,), daemon=True, name="reportkit build").start()

    def _build(self, path: Any) -> None:
        if not self._building.acquire(blocking=False):
            self.tell(serialization.notice("error", _("Reports are still being made; wait until that has ended.")))
            return
        try:
            build(self.project, [path], lambda *far: self.tell(serialization.progress(*far)), self._workers)
        except ReportkitError as error:
            self.tell({"what": "progress", "done": 0, "total": 0, "made": None})
            self.tell(serialization.notice("error", str(error)))
        finally:
            self._building.release()

    def _saved(self, result: Saved | Changed) -> None:
        if isinstance(result, Changed):
            self._changed(result)
            return
        is_new = self.draft.content is None
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

    def _go_on(self, draft: Draft) -> None:
        assert self.town is not None
        self.drafts[self.town.name] = draft
        self.tell(serialization.state(draft, self._turn))
        self._previewer.ask(self.town.name, draft.bytes)

    def _show(self) -> None:
        assert self.town is not None
        self.tell(serialization.sheet(self.town, self.draft))
        self._go_on(self.draft)

    def _refused(self, text: str) -> None:
        """Tell why something was not done, and what the draft still says."""
        self.tell(serialization.notice("error", text))
        if self.town and self.town.name in self.drafts:
            self.tell(serialization.state(self.draft, self._turn))

    def _show_page(self, name: str, html: str, reason: str) -> None:
        if self.town and name == self.town.name:
            self.tell({"what": "page", "name": name, "html": html, "reason": reason})


_ACTIONS: Mapping[str, Callable[[Desk, Mapping[str, Any]], None]] = {
    "hello": Desk.hello,
    "find": Desk.find,
    "open": Desk.open,
    "type": Desk.type,
    "write": Desk.write,
    "state": Desk.state,
    "save": Desk.save,
    "merge": Desk.merge,
    "overwrite": Desk.overwrite,
    "undo": Desk.undo,
    "reload": Desk.reload,
    "drop": Desk.drop,
    "build": Desk.build,
}
"""What a front end can ask for, by the word in `do`."""

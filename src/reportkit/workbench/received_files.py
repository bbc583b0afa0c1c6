"""Files that a person has chosen: they come in pieces, are read, looked at and taken in, as by `reportkit import`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from reportkit.documents.size_limits import keep_to, size_limit, unreadable
from reportkit.errors import Origin, ReaderError, UserError
from reportkit.imports.importer import Imported, Importer, refused
from reportkit.imports.reader_issues import raising_issues
from reportkit.imports.targets import Places, unfit_part
from reportkit.model.reading import Hints
from reportkit.project import Project
from reportkit.translation import Saying, _
from reportkit.workbench.errands import Errands
from reportkit.workbench.intake_values import Wishes, intake_values
from reportkit.workbench.save import BY

if TYPE_CHECKING:
    from reportkit.imports.many_files import Told


@dataclass
class _Arriving:
    """A file of which pieces have come; `limit` is the number of bytes up to which it is read."""

    identity: str
    name: str
    size: int
    limit: int
    content: bytes = b""


class ReceivedFiles:
    """What a person wants to take in. `tell` gets what there is to show, `written` hears that files were written.

    The files are read one by one as they come, and nothing of them is kept but what they tell.
    """

    def __init__(
        self, project: Project, tell: Callable[[dict[str, Any]], None], written: Callable[[], None], errands: Errands
    ) -> None:
        self._project, self._tell, self._written, self._errands = project, tell, written, errands
        self._arriving: _Arriving | None = None
        # What follows is known to errands alone.
        self._files: dict[str, Told] = {}
        self._wishes, self._outcomes, self._is_done = Wishes(), list[tuple[str, Imported]](), False

    def add(self, message: Mapping[str, Any]) -> None:
        """Take the next piece of a file, and ask for the one after it; a file that is whole is read."""
        identity, name = str(message["id"]), str(message["name"])
        try:
            with raising_issues():
                one = self._piece(identity, name, message)
        except ReaderError as error:
            self._arriving = None
            self._errands.add(partial(self._keep, identity, partial(refused, Origin(name), error)))
            return
        if len(one.content) < one.size:
            self._arriving = one
            self._tell({"what": "piece", "id": identity, "at": len(one.content)})
            return
        self._arriving = None
        self._errands.add(partial(self._keep, identity, partial(self._read, one)))

    def look(self, message: Mapping[str, Any]) -> None:
        """Tell what would become of the files, as a person wishes it; nothing is written."""
        self._errands.add(partial(self._look, Wishes.of(message)))

    def leave_out(self, message: Mapping[str, Any]) -> None:
        """Let a file be none of them."""
        self._errands.add(partial(self._leave_out, str(message["id"])))

    def take_in(self) -> None:
        """Write what was told last."""
        self._errands.add(self._take_in)

    def put_away(self) -> None:
        """Let there be no files."""
        self._errands.add(self._put_away)

    def show(self) -> None:
        """Tell a front end that has just appeared what there is."""
        self._errands.add(lambda: self._show() if self._files else None)

    def _piece(self, identity: str, name: str, message: Mapping[str, Any]) -> _Arriving:
        """The file with its next piece. Raises UnreadableError if it is too large or does not come whole."""
        origin, size, at = Origin(name), int(message["size"]), int(message["at"])
        if message.get("failed"):
            raise unreadable("D1.unreadable", origin, why=Saying("it is a folder, or the browser may not read it"))
        piece = b"".join(message["buffers"])
        before = self._arriving
        if at == 0:
            before = _Arriving(identity, name, size, size_limit(piece, size, origin))
        if before is None or before.identity != identity or len(before.content) != at:
            raise unreadable("D1.unreadable", origin, why=Saying("it did not come whole"))
        content = before.content + piece
        keep_to(before.limit, len(content), origin)
        if len(content) > size or (not piece and len(content) < size):
            raise unreadable("D1.unreadable", origin, why=Saying("it did not come whole"))
        return _Arriving(identity, name, size, before.limit, content)

    def _read(self, one: _Arriving) -> Told:
        from reportkit.imports.many_files import read_received  # readers of all formats, for which no town waits

        return read_received(one.content, one.name, self._project.forms, Hints())

    def _keep(self, identity: str, read: Callable[[], Told]) -> None:
        if self._is_done:
            self._put_away()
        try:
            self._files[identity] = read()
        finally:
            self._tell({"what": "read", "id": identity})

    def _look(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._bring(dry_run=True)
        self._show()

    def _leave_out(self, identity: str) -> None:
        self._files.pop(identity, None)
        self._look(self._wishes)

    def _take_in(self) -> None:
        self._bring(dry_run=False)
        self._show()
        self._written()

    def _put_away(self) -> None:
        self._files, self._outcomes, self._is_done = {}, [], False
        self._show()

    def _bring(self, *, dry_run: bool) -> None:
        """Find out what becomes of all files."""
        from reportkit.imports.many_files import outcomes_of

        wishes = self._wishes
        if wrong := unfit_part(wishes.county):
            words = _('County: "{part}" {reason}; give a folder such as 宁海县 or 浙江省/宁海县')
            raise UserError(words.format(part=wrong[0], reason=wrong[1]))
        importer = Importer(
            Places(self._project.params, wishes.county),
            self._project.forms,
            self._project.name_of,
            update=wishes.update,
            blank_as_zero=wishes.zeros,
            dry_run=dry_run,
            root=self._project.root,
            by=BY,
        )
        identities = [
            identity for identity, told in self._files.items() for _one in (told if isinstance(told, list) else [told])
        ]
        outcomes = outcomes_of(importer, list(self._files.values()))
        self._outcomes = list(zip(identities, outcomes, strict=True))
        self._is_done = not dry_run

    def _show(self) -> None:
        self._tell(intake_values(self._project, self._outcomes, self._wishes, self._is_done))

"""`reportkit draft`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.cli.app import command
from reportkit.cli.output import say, show
from reportkit.cli.phrases import listed
from reportkit.translation import N_, _, counted

if TYPE_CHECKING:
    from reportkit.drafting.draft_table import DraftTable
    from reportkit.drafting.likeness import Likeness
    from reportkit.drafting.loaded_form import LoadedForm
    from reportkit.drafting.source_files import Source

_FORM = (".yaml", ".yml")
_MOST_ROWS = 3


@command(example="reportkit draft blank.xlsx -o forms/budget.yaml --show")
def draft(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar=_("FILE"),
            help=_(
                "Files with tables: .xlsx, .xls, .ods, .docx, .html; behind a # the sheet, or the number of the table. "
                "With --show also a form (.yaml), and what it was drafted from."
            ),
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help=_("Where the form goes (.yaml); without it, it is printed.")),
    ] = None,
    name: Annotated[
        str, typer.Option(help=_("The edition that parameter files name; default: what the file is called."))
    ] = "",
    table: Annotated[
        list[str] | None,
        typer.Option(help=_("The sheet, or the number of the table, if not all of a single file; can be repeated.")),
    ] = None,
    sample: Annotated[
        list[str] | None,
        typer.Option(help=_("The same tables, filled in: what is proposed is tested on them; can be repeated.")),
    ] = None,
    page: Annotated[
        bool, typer.Option("--show", help=_("Make a page of the empty form beside its source, too (.html)."))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=_("Replace the file if it exists."))] = False,
) -> None:
    """Make a form of official tables: labels, merged cells, kinds, units and sums, as far as the files tell.

    Several files make several tables of one form. What is guessed is marked with "# ?" in the form. Nothing is written
    if the form could not be loaded.
    """
    from reportkit.drafting.comparison_page import comparison_page, guessed_cells

    if files[0].lower().endswith(_FORM):
        _show_form(Path(files[0]), files[1:], page=page)
        return
    _check(output, name, page=page, force=force)
    made = _made(files, name or (output.stem if output else Path(files[0].partition("#")[0]).stem), table, sample)
    if output is None:
        show(made.text)
    else:
        _write(output, made.text.encode(), new=not force or not os.path.lexists(output))
        say(_("written {path} ({found})").format(path=output, found=listed(_found(made))))
        if page:
            _write_page(output.with_suffix(".html"), comparison_page(made.form, made.draft.tables, guessed_cells(made)))
    for line in _table_lines(made):
        say(f"  {line}", aside=output is None)


def _check(output: Path | None, name: str, *, page: bool, force: bool) -> None:
    """Raise UserError for a call that could not write what it makes."""
    from reportkit.errors import UserError
    from reportkit.project import project_of

    if output is None:
        if page:
            raise UserError(_("--show writes a page beside the form; say with -o where the form goes"))
        return
    if output.suffix.lower() not in _FORM:
        raise UserError(_("{path}: a form is a .yaml file; name it so").format(path=output))
    if os.path.lexists(output) and not force:
        raise UserError(_taken(output))
    if page:
        _check_page(output.with_suffix(".html"))
    forms = project_of([]).forms
    edition = name or output.stem
    if edition in forms and not (force and os.path.lexists(output)):
        words = _("there is a form {name!r} in the project already; give this one another name with --name")
        raise UserError(words.format(name=edition))


def _taken(output: Path) -> str:
    words = _("{path} exists already and may have been corrected; choose another name, or --force to replace it")
    return words.format(path=output)


def _made(files: Sequence[str], name: str, chosen: Sequence[str] | None, samples: Sequence[str] | None) -> LoadedForm:
    from reportkit.drafting.drafted_form import drafted
    from reportkit.drafting.loaded_form import loaded_form
    from reportkit.errors import UserError

    if chosen and (len(files) > 1 or "#" in files[0]):
        raise UserError(_("--table chooses among the tables of one file; behind several, write FILE#TABLE"))
    named = [f"{files[0]}#{one}" for one in chosen] if chosen else files
    sources = _sources(named)
    return loaded_form(drafted(sources, name), _tables(_sources(samples or [])))


def _sources(named: Iterable[str]) -> list[Source]:
    from reportkit.drafting.source_files import read_source

    return [read_source(one) for one in named]


def _tables(sources: Iterable[Source]) -> list[DraftTable]:
    from reportkit.drafting.drafted_form import named_tables

    return named_tables(sources)


def _show_form(path: Path, named: Sequence[str], *, page: bool) -> None:
    """Make the page of a form that is there, beside what it was drafted from."""
    from reportkit.drafting.comparison_page import comparison_page
    from reportkit.errors import UserError
    from reportkit.kinds import load_form

    if not page:
        words = _("{path} is a form already; --show makes a page of it, and draft makes forms of official tables")
        raise UserError(words.format(path=path))
    _write_page(path.with_suffix(".html"), comparison_page(load_form(path), _tables(_sources(named))))


def _write(path: Path, content: bytes, *, new: bool) -> None:
    from reportkit.errors import UserError, unwritten
    from reportkit.files import put

    try:
        put(path, content, new)
    except FileExistsError:
        raise UserError(_taken(path)) from None
    except OSError as error:
        raise unwritten(error, path, N_("choose another file with -o")) from None


def _write_page(path: Path, content: bytes) -> None:
    _check_page(path)
    _write(path, content, new=False)
    say(_("written {path}: open it in a browser, and compare").format(path=path))


def _check_page(path: Path) -> None:
    """Raise UserError where a page would take the place of anything but one that this command has made before."""
    from reportkit.drafting.comparison_page import GENERATOR
    from reportkit.errors import UserError
    from reportkit.files.locations import read_local

    ours = not os.path.lexists(path)
    if not ours and path.is_file() and not path.is_symlink():
        ours = f'content="{GENERATOR}"'.encode() in read_local(path)[:1000]
    if not ours:
        words = _("{path} exists already, and is no page of this command; move it away, or name the form otherwise")
        raise UserError(words.format(path=path))


def _found(made: LoadedForm) -> list[str]:
    rows = made.likenesses().values()
    printed = _("{same} of {rows} rows printed as in the files")
    return [
        counted(len(made.form.tables), "{number} table", "{number} tables"),
        printed.format(same=sum(one.same for one in rows), rows=sum(one.rows for one in rows)),
        counted(len(made.form.rules), "{number} sum", "{number} sums"),
        counted(made.guesses, "{number} guess to look at", "{number} guesses to look at"),
    ]


def _table_lines(made: LoadedForm) -> list[str]:
    """A line for each table, and what is to be known of it."""
    lines = []
    for table in made.draft.tables:
        like = made.likenesses()[table.key]
        words = _("{key}: {origin}, {same} of {rows} rows as there")
        lines.append(words.format(key=table.key, origin=table.grid.origin, same=like.same, rows=like.rows))
        if like.others:
            lines.append(_others(like))
    lines += [_("not proposed: {rule}: {proof}").format(rule=one.label, proof=one.proof) for one in made.draft.refuted]
    return lines


def _others(like: Likeness) -> str:
    shown = listed([*like.others[:_MOST_ROWS], *(["…"] if len(like.others) > _MOST_ROWS else [])])
    return _("printed otherwise: {rows}; compare them with --show").format(rows=shown)

"""The filing of the year before, found as the rules between two years find it."""

from __future__ import annotations

from pathlib import Path, PurePath

from reportkit.checks import check
from reportkit.checks.folders import Folders
from reportkit.errors import Issue, ReaderError, UserError
from reportkit.filing import Filing
from reportkit.locations import is_remote
from reportkit.project import Project, parameter_files
from reportkit.readers.params import SUFFIXES


def last_year(project: Project, filing: Filing) -> Filing | str:
    """Return the filing of the year before, or the sentence that says why there is none to compare with.

    The sentence may be published: nothing in it depends on the machine. Never raises for what a file is or holds.
    """
    try:
        path = _path(project, filing)
    except (UserError, OSError, ValueError):  # a store that does not answer, a folder, a name that is none for a file
        return f"{filing.year - 1}年的参数文件无法查找，未作对比；请检查文件夹、权限和网络。"
    if isinstance(path, str):
        return path
    name = (project.inside(path) or path).as_posix()
    try:
        last = project.read(path)
    except ReaderError as error:
        return f"上年的参数文件 {name} 读不出来（{_first(error.issues)}），未作对比；请用 reportkit check 查看原因。"
    except (UserError, OSError):
        return f"上年的参数文件 {name} 读不出来，未作对比；请检查权限和网络。"
    return _reliable(project, filing, last, name)


def _reliable(project: Project, filing: Filing, last: Filing, name: str) -> Filing | str:
    """Last year's filing, if its figures can be relied on."""
    errors = [issue for issue in check(last, project.waivers) if issue.severity == "error"]
    if errors:
        count, first = len(errors), _first(errors)
        return f"上年的参数文件 {name} 有 {count} 处错误（{first}），未作对比；请用 reportkit check 查看并改正。"
    if (last.year, last.jurisdiction) != (filing.year - 1, filing.jurisdiction):
        return f"上年的参数文件 {name} 写的是{last.year}年的“{last.jurisdiction}”，未作对比；请核对。"
    return last


def _first(issues: list[Issue]) -> str:
    """The first issue by line and code: its message may speak of this machine."""
    place = issues[0].origin.place
    return f"第 {place} 行 {issues[0].code}" if place.isdecimal() else issues[0].code


def _path(project: Project, filing: Filing) -> Path | str:
    """The file of the year before, or the sentence that says that there is none, or no single one."""
    year, name = filing.year, filing.jurisdiction
    own = _own_place(project, filing)
    here = [own] if own else _named(project, year, name)
    if len(here) == 1:
        return _year_before(project, here[0]) or _missing(_moved(here[0]))
    last = [] if here else _named(project, year - 1, name)
    if len(last) == 1:
        return project.params / last[0]
    several = "、".join(inside.as_posix() for inside in here or last)
    if several:
        return f"叫“{name}”的不止一个（{several}），分不清上年的是哪一个，未作对比。"
    return _missing(PurePath(str(year - 1), f"{name}.yaml"))


def _missing(inside: PurePath) -> str:
    return f"没有找到上年的参数文件 {inside.as_posix()}，未作对比。"


def _own_place(project: Project, filing: Filing) -> PurePath | None:
    """Where below params/ the filing was read; None if it was not: papermill gave the figures."""
    own = PurePath(filing.origin.path)
    if own.suffix not in SUFFIXES:
        return None
    if len(own.parts) > 1 and own.parts[0] == str(filing.year):
        return own  # as a build calls it, wherever params/ is
    inside = project.inside(Path(own))
    return inside if inside and inside.parts[0] == str(filing.year) else None


def _named(project: Project, year: int, name: str) -> list[PurePath]:
    """The files of a year that have the jurisdiction's name, by their path below params/."""
    found = (project.inside(path) for path in parameter_files(project.params / str(year)) if path.stem == name)
    return [inside for inside in found if inside]


def _year_before(project: Project, here: PurePath) -> Path | None:
    """The file in the same place a year before, or the one that has moved from elsewhere since."""
    params, last = project.params, _moved(here)
    if not is_remote(params):
        if _is_there(params / last):
            return params / last
        if not (params / last.parts[0]).is_dir():
            return None  # and no folder of thousands is listed for each of its reports
    return Folders(project, [params / here]).last_year(params / here)


def _moved(inside: PurePath) -> PurePath:
    return type(inside)(str(int(inside.parts[0]) - 1), *inside.parts[1:])


def _is_there(path: Path) -> bool:
    """Whether there is such a file. It is opened, not only looked at, so that a build knows that it was asked for."""
    try:
        path.open("rb").close()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # whoever reads it tells why that cannot be done
    return True

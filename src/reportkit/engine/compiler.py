"""From a cell's text to code, as IPython goes, with less work where the result is known.

A report has twenty cells, and but for its parameters they are those of the report before: `remember` does their part
once. Everything here gives what IPython gives; where that could depend on the notebook, IPython is asked.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager, cell_magic

from reportkit.engine.parameters import values_of

# Valid Python can still look to IPython as if it were pasted from a prompt, or be cleaned of blanks.
_MAY_BE_CHANGED = re.compile(
    r"""  \A(?:\s|\Z)                                 # blank lines or an indent at the beginning, or nothing at all
        | [\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]     # where lines end for IPython, or for Python, and not for the other
        | ^[^\S\n]+$                                # lines of blanks, perhaps inside a string
        | ^[^\S\n]*(?:>>>|\.\.\.|In[ ]|\[nav|\[ins)  # prompts
    """,
    re.MULTILINE | re.VERBOSE,
)
_CELL_COMMAND = re.compile(r"%%\w+(?:[ ][^?\n]*)?\n")
_UNTOUCHED = vars(TransformerManager())

# Nobody reads the number of such a cell, of parameters or sentences mostly, and ipykernel's hash takes long for it.
_LONG = 300
_MURMUR, _BITS = 0x5BD1E995, 0xFFFFFFFF

_transformed: dict[str, str] = {}
_trees: dict[tuple[str, str, int], ast.Module] = {}
# By the statement, which is one of those in _trees.
_codes: dict[tuple[int, str, int], Any] = {}


def remember(source: str) -> None:
    """Transform and compile a cell now, for all runs in this process and in those forked from it."""
    if source in _transformed:
        return
    try:
        with _no_warning():
            text = TransformerManager().transform_cell(source)
            tree, codes = CellCompiler().all_code(text, code_name(source))
    except Exception:
        return  # it is the cell that must fail with this, or warn, and each time
    _transformed[source] = text
    _trees.update(tree)
    _codes.update(codes)


@contextmanager
def _no_warning() -> Iterator[None]:
    """Raise the warning after a block that has warned."""
    # Not the filter "error", which would be in force for the notebook's threads as well.
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    if caught:
        raise UserWarning(caught[0].message)


class CellCompiler(CachingCompiler):
    """Names the code of a cell as ipykernel does, but for the number of the process.

    The name is seen in warnings and syntax errors, and decides how a traceback looks: IPython shows a ``.py`` file that
    does not exist without highlighting.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._last: dict[tuple[str, int], ast.AST] = {}
        self._given: dict[int, tuple[ast.stmt, Any]] = {}

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        """Return a file name made of the cell's source."""
        return code_name(raw_code)

    def can_parse(self, source: str) -> bool:
        """Whether `source` is Python as it is, and no warning is due; the tree is kept for `ast_parse`."""
        try:
            with _no_warning():
                self._last = {(source, self.flags): super().ast_parse(source)}
        except Exception:
            return False
        return True

    def takes_values(self, source: str) -> bool:
        """Whether `source` is the cell of parameters; `ast_parse` and `__call__` then take the values it is made of."""
        values = values_of(source)
        codes = {name: _assignment(name) for name in values or ()}
        if not values or None in codes.values():
            return False
        nodes = {name: _constant(name, value) for name, value in values.items()}
        self._last = {(source, self.flags): ast.Module([*nodes.values()], [])}
        self._given = {id(node): (node, _with(codes[name], values[name])) for name, node in nodes.items()}
        return True

    def takes_command(self, call: str, lines: list[str]) -> None:
        """Take the cell of a command, as its lines, for the call that it has become; the tree is kept for `ast_parse`.

        To find the end of a long text in a call takes Python longer than all the rest of a cell of sentences.
        """
        name, _, rest = lines[0][2:].rstrip().partition(" ")
        if tree := _command(call, (name, rest, "".join(lines[1:]))):
            self._last = {(call, self.flags): tree}

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        """Return the syntax tree of `source`. Its statements may be those of other runs."""
        known, last = _trees.get((source, filename, self.flags)), self._last.pop((source, self.flags), None)
        if symbol != "exec" or not (known or last):
            return super().ast_parse(source, filename, symbol)
        # A list of its own: IPython adds to it.
        return ast.Module(list(known.body), []) if known else last  # type: ignore[return-value]

    def __call__(self, source: Any, filename: str, symbol: str, **options: Any) -> Any:
        """Return code."""
        # Of an expression, which `%time` compiles, the body is no list.
        body = source.body if isinstance(source, ast.Module | ast.Interactive) else []
        if len(body) == 1 and id(body[0]) in self._given:
            return self._given.pop(id(body[0]))[1]
        known = _codes.get((id(body[0]), symbol, self.flags)) if len(body) == 1 else None
        return known or super().__call__(source, filename, symbol, **options)

    def all_code(self, source: str, filename: str) -> tuple[dict[Any, ast.Module], dict[Any, Any]]:
        """Return what `ast_parse` and then `__call__` will be asked for if the cell is run."""
        flags = self.flags
        tree: Any = super().ast_parse(source, filename)
        codes = {}
        for node in tree.body:
            shown = node is tree.body[-1] and isinstance(node, ast.Expr)
            symbol = "single" if shown else "exec"
            part: Any = ast.Interactive([node]) if shown else ast.Module([node], [])
            with self.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
                codes[id(node), symbol, self.flags] = super().__call__(part, filename, symbol)
        if self.flags != flags:
            raise ValueError("what follows is compiled differently after this cell")
        return {(source, filename, flags): tree}, codes


# What stands for a value in the code that assigns it.
_ANY = "\0value"


@lru_cache(maxsize=256)
def _assignment(name: str) -> Any:
    """The code that assigns `_ANY` to a name; None if this Python has no place in it to set a value in."""
    code = compile(f"{name} = {_ANY!r}", f"/tmp/ipykernel/{name}.py", "exec")
    return code if code.co_consts.count(_ANY) == 1 else None


def _with(code: Any, value: Any) -> Any:
    return code.replace(co_consts=tuple(value if const == _ANY else const for const in code.co_consts))


def _constant(name: str, value: Any) -> ast.stmt:
    """The statement for whoever looks at it; Python would refuse to compile it, as no dict is a constant."""
    node = ast.Assign([ast.Name(name, ast.Store())], ast.Constant(value), lineno=1, col_offset=0)
    return ast.fix_missing_locations(node)


_COMMAND = "get_ipython().run_cell_magic"


def _command(call: str, arguments: Sequence[str]) -> ast.Module | None:
    """The tree of a call to a command with these arguments, as if it had been read; None if it says something else."""
    said = [*map(repr, arguments)]
    if call != f"{_COMMAND}({', '.join(said)})\n":  # as all versions of IPython write it
        return None
    at = len(f"{_COMMAND}(")
    constants: list[ast.expr] = []
    for argument, written in zip(arguments, said, strict=True):
        end = at + len(written.encode())
        constants.append(ast.Constant(argument, None, **_columns(at, end)))
        at = end + len(", ")
    whole = _columns(0, at - 1)
    return ast.Module([ast.Expr(ast.Call(_function(), constants, [], **whole), **whole)], [])


@cache
def _function() -> ast.expr:
    return ast.parse(_COMMAND, mode="eval").body


def _columns(begin: int, end: int) -> dict[str, int]:
    return {"lineno": 1, "end_lineno": 1, "col_offset": begin, "end_col_offset": end}


@lru_cache(maxsize=256)
def code_name(source: str) -> str:
    """Return the file name under which a cell is compiled."""
    if len(source) > _LONG:
        return f"/tmp/ipykernel/{crc32(source.encode(errors='surrogatepass'))}.py"
    from ipykernel.compiler import get_tmp_hash_seed

    seed = get_tmp_hash_seed()  # type: ignore[no-untyped-call]
    return f"/tmp/ipykernel/{murmur2(source.encode(), seed)}.py"


def murmur2(data: bytes, seed: int) -> int:
    """Return the hash (32 bits) by which ipykernel names cells, in a tenth of the time that its own function takes."""
    import numpy

    words = numpy.frombuffer(data, "<u4", len(data) // 4) * numpy.uint32(_MURMUR)
    words = (words ^ words >> numpy.uint32(24)) * numpy.uint32(_MURMUR)
    mixed = seed ^ len(data)
    for word in words.tolist():
        mixed = (mixed * _MURMUR & _BITS) ^ word
    if rest := data[len(data) // 4 * 4 :]:
        mixed = (mixed ^ int.from_bytes(rest, "little")) * _MURMUR & _BITS
    mixed = (mixed ^ mixed >> 13) * _MURMUR & _BITS
    return mixed ^ mixed >> 15


class CellTransformer(TransformerManager):
    """IPython's transformer, which is asked unless the cell is remembered or plain Python."""

    __slots__ = ("_compiler", "_has_ast_transformers")

    def __init__(self, compiler: CellCompiler, has_ast_transformers: Callable[[], bool] = lambda: False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._compiler, self._has_ast_transformers = compiler, has_ast_transformers

    def transform_cell(self, cell: str) -> str:
        """Return the cell as Python."""
        if vars(self) != _UNTOUCHED:  # the notebook has added a transformation
            return super().transform_cell(cell)
        if cell in _transformed:
            return _transformed[cell]
        ended = cell if cell.endswith("\n") else f"{cell}\n"
        if not self._has_ast_transformers() and self._compiler.takes_values(cell):
            return ended
        if _MAY_BE_CHANGED.search(ended):
            return super().transform_cell(cell)
        if _CELL_COMMAND.match(ended):
            lines = ended.splitlines(keepends=True)
            call = "".join(cell_magic(lines))  # without a look at each sign of its text
            self._compiler.takes_command(call, lines)
            return call
        # None of IPython's own syntax is valid Python.
        if not ended.startswith("%") and self._compiler.can_parse(ended):
            return ended
        return super().transform_cell(cell)

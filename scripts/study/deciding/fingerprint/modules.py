"""Files of Python as statements that bind names, without the words that decide nothing."""

import ast
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from study.deciding.fingerprint.digests import digest
from study.deciding.fingerprint.uses import (
    DEFINITION,
    Chain,
    Import,
    Uses,
    bound_names,
    called_by,
    callee_of,
    chain_of,
    is_plain,
)

BLOCK = ast.stmt | ast.excepthandler | ast.match_case
ACTION = ast.Call | ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom
MAIN = {"__name__ == '__main__'", "'__main__' == __name__"}
LOG: Chain = ("logging",)
FAILURE = "GlassboxError"  # ends a job with its message, which no result holds


class Statement:
    """A statement at the top of a module."""

    def __init__(self, node: ast.stmt, package: str):
        self.node, self.package = node, package

    @cached_property
    def text(self) -> str:
        return ast.dump(self.node)

    @cached_property
    def uses(self) -> Uses:
        return Uses(self.node, self.package)

    @cached_property
    def binds(self) -> set[str]:
        """The names that it gives its module."""
        names = bound_names([self.node])
        if not isinstance(self.node, DEFINITION):
            names |= {item.bound for item in self.uses.imports} - {"*"}
        return names

    @cached_property
    def is_effect(self) -> bool:
        """Whether it does more than bind names."""
        match self.node:
            case ast.ImportFrom(module=module, names=[alias]):
                return alias.name == "*" or module == "__future__"
            case ast.Assign(targets=targets):
                return not all(map(is_plain, targets))
            case ast.AnnAssign(target=target):
                return not is_plain(target)
        return not isinstance(self.node, DEFINITION | ast.Import)

    @cached_property
    def runs(self) -> bool:
        """Whether an import computes something of other names, as no plain definition does."""
        match self.node:
            case ast.FunctionDef(args=args, decorator_list=decorators):
                return bool(decorators or args.defaults or any(args.kw_defaults))
            case ast.Import() | ast.ImportFrom():
                return False
        return True

    @cached_property
    def called(self) -> set[Chain]:
        """What it calls where it is run: (registry, add) for `@registry.add("name")`."""
        callees = map(callee_of, called_by(self.node))
        parts = [
            part for item in callees for part in ([item] if chain_of(item) else ast.walk(item))
        ]
        return set(filter(None, map(chain_of, parts)))


class Module:
    """A file of Python: its statements, and which of them bind which name."""

    def __init__(self, name: str, file: str, source: bytes, package: str, is_program: bool):
        self.name, self.file, self.is_program = name, file, is_program
        nodes = _statements(_parse(source, file).body, is_program)
        self.statements = [Statement(node, package) for node in nodes]
        self.effects = [part for part in self.statements if part.is_effect]
        imports = [item for part in self.effects for item in part.uses.imports]
        self.stars = [item for item in imports if item.name == "*"]
        self.bindings: dict[str, list[Statement]] = {}
        for part in self.statements:
            for bound in part.binds:
                self.bindings.setdefault(bound, []).append(part)

    def imports(self, name: str) -> list[Import]:
        """The imports that bind a name."""
        parts = self.bindings.get(name, [])
        return [item for part in parts for item in part.uses.imports if item.bound == name]

    @cached_property
    def program_digest(self) -> str:
        """The digest of all of it, where imports and plain functions may stand in any order."""
        movable = [part for part in self.statements if not (part.is_effect or part.runs)]
        ordered = [part for part in self.statements if part not in movable]
        movable.sort(key=lambda part: sorted(part.binds))
        return digest_of_statements([*movable, *ordered])


module_of = cache(Module)


def digest_of_statements(statements: list[Statement]) -> str:
    return digest("\n".join(part.text for part in statements))


def _parse(source: bytes, file: str) -> ast.Module:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise SyntaxError(f"{file}:{error.lineno}: {error.msg}") from None
    _drop_words(tree)
    return tree


def _drop_words(node: ast.AST) -> None:
    """Take docstrings, other strings that stand alone, logs and messages out of a syntax tree."""
    for name, block in ast.iter_fields(node):
        if isinstance(block, list):
            rest = [part for part in block if not (_is_text(part) or _is_log(part))]
            setattr(node, name, rest or [ast.Pass()] * (name == "body"))
            for part in rest:
                if isinstance(part, BLOCK):
                    _drop_message(part)
                    _drop_words(part)


def _is_text(node: Any) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _is_log(node: Any) -> bool:
    """Whether a statement logs, and does nothing else on the way."""
    match node:
        case ast.Expr(value=ast.Call(func=logger, args=arguments)) if chain_of(logger)[:1] == LOG:
            return not any(
                isinstance(part, ACTION) for each in arguments for part in ast.walk(each)
            )
    return False


def _drop_message(node: ast.AST) -> None:
    """Leave of a failure that it is raised, and of a log what it does on the way."""
    match node:
        case ast.Expr(value=ast.Call(func=logger) as call) if chain_of(logger)[:1] == LOG:
            call.args = [part for part in call.args if not isinstance(part, ast.Constant)]
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as call) if name == FAILURE:
            call.args, call.keywords = [], []


def _statements(body: list[ast.stmt], is_program: bool) -> Iterator[ast.stmt]:
    """The statements that an import or a run executes, with one name to an import."""
    for node in body:
        match node:
            case ast.If(test=test) if chain_of(test)[-1:] == ("TYPE_CHECKING",):
                yield from _statements(node.orelse, is_program)
            case ast.If(test=test) if not is_program and ast.unparse(test) in MAIN:
                yield from _statements(node.orelse, is_program)
            case ast.Import(names=names):
                yield from (ast.Import([alias]) for alias in names)
            case ast.ImportFrom(names=names):
                for alias in names:
                    one = ast.ImportFrom(node.module, [alias], node.level)
                    yield ast.copy_location(one, node)
            case ast.Pass():
                pass
            case _:
                yield node

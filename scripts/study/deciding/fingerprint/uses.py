"""What a statement takes from outside itself."""

import ast
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from study.deciding.fingerprint.hiding import DYNAMIC_IMPORTS, HIDING, HIDING_IN, LIST, WRITE_OUT

Chain = tuple[str, ...]  # a dotted name: ("module", "function")

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
DEFINITION = FUNCTION | ast.ClassDef
COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
METACLASSES = {"type", "ABCMeta", "EnumMeta", "EnumType"}
LITERAL: Chain = ("Literal",)


@dataclass(frozen=True)
class Import:
    """A name bound to the module `source`, or to its attribute `name`, by importing `loads`."""

    bound: str
    loads: str
    source: str
    name: str = ""


class Uses(ast.NodeVisitor):
    """What a statement takes from outside itself: dotted names and imports."""

    def __init__(self, node: ast.stmt, package: str):
        self.package = package
        self.names: dict[Chain, int] = {}  # with the line of each
        self.imports: list[Import] = []
        self.choices: dict[str, int] = {}  # packages of which it chooses a module, with lines
        self.hidden: tuple[int, str, str] | None = None  # line, what, what to write instead
        self.local: frozenset[str] = frozenset()
        self.visit(node)

    def read(self, chain: Chain, line: int) -> bool:
        """Note a dotted name that isn't local to a function."""
        if not chain or chain[0] in self.local:
            return False
        self.names.setdefault(chain, line)
        return True

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Store):
            self.visit_Attribute(node)

    def visit_Attribute(self, node: ast.Attribute | ast.Name) -> None:
        last = node.attr if isinstance(node, ast.Attribute) else node.id
        chain = chain_of(node)
        if last in HIDING:
            self.hide(node.lineno, last, HIDING[last])
        if not chain:
            self.generic_visit(node)
        elif self.read(chain, node.lineno) and chain[-1] in DYNAMIC_IMPORTS:
            self.hide(node.lineno, "this import", WRITE_OUT)

    def hide(self, line: int, what: str, instead: str) -> None:
        """Note the first thing that hides what it reaches."""
        self.hidden = self.hidden or (line, what, instead)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.read(chain_of(node.target), node.lineno)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:
            self.names.setdefault((name,), node.lineno)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            first = alias.name.partition(".")[0]
            bound, source = (alias.asname, alias.name) if alias.asname else (first, first)
            self.imports.append(Import(bound, alias.name, source))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        parents = self.package.split(".")
        base = parents[: len(parents) - node.level + 1] if node.level else []
        source = ".".join([*base, node.module] if node.module else base)
        for alias in node.names:
            self.imports.append(Import(alias.asname or alias.name, source, source, alias.name))
            renamed = alias.name in DYNAMIC_IMPORTS and alias.asname not in (None, alias.name)
            instead = HIDING_IN.get((source, alias.name))
            if renamed or instead:
                self.hide(node.lineno, alias.name, instead or "import it under its own name")

    def visit_Call(self, node: ast.Call) -> None:
        chain = chain_of(node.func)
        name = _literal(node.args)
        if name and chain and chain[-1] in DYNAMIC_IMPORTS:
            self.read(chain, node.lineno)
            self.imports.append(Import("*", name, name, "*"))
        elif chain[-1:] == ("import_module",) and (package := _chosen_from(node)):
            self.read(chain, node.lineno)
            self.choices[package] = node.lineno
            self.visit(node.args[0])
        elif chain == ("vars",) and not node.args:
            self.read(("locals",), node.lineno)
        elif attribute := _attribute(node):
            self.visit(attribute)
        else:
            said = [part for part in node.args if _is_help(chain, part)]
            for part in ast.iter_child_nodes(node):
                if part not in said:
                    self.visit(part)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any(METACLASSES & set(chain_of(base)[-1:]) for base in node.bases):
            self.hide(node.lineno, f"the metaclass {node.name}", LIST)
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        self.visit_annotation(node.annotation)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit_annotation(node.annotation)
        for part in (node.target, node.value):
            if part:
                self.visit(part)

    def visit_annotation(self, node: ast.expr | None) -> None:
        """Visit an annotation; text in it is code, which get_type_hints would run."""
        for part in _read_as_code(node) if node else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                with suppress(SyntaxError):
                    self.visit(ast.parse(part.value, mode="eval"))
        if node:
            self.visit(node)

    def visit_FunctionDef(self, node: FUNCTION | ast.Lambda) -> None:
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        returns = getattr(node, "returns", None)
        head = [part for part in ast.iter_child_nodes(node) if part not in (*body, returns)]
        self.visit_within(set(), head)
        self.visit_annotation(returns)
        if (name := getattr(node, "name", "")) in HIDING:
            self.hide(node.lineno, name, HIDING[name])
        self.visit_within(bound_names([node.args, *body]), body)

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef

    def visit_ListComp(self, node: COMPREHENSION) -> None:
        self.visit(node.generators[0].iter)
        targets = bound_names(part.target for part in node.generators)
        self.visit_within(targets, ast.iter_child_nodes(node))

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_within(self, names: set[str], nodes: Iterable[ast.AST]) -> None:
        outer, self.local = self.local, self.local | names
        for node in nodes:
            self.visit(node)
        self.local = outer


def chain_of(node: ast.AST) -> Chain:
    """The dotted name that an expression is, or an empty one."""
    if isinstance(node, ast.Name):
        return (node.id,)
    parent = chain_of(node.value) if isinstance(node, ast.Attribute) else ()
    return (*parent, node.attr) if parent else ()


def _literal(arguments: list[ast.expr]) -> str:
    """The absolute name of a module that is the only argument, or an empty one."""
    match arguments:
        case [ast.Constant(value=str(name))] if not name.startswith("."):
            return name
    return ""


def _chosen_from(node: ast.Call) -> str:
    """The package of which a module is imported: of import_module(f"package.{name}"), or none."""
    match node:
        case ast.Call(
            args=[ast.JoinedStr([ast.Constant(str(head)), ast.FormattedValue()])], keywords=[]
        ) if head.endswith(".") and not head.startswith("."):
            return head.removesuffix(".")
    return ""


def _read_as_code(annotation: ast.AST) -> Iterator[ast.AST]:
    """The parts of an annotation but the values of a Literal, which are no names."""
    yield annotation
    if not (isinstance(annotation, ast.Subscript) and chain_of(annotation.value)[-1:] == LITERAL):
        for part in ast.iter_child_nodes(annotation):
            yield from _read_as_code(part)


def called_by(node: ast.AST) -> Iterator[ast.expr]:
    """What a statement calls, decorates with or makes a class with where it is run."""
    if isinstance(node, DEFINITION):
        yield from node.decorator_list
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            parts = [*node.decorator_list, node.args]
        case ast.Lambda():
            parts = [node.args]
        case _:
            parts = ast.iter_child_nodes(node)
    if isinstance(node, ast.Call):
        yield node.func
    if isinstance(node, ast.keyword) and node.arg == "metaclass":
        yield node.value
    for part in parts:
        yield from called_by(part)


def _attribute(node: ast.Call) -> ast.Attribute | None:
    """What `getattr` takes by a name that is written out: `getattr(x, "name")` is x.name."""
    match node:
        case ast.Call(
            func=ast.Name("getattr"), args=[holder, ast.Constant(str(name)), *default]
        ) if not default and name.isidentifier():
            found = ast.Attribute(_attribute(holder) or holder, name, ast.Load())
            return ast.copy_location(found, node)
    return None


def _is_help(chain: Chain, argument: ast.expr) -> bool:
    """Whether an argument is the text that a program shows when it is asked for help."""
    return chain == ("Program",) and chain_of(argument) == ("__doc__",)


def callee_of(node: ast.expr) -> ast.expr:
    return callee_of(node.func) if isinstance(node, ast.Call) else node


def is_plain(target: ast.expr) -> bool:
    return not any(isinstance(part, ast.Attribute | ast.Subscript) for part in ast.walk(target))


def bound_names(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that code binds in its own scope, except by imports."""
    names, imported = set(), set()
    pending = list(nodes)
    while pending:
        node = pending.pop()
        match node:
            case ast.alias(name=name, asname=alias):
                imported.add(alias or name.partition(".")[0])
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
        if isinstance(node, DEFINITION):
            names.add(node.name)
        elif not isinstance(node, ast.Lambda | COMPREHENSION):
            pending.extend(ast.iter_child_nodes(node))
    return names - imported

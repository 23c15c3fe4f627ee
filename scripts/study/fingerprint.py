"""A fingerprint of the code that a shell command runs, found out and not declared.

Snakemake sees neither the imports of a script nor what it uses of them. Here a command is searched
for the files that it names, and its scripts are followed, one definition after another, through the
packages of the study. What can be reached counts: functions, classes and variables that reached
code names, and what an import runs besides (side effects at the top of a module, definitions that a
decorator of the study may register). Comments, docstrings, formatting, the order of definitions and
code that no script of the command can reach don't count. Nor does what can't shape a job's bytes:
the machinery around every job (see MACHINERY), what is logged, and the words of a GlassboxError.

Code that chooses a module of a package, as import_module(f"package.{name}") does, reaches all of
the package's modules, or those that its job is told by their names (see `study.told.chosen`).

In doubt more counts than need be: a module used in a way that can't be followed counts whole, and
where names are bound anew, what uses them counts in its order. What hides which code it reaches is
refused where it stands, with the way out (see HIDING). Neither is possible for a file that code
opens by a name of its own and no command names, for code that it runs from such a file, for a
method that only the name in a string tells, as in operator.methodcaller("name"), and for a class
that a base class of another library keeps where code finds it.
"""

import ast
import difflib
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from study.told import ABOUT_THE_RUN

Chain = tuple[str, ...]  # a dotted name: ("module", "function")

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
DEFINITION = FUNCTION | ast.ClassDef
IMPORT = ast.Import | ast.ImportFrom
BLOCK = ast.stmt | ast.excepthandler | ast.match_case
ACTION = ast.Call | ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom
COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

DYNAMIC_IMPORTS = {"import_module", "__import__"}
DYNAMIC_NAMES = {"globals", "locals", "eval", "exec"}
WRITE_OUT = (
    'write its whole name out, as in import_module("package.module"), '
    'or its package, as in import_module(f"package.{name}")'
)
LIST = "put what it may find into a dict or a list, and choose from that"
# Attributes that hide which code they reach, with what does the same in the open.
HIDING = {
    "__subclasses__": LIST,
    "__init_subclass__": LIST,
    "__globals__": "name what is taken from there",
    "__doc__": "put the text into a constant, which is no docstring",
}
# What hides it in some modules of Python, which are no values either.
HIDING_IN = {
    ("sys", "modules"): "import the module by its name",
    ("pkgutil", "resolve_name"): WRITE_OUT,
    ("pkgutil", "iter_modules"): LIST,
    ("pkgutil", "walk_packages"): LIST,
    ("runpy", "run_path"): WRITE_OUT,
    ("runpy", "run_module"): WRITE_OUT,
    ("importlib", "reload"): "import the module once",
    ("sys",): "name what is taken from it",
    ("pkgutil",): "name what is taken from it",
    ("runpy",): "name what is taken from it",
    ("importlib",): "name what is taken from it",
}
METACLASSES = {"type", "ABCMeta", "EnumMeta", "EnumType"}
LITERAL: Chain = ("Literal",)
TOLD = {"glassbox.models.own"}  # what it runs is in the slice of the jobs that it runs in
# What a decorator from elsewhere may be without keeping what it decorates where others find it.
PURE = sys.stdlib_module_names - {"atexit"}
PURE_NAMES = {"no_grad", "inference_mode", "enable_grad"}
SHELLS = re.compile(r"(?:^|[;&|(]\s*)(cd|pushd|bash|sh|zsh|source|\.|eval|exec|xargs)\s")
MAIN = {"__name__ == '__main__'", "'__main__' == __name__"}

# Packages that run, record, cache and plan jobs; what shapes bytes has no place in them.
MACHINERY = {"study"}
REPORTING = re.compile(rf" --(?:{'|'.join(ABOUT_THE_RUN)}) \S+| > \{{log:q\}} 2>&1")
LOG: Chain = ("logging",)
FAILURE = "GlassboxError"  # ends a job with its message, which no result holds

SEPARATORS = re.compile(r"[\s'\"=;<>|&()]+")
QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")
RUN_BY_NAME = re.compile(r" -m ?([\w.]+)")
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Code:
    """The code that a command runs: its fingerprint, and the hash of each part that counts.

    packages: the modules from elsewhere, Python's own apart, that this code imports.
    """

    fingerprint: str
    definitions: dict[str, str]
    packages: list[str] = field(default_factory=list)


class Untraceable(Exception):
    """Code that hides which code it reaches; the message says where, and the way out."""

    def __init__(self, file: str, line: int, what: str, instead: str):
        super().__init__(
            f"{file}:{line}: can't tell which code {what} reaches, so no fingerprint covers it; "
            f"{instead}"
        )
        self.file, self.line = file, line


def of_command(command: str, root: Path, packages: Path, chosen: Collection[str] = ()) -> Code:
    """The code of a command: its text, its scripts with all they reach, other files it names.

    chosen: which modules it chooses from packages by their names; of a package of which none is
    told, all count. Raises Untraceable for code, or a command, that hides what it runs.
    """
    text = " ".join(command.replace("\\\n", " ").split())
    if hides := SHELLS.search(text):
        instead = "name the program and its files in the command itself, from the study's folder"
        raise Untraceable(f"the command {text!r}", hides.start(1), f"'{hides[1]}'", instead)
    walk = Walk(Path(os.path.abspath(root)), Path(os.path.abspath(packages)), chosen)
    walk.definitions["command"] = _digest(REPORTING.sub("", text))
    for path in _named_files(text, walk.root, walk.packages):
        if path.suffix == ".py":
            walk.program(path)
        else:
            walk.definitions[path.relative_to(walk.root).as_posix()] = digest_of_file(path)
    definitions = dict(sorted(walk.definitions.items()))
    return Code(_digest(json.dumps(definitions)), definitions, sorted(walk.packages_used))


def of_program(name: str, root: Path, chosen: Collection[str] = ()) -> Code:
    """The code that scripts/<stage>/<program>.py reaches, whatever the command; name: both."""
    code = of_command(f"python scripts/{name}.py", root, root / "scripts", chosen)
    return replace(code, definitions=without_command(code))


def without_command(code: Code) -> dict[str, str]:
    """The definitions of a code but the text of its command."""
    return {key: digest for key, digest in code.definitions.items() if key != "command"}


def of_definition(file: Path, name: str) -> dict[str, str]:
    """The digests of the definitions that a name in a file reaches there and in files beside it."""
    return _walked(file, name).definitions


def files_of_definition(file: Path, name: str) -> list[Path]:
    """That file, and those beside it that hold such definitions."""
    modules = filter(None, _walked(file, name).modules.values())
    return [path for each in modules if (path := file.parent / each.file).is_file()]


def _walked(file: Path, name: str) -> "Walk":
    folder = Path(os.path.abspath(file)).parent
    walk = Walk(folder, folder)
    module = walk.modules[file.stem] = walk.read(folder / file.name, file.stem)
    walk.load(file.stem)
    walk.attribute(module, (name,))
    walk.finish()
    walk.definitions = dict(sorted(walk.definitions.items()))
    return walk


def no_class(file: Path, name: str) -> str | None:
    """Why a name in a file can't be a class's, in words; None where it may be one's."""
    module = Module(file.stem, str(file), file.read_bytes(), "", is_program=False)
    bound = [part.node for part in module.bindings.get(name, [])]
    if any(not isinstance(node, FUNCTION) for node in bound) or (module.stars and not bound):
        return None
    classes = [part.node.name for part in module.statements if isinstance(part.node, ast.ClassDef)]
    near = difflib.get_close_matches(name, classes, 1, 0.5)
    hint = f"did you mean '{near[0]}'? " if near else ""
    what = "which is a function of" if bound else "which is no class of"
    return f"found '{name}', {what} {file}; {hint}its classes: {', '.join(classes) or 'none'}"


def _named_files(command: str, root: Path, packages: Path) -> Iterator[Path]:
    quoted = [single or double for single, double in QUOTED.findall(command)]
    words = [root / word for word in [*SEPARATORS.split(command), *quoted]]
    modules = [packages / name.replace(".", "/") for name in RUN_BY_NAME.findall(command)]
    for module in modules:
        words += [module / "__main__.py", Path(f"{module}.py")]
    for path in dict.fromkeys(Path(os.path.abspath(word)) for word in words):
        if os.path.isfile(path) and path.is_relative_to(root):
            yield path


def digest_of_file(path: Path) -> str:
    """The digest of what a file says: of JSON and YAML, their content in its order."""
    return _digest_of_content(path.suffix, path.read_bytes())


@cache
def _digest_of_content(suffix: str, raw: bytes) -> str:
    """The digest of what a file says, or of its bytes where that can't be read."""
    try:
        match suffix:
            case ".json":
                content = json.loads(raw)
            case ".yaml" | ".yml":
                content = list(yaml.load_all(raw, Loader=YAML_LOADER))
            case _:
                return _digest(raw)
        return _digest(json.dumps(_plain(content), default=repr))
    except (ValueError, yaml.YAMLError, RecursionError):
        return _digest(raw)


def _plain(value: Any) -> Any:
    """The value with every key as text that tells 1 from "1"."""
    if isinstance(value, dict):
        return {repr(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _digest(content: str | bytes) -> str:
    raw = content if isinstance(content, bytes) else content.encode()
    return hashlib.sha256(raw).hexdigest()[:16]


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
        chain = _chain(node)
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
        self.read(_chain(node.target), node.lineno)
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
        chain = _chain(node.func)
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
        if any(METACLASSES & set(_chain(base)[-1:]) for base in node.bases):
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
        self.visit_within(_bound_names([node.args, *body]), body)

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef

    def visit_ListComp(self, node: COMPREHENSION) -> None:
        self.visit(node.generators[0].iter)
        targets = _bound_names(part.target for part in node.generators)
        self.visit_within(targets, ast.iter_child_nodes(node))

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_within(self, names: set[str], nodes: Iterable[ast.AST]) -> None:
        outer, self.local = self.local, self.local | names
        for node in nodes:
            self.visit(node)
        self.local = outer


def _chain(node: ast.AST) -> Chain:
    """The dotted name that an expression is, or an empty one."""
    if isinstance(node, ast.Name):
        return (node.id,)
    parent = _chain(node.value) if isinstance(node, ast.Attribute) else ()
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
    if not (isinstance(annotation, ast.Subscript) and _chain(annotation.value)[-1:] == LITERAL):
        for part in ast.iter_child_nodes(annotation):
            yield from _read_as_code(part)


def _called(node: ast.AST) -> Iterator[ast.expr]:
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
        yield from _called(part)


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
    return chain == ("Program",) and _chain(argument) == ("__doc__",)


def _callee(node: ast.expr) -> ast.expr:
    return _callee(node.func) if isinstance(node, ast.Call) else node


def _is_plain(target: ast.expr) -> bool:
    return not any(isinstance(part, ast.Attribute | ast.Subscript) for part in ast.walk(target))


def _bound_names(nodes: Iterable[ast.AST]) -> set[str]:
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
        names = _bound_names([self.node])
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
                return not all(map(_is_plain, targets))
            case ast.AnnAssign(target=target):
                return not _is_plain(target)
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
        callees = map(_callee, _called(self.node))
        parts = [part for item in callees for part in ([item] if _chain(item) else ast.walk(item))]
        return set(filter(None, map(_chain, parts)))


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
        return _digest_of_statements([*movable, *ordered])


_module = cache(Module)


def _digest_of_statements(statements: list[Statement]) -> str:
    return _digest("\n".join(part.text for part in statements))


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
        case ast.Expr(value=ast.Call(func=logger, args=arguments)) if _chain(logger)[:1] == LOG:
            return not any(
                isinstance(part, ACTION) for each in arguments for part in ast.walk(each)
            )
    return False


def _drop_message(node: ast.AST) -> None:
    """Leave of a failure that it is raised, and of a log what it does on the way."""
    match node:
        case ast.Expr(value=ast.Call(func=logger) as call) if _chain(logger)[:1] == LOG:
            call.args = [part for part in call.args if not isinstance(part, ast.Constant)]
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name)) as call) if name == FAILURE:
            call.args, call.keywords = [], []


def _statements(body: list[ast.stmt], is_program: bool) -> Iterator[ast.stmt]:
    """The statements that an import or a run executes, with one name to an import."""
    for node in body:
        match node:
            case ast.If(test=test) if _chain(test)[-1:] == ("TYPE_CHECKING",):
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


class Walk:
    """Follows code from the scripts of a command to every definition that they reach."""

    def __init__(self, root: Path, packages: Path, chosen: Collection[str] = ()):
        self.root, self.packages, self.chosen = root, packages, chosen
        self.packages_used: set[str] = set()
        self.definitions: dict[str, str] = {}
        self.modules: dict[str, Module | None] = {}
        self.loaded: set[str] = set()
        self.reached: set[tuple[Module, Chain]] = set()
        self.done: dict[Statement, Module] = {}
        self.pending: list[tuple[Module, Statement]] = []

    def program(self, path: Path) -> None:
        """Count a script with all that it reaches."""
        inside = path.is_relative_to(self.packages)
        parts = path.relative_to(self.packages).with_suffix("").parts if inside else ()
        self.load(".".join(parts[:-1]))
        module = self.read(path, ".".join(parts), is_program=True)
        self.definitions[module.file] = module.program_digest
        self.pending.extend((module, part) for part in module.statements)
        self.finish()

    def finish(self) -> None:
        """Follow all that is reached and not followed yet."""
        while self.pending:
            self.run(*self.pending.pop())
        for module in set(self.done.values()):
            if order := self.order(module):
                self.definitions[f"{module.name}.<order>"] = _digest("\n".join(order))

    def order(self, module: Module) -> list[str]:
        """What is run at the top of a module, in its order, where that can decide a value.

        That is so where reached statements bind a name twice, or do more than bind names.
        """
        reached = [part for part in module.statements if part in self.done]
        run = [part for part in reached if part.runs]
        bound = Counter(name for part in run for name in part.binds)
        twice = {name for name, count in bound.items() if count > 1}
        changed = twice or any(part.is_effect for part in run)
        if module.is_program or not changed or len(run) == 1:
            return []
        return [part.text for part in run]

    def read(self, path: Path, name: str, is_program: bool = False) -> Module:
        """The module in a file; a folder without one is a package without statements."""
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        file = Path(os.path.relpath(path, self.root)).as_posix()
        source = b"" if path.is_dir() else path.read_bytes()
        return _module(name, file, source, package, is_program)

    def find(self, name: str) -> Module | None:
        """The module of this name, if it is one of the study's that can shape a result."""
        if name.partition(".")[0] in MACHINERY:
            return None
        if name not in self.modules:
            base = self.packages.joinpath(*name.split("."))
            paths = [base / "__init__.py", Path(f"{base}.py"), base] if name else []
            path = next(filter(Path.exists, paths), None)
            self.modules[name] = self.read(path, name) if path else None
        return self.modules[name]

    def load(self, name: str) -> Module | None:
        """The module of this name, with what its import runs: its packages, its side effects."""
        module = self.find(name)
        if name not in self.loaded:
            self.loaded.add(name)
            self.load(name.rpartition(".")[0])
            if module:
                self.execute(module)
        return module

    def execute(self, module: Module) -> None:
        """Count what an import of a module runs, and follow it."""
        if module.effects:
            self.definitions[f"{module.name}.<module>"] = _digest_of_statements(module.effects)
        for part in module.statements:
            if part.is_effect or isinstance(part.node, IMPORT):
                self.pending.append((module, part))
            elif any(self.may_register(module, chain) for chain in part.called):
                for name in sorted(part.binds):
                    self.definition(module, name)

    def may_register(self, module: Module, chain: Chain) -> bool:
        """Whether what is called on import may keep what it is given where others find it."""
        name = chain[0]
        imports = module.imports(name) if name in module.bindings else module.stars
        if not imports:
            return name in module.bindings
        heads = {item.source.partition(".")[0] for item in imports}
        return not (heads <= PURE or chain[-1] in PURE_NAMES)

    def run(self, module: Module, statement: Statement) -> None:
        """Follow all that a statement uses."""
        if statement in self.done:
            return
        self.done[statement] = module
        uses = statement.uses
        if uses.hidden and module.name not in TOLD:
            raise Untraceable(module.file, *uses.hidden)
        for package, line in uses.choices.items():
            self.choose(module, package, line)
        for item in uses.imports:
            self.run_import(module, item)
        for chain, line in sorted(uses.names.items()):
            self.refuse_hidden(module, statement, chain, line)
            for item in uses.imports:
                if item.bound == chain[0]:
                    self.follow(module, item, chain[1:])
            self.lookup(module, chain)

    def choose(self, module: Module, package: str, line: int) -> None:
        """Reach the modules of a package that are told, or all of them."""
        source = self.load(package)
        if not source:
            raise Untraceable(module.file, line, "this import", WRITE_OUT)
        told = [name for name in self.chosen if name.startswith(f"{package}.")]
        found = [self.load(name) for name in told]
        for each in found:
            if each:
                self.attribute(each, ())
        if not all(found) or not found:
            self.below(source)

    def refuse_hidden(self, module: Module, statement: Statement, chain: Chain, line: int) -> None:
        """Raise Untraceable for a name of Python's own that hides which code it reaches."""
        here = [item for item in statement.uses.imports if item.bound == chain[0]]
        for item in here or module.imports(chain[0]):
            whole = (*item.source.split("."), *filter(None, [item.name]), *chain[1:])
            for name in (whole, whole[:2]):
                if name in HIDING_IN and module.name not in TOLD:
                    raise Untraceable(module.file, line, ".".join(name), HIDING_IN[name])

    def run_import(self, module: Module, item: Import) -> None:
        """Load what an import statement loads, whether its name is used or not."""
        source = self.load(item.loads)
        if not source:
            self.elsewhere(item.loads.partition(".")[0])
        if source and item.name == "*":
            self.attribute(source, ())
        elif source and item.name and (source is module or item.name not in source.bindings):
            self.load(f"{source.name}.{item.name}")

    def elsewhere(self, name: str) -> None:
        """Note a package that is not the study's."""
        if name and name not in MACHINERY | sys.stdlib_module_names:
            self.packages_used.add(name)

    def lookup(self, module: Module, chain: Chain) -> None:
        """Reach what a dotted name means within a module."""
        if chain[0] in module.bindings:
            self.attribute(module, chain)
        elif chain[0] in DYNAMIC_NAMES:
            self.attribute(module, ())
        else:
            self.starred(module, chain)

    def attribute(self, module: Module, chain: Chain) -> None:
        """Reach what a dotted name means after a module's own, or all of the module if empty."""
        if (module, chain) in self.reached:
            return
        self.reached.add((module, chain))
        if not chain:
            self.whole(module)
        elif chain[0] in module.bindings:
            self.definition(module, *chain)
        elif submodule := self.load(f"{module.name}.{chain[0]}"):
            self.attribute(submodule, chain[1:])
        else:
            self.starred(module, chain)
            self.whole(module)

    def definition(self, module: Module, name: str, *rest: str) -> None:
        """Count all that binds a name in a module, and follow it."""
        if not module.is_program:
            digest = _digest_of_statements(module.bindings[name])
            self.definitions[f"{module.name}.{name}"] = digest
        self.pending.extend((module, part) for part in module.bindings[name])
        for item in module.imports(name):
            self.follow(module, item, rest)

    def follow(self, module: Module, item: Import, rest: Chain) -> None:
        """Reach what an imported name stands for; a package may import its own submodule."""
        is_own = item.name and item.source == module.name
        if is_own and (submodule := self.load(f"{item.source}.{item.name}")):
            self.attribute(submodule, rest)
        elif source := self.load(item.source):
            self.attribute(source, (item.name, *rest) if item.name else rest)
            if not item.name and not rest:
                self.below(source)

    def below(self, package: Module) -> None:
        """Reach all modules of a package that is taken as a value, whose attributes they are."""
        folder = self.packages.joinpath(*package.name.split("."))
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            name = f"{package.name}.{path.stem}"
            is_module = path.suffix == ".py" or (path / "__init__.py").is_file()
            if is_module and path.stem != "__init__" and (module := self.load(name)):
                self.attribute(module, ())
                self.below(module)

    def starred(self, module: Module, chain: Chain) -> None:
        """Look for a name in the modules that a module imports with a star."""
        for item in module.stars:
            if source := self.load(item.loads):
                self.attribute(source, chain)

    def whole(self, module: Module) -> None:
        """Reach all that a module defines, which a module imported from elsewhere is no part of."""
        for name in module.bindings:
            if not any(self.is_foreign(module, item) for item in module.imports(name)):
                self.attribute(module, (name,))

    def is_foreign(self, module: Module, item: Import) -> bool:
        """Whether an import binds a module of the study that isn't below this one."""
        source = self.find(item.source)
        if not source or item.name in source.bindings:
            return False
        target = f"{item.source}.{item.name}" if item.name else item.source
        return bool(self.find(target)) and not f"{target}.".startswith(f"{module.name}.")

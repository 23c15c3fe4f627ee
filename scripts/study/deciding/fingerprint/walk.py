"""The walk from a program through every definition that it reaches."""

import ast
import os
import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from study.deciding.fingerprint.digests import digest
from study.deciding.fingerprint.hiding import DYNAMIC_NAMES, HIDING_IN, WRITE_OUT, Untraceable
from study.deciding.fingerprint.modules import Module, Statement, digest_of_statements, module_of
from study.deciding.fingerprint.uses import Chain, Import

IMPORT = ast.Import | ast.ImportFrom
TOLD = {"glassbox.models.own"}  # what it runs is in the slice of the jobs that it runs in
# What a decorator from elsewhere may be without keeping what it decorates where others find it.
PURE = sys.stdlib_module_names - {"atexit"}
PURE_NAMES = {"no_grad", "inference_mode", "enable_grad"}
# Packages that run, record, cache and plan jobs; what shapes bytes has no place in them.
MACHINERY = {"study"}


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
                self.definitions[f"{module.name}.<order>"] = digest("\n".join(order))

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
        return module_of(name, file, source, package, is_program)

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
            self.definitions[f"{module.name}.<module>"] = digest_of_statements(module.effects)
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
            digest = digest_of_statements(module.bindings[name])
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

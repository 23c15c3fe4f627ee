"""What a command's fingerprint follows, and what it leaves out."""

import ast
import os
import random
import textwrap
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from study.deciding import fingerprint
from study.deciding.fingerprint import Code, Untraceable, of_command

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "{PYTHON:q} scripts/run.py --output {output:q} > {log:q} 2>&1"

LIBRARY = '''
"""Docstring."""
import math
from dataclasses import dataclass
from math import floor

LIMIT = 3


def used(x: float, scale=LIMIT) -> float:
    """Docstring."""
    return helper(x) * scale


def helper(x):
    return math.sqrt(floor(x))


@dataclass
class Point:
    """Docstring."""

    x: float = 0.0

    def norm(self):
        return abs(self.x)


def unused():
    return Point(1.0)
'''


class Study:
    """A checkout with a script, scripts/run.py, and a package, scripts/lib/."""

    def __init__(self, root: Path):
        self.root = root
        self.write({"lib/__init__": "", "lib/deep/__init__": ""})

    def write(self, modules: dict[str, str]) -> None:
        """Write modules by their paths below scripts/, without .py."""
        for name, text in modules.items():
            self.write_file(f"scripts/{name}.py", textwrap.dedent(text))

    def write_file(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def code(self, modules: dict[str, str], command: str = COMMAND) -> Code:
        """The code of a command after writing modules."""
        self.write(modules)
        return of_command(command, self.root, self.root / "scripts")

    def keys(self, modules: dict[str, str], command: str = COMMAND) -> set[str]:
        return set(self.code(modules, command).definitions)


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path)


def differs(before: Code, after: Code) -> bool:
    assert (before.definitions == after.definitions) == (before.fingerprint == after.fingerprint)
    return before.fingerprint != after.fingerprint


SCRIPT = "from lib.core import used\nprint(used(1))\n"

EDITS = {
    "body of what is called": ("return helper(x) * scale", "return helper(x) * scale + 1", True),
    "body behind a call": ("math.sqrt(floor(x))", "math.cbrt(floor(x))", True),
    "constant behind a default": ("LIMIT = 3", "LIMIT = 4", True),
    "annotation": ("x: float, scale", "x: int, scale", True),
    "import behind a call": ("import math\n", "import cmath as math\n", True),
    "second value": ("LIMIT = 3", "LIMIT = 3\nLIMIT = 4", True),
    "value in place": ("LIMIT = 3", "LIMIT = 3\nLIMIT += 1", True),
    "decorator": ("def helper(x)", "@staticmethod\ndef helper(x)", True),
    "type of a value": ("LIMIT = 3", "LIMIT: int = 3", True),
    "code in an unreached function": ("return Point(1.0)", "return Point(2.0)", False),
    "code in an unreached class": ("abs(self.x)", "-abs(self.x)", False),
    "new unreached function": ("LIMIT = 3", "LIMIT = 3\ndef new(): return used", False),
    "new unreached value": ("LIMIT = 3", "LIMIT = 3\nOTHER = 4", False),
    "name of an unused import": ("import dataclass\n", "import dataclass as other\n", False),
    "import beside a used one": ("import math\n", "import math, sys\n", False),
    "name beside a used one": ("import floor", "import floor, ceil", False),
    "comment": ("return helper", "# comment\n    return helper", False),
    "docstring of the module": ('"""Docstring."""\nimport', "import", False),
    "docstring of a function": (
        '    """Docstring."""\n    return helper',
        "    return helper",
        False,
    ),
    "docstring in a body of its own": (
        "return math",
        '"""Text."""; return math',
        False,
    ),
    "parentheses": ("helper(x) * scale", "(helper(x)) * (scale)", False),
    "quotes and line breaks": ("def helper(x):", "def helper(\n    x,\n):", False),
    "code for type checkers": (
        "LIMIT = 3",
        "LIMIT = 3\nif TYPE_CHECKING:\n    import lib.x",
        False,
    ),
    "code for a run": ("LIMIT = 3", "LIMIT = 3\nif __name__ == '__main__':\n    used(2)", False),
    "code against type checkers": (
        "LIMIT = 3",
        "LIMIT = 3\nif not t.TYPE_CHECKING:\n    x()",
        True,
    ),
    "what a type checker doesn't see": (
        "LIMIT = 3",
        "LIMIT = 3\nif TYPE_CHECKING:\n    x()\nelse:\n    y()",
        True,
    ),
    "call at the top": ("LIMIT = 3", "LIMIT = 3\nprint()", True),
    "string at the top": ("LIMIT = 3", 'LIMIT = 3\n"""What it is."""', False),
    "future import": ("import math", "from __future__ import annotations\nimport math", True),
}


@pytest.mark.parametrize(("old", "new", "counts"), EDITS.values(), ids=EDITS)
def test_edit_of_a_module(study, old, new, counts):
    assert old in LIBRARY
    before = study.code({"run": SCRIPT, "lib/core": LIBRARY})
    after = study.code({"lib/core": LIBRARY.replace(old, new, 1)})
    assert differs(before, after) == counts


SCRIPT_EDITS = {
    "function": ("return 1", "return 2", True),
    "function that nothing calls": ("return 3", "return 4", True),
    "statement": ("main(1)", "main(2)", True),
    "order of statements": ("main(1)\nmain(5)", "main(5)\nmain(1)", True),
    "unused import": ("import math\n", "import cmath\n", True),
    "comment": ("return 1", "return 1  # comment", False),
    "docstring": ("def main(x):", 'def main(x):\n    """Docstring."""', False),
    "order of functions": (
        "def main(x):\n    return 1\ndef idle():\n    return 3\n",
        "def idle():\n    return 3\ndef main(x):\n    return 1\n",
        False,
    ),
    "order of imports": ("import math\nimport sys\n", "import sys\nimport math\n", False),
    "type checking": ("main(0)", "if t.TYPE_CHECKING:\n    main(3)\nmain(0)", False),
}

PROGRAM = """
import math
import sys
def main(x):
    return 1
def idle():
    return 3
main(0)
if __name__ == "__main__":
    main(1)
main(1)
main(5)
"""


@pytest.mark.parametrize(("old", "new", "counts"), SCRIPT_EDITS.values(), ids=SCRIPT_EDITS)
def test_edit_of_a_script(study, old, new, counts):
    program = PROGRAM.replace(old, new, 1)
    assert program != PROGRAM
    assert differs(study.code({"run": PROGRAM}), study.code({"run": program})) == counts


FORMS = {
    "from": "from lib.deep.core import f\nf()",
    "from as": "from lib.deep.core import f as g\ng()",
    "dotted": "import lib.deep.core\nlib.deep.core.f()",
    "alias": "import lib.deep.core as c\nc.f()",
    "submodule": "from lib.deep import core\ncore.f()",
    "submodule as": "from lib.deep import core as c\nc.f()",
    "package alias": "import lib.deep as d\nd.core.f()",
    "in a function": "def main():\n    from lib.deep import core\n    core.f()\nmain()",
    "in a try": "try:\n    from lib.deep import core\nexcept ImportError:\n    core = 0\ncore.f()",
    "in a try of a function": """
        def main():
            try:
                from lib.deep import core
            except ImportError:
                core = None
            return core.f()
        main()
    """,
    "for a missing argument": """
        def main(f=None):
            if f is None:
                from lib.deep.core import f
            return f()
    """,
    "re-export": "from lib.api import f\nf()",
    "re-export by a module": "from lib import api\napi.f()",
    "re-export by a package": "from lib import exported\nexported.f()",
    "re-export of a submodule": "import lib.exported\nlib.exported.core.f()",
    "base class": "from lib.kinds import Child\nChild()",
    "method": "from lib.kinds import Caller\nCaller()",
    "decorator": "from lib.decorated import decorated\ndecorated()",
    "default": "from lib.kinds import defaulted\ndefaulted()",
    "annotation": "from lib.kinds import annotated\nannotated()",
    "tuple": "from lib.kinds import right\nprint(right)",
    "coroutine": "from lib.kinds import waited\nwaited()",
    "conditional definition": "from lib.either import either\neither()",
    "nested function": "from lib.kinds import outer\nouter()",
    "comprehension": "from lib.kinds import listed\nlisted()",
    "lambda": "from lib.kinds import shorthand\nshorthand()",
    "global": "from lib.kinds import rebind\nrebind()",
    "match": "from lib.kinds import matched\nmatched(1)",
    "relative import": "from lib.deep.near import near\nnear()",
    "relative import of a module": "from lib.deep.near import nearby\nnearby()",
    "relative import from above": "from lib.deep.near import above\nabove()",
    "folder without __init__.py": "from bare.core import g\ng()",
    "attribute of such a folder": "import bare.core\nbare.core.g()",
}

KINDS = """
    from lib.deep import core
    from lib.deep.core import f

    state = f()
    left, right = 1, f()
    shorthand = lambda: f()
    class Child(core.f): pass
    class Caller:
        def call(self):
            return f()
    def defaulted(*, x=f): pass
    def annotated(x: f): pass
    def outer():
        def inner():
            return f()
        return inner
    def listed(): return [f(x) for x in f(0) if f]
    def rebind():
        global state
        state = 1
    def matched(x):
        match x:
            case core.f(): return 1
    async def waited(): return f()
"""

DECORATED = """
    from lib.deep import core
    def decorated(): return wrapped()
    @core.f
    def wrapped(): pass
"""

EITHER = """
    from lib.deep.core import f
    if f.x:
        def either(): return f()
    else:
        either = None
"""


@pytest.mark.parametrize("script", FORMS.values(), ids=FORMS)
def test_forms_of_use_reach_one_function(study, script):
    core = "def f(): return 1\ndef other(): return 2\n"
    near = """
        from .core import f
        from . import core
        from ..deep import core as same
        def near(): return f()
        def nearby(): return core.f()
        def above(): return same.f()
    """
    files = {
        "lib/deep/core": core,
        "lib/deep/near": near,
        "lib/api": "from lib.deep.core import f, other",
        "lib/exported/__init__": "from lib.deep import core\nfrom ..deep.core import f",
        "lib/kinds": KINDS,
        "lib/decorated": DECORATED,
        "lib/either": EITHER,
        "bare/core": "from lib.deep.core import f\ndef g(): return f()",
    }
    before = study.code({"run": script, **files})
    assert "lib.deep.core.f" in before.definitions
    assert differs(before, study.code({"lib/deep/core": core.replace("1", "3")}))
    assert not differs(before, study.code({"lib/deep/core": core.replace("2", "3")}))


@pytest.mark.parametrize(
    "script",
    [
        "from lib.functions import *\nf()",
        "from lib.functions import f\nf()",
        "from lib.modules import *\ncore.f()",
        "from lib.modules import core\ncore.f()",
        "from lib.aliases import *\ncore.f()",
        "from lib.again import core\ncore.f()",
    ],
)
def test_use_through_a_star_reaches_what_is_behind(study, script):
    keys = study.keys(
        {
            "run": script,
            "lib/functions": "from lib.far.core import *",
            "lib/modules": "from lib.far import *",
            "lib/aliases": "import lib.far.core as core",
            "lib/again": "from lib.aliases import *",
            "lib/far/__init__": "from . import core",
            "lib/far/core": "def f(): return 1",
        }
    )
    assert "lib.far.core.f" in keys


UNRESOLVED = {
    "star": "from lib.core import *",
    "star in a try": "try:\n    from lib.core import *\nexcept ImportError:\n    pass",
    "argument": "import lib.core\nprint(lib.core)",
    "value": "from lib import core\nchoices = {'core': core}",
    "getattr": "import sys\nfrom lib import core\ngetattr(core, sys.argv[1])()",
    "vars": "from lib.core import dynamic\nprint(vars(dynamic))\nimport lib.core as c\nc",
    "local import": "def main():\n    import lib.core as c\n    return vars(c)",
    "import_module": "import importlib\nimportlib.import_module('lib.core').x()",
    "import_module alone": "from importlib import import_module\nimport_module('lib.core')",
    "__import__": "__import__('lib.core')",
    "attribute that isn't there": "from lib import core\ncore.missing()",
    "name that isn't there": "from lib.core import missing\nmissing()",
    "use of its own globals": "from lib.core import dynamic\ndynamic('x')",
    "package of an imported module": "import lib.api\nprint(lib.api)",
    "package of a module by its name": "import lib.named\nprint(lib.named)",
}


@pytest.mark.parametrize("script", UNRESOLVED.values(), ids=UNRESOLVED)
def test_a_module_that_cannot_be_followed_counts_whole(study, script):
    core = """
        import lib.far, lib.far as another
        from lib import far
        from lib.far import taken, passed
        from lib.filled import later
        def x(): return 1
        y: int = taken()
        def dynamic(name): return globals()[name]()
        class Z: pass
    """
    far = "def taken(): return 1\ndef passed(): return 2\ndef left(): return 3\n"
    keys = study.keys(
        {
            "run": script,
            "lib/core": core,
            "lib/far/__init__": far,
            "lib/far/passed": "",
            "lib/filled": "def filler(): pass",
            "lib/api/__init__": "from . import part",
            "lib/named/__init__": "import lib.named.part as part",
            "lib/named/part": "from lib.api.part import x, y, dynamic, Z",
            "lib/api/part": "from lib.core import x, y, dynamic, Z",
        }
    )
    assert {f"lib.core.{name}" for name in ("x", "y", "dynamic", "Z")} <= keys
    assert {"lib.far.taken", "lib.far.passed", "lib.filled.filler"} <= keys
    assert "lib.far.left" not in keys


def test_the_import_of_import_module_counts(study):
    library = "from importlib import import_module\ndef f(): return import_module('lib.deep')"
    keys = study.keys({"run": "from lib.core import f\nf()", "lib/core": library})
    assert "lib.core.import_module" in keys


def test_two_scripts_share_a_module(study):
    core = "def one(): return 1\ndef two(): return 2\n"
    scripts = {name: f"from lib.core import {name}\n{name}()\n" for name in ("one", "two")}

    def codes(core):
        return [
            study.code({"lib/core": core, **scripts}, f"python scripts/{name}.py")
            for name in scripts
        ]

    before, after = codes(core), codes(core.replace("2", "3"))
    assert [differs(*pair) for pair in zip(before, after, strict=True)] == [False, True]


def test_all_scripts_of_a_command_count(study):
    command = "python scripts/a.py && python 'scripts/b.py' | python scripts/c.py;"
    before = study.code({"a": "1", "b": "1", "c": "1"}, command)
    for name in "abc":
        assert differs(before, study.code({name: "2"}, command))
        study.code({name: "1"}, command)


def test_a_script_may_import_another(study):
    before = study.code(
        {"run": "import other\nother.f()", "other": "def f(): return 1\ndef g(): return 2"}
    )
    assert differs(before, study.code({"other": "def f(): return 0\ndef g(): return 2"}))
    assert not differs(before, study.code({"other": "def f(): return 1\ndef g(): return 0"}))


def test_a_module_run_by_its_name(study):
    files = {"lib/tool": "from .core import f\nf()", "lib/core": "def f(): return 1"}
    before = study.code(files, "python -m lib.tool")
    assert {"scripts/lib/tool.py", "lib.core.f"} <= set(before.definitions)
    keys = study.code({"lib/__main__": "import lib.tool"}, "python -m lib").definitions
    assert {"scripts/lib/__main__.py", "lib.tool.<module>", "lib.core.f"} <= set(keys)
    keys = study.keys({"lib/__init__": "print()", "lib/alone": ""}, "python -m lib.alone")
    assert {"scripts/lib/alone.py", "lib.<module>"} <= keys


def test_the_whole_of_a_class_counts(study):
    code = "class A:\n    x = 1\n    def m(self): return g()\ndef g(): return 1\n"
    before = study.code({"run": "from lib.core import A\nA()", "lib/core": code})
    for old, new in [("x = 1", "x = 2"), ("def m", "def n"), ("return 1", "return 2")]:
        assert differs(before, study.code({"lib/core": code.replace(old, new)}))


SHADOWED = {
    "parameter": "def used(core, *f): return core, f",
    "parameter of a coroutine": "async def used(core, *f): return core, f",
    "variable": "def used():\n    core = f = 1\n    return core, f",
    "enclosing variable": "def used(core):\n    f = 1\n    def g(): return core, f\n    return g",
    "loop": "def used():\n    for core, f in []:\n        print(core, f)",
    "list": "def used(): return [(core, f) for core, f in ()]",
    "set": "def used(): return {(core, f) for core, f in ()}",
    "dict": "def used(): return {core: f for core, f in ()}",
    "generator": "def used(): return any((core, f) for core, f in ())",
    "lambda": "used = lambda core, f: (core, f)",
    "exception": "def used():\n    try: pass\n    except E as f: raise f",
    "pattern": "def used(x):\n    match x:\n        case [core, *f]: return core, f",
    "rest of a mapping": "def used(x):\n    match x:\n        case {1: core, **f}: return core, f",
}


@pytest.mark.parametrize("library", SHADOWED.values(), ids=SHADOWED)
def test_local_names_reach_nothing(study, library):
    library = f"from lib import core\nfrom lib.core import f\n{library}"
    keys = study.keys(
        {"run": "from lib.m import used\nused()", "lib/m": library, "lib/core": "def f(): 1"}
    )
    assert "lib.m.used" in keys
    assert "lib.core.f" not in keys


@pytest.mark.parametrize(
    "library",
    [
        "def used(f=f): return f",
        "def used(f) -> f: return f",
        "def used(): return [f for f in f()]",
        "def used(): return [1 for f in ()], f",
        "def used(): return {1 for _ in ()}, (lambda f: 1), f",
        "def used():\n    def g():\n        f = 1\n    return f",
        "class used:\n    def m(self, f): pass\n    x = f",
    ],
)
def test_names_that_are_local_next_door_are_followed(study, library):
    library = f"from lib.core import f\n{library}"
    keys = study.keys(
        {"run": "from lib.m import used\nused()", "lib/m": library, "lib/core": "def f(): 1"}
    )
    assert "lib.core.f" in keys


@pytest.mark.parametrize(
    "importing",
    [
        "import lib.core",
        "from lib.core import nothing",
        "import lib.core.below",
        "from lib.core import below",
        "def main():\n    from lib.core import below",
        "import lib.other",
    ],
)
def test_side_effects_count_on_import(study, importing):
    core = "TABLE = {}\ndef f(): return 1\nTABLE['f'] = f\nnothing = 0\ndef g(): return 2\n"
    files = {"lib/core/__init__": core, "lib/core/below": "", "lib/other": "import lib.core"}
    before = study.code({"run": importing, **files})
    assert {"lib.core.<module>", "lib.core.f", "lib.core.TABLE"} <= set(before.definitions)
    assert "lib.core.g" not in before.definitions
    edited = core.replace("return 1", "return 3")
    assert differs(before, study.code({"lib/core/__init__": edited}))


@pytest.mark.parametrize(
    "statement",
    ["print(g())", "if g: pass", "for x in g(): pass", "with g(): pass", "assert g", "del g.x",
     "g += 1", "g.x = 1", "g['x'] = 1", "g['x']: int = 1", "x = 1; x += g()",
     "try: g()\nexcept: pass", "while g(): pass", "from lib.core import *"],
)  # fmt: skip
def test_statements_with_side_effects(study, statement):
    library = f"from lib.core import g\n{statement}\ndef used(): pass"
    keys = study.keys(
        {
            "run": "from lib.m import used",
            "lib/m": library,
            "lib/core": "def g(): pass\ndef h(): pass",
        }
    )
    assert {"lib.m.<module>", "lib.core.g"} <= keys
    assert ("lib.core.h" in keys) == ("*" in statement)


def test_the_order_of_side_effects_counts(study):
    library = "print(1)\nprint(2)\ndef f(): pass\n"
    before = study.code({"run": "import lib.core", "lib/core": library})
    assert differs(before, study.code({"lib/core": "print(2)\nprint(1)\ndef f(): pass\n"}))
    assert not differs(before, study.code({"lib/core": "def f(): pass\nprint(1)\nprint(2)\n"}))


@pytest.mark.parametrize(
    ("package", "script", "counts"),
    [
        ("", "from lib.core import below", True),
        ("", "import lib.core.below", True),
        ("", "def main():\n    from lib.core import below", True),
        ("from . import below", "import lib.core", True),
        ("from . import below", "from lib.core import below", True),
        ("def below(): pass", "from lib.core import below", False),
        ("", "import lib.core", False),
    ],
)
def test_side_effects_of_a_submodule_count_on_its_import(study, package, script, counts):
    files = {"lib/core/__init__": package, "lib/core/below": "print()"}
    assert ("lib.core.below.<module>" in study.keys({"run": script, **files})) == counts


def test_an_import_in_a_function_binds_nothing_in_its_module(study):
    library = "def other():\n    from lib.core import f\ndef used(): return f"
    keys = study.keys(
        {"run": "from lib.m import used\nused()", "lib/m": library, "lib/core": "def f(): 1"}
    )
    assert "lib.m.f" not in keys


def test_a_docstring_is_as_good_as_pass(study):
    script = "from lib.core import E\nraise E"
    before = study.code({"run": script, "lib/core": 'class E(Exception):\n    """Text."""'})
    assert not differs(before, study.code({"lib/core": "class E(Exception):\n    pass"}))
    assert not differs(before, study.code({"lib/core": "class E(Exception):\n    'T'\n    pass"}))


SAID = {
    "another log": ("logging.info('one')", "logging.info('two')", False),
    "no log": ("    logging.info('one')\n", "", False),
    "a log that acts": ("logging.info('one')", "logging.info('one', g())", True),
    "words of a log that acts": ("logging.info('n', g())", "logging.info('m', g())", False),
    "what a log does": ("logging.info('n', g())", "logging.info('n', g(1))", True),
    "words of a failure": ("GlassboxError('one')", "GlassboxError('two')", False),
    "what a failure tells": ("GlassboxError('one')", "GlassboxError(str(x))", False),
    "another failure": ("GlassboxError('one')", "ValueError('one')", True),
    "words of another failure": ("ValueError('a')", "ValueError('b')", True),
    "no failure": ("raise GlassboxError('one')", "pass", True),
}

SAYING = """
import logging
from glassbox.errors import GlassboxError
def g(x=0): return x
def f(x):
    logging.info('one')
    logging.info('n', g())
    if x:
        raise GlassboxError('one')
    raise ValueError('a')
"""


@pytest.mark.parametrize(("old", "new", "counts"), SAID.values(), ids=SAID)
def test_what_is_said_does_not_count(study, old, new, counts):
    script = {"run": "from lib.core import f\nf(1)"}
    assert old in SAYING
    before = study.code({**script, "lib/core": SAYING})
    after = study.code({"lib/core": SAYING.replace(old, new, 1)})
    assert differs(before, after) == counts


def test_machinery_does_not_count_though_it_runs_the_job(study):
    script = "from study.command import run\nfrom lib.core import f\nrun(f)"
    machinery = "from lib.core import g\ndef run(f): return g(f)"
    before = study.code({"run": script, "study/command": machinery, "lib/core": CORE})
    assert differs(before, study.code({"lib/core": CORE.replace("return 1", "return 3")}))
    assert set(before.definitions) == {"command", "lib.core.f", "scripts/run.py"}
    assert not differs(study.code({}), study.code({"study/command": "def run(f): return 1"}))


CORE = "def f(): return 1\ndef g(f): return 2\n"


REPORTING = {
    "record": (" --record {output.record:q}", "", False),
    "command": (" --record", " --command {params.command} --record", False),
    "log": (" > {log:q} 2>&1", " > {log:q}.txt 2>&1", True),
    "no log": (" > {log:q} 2>&1", "", False),
    "device": (" --output", " --device {resources.device} --threads {threads} --output", False),
    "option": (" --output", " --best --output", True),
}


@pytest.mark.parametrize(("old", "new", "counts"), REPORTING.values(), ids=REPORTING)
def test_where_a_command_reports_does_not_count(study, old, new, counts):
    command = "python scripts/run.py --output {output:q} --record {output.record:q} > {log:q} 2>&1"
    before = study.code({"run": ""}, command)
    assert differs(before, study.code({}, command.replace(old, new))) == counts


def test_side_effects_of_what_is_not_imported_do_not_count(study):
    keys = study.keys(
        {"run": "import lib.core", "lib/core": "def f():\n    import lib.m", "lib/m": "print()"}
    )
    assert "lib.m.<module>" not in keys


REGISTERED = {
    "imported": ("from lib.registry import add\n@add\n", True),
    "imported module": ("from lib import registry\n@registry.add\n", True),
    "with arguments": ("from lib.registry import add\n@add('name')(1)\n", True),
    "own": ("def add(f): return f\n@add\n", True),
    "under a star": ("from lib.registry import *\n@add\n", True),
    "subscript": ("from lib.registry import add\n@add['x']\n", True),
    "foreign, that may keep it": ("import web\n@web.route('/')\n", True),
    "at exit": ("import atexit\n@atexit.register\n", True),
    "foreign": ("import functools\n@functools.cache\n", False),
    "without gradients": ("import torch\n@torch.no_grad()\n", False),
    "foreign with arguments": (
        "from functools import lru_cache\nSIZE = 8\n@lru_cache(maxsize=SIZE)\n",
        False,
    ),
    "none": ("", False),
}


@pytest.mark.parametrize("kind", ["def kept(): return behind()", "class kept:\n    x = behind"])
@pytest.mark.parametrize(("decorator", "counts"), REGISTERED.values(), ids=REGISTERED)
def test_registered_definitions_count_on_import(study, decorator, counts, kind):
    keys = study.keys(
        {
            "run": "import lib.core",
            "lib/core": f"{decorator}{kind}\ndef behind(): pass\n",
            "lib/registry": "def add(f): return f",
        }
    )
    assert ({"lib.core.kept", "lib.core.behind"} <= keys) == counts


REGISTERING = {
    "an assignment": "kept = add(behind)",
    "with an annotation": "kept: object = add(behind)",
    "a call of what is called": "kept = add('x')(behind)",
    "in a list": "kept = [1, add(behind)]",
    "a default": "def kept(x=add(behind)): pass",
    "a method": "class kept:\n    @add\n    def f(self): behind()",
    "the body of a class": "class kept:\n    x = add(behind)",
    "a metaclass": "class kept(metaclass=add):\n    x = behind",
}


@pytest.mark.parametrize("kept", REGISTERING.values(), ids=REGISTERING)
def test_what_registers_on_import_counts(study, kept):
    library = {"lib/registry": "def add(*f): return f"}
    core = f"from lib.registry import add\ndef behind(): pass\n{kept}\n"
    keys = study.keys({"run": "import lib.core", "lib/core": core, **library})
    assert {"lib.core.kept", "lib.core.behind"} <= keys


@pytest.mark.parametrize("kept", ["kept = lambda: add(behind)", "def kept(): add(behind)"])
def test_what_would_register_if_it_were_called_does_not_count(study, kept):
    library = {"lib/registry": "def add(*f): return f"}
    core = f"from lib.registry import add\ndef behind(): pass\n{kept}\n"
    keys = study.keys({"run": "import lib.core", "lib/core": core, **library})
    assert not {"lib.core.kept", "lib.core.behind"} & keys


PROGRAM_ORDERS = {
    "registered": ("@add\ndef f(): pass", "@add\ndef g(): pass"),
    "a default": ("def f(x=A): pass", "A += [1]"),
    "a class": ("class F: x = add(1)", "class G: x = add(2)"),
}


@pytest.mark.parametrize(("one", "other"), PROGRAM_ORDERS.values(), ids=PROGRAM_ORDERS)
def test_the_order_of_what_a_program_runs_counts(study, one, other):
    head = "from lib.core import add\nA = []\n"
    before = study.code({"run": f"{head}{one}\n{other}\n", "lib/core": "def add(f): return f"})
    assert differs(before, study.code({"run": f"{head}{other}\n{one}\n"}))


UNTRACEABLE = {
    "variable": "importlib.import_module(name)",
    "text put together": "importlib.import_module(f'lib.{name}.core')",
    "a package put together": "importlib.import_module(f'{name}.core')",
    "a package from elsewhere": "importlib.import_module(f'numpy.{name}')",
    "relative": "importlib.import_module('.core', 'lib')",
    "relative by keyword": "importlib.import_module('.core', package='lib')",
    "two": "import_module(name)\n    import_module(other)",
    "alias": "import_module(name)",
    "passed on": "map(importlib.import_module, names)",
    "__import__": "__import__(name)",
    "resolve_name": "pkgutil.resolve_name('lib.core:f')",
    "run by path": "runpy.run_path(name)",
    "run by name": "runpy.run_module(name)",
    "all modules": "pkgutil.iter_modules(lib.__path__)",
}
HIDDEN = {
    "sys.modules": ("import sys\ndef f():\n    return sys.modules['lib.far'].g()", 3),
    "modules of sys": ("from sys import modules\ndef f(): return modules['lib.far'].g()", 2),
    "another name": ("from importlib import import_module as load\ndef f(): load('x')", 1),
    "another name of __import__": ("from builtins import __import__ as load\nf = load", 1),
    "subclasses": ("class A: pass\ndef f(): return A.__subclasses__()", 2),
    "globals of a function": ("def g(): pass\ndef f(): return g.__globals__['h']()", 2),
    "a subclass that registers itself": (
        "class A:\n    def __init_subclass__(cls): pass\ndef f(): return A",
        2,
    ),
    "a metaclass": ("class M(type): pass\nclass A(metaclass=M): pass\ndef f(): return A", 1),
    "a metaclass of enums": ("import enum\nclass M(enum.EnumMeta): pass\ndef f(): return M", 2),
    "sys by another name": ("import sys as s\ndef f():\n    s.modules['lib.far'].g()", 3),
    "sys within": ("def f():\n    import sys as s\n    s.modules['lib.far'].g()", 3),
    "sys as a value": ("import sys\ns = sys\ndef f(): s.modules['lib.far'].g()", 2),
    "reload": ("import importlib\ndef f(): importlib.reload(f)", 2),
    "a docstring as text": ("def g():\n    'text'\ndef f(): return g.__doc__", 3),
}


@pytest.mark.parametrize(("library", "line"), HIDDEN.values(), ids=HIDDEN)
def test_what_hides_its_code_is_refused_with_the_way_out(study, library, line):
    said = r"scripts/lib/core\.py:\d: can't tell which code .* reaches.*; \w.*"
    with pytest.raises(Untraceable, match=said) as error:
        study.code({"run": "from lib.core import f\nf()", "lib/core": library})
    assert error.value.line == line


@pytest.mark.parametrize("name", ["modules", "reload", "resolve_name"])
def test_a_method_whose_name_hides_elsewhere_is_followed(study, name):
    library = f"class A:\n    def {name}(self): return g()\ndef g(): pass\n"
    run = f"from lib.core import A\nA().{name}()"
    assert "lib.core.g" in study.keys({"run": run, "lib/core": library})


def test_the_words_of_a_literal_are_no_names(study):
    library = "from typing import Literal\ndef f(x: Literal['__doc__', 'reload']): pass\n"
    assert "lib.core.f" in study.keys({"run": "from lib.core import f\nf(1)", "lib/core": library})


def test_a_program_may_show_its_docstring_as_help(study):
    before = study.code({"run": '"""Text."""\nfrom study.command import Program\nProgram(__doc__)'})
    after = study.code({"run": '"""Other."""\nfrom study.command import Program\nProgram(__doc__)'})
    assert not differs(before, after)


@pytest.mark.parametrize(
    "command",
    ["cd scripts && python run.py", "bash run.sh", "python scripts/run.py; sh end.sh", ". ./x.sh"],
)
def test_a_command_that_hides_its_program_is_refused(study, command):
    with pytest.raises(Untraceable, match="name the program and its files in the command itself"):
        study.code({"run": ""}, command)


@pytest.mark.parametrize("expression", UNTRACEABLE.values(), ids=UNTRACEABLE)
def test_untraceable_imports_are_refused(study, expression):
    imports = "import importlib, pkgutil, runpy\nfrom importlib import import_module"
    library = f"{imports}\ndef f():\n    {expression}\n"
    with pytest.raises(Untraceable, match=r"scripts/lib/core\.py:4: .*; \w+") as error:
        study.code({"run": "from lib.core import f\nf()", "lib/core": library})
    assert (error.value.file, error.value.line) == ("scripts/lib/core.py", 4)


ORDERS = {
    "a copy": ("A = 1\nB = A\nA = 2", "A = 1\nA = 2\nB = A"),
    "an update": ("A = [1]\nB = [*A]\nA += [2]", "A = [1]\nA += [2]\nB = [*A]"),
    "an effect": ("A = [1]\nB = [*A]\nA.append(2)", "A = [1]\nA.append(2)\nB = [*A]"),
    "a default": ("B = 1\ndef g(x=B): return x\nB = 2", "B = 1\nB = 2\ndef g(x=B): return x"),
    "a class": ("B = 1\nclass C: x = B\nB = 2", "B = 1\nB = 2\nclass C: x = B"),
}


@pytest.mark.parametrize(("old", "new"), ORDERS.values(), ids=ORDERS)
def test_the_order_of_what_is_bound_anew_counts(study, old, new):
    use = "\ndef f(): return B, globals\n"
    script = {"run": "from lib.core import f\nf()"}
    before = study.code({**script, "lib/core": old + use})
    assert differs(before, study.code({"lib/core": new + use}))


def test_the_order_of_what_is_bound_once_does_not_count(study):
    script = {"run": "from lib.core import f\nf()"}
    before = study.code({**script, "lib/core": "A = 1\nB = 2\ndef f(): return A, B\n"})
    assert not differs(before, study.code({"lib/core": "B = 2\nA = 1\ndef f(): return A, B\n"}))


@pytest.mark.parametrize(
    ("expression", "is_all"),
    [
        ("getattr(getattr(lib, 'core'), 'f')()", False),
        ("getattr(getattr(lib, sys.argv[1]), sys.argv[2])()", True),
    ],
)
def test_the_name_behind_two_getattrs_is_followed(study, expression, is_all):
    core = "def f(): return 1\ndef g(): return 2\n"
    keys = study.keys({"run": f"import lib.core, sys\n{expression}", "lib/core": core})
    assert "lib.core.f" in keys
    assert ("lib.core.g" in keys) == is_all


def test_a_name_in_the_text_of_an_annotation_is_followed(study):
    library = "class T: pass\nclass U: pass\ndef f(x: 'T') -> 'list[U]': pass\ny: 'T' = 1\n"
    keys = study.keys({"run": "from lib.core import f\nf(1)", "lib/core": library})
    assert {"lib.core.T", "lib.core.U"} <= keys


BEYOND_READING = {
    "a file that code opens": "open('data/x.csv').read()",
    "code run from such a file": "compile(open('data/x.csv').read(), 'x', 'exec')",
    "a method by its name": "operator.methodcaller('reached')(lib.far)",
    "a class that another library's base keeps": "web.views['far'].reached()",
}


@pytest.mark.parametrize("expression", BEYOND_READING.values(), ids=BEYOND_READING)
def test_what_is_beyond_reading_stays_unseen(study, expression):
    """The docstring of the module says so; here it is seen to be so."""
    study.write_file("data/x.csv", "1")
    library = f"import operator, web\nimport lib.far as far\ndef f(): return {expression}\n"
    far = "import web\nclass Far(web.View):\n    def reached(self): return 1\n"
    script = {"run": "from lib.core import f\nf()", "lib/far": far}
    before = study.code({**script, "lib/core": library})
    study.write_file("data/x.csv", "2")
    assert not differs(before, study.code({"lib/far": far.replace("1", "2")}))


def test_the_project_has_nothing_that_is_beyond_reading():
    """No program's code opens a file by a name that it holds, or calls by the name in a string."""
    found = []
    for path in (ROOT / "scripts").rglob("*.py"):
        if path.relative_to(ROOT / "scripts").parts[0] == "study":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute | ast.Name):
                name = node.attr if isinstance(node, ast.Attribute) else node.id
                if name in {"__file__", "methodcaller", "compile"} and not is_of_re(node):
                    found.append(f"{path}:{node.lineno}: {name}")
            if isinstance(node, ast.Call) and opens_a_constant(node):
                found.append(f"{path}:{node.lineno}: opens a file")
    assert not found


def is_of_re(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "re"


def opens_a_constant(node: ast.Call) -> bool:
    """Whether a call is open("..."), or Path("...").read_text() and the like."""
    match node:
        case ast.Call(func=ast.Name("open"), args=[ast.Constant(), *_]):
            return True
        case ast.Call(func=ast.Attribute(ast.Call(func=ast.Name("Path"), args=[ast.Constant()]))):
            return "/proc/" not in ast.unparse(node)  # what the machine says of itself
    return False


CHOOSING = "from importlib import import_module\ndef f(name): import_module(f'lib.deep.{name}').g()"
CHOICE = {
    "run": "from lib.core import f\nf('one')",
    "lib/core": CHOOSING,
    "lib/deep/one": "from lib.deep.behind import h\ndef g(): return h()",
    "lib/deep/two": "def g(): return 2",
    "lib/deep/behind": "def h(): return 1\ndef unused(): return 1",
}


@pytest.mark.parametrize(
    ("chosen", "others"),
    [
        ([], {"one", "two", "behind"}),
        (["lib.deep.two"], {"two"}),
        (["lib.deep.one"], {"one", "behind"}),
        (["lib.deep.absent"], {"one", "two", "behind"}),
        (["lib.other.one"], {"one", "two", "behind"}),
    ],
)
def test_a_choice_from_a_package_reaches_what_is_told_or_all(study, chosen, others):
    study.write(CHOICE)
    found = of_command(COMMAND, study.root, study.root / "scripts", chosen).definitions
    assert {name.split(".")[2] for name in found if name.startswith("lib.deep.")} == others
    assert ("lib.deep.behind.unused" in found) == ("two" in others and "one" in others)


def test_a_choice_that_is_added_or_changed_changes_only_what_may_choose_it(study):
    def codes() -> list[Code]:
        told = ([], ["lib.deep.one"], ["lib.deep.two"])
        return [of_command(COMMAND, study.root, study.root / "scripts", each) for each in told]

    study.write(CHOICE)
    first = codes()
    study.write({"lib/deep/three": "def g(): return 3"})
    second = codes()
    assert [differs(*pair) for pair in zip(first, second, strict=True)] == [True, False, False]
    study.write({"lib/deep/behind": "def h(): return 2"})
    assert [differs(*pair) for pair in zip(second, codes(), strict=True)] == [True, True, False]


def test_untraceable_imports_out_of_reach_are_not_refused(study):
    library = "from importlib import import_module\ndef f(x): import_module(x)\ndef g(): pass"
    assert "lib.core.g" in study.keys({"run": "from lib.core import g\ng()", "lib/core": library})


def test_syntax_errors_name_file_and_line(study):
    with pytest.raises(SyntaxError, match=r"scripts/lib/core\.py:2: "):
        study.code({"run": "import lib.core", "lib/core": "x = 1\ndef f(:\n"})


@pytest.mark.parametrize(
    "library",
    [
        {"lib/a": "from lib.b import f", "lib/b": "from lib.a import f"},
        {"lib/a": "from lib.b import *\nf", "lib/b": "from lib.a import *\nf"},
        {"lib/a": "import lib.b\nf = lib.b.g", "lib/b": "import lib.a\ng = lib.a.f"},
        {"lib/a": "from lib import a\nf = a"},
        {"lib/a": "def f(): return g()\ndef g(): return f.x, f.y"},
    ],
)
def test_circles_end(study, library):
    assert "scripts/run.py" in study.keys({"run": "from lib.a import f\nf()", **library})


def test_packages_from_elsewhere_are_left_out(study):
    before = study.keys({"run": "import os.path, numpy as np\nfrom yaml import *\nnp.sum(os.path)"})
    assert before == {"command", "scripts/run.py"}


@pytest.mark.parametrize(
    ("name", "text", "edited", "counts"),
    [
        ("table.yaml", "a: 1\nb: [x]\n", "# comment\na: 1\nb:\n  - 'x'\n", False),
        ("table.yaml", "a: 1\nb: [x]\n", "b: [x]\na: 1\n", True),
        ("table.yaml", "a: 1\n", "a: 2\n", True),
        ("table.yaml", "1: a\n", "'1': a\n", True),
        ("table.yml", "a: 1\n", "a:   1  # comment\n", False),
        ("table.yml", "a: 1\n---\nb: 1\n", "a: 1\n---\nb: 2\n", True),
        ("table.yaml", "day: 2020-01-01\n", "day: 2020-01-02\n", True),
        ("table.yaml", "a: !own 1\n", "a: !own 2\n", True),
        ("table.json", '{"a": 1, "b": 2}', '{\n\t"a": 1,\n\t"b": 2\n}', False),
        ("table.json", '{"a": 1}', '{"a": 1.5}', True),
        ("table.json", "{broken", "{broken ", True),
        ("table.csv", "a,b\n", "a,b\n\n", True),
    ],
)
def test_files_that_a_command_names(study, name, text, edited, counts):
    command = f'python scripts/run.py --table "data/{name}"'
    study.write_file(f"data/{name}", text)
    before = study.code({"run": ""}, command)
    assert f"data/{name}" in before.definitions
    study.write_file(f"data/{name}", edited)
    assert differs(before, study.code({}, command)) == counts


@pytest.mark.parametrize(
    "mention",
    ["data/x.csv", "--table=data/x.csv", "<data/x.csv", "'data/x.csv'", "data/../data/x.csv"],
)
def test_ways_to_name_a_file(study, mention):
    study.write_file("data/x.csv", "")
    assert "data/x.csv" in study.keys({}, f"cat {mention} > {{output:q}}")


@pytest.mark.parametrize("quote", "'\"")
def test_a_quoted_name_may_hold_spaces(study, quote):
    study.write_file("data/my table.csv", "")
    assert "data/my table.csv" in study.keys({}, f"cat {quote}data/my table.csv{quote}")


def test_files_outside_and_folders_are_left_out(study, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.py"
    outside.write_text("")
    relative = os.path.relpath(outside, study.root)
    command = f"python {outside} {relative} scripts missing.py {'long' * 500}"
    assert set(study.code({}, command).definitions) == {"command"}


def test_the_text_of_the_command_counts_and_its_layout_does_not(study):
    before = study.code({"run": ""})
    assert differs(before, study.code({}, COMMAND.replace("--output", "--out")))
    layout = COMMAND.replace(" --output", "\n      --output").replace(" >", " \\\n    >")
    assert not differs(before, study.code({}, f"  {layout}\n"))


def test_the_place_of_the_checkout_does_not_count(tmp_path):
    files = {"run": SCRIPT, "lib/core": LIBRARY}
    here, there = (Study(tmp_path / name).code(files) for name in ("here", "there"))
    assert not differs(here, there)
    assert str(tmp_path) not in repr(here)


def test_what_a_code_holds(study):
    code = study.code({"run": SCRIPT, "lib/core": LIBRARY})
    names = [f"lib.core.{name}" for name in ("LIMIT", "floor", "helper", "math", "used")]
    assert list(code.definitions) == ["command", *names, "scripts/run.py"]
    assert all(len(digest) == 16 for digest in [code.fingerprint, *code.definitions.values()])
    with pytest.raises(AttributeError):
        code.fingerprint = ""


def test_files_are_parsed_once(study, monkeypatch):
    parsed = []
    original = ast.parse
    monkeypatch.setattr(
        fingerprint.ast, "parse", lambda source: parsed.append(source) or original(source)
    )
    library = f"{LIBRARY}\n# {study.root}"
    for _ in range(2):
        study.code({"run": SCRIPT, "other": f"{SCRIPT}#", "lib/core": library})
        study.code({}, "python scripts/other.py")
    assert parsed.count(library.encode()) == 1


def test_an_edit_within_one_tick_of_the_clock_counts(study):
    path = study.root / "scripts/lib/core.py"
    before = study.code({"run": SCRIPT, "lib/core": LIBRARY})
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    study.write({"lib/core": LIBRARY.replace("LIMIT = 3", "LIMIT = 4")})
    os.utime(path, ns=times)
    assert differs(before, study.code({}))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return Study(tmp_path_factory.mktemp("study"))


def documented(source: str, draw) -> str:
    """The source with comments, blank lines and docstrings at places that are drawn."""
    lines = []
    for line in source.splitlines():
        indent = " " * draw(st.integers(0, 6))
        lines += draw(st.lists(st.sampled_from(["", f"{indent}# def x(): 1"]), max_size=2))
        lines.append(line + draw(st.sampled_from(["", "  # comment", "   "])))
        if line.endswith(":") and draw(st.booleans()):
            own = " " * (len(line) - len(line.lstrip()) + 4)
            lines.append(f'{own}"""New\n\ndocstring."""')
    return "\n".join(lines)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_documentation_never_counts(shared, data):
    before = shared.code({"run": SCRIPT, "lib/core": LIBRARY})
    after = shared.code(
        {"run": documented(SCRIPT, data.draw), "lib/core": documented(LIBRARY, data.draw)}
    )
    assert not differs(before, after)


@settings(max_examples=30, deadline=None)
@given(st.permutations(ast.parse(LIBRARY).body))
def test_the_order_and_layout_of_definitions_never_count(shared, body):
    before = shared.code({"run": SCRIPT, "lib/core": LIBRARY})
    after = shared.code({"lib/core": ast.unparse(ast.Module(body, []))})
    assert not differs(before, after)


IMPORT_STYLES = [
    "from pkg.{m} import {f}\ndef {me}(): {f}()",
    "from pkg.{m} import {f} as other_{f}\ndef {me}(): return other_{f}()",
    "import pkg.{m}\ndef {me}(): pkg.{m}.{f}()",
    "import pkg.{m} as other_{m}\ndef {me}(x=None): return [other_{m}.{f} for _ in x]",
    "from pkg import {m}\nclass {me}:\n    def method(self): {m}.{f}()",
    "from . import {m}\n{me} = {m}.{f}",
    "from .{m} import {f}\n{me}: object = {f}",
    "def {me}():\n    from .{m} import {f}\n    return {f}",
    "def {me}():\n    import pkg.{m}\n    def g(): return pkg.{m}.{f}\n    return g",
    "try:\n    from ..pkg import {m}\nexcept ImportError:\n    {m} = None\ndef {me}(): {m}.{f}()",
    "from pkg import exported_{f}\ndef {me}(): return exported_{f}",
]


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(0, 10**6), st.floats(0, 0.5))
@example(12, 0, 0.2)
def test_what_is_reached_is_what_a_search_of_the_graph_finds(shared, size, seed, density):
    """Modules of one definition each that use later ones, in all styles, against a plain search."""
    rng = random.Random(seed)
    later = {i: [j for j in range(i + 1, size) if rng.random() < density] for i in range(size)}
    package = [f"from .m{i} import f{i} as exported_f{i}\n" for i in range(size)]
    shared.code({"pkg/__init__": "".join(package)})
    for i, targets in later.items():
        parts = ["def {me}(): pass", *rng.choices(IMPORT_STYLES, k=len(targets))]
        uses = zip([i, *targets], parts, strict=True)
        text = [part.format(m=f"m{j}", f=f"f{j}", me=f"f{i}") for j, part in uses]
        shared.code({f"pkg/m{i}": "\n".join(text)})
    start = rng.randrange(size)
    reached = {start}
    for i in range(size):
        reached |= set(later[i]) if i in reached else set()
    keys = shared.keys({"run": f"from pkg.m{start} import f{start}\nf{start}()"})
    assert {key for key in keys if key in {f"pkg.m{i}.f{i}" for i in range(size)}} == {
        f"pkg.m{i}.f{i}" for i in reached
    }

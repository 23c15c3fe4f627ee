"""Nothing that is read or configured can run code: no pickle, and no value unquoted in a shell."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import archives
import pytest
import workflow

from study.archiving.dry_run import all_jobs, due_jobs
from study.schema import Config

PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
EVALUATORS = {"eval", "exec"}
PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")
# Never text of a user: a count, a word of a closed list, an option with a number, numbers from a
# wildcard of digits, a digest.
HARMLESS = {"threads", "resources.device", "resources.save_every"}
HARMLESS |= {"params.replicates", "params.command"}
NASTY = """It's $(touch pwned) `touch pwned` "quoted" & <b>; touch pwned\n| \\ {input} %s ${HOME}"""


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file with the dotted name of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imports(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = set()
    for node in tree:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and _loads(node):
            names.add(node.module.split(".")[0])
    return names


def _loads(node: ast.ImportFrom) -> bool:
    """Whether an import takes more than the error that says a pickle was refused."""
    return {alias.name for alias in node.names} != {"UnpicklingError"}


def option(call: ast.Call, name: str) -> object:
    """The constant given to a keyword of a call, if one is."""
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None


def dangers(path: Path) -> set[str]:
    """What a file does that can run what it reads."""
    found = {f"imports {name}" for name in imports(path) & PICKLES}
    for name, call in calls(path):
        last = name.rpartition(".")[2]
        if name.endswith("torch.load") and option(call, "weights_only") is not True:
            found.add("torch.load without weights_only=True")
        if last in ("load", "read_pickle", "to_pickle") and option(call, "allow_pickle"):
            found.add("allow_pickle")
        if last in ("read_pickle", "to_pickle"):
            found.add(last)
        if name in ("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"):
            loader = " ".join(ast.unparse(each) for each in [*call.args[1:], *call.keywords])
            if not re.search(r"SafeLoader|BaseLoader|YAML_LOADER", loader):
                found.add(name)
        if name in SHELLS or option(call, "shell"):
            found.add("a shell")
        if name in EVALUATORS:
            found.add(name)
    return found


def test_no_program_unpickles_or_starts_a_shell() -> None:
    files = list((workflow.ROOT / "scripts").rglob("*.py"))
    assert len(files) > 40
    assert {path.name: found for path in files if (found := dangers(path))} == {}


@pytest.mark.parametrize(
    ("code", "danger"),
    [
        ("import pickle", "imports pickle"),
        ("from joblib import load", "imports joblib"),
        ("torch.load(path)", "torch.load without weights_only=True"),
        ("torch.load(path, weights_only=False)", "torch.load without weights_only=True"),
        ("np.load(path, allow_pickle=True)", "allow_pickle"),
        ("pd.read_pickle(path)", "read_pickle"),
        ("yaml.load(text, Loader=yaml.Loader)", "yaml.load"),
        ("os.system(command)", "a shell"),
        ("subprocess.run(command, shell=True)", "a shell"),
        ("eval(text)", "eval"),
    ],
)
def test_the_search_finds_each_danger(tmp_path: Path, code: str, danger: str) -> None:
    path = tmp_path / "code.py"
    path.write_text(code)
    assert dangers(path) == {danger}


def commands() -> dict[str, str]:
    """The text of every shell command by its rule."""
    return {name: rule["shell"] for name, rule in workflow.rules().items()}


def test_every_value_in_a_command_is_quoted() -> None:
    shells = commands()
    assert len(shells) > 10
    assert all(shells.values())
    unquoted = {
        (rule, value)
        for rule, text in shells.items()
        for value in PLACEHOLDER.findall(text)
        if not value.endswith(":q") and value not in HARMLESS
    }
    assert unquoted == set()


def test_what_is_not_quoted_is_no_text_of_a_user() -> None:
    rules = "".join(path.read_text() for path in (workflow.ROOT / "rules").glob("*.smk"))
    devices = set(re.findall(r"\bdevice=(.*),$", rules, re.MULTILINE))
    assert devices == {"CONFIG.device", 'CONFIG.device if kind.on_device else "cpu"'}
    assert all(word.isalpha() for word in get_args(Config.model_fields["device"].annotation))
    assert Config.model_fields["save_every"].annotation is int
    assert set(re.findall(r"\bsave_every=(.*),$", rules, re.MULTILINE)) == {
        "CONFIG.save_every",
        "save_every(kind, kind.rule())",
        "save_every(kind, kind.fitting())",
    }
    assert 'return f"--save-every {CONFIG.save_every}" if program in kind.resumed else ""' in rules
    assert set(re.findall(r"\breplicates=(.*),$", rules, re.MULTILINE)) == {
        "lambda w: members(w.block)",
        "members(block)",
    }
    assert 'block=r"\\d+-\\d+"' in rules
    assert not re.search(r"^    (run|script|notebook|wrapper):", rules, re.MULTILINE)


def test_a_title_full_of_shell_is_a_title(study: Path) -> None:
    shutil.rmtree(study / ".snakemake/log", ignore_errors=True)
    workflow.edit_config(study, {"report": {"title": NASTY}})
    workflow.snakemake(study)
    assert not list(study.rglob("pwned"))
    page = (study / "results/report/report.html").read_text()
    assert "$(touch pwned) `touch pwned`" in page
    assert "<b>; touch" not in page
    assert due_jobs(study, archives.CHOSEN) == []
    report = next(job for job in all_jobs(study, archives.CHOSEN) if job.rule == "report")
    assert '"title":"It\'s $(touch pwned)' in report.arguments[1]

"""Every command, config, code and link of the documentation is tried, here or where it says so."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import own_study
import pages
import pytest
import torch
import workflow
import yaml

from glassbox.claims.recorded import read_recorded
from study import options, schema
from study.archiving.compare import ATTACKED, TOLERANCES
from study.schema.works import laid_over

# What tries a command, by what it looks like; the first that fits counts.
TRIED = {
    r"make (study|plan)( |$)": "test_a_study_that_is_asked_for_has_a_config; the tutorial is run",
    r"make test": "test_style.py asks make what it runs",
    r"make archive": "test_archive.py packs a study; test_style.py asks make what it runs",
    r"make verify": "test_verify.py",
    r"make leftovers": "test_leftovers.py",
    r"make ledger": "test_ledger.py calls its program",
    r"make environment": "test_every_target_is_there; test_archive.py, with a linked environment",
    r"make benchmark": "not run, an hour: test_every_target_is_there",
    r"cd glassbox-": "test_archive.py goes on with an unpacked study",
    r"tar xf": "test_archive.py",
    r"snakemake --config scale=smoke": "test_archive.py",
    r"snakemake --report": "test_snakemake_report.py",
    r"snakemake --sdm conda": "not run, for want of conda: test_style.py compares its packages",
    r"bagit\.py": "test_archive.py, through bagit",
    r"rocrate-validator": "test_archive.py, through the validator",
    r"python3 -I scripts/study/fixity\.py": "test_verify.py",
    r"python scripts/study/verify\.py": "test_verify.py, test_unpack.py",
    r"python scripts/study/checksums\.py": "test_checksums.py",
    r"python scripts/study/writing/citation\.py": "test_citation.py compares what it writes",
    r"python scripts/study/writing/document\.py": "test_style.py compares what it writes",
    r"python scripts/study/writing/entries\.py": "test_claims_works.py compares what it writes",
    r"python scripts/study/writing/results_page\.py": "test_results_page.py",
    r"python tests/slice_digests\.py": "test_slices.py compares what it writes",
    r"make generate": "test_style.py, test_citation.py, test_help.py, one by one",
    r"python -c": "test_the_tutorial_is_what_happens",
    r"python scripts/analyses/deviations\.py --help": "test_a_program_says_what_it_takes",
    r"python -m snakemake --workflow-profile profiles/slurm": "test_slurm.py, on a real Slurm",
    r"python -m snakemake --workflow-profile profiles/s3": "not run: test_profiles_are_read",
    r"pip install snakemake-storage-plugin-s3": "not run, a package of its own for S3",
}
TUTORIAL = {"mine.yaml": "A change of one's own"}


def bare(command: str) -> str:
    """A command without variables before it, and with Python by its name alone."""
    return re.sub(r"^(?:[A-Z_]+=\S+ )*(?:\S*/bin/)?", "", command)


def asked(page: Path) -> list[str]:
    return [each for each in map(bare, pages.commands(page)) if re.match("make (study|plan)", each)]


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.stem)
def test_every_command_is_tried_somewhere(page: Path) -> None:
    found = map(bare, pages.commands(page))
    unknown = [each for each in found if not any(re.match(known, each) for known in TRIED)]
    assert not unknown, "say in TRIED what tries them"


def test_what_tries_commands_is_there() -> None:
    here = Path(__file__)
    for said in TRIED.values():
        for name in re.findall(r"test_\w+\.py", said):
            assert here.with_name(name).exists(), name
        for name in re.findall(r"test_\w+(?![\w.])", re.sub(r"test_\w+\.py", "", said)):
            assert f"def {name}(" in here.read_text(encoding="utf-8"), name


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_every_target_is_there() -> None:
    shown = {each for page in pages.PAGES for each in map(bare, pages.commands(page))}
    targets = {each.split()[1] for each in shown if each.startswith("make ")}
    phony = re.search(r"^.PHONY: (.*)$", (workflow.ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets == set(phony[1].split())
    command = ["make", "--dry-run", *sorted(targets)]
    ended = subprocess.run(command, cwd=workflow.ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.stem)
def test_a_study_that_is_asked_for_has_a_config(page: Path, tmp_path: Path) -> None:
    for name, title in TUTORIAL.items():
        (tmp_path / name).write_text(yaml.safe_dump(pages.config("tutorial.md", f"2. {title}")))
    user = yaml.safe_load((workflow.ROOT / "config.yaml").read_text())
    for command in asked(page):
        given = dict(word.split("=", 1) for word in shlex.split(command)[2:])
        said = given.get("OPTIONS", "").split()
        over = yaml.safe_load(
            "\n".join(f"{a}: {b}" for a, b in map(halves, options.settings(said)))
        )
        there = (
            folder / name for name in options.presets(said) for folder in (workflow.ROOT, tmp_path)
        )
        files = [path for path in there if path.exists()]
        assert len(files) == len(options.presets(said)), command
        content = user
        for path in files:
            content = laid_over(content, yaml.safe_load(path.read_text()))
        found = schema.load_study(laid_over(content, over or {}), workflow.ROOT / "config", files)
        figures = re.findall(r"results/figures/([\w.-]+)\.svg", given.get("ONLY", ""))
        assert page.stem == "extend" or set(figures) <= set(found.figures), command


def halves(setting: str) -> list[str]:
    return setting.split("=", 1)


def test_profiles_are_read() -> None:
    for name in ("default", "slurm", "s3"):
        assert yaml.safe_load((workflow.ROOT / f"profiles/{name}/config.yaml").read_text())


def test_a_program_says_what_it_takes() -> None:
    command = [sys.executable, "scripts/analyses/deviations.py", "--help"]
    ended = subprocess.run(command, cwd=workflow.ROOT, capture_output=True, text=True)
    assert ended.returncode == 0 and "--config" in ended.stdout


@pytest.mark.parametrize(
    "name",
    ["writing/document", "writing/entries", "writing/citation", "keep_verdicts", "leftovers",
     "checksums"],
)  # fmt: skip
def test_help_of_a_program_run_by_hand_does_nothing_else(name: str, tmp_path: Path) -> None:
    shutil.copytree(workflow.ROOT / "scripts", tmp_path / "scripts")
    command = [sys.executable, f"scripts/study/{name}.py", "--help"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert f"python scripts/study/{name}.py" in ended.stdout + ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["scripts"]


# What the tutorial and the library's page show


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_tutorial_is_what_happens(study: Path) -> None:
    """From a finished study in place of a clone, so that its trial makes next to nothing."""
    shutil.copy(workflow.ROOT / "Makefile", study)
    (study / ".venv").symlink_to(Path(sys.prefix))
    page = pages.text("tutorial.md")
    (study / "mine.yaml").write_text(pages.YAML.findall(page)[0])
    trial, read, again, plan, change, back, whole = pages.commands(pages.DOCS / "tutorial.md")[:7]
    assert (trial, again, whole) == (back, back, "make study")
    assert run(study, trial).endswith("The report: results/report/report.html\n")
    assert "not testable here" in run(study, read)
    assert "nothing to be done" in run(study, again)
    said = run(study, plan)
    shown = re.search(r"(?:^    .*\n){3}(?=\nNeither the training)", page, re.MULTILINE)[0]
    assert all(line.removeprefix("    ") in said.splitlines() for line in shown.splitlines())
    assert not re.search(r"training|attacks", said)
    before = workflow.results(study)
    before = {name: path.read_bytes() for name, path in before.items() if name.endswith(".svg")}
    run(study, change)
    figure = "results/figures/lee2019-2-digits.svg"
    assert (study / figure).read_bytes() != before[figure]
    run(study, back)
    assert {name: (study / name).read_bytes() for name in before} == before


def run(folder: Path, command: str) -> str:
    """What a command prints that ends well."""
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert ended.returncode == 0, ended.stdout[-6000:]
    return ended.stdout


PYTHON = re.compile(r"^```python\n(.*?)```", re.MULTILINE | re.DOTALL)


def test_the_librarys_examples_run(finished_study: Path) -> None:
    examples = PYTHON.findall(pages.text("library.md"))
    assert examples
    for code in examples:
        ended = subprocess.run(
            [sys.executable, "-c", code], cwd=finished_study, capture_output=True, text=True
        )
        assert ended.returncode == 0 and ended.stdout, ended.stderr


# What the pages show of the config


BLOCK = re.compile(
    r"(?:^    (?:datasets|models|analyses|figures):\n(?:^     .*\n|^    \w+:\n)+)", re.M
)


def test_a_network_that_is_shown_runs() -> None:
    shown = re.search(
        r"^    from torch import nn\n(?:    .*\n|\n)+", pages.text("own.md"), re.MULTILINE
    )
    made: dict = {}
    exec(textwrap.dedent(shown[0]), made)
    assert made["Mobile"](16)(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


@pytest.mark.parametrize("page", ["data.md", "own.md"])
def test_a_config_that_is_shown_is_valid(page: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my_nets.py").write_text(own_study.CODE, encoding="utf-8")
    blocks = BLOCK.findall(pages.text(page))
    assert blocks
    content = workflow.content()
    for block in blocks:
        shown = re.sub("^    ", "", block, flags=re.MULTILINE).replace("<its sha256>", "a" * 64)
        content = laid_over(content, yaml.safe_load(shown))
        schema.load(content)


def table(page: str, title: str) -> list[list[str]]:
    """The rows of a section's table, without its head."""
    rows = re.findall(r"^\| (.*) \|$", pages.section(page, title), re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows[1:]]


def test_the_tolerances_that_are_stated_are_those_of_replay() -> None:
    stated = {
        stage: (float(relative), float(absolute))
        for stages, relative, absolute in table("devices.md", "What replay allows")
        for stage in stages.split(", ")
    }
    declared = TOLERANCES | {"attacks": ATTACKED}
    assert stated == {stage: tuple(each) for stage, each in declared.items()}


def test_the_agreement_of_devices_that_is_stated_is_what_tests_require() -> None:
    source = (workflow.ROOT / "tests/test_cuda.py").read_text(encoding="utf-8")
    rounding = re.search(r"^ROUNDING = .*$", source, re.MULTILINE)[0]
    bodies = dict(re.findall(r"^def (test_\w+)(.*?)(?=^\S|\Z)", source, re.MULTILINE | re.DOTALL))
    rows = table("devices.md", "What the tests require")
    assert {row[-1].strip("`") for row in rows} == set(bodies)
    for result, *bounds, test in rows:
        required = bodies[test.strip("`")].replace("**ROUNDING", rounding)
        if "equal" in bounds:
            assert re.search(r"equal\(|assert_one_at_a_time\(", required), result
        for bound in filter(str.strip, {*bounds, *re.findall(r"0\.\d+", result)} - {"equal"}):
            assert re.search(rf"(?<![\d.-]){re.escape(bound)}(?![\d.e])", required), result


# Links


def anchors(page: Path) -> set[str]:
    """What a link into a page may end with."""
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in titles}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in (
        one or other for one, other in pages.LINK.findall(page.read_text(encoding="utf-8"))
    ):
        if link.startswith("http"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_map_names_every_page_once() -> None:
    named = re.findall(r"\]\(([\w.]+\.md)\)", pages.text("index.md"))
    assert sorted(named) == sorted(page.name for page in pages.PAGES[1:] if page.stem != "index")


ID = re.compile(r"(?<![\w`-])[ACELPR]-[CNTLPR]\d\d\b")


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.stem)
def test_an_id_links_to_what_it_means(page: Path) -> None:
    if page.stem in ("config", "entries", "errata"):
        return  # the first is the schema's words, the others say what ids mean
    text = page.read_text(encoding="utf-8")
    defined = set(re.findall(r"^\[([^\]]+)\]: ", text, re.MULTILINE))
    words = re.sub(r"^\[[^\]]+\]: .*$|```.*?```", "", text, flags=re.MULTILINE | re.DOTALL)
    for found in ID.finditer(words):
        link = re.match(r"[^\[\]]*", words[found.start() :])[0]
        assert words[found.start() - 1] == "[" and link in defined, words[found.start() :][:40]


def test_an_id_of_a_work_that_ran_on_digits_leads_to_what_is_asked_of_digits() -> None:
    known = anchors(workflow.ROOT / "docs/entries.md")
    linked = re.findall(r"entries\.md#(R\S+)", pages.text("rauber2017.md"))
    linked += re.findall(r"entries\.md#(R\S+)", pages.text("findings.md"))
    assert linked and not {f"{each}-digits" for each in linked} & known


@pytest.mark.parametrize("page", ["pardo2019.md", "findings.md"])
def test_an_id_of_a_work_that_ran_on_both_says_of_what_it_is_asked(page: str) -> None:
    recorded = read_recorded(workflow.ROOT / "scripts/glassbox/claims/pardo2019/recorded.yaml")
    asked = {claim for scale in recorded.values() for claim in scale["verdicts"]}
    links = re.findall(r"^\[(P-[^\]]+)\]: entries\.md#(\S+)$", pages.text(page), re.MULTILINE)
    assert {claim for claim, _ in links} <= asked
    assert all(re.sub(r"\W+", "-", claim).strip("-") == anchor for claim, anchor in links)
    assert any(claim.endswith("(digits)") for claim, _ in links)
    assert any(not claim.endswith("(digits)") for claim, _ in links)

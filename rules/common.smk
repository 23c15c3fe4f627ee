"""What all stages share: the validated config, names of files, and what a job depends on.

Needs the merged config. Makes CONFIG, and functions that the rules use.
"""

import fcntl
import json
import os
import re
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.basedir)
sys.path.insert(0, str(ROOT / "scripts"))
os.environ.update(PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")

from study import cluster, fingerprint, schema, slices

try:
    CONFIG = schema.load(config)
except schema.ConfigError as error:
    raise WorkflowError(f"the config is wrong:\n{error}") from None

INTENDED = Path(".snakemake/glassbox-intended.json")
GPUS = int(CONFIG.device == "cuda")


def one_of(names):
    """A wildcard constraint: one of these names and nothing else."""
    return "|".join(re.escape(name) for name in names) or "(?!)"


def of_kind(*kinds):
    """The names of the data sets of these kinds."""
    return [name for name, section in CONFIG.datasets.items() if section.kind in kinds]


wildcard_constraints:
    dataset=one_of(CONFIG.datasets),
    network=one_of(CONFIG.networks),
    draw=r"\d+",
    block=r"\d+-\d+",
    split=r"[^/.]+",


def examples(dataset, split, block):
    """The files of a split in the draws of a block's replicates, or its one file for all."""
    draws = members(block) if CONFIG.draws(dataset) else [0]
    return [f"results/datasets/{dataset}/{draw}/{split}.parquet" for draw in draws]


def growing(amount):
    """An amount of memory or time that grows with every try."""
    return lambda wildcards, attempt: amount * attempt


def blocks(method):
    """The blocks of replicates, made in one job each, that hold the study's replicates."""
    own = CONFIG.networks[method].together if method in CONFIG.networks else None
    together = own or CONFIG.together
    firsts = range(0, CONFIG.replicates, together)
    return [f"{first}-{first + together - 1}" for first in firsts]


def members(block):
    """The replicates of a block."""
    first, last = map(int, block.split("-"))
    return list(range(first, last + 1))


def tables(analysis, method, wanted):
    """The tables of an analysis that hold the study's replicates of a method on a set."""
    template = f"results/analyses/{analysis}/{method}/{{block}}/{wanted}.parquet"
    return expand(template, block=blocks(method))


def all_of(analysis):
    """All tables of an analysis that the config asks for."""
    wanted = getattr(CONFIG.analyses, analysis)
    return [
        table
        for method, sets in wanted.items()
        for one in sets
        for table in tables(analysis, method, one)
    ]


def histories(network):
    """The histories of training that hold the study's replicates of a network."""
    return expand(f"results/models/{network}/{{block}}/history.parquet", block=blocks(network))


SOURCES = {"histograms": "predictions", "heatmaps": "averages", "profiles": "deviations"}


def figure_data(name):
    """The tables that a figure, or a table of the report, is made from.

    Heat maps show one replicate: units can't be averaged over networks.
    """
    if name in CONFIG.tables:
        return ["results/analyses/errors.parquet"]
    figure = CONFIG.figures[name]
    method = figure.method if figure.kind == "histograms" else figure.network
    files = tables(SOURCES[figure.kind], method, figure.set)
    return files[:1] if figure.kind == "heatmaps" else files


def figure_origins():
    """The rule, config slice and data of each figure and table, and the code of each rule."""
    origins, codes = {}, {}
    for name in [*CONFIG.figures, *CONFIG.tables]:
        kind = "error_tables" if name in CONFIG.tables else CONFIG.figures[name].kind
        slice_of = slices.table if name in CONFIG.tables else slices.figure
        origins[name] = {"rule": kind, "config": slice_of(CONFIG, name), "data": figure_data(name)}
        codes[kind] = code_of(workflow.get_rule(kind))
    return {"origins": origins, "codes": {kind: vars(code) for kind, code in codes.items()}}


def code_of(a_rule):
    """The code that a rule's command runs."""
    return fingerprint.of_command(a_rule.shellcmd, ROOT, ROOT / "scripts")


def fingerprint_commands():
    """Make the code that a rule's command runs, and no other, one of its params."""
    for each in workflow.rules:
        if each.shellcmd:
            each.set_params(code=code_of(each).fingerprint)


def hold_lock():
    """Refuse a second run in this folder; the kernel frees the lock even after a SIGKILL."""
    global lock
    lock = open(".snakemake/glassbox.lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WorkflowError("another run is at work in this folder: wait for it, or stop it")


def intend():
    """Note what this run is to make, for a run after one that ends early."""
    planned = {str(path) for job in workflow.dag.needrun_jobs() for path in job.output}
    INTENDED.write_text(json.dumps(sorted(planned | set(unmade()))))


def unmade():
    """What an earlier run was to make anew and did not, so that it is missing now.

    Snakemake takes what was made from its former state, as long as that is there, for up to date.
    """
    intended = json.loads(INTENDED.read_text()) if INTENDED.exists() else []
    missing = [path for path in intended if not Path(path).exists()]
    return [path for path in missing if any(each.is_producer(path) for each in workflow.rules)]

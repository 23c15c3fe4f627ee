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
# Programs find the library, and the Python that runs Snakemake runs them.
os.environ.update(
    PYTHONPATH=str(ROOT / "scripts"),
    PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
)

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
    model=one_of(CONFIG.models),
    space=one_of(slices.SPACES),
    draw=r"\d+",
    block=r"\d+-\d+",
    replicate=r"\d+",
    split=r"[^/.]+",


def examples(dataset, split, block):
    """The files of a split in the draws of a block's replicates, or its one file for all."""
    draws = members(block) if CONFIG.draws(dataset) else [0]
    return [f"results/datasets/{dataset}/{draw}/{split}.parquet" for draw in draws]


def growing(amount):
    """An amount of memory or time that grows with every try."""
    return lambda wildcards, attempt: amount * attempt


def for_patterns(mb, **by_layer):
    """MB for the patterns of 50,000 to 60,000 images, in some layers another number; 2,000 for digits.

    Jobs at published scale took three quarters of it at most.
    """

    def amount(wildcards, attempt):
        dataset = CONFIG.datasets[CONFIG.models[wildcards.model].dataset]
        many = by_layer.get(wildcards.get("layer"), mb)
        return attempt * (2000 if dataset.kind == "digits" else many)

    return amount


def blocks(method):
    """The blocks of replicates, made in one job each, that hold the study's replicates."""
    detector = CONFIG.detectors.get(method)
    method = detector.network if detector and detector.kind == "learned-filter" else method
    together = CONFIG.side_by_side(method)
    firsts = range(0, CONFIG.count(method), together)
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
    wanted = CONFIG.analyses.on_sets[analysis]
    return [
        table
        for method, sets in wanted.items()
        for one in sets
        for table in tables(analysis, method, one)
    ]


def of_weights(analysis, models, name):
    """The tables of an analysis by model that hold the study's replicates of these models."""
    return [
        f"results/analyses/{analysis}/{model}/{block}/{name}.parquet"
        for model in models
        for block in blocks(model)
    ]


def set_file(wanted):
    """The one file of a set, dataset/split, that is not drawn."""
    dataset, split = wanted.split("/")
    return examples(dataset, split, "0-0")[0]


def learned_set(model, split, block):
    """The files of a split of the set that a model learns, in the draws of a block's replicates."""
    return examples(CONFIG.models[model].dataset, split, block)


def held_out(model):
    """The split whose loss the training of a model tells."""
    return CONFIG.models[model].recipe.held_out


def images_of(model, split):
    """The images that a model is trained on or tested with."""
    return set_file(f"{CONFIG.models[model].dataset}/{split}")


def attack_folders(model, block):
    """All attacks on a block of a model, in the order of slices.attack_sizes."""
    return [
        f"results/attacks/{model}/{block}/{space}/{size:g}"
        for space, size in slices.attack_sizes(CONFIG, model)
    ]


def library_files(model, name, *of_blocks):
    """One file per layer of a model's libraries, in all its blocks or in some."""
    return [
        f"results/analyses/libraries/{model}/{block}/{layer}/{name}.parquet"
        for block in of_blocks or blocks(model)
        for layer in slices.layers(CONFIG, model)
    ]


def histories(model):
    """The histories of training that hold the study's replicates of a model."""
    return expand(f"results/models/{model}/{{block}}/history.parquet", block=blocks(model))


def block_of(model, replicate):
    """The block that holds a replicate of a model."""
    return next(block for block in blocks(model) if int(replicate) in members(block))


def experiment_tables(name, kind):
    """The tables of an experiment that hold the study's replicates."""
    return expand(f"results/analyses/{kind}/{name}/{{block}}.parquet", block=blocks(name))


def experiments(kind):
    """The names of the experiments of a kind."""
    return [name for name, section in CONFIG.experiments.items() if section.kind == kind]


def parameter_tables(model):
    """The tables of weights and biases that hold the study's replicates of a model."""
    return expand(f"results/analyses/parameters/{model}/{{block}}.parquet", block=blocks(model))


def projections(kind, model, wanted):
    """The tables of t-SNE maps, or of their neighbourhoods, of the replicates that get maps."""
    projected = range(min(CONFIG.projection.replicates, CONFIG.replicates))
    return [f"results/analyses/{kind}/{model}/{each}/{wanted}.parquet" for each in projected]


LEARNED = [name for name, each in CONFIG.detectors.items() if each.kind == "learned-filter"]


def learned_filters(detector, block):
    """The filters that a detector takes from a network."""
    section = CONFIG.detectors[detector]
    wanted = f"{section.dataset}/{section.split}"
    return f"results/analyses/learned_filters/{section.network}/{block}/{wanted}.parquet"


def dump_of(w):
    """The dump of activations that holds a replicate."""
    block = block_of(w.model, w.replicate)
    return f"results/activations/{w.model}/{block}/{w.dataset}/{w.split}"


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


def calm_scheduler():
    """Start local jobs without a limit per second, which here none comes near.

    With a limit, as by default, Snakemake looks over all jobs that are ready once more a second for
    every job that has ended: a fifth of a core was seen after a hundred.
    """
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


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

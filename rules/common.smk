"""What all stages share: the validated config, names of files, and what a job depends on.

Needs the merged config. Makes CONFIG, STUDY with the names of all files, and functions that the
rules use.
"""

import fcntl
import hashlib
import logging
import os
import re
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

ROOT = Path(workflow.basedir)
sys.path.insert(0, str(ROOT / "scripts"))
# Programs find the library, and the Python that runs Snakemake runs them; text is UTF-8.
os.environ.update(
    PYTHONPATH=str(ROOT / "scripts"),
    PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    PYTHONUTF8="1",  # whatever the locale
    # Sums come out otherwise with other numbers of threads, of whatever library.
    **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR")},
)

from snakemake.shell import shell

from study import cluster, schema, slices
from study.deciding.decisions import Decisions
from study.deciding.jobs import NOTES
from study.deciding.known_code import KnownCode
from study.deciding.known_files import KnownFiles
from study.deciding.sections import Sections
from study.deciding.snakemake_memory import decide_by_records
from study.orphans import at_work
from study.paths import FITTED, Study, is_folder, members, places
from study.schema.every import left_out
from study.schema.section import at_epoch

try:
    files = map(Path, dict.fromkeys(workflow.configfiles))
    CONFIG = schema.load_study(config, ROOT / "config", files)
except schema.ConfigError as error:
    raise WorkflowError(f"the config is wrong:\n{error}") from None

STUDY = Study(CONFIG)
for line in [*left_out(CONFIG), *STUDY.surplus()]:
    logging.getLogger(NOTES).info(line)
KNOWN_CODE = KnownCode(ROOT)
decide_by_records(Decisions(KNOWN_CODE, KnownFiles(), Sections(CONFIG)))
GPUS = int(CONFIG.device == "cuda")


def one_of(names):
    """A wildcard constraint: one of these names and nothing else."""
    return "|".join(re.escape(name) for name in names) or "(?!)"


wildcard_constraints:
    dataset=one_of(CONFIG.datasets),
    model=one_of(CONFIG.asked_models()),
    draw=r"\d+",
    block=r"\d+-\d+",
    replicate=r"\d+",
    split=r"[^/.]+([.]\d+)?",
    layer=r"[^/]+",


def growing(amount):
    """An amount of memory or time that grows with every try."""
    return lambda wildcards, attempt: amount * attempt


def examples_of(w):
    """The examples of a job's set in the draws of its block's replicates."""
    return STUDY.examples(w.dataset, w.split, w.block)


def trained(w):
    """The folder of the weights that a job's model has in its block."""
    return STUDY.trained(w.model, members(w.block)[0])


def rule_name(*words):
    """A name for a rule that is made in a loop."""
    return "_".join(re.sub("[-.]", "_", word) for word in words)


def options_of(files):
    """Files as options of a program, by the roles that a rule gives them."""
    return [
        word
        for role, paths in files.items()
        for word in (f"--{role}", *([paths] if isinstance(paths, str) else paths))
    ]


def stored_model(folder, prefix=""):
    """The files of a stored model, by the options of programs."""
    return {
        f"{prefix}model": f"{folder}/model.json",
        f"{prefix}weights": f"{folder}/weights.safetensors",
    }


def network_of(model):
    """The options that say of which kind a network is, and which checkpoint of it is meant."""
    epoch = at_epoch(model)[1]
    kept = [] if epoch is None else ["--checkpoint", str(epoch)]
    return ["--kind", STUDY.model(model).build, *kept]


def held_out(w):
    """The examples that tell the loss in training, in the draws of a block's replicates."""
    return STUDY.own_examples(w.model, STUDY.model(w.model).recipe.held_out, w.block)


def filters_of(w):
    """The filters that a detector takes from a network."""
    detector = CONFIG.detectors[w.detector]
    return STUDY.tables("learned_filters.filters", detector.model, detector.set, w.block)


def code_of(a_rule):
    """The code that a rule's command runs."""
    program = a_rule.params.get("program", "")
    return KNOWN_CODE.of_rule(a_rule.shellcmd.replace("{params.program:q}", program))


def fingerprint_commands():
    """Make the code that a rule's command runs, and no other, one of its params.

    Beside it the command itself, with what Snakemake puts in front of it. All kinds of networks
    count here; records, which decide but for results that lie elsewhere, know which a job has.
    """
    for each in workflow.rules:
        if each.shellcmd:
            code = code_of(each)
            command = code.definitions["command"] + (shell._process_prefix or "")
            digest = hashlib.sha256(command.encode()).hexdigest()[:16]
            each.set_params(code=code.fingerprint, command=digest)
    KNOWN_CODE.keep()


def hold_lock():
    """Refuse a second run in this folder; the kernel frees the lock even after a SIGKILL."""
    global lock
    lock = open(".snakemake/glassbox.lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WorkflowError("another run is at work in this folder: wait for it, or stop it")
    if workflow.local_exec and (orphans := at_work(Path.cwd())):
        found = "\n".join(f"  {job}, process {number}" for number, job in orphans.items())
        numbers = " ".join(map(str, orphans))
        raise WorkflowError(
            f"jobs of a run that was killed are at work in this folder:\n{found}\n"
            f"wait for them, or stop them with: kill {numbers}"
        )


def share_memory():
    """Start local jobs side by side only as far as memory holds what they ask for.

    That of the machine, or what --resources says. What asks for no more than 4 GB, which most jobs
    stay far below, always runs on every core.
    """
    if workflow.local_exec and workflow.global_resources.get("mem_mb").value is None:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**6
        cores = workflow.global_resources["_cores"].value or 1
        workflow.register_resource("mem_mb", max(machine, 4000 * cores))


def calm_scheduler():
    """Start local jobs without a limit per second, which here none comes near.

    With a limit, as by default, Snakemake looks over all jobs that are ready once more a second for
    every job that has ended: a fifth of a core was seen after a hundred.
    """
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


def state(kind, program, about, wildcards):
    """The option of a program that goes on from its last state, which says where this lies."""
    folder = f"logs/{program}/{about}.unfinished".format(**wildcards)
    return ["--unfinished", folder] if program in kind.resumed else []


def save_every(kind, program):
    """That which says how often it is kept: a resource, since changing it redoes nothing."""
    return f"--save-every {CONFIG.save_every}" if program in kind.resumed else ""

"""Tidy tables: a rule per kind of analysis (study.schema.analyses), and what needs no model.

Needs models with the sets that they are shown, and dumps of their activations; or neither. Makes the
tables of results/analyses/, each where study.paths says.
"""

from study.schema.analyses import KINDS as ANALYSES
from study.schema.experiments import KINDS as EXPERIMENTS

FITTED_ONCE = [each for each in ANALYSES if each.fitted_once]
LEARNED = [name for name, each in CONFIG.detectors.items() if not each.is_closed]


for kind in ANALYSES:

    rule:
        name:
            kind.rule()
        input:
            unpack(lambda w, kind=kind: given(w, kind)),
        output:
            **{
                option: path.replace("{of}", "{model}").replace("{set}", "{dataset}/{split}")
                for option, path in kind.places().items()
            },
            record=f"results/records/{kind.rule()}/{kind.about}.json",
        log:
            f"logs/{kind.rule()}/{kind.about}.log",
        benchmark:
            f"logs/{kind.rule()}/{kind.about}.tsv"
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=memory(kind),
            runtime=growing(kind.minutes),
            disk_mb=2000,
            gpu=GPUS * kind.on_device,
            device=CONFIG.device if kind.on_device else "cpu",
            save_every=save_every(kind, kind.rule()),
        params:
            program=kind.rule(),
            config=lambda w, kind=kind: slices.analysis(
                CONFIG, kind.rule(), w.model, wanted(w), w.get("layer")
            ),
            told=told,
            state=lambda w, kind=kind: state(kind, kind.rule(), kind.about, w),
        shell:  # is formatted when a job runs, which is when `kind` is the last one
            "python scripts/analyses/{params.program:q}.py --config {params.config:q} {params.told:q}"
            " --device {resources.device} --threads {threads}"
            " {params.state:q} {resources.save_every}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

    workflow.get_rule(kind.rule()).docstring = kind.__doc__


for kind in FITTED_ONCE:
    folder = FITTED.format(kind=kind.rule(), model="{model}", block="{block}")

    rule:
        """Fit what an analysis shows sets to, on a model's training set, and store it as a model."""
        name:
            kind.fitting()
        input:
            unpack(lambda w: {**weights_of(w), **training_of(w)}),
        output:
            **stored_model(folder, "fitted_"),
            digest=f"{folder}/weights.json",
            record=f"results/records/{kind.fitting()}/{{model}}/{{block}}.json",
        log:
            f"logs/{kind.fitting()}/{{model}}/{{block}}.log",
        benchmark:
            f"logs/{kind.fitting()}/{{model}}/{{block}}.tsv"
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=memory(kind),
            runtime=growing(kind.minutes),
            disk_mb=2000,
            gpu=GPUS * kind.on_device,
            device=CONFIG.device if kind.on_device else "cpu",
            save_every=save_every(kind, kind.fitting()),
        params:
            program=kind.fitting(),
            config=lambda w, kind=kind: slices.canonical(
                entry_of(w, kind).slice(CONFIG, w.model, None)
            ),
            told=told,
            state=lambda w, kind=kind: state(kind, kind.fitting(), "{model}/{block}", w),
        shell:
            "python scripts/analyses/{params.program:q}.py --config {params.config:q} {params.told:q}"
            " --device {resources.device} --threads {threads}"
            " {params.state:q} {resources.save_every}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


rule detections:
    """What a detector of signal processing answers, signal by signal."""
    input:
        examples_of,
    output:
        table="results/analyses/predictions/{detector}/{block}/{dataset}/{split}.parquet",
        record="results/records/detections/{detector}/{block}/{dataset}/{split}.json",
    log:
        "logs/detections/{detector}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/detections/{detector}/{block}/{dataset}/{split}.tsv"
    wildcard_constraints:
        detector=one_of(name for name in CONFIG.detectors if name not in LEARNED),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
        disk_mb=2000,
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.detector(CONFIG, w.detector),
    shell:
        "python scripts/analyses/detections.py --config {params.config:q}"
        " --examples {input:q} --output {output.table:q}"
        " --method {wildcards.detector:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


rule errors:
    """Error measures of all methods, replicates and sets."""
    input:
        STUDY.all("predictions"),
    output:
        table="results/analyses/errors.parquet",
        record="results/records/errors.json",
    log:
        "logs/errors.log",
    benchmark:
        "logs/errors.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
        disk_mb=2000,
    params:
        config=lambda w: slices.canonical(slices.counts(CONFIG)),
    shell:
        "python scripts/analyses/errors.py --config {params.config:q} --predictions {input:q}"
        " --output {output.table:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


for kind in EXPERIMENTS:

    rule:
        name:
            kind.rule()
        input:
            unpack(experimented),
        output:
            **{
                option: path.replace("{of}", "{experiment}")
                for option, path in kind.places().items()
            },
            record=f"results/records/{kind.rule()}/{{experiment}}/{{block}}.json",
        log:
            f"logs/{kind.rule()}/{{experiment}}/{{block}}.log",
        benchmark:
            f"logs/{kind.rule()}/{{experiment}}/{{block}}.tsv"
        wildcard_constraints:
            experiment=one_of(
                name for name, each in CONFIG.experiments.items() if isinstance(each, kind)
            ),
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=growing(2000),
            runtime=growing(kind.minutes),
            disk_mb=2000,
        params:
            program=kind.rule(),
            config=lambda w: slices.experiment(CONFIG, w.experiment),
            told=told_of_experiment,
        shell:
            "python scripts/analyses/{params.program:q}.py --config {params.config:q} {params.told:q}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

    workflow.get_rule(kind.rule()).docstring = kind.__doc__


rule learned_detections:
    """What a network's mean filter answers, slid over the signals."""
    input:
        examples=examples_of,
        filters=filters_of,
    output:
        table="results/analyses/predictions/{detector}/{block}/{dataset}/{split}.parquet",
        record="results/records/learned_detections/{detector}/{block}/{dataset}/{split}.json",
    log:
        "logs/learned_detections/{detector}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/learned_detections/{detector}/{block}/{dataset}/{split}.tsv"
    wildcard_constraints:
        detector=one_of(LEARNED),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
        disk_mb=2000,
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/learned_detections.py --examples {input.examples:q}"
        " --filters {input.filters:q} --output {output.table:q}"
        " --method {wildcards.detector:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

"""Tidy tables of what activations show.

Needs dumps of activations and the sets that they were taken on. Makes
results/analyses/<analysis>/<method>/<block>/<set>/<split>.parquet and
results/analyses/errors.parquet.
"""


rule predictions:
    """What a network answers, example by example."""
    input:
        "results/activations/{network}/{block}/{dataset}/{split}",
    output:
        "results/analyses/predictions/{network}/{block}/{dataset}/{split}.parquet",
    log:
        "logs/predictions/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/predictions/{network}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/predictions.py --activations {input:q} --output {output:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q} > {log:q} 2>&1"


rule detections:
    """What a detector of signal processing answers, signal by signal."""
    input:
        lambda w: examples(w.dataset, w.split, w.block),
    output:
        "results/analyses/predictions/{detector}/{block}/{dataset}/{split}.parquet",
    log:
        "logs/detections/{detector}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/detections/{detector}/{block}/{dataset}/{split}.tsv"
    wildcard_constraints:
        detector=one_of(CONFIG.detectors),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.detector(CONFIG, w.detector),
    shell:
        "python scripts/detections.py --config {params.config:q}"
        " --examples {input:q} --output {output:q}"
        " --method {wildcards.detector:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q} > {log:q} 2>&1"


rule errors:
    """Error measures of all methods, replicates and sets."""
    input:
        all_of("predictions"),
    output:
        "results/analyses/errors.parquet",
    log:
        "logs/errors.log",
    benchmark:
        "logs/errors.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        config=lambda w: slices.canonical({"replicates": CONFIG.replicates}),
    shell:
        "python scripts/errors.py --config {params.config:q} --predictions {input:q}"
        " --output {output:q} > {log:q} 2>&1"


rule averages:
    """Averaged activations of every layer, the zeroth included."""
    input:
        examples=lambda w: examples(w.dataset, w.split, w.block),
        activations="results/activations/{network}/{block}/{dataset}/{split}",
    output:
        "results/analyses/averages/{network}/{block}/{dataset}/{split}.parquet",
    log:
        "logs/averages/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/averages/{network}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/averages.py --examples {input.examples:q}"
        " --activations {input.activations:q} --output {output:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q} > {log:q} 2>&1"


rule deviations:
    """Deviation measures of every layer, the zeroth included, exact over all pairs."""
    input:
        examples=lambda w: examples(w.dataset, w.split, w.block),
        activations="results/activations/{network}/{block}/{dataset}/{split}",
    output:
        "results/analyses/deviations/{network}/{block}/{dataset}/{split}.parquet",
    log:
        "logs/deviations/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/deviations/{network}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=4000,
        runtime=30,
        gpu=GPUS,
        device=CONFIG.device,
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.canonical({"ordered": CONFIG.draws(w.dataset)}),
    shell:
        "python scripts/deviations.py --config {params.config:q}"
        " --examples {input.examples:q} --activations {input.activations:q} --output {output:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --device {resources.device} --threads {threads} > {log:q} 2>&1"

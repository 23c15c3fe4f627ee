"""Tidy tables of what activations show.

Needs dumps of activations and the sets that they were taken on. A folder has no checksum for
Snakemake, so the digest beside it tells whether a dump has changed. Makes
results/analyses/<analysis>/<method>/<block>/<set>/<split>.parquet and
results/analyses/errors.parquet.
"""


rule predictions:
    """What a network answers, example by example."""
    input:
        activations=ancient("results/activations/{network}/{block}/{dataset}/{split}"),
        digest="results/activations/{network}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/predictions/{network}/{block}/{dataset}/{split}.parquet",
        record="results/records/predictions/{network}/{block}/{dataset}/{split}.json",
    log:
        "logs/predictions/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/predictions/{network}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/predictions.py --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule detections:
    """What a detector of signal processing answers, signal by signal."""
    input:
        lambda w: examples(w.dataset, w.split, w.block),
    output:
        table="results/analyses/predictions/{detector}/{block}/{dataset}/{split}.parquet",
        record="results/records/detections/{detector}/{block}/{dataset}/{split}.json",
    log:
        "logs/detections/{detector}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/detections/{detector}/{block}/{dataset}/{split}.tsv"
    wildcard_constraints:
        detector=one_of(CONFIG.detectors),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.detector(CONFIG, w.detector),
    shell:
        "python scripts/detections.py --config {params.config:q}"
        " --examples {input:q} --output {output.table:q}"
        " --method {wildcards.detector:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule errors:
    """Error measures of all methods, replicates and sets."""
    input:
        all_of("predictions"),
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
    params:
        config=lambda w: slices.canonical({"replicates": CONFIG.replicates}),
    shell:
        "python scripts/errors.py --config {params.config:q} --predictions {input:q}"
        " --output {output.table:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule averages:
    """Averaged activations of every layer, the zeroth included."""
    input:
        examples=lambda w: examples(w.dataset, w.split, w.block),
        activations=ancient("results/activations/{network}/{block}/{dataset}/{split}"),
        digest="results/activations/{network}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/averages/{network}/{block}/{dataset}/{split}.parquet",
        record="results/records/averages/{network}/{block}/{dataset}/{split}.json",
    log:
        "logs/averages/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/averages/{network}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/averages.py --examples {input.examples:q}"
        " --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule deviations:
    """Deviation measures of every layer, the zeroth included, exact over all pairs."""
    input:
        examples=lambda w: examples(w.dataset, w.split, w.block),
        activations=ancient("results/activations/{network}/{block}/{dataset}/{split}"),
        digest="results/activations/{network}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/deviations/{network}/{block}/{dataset}/{split}.parquet",
        record="results/records/deviations/{network}/{block}/{dataset}/{split}.json",
    log:
        "logs/deviations/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/deviations/{network}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(30),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.canonical({"ordered": CONFIG.draws(w.dataset)}),
    shell:
        "python scripts/deviations.py --config {params.config:q}"
        " --examples {input.examples:q} --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

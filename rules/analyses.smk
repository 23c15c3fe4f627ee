"""Tidy tables of what activations show.

Needs dumps of activations and the sets that they were taken on. A folder has no checksum for
Snakemake, so the digest beside it tells whether a dump has changed. Makes
results/analyses/<analysis>/<method>/<block>/<set>/<split>.parquet and
results/analyses/errors.parquet; and, of weights alone,
results/analyses/filters/<network>/<block>/table.parquet and
results/analyses/ascents/<network>/<block>/table.parquet and signals.parquet.
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
        config=lambda w: slices.canonical(slices.counts(CONFIG)),
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


rule units:
    """How often each hidden unit is active."""
    input:
        activations=ancient("results/activations/{network}/{block}/{dataset}/{split}"),
        digest="results/activations/{network}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/units/{network}/{block}/{dataset}/{split}.parquet",
        record="results/records/units/{network}/{block}/{dataset}/{split}.json",
    log:
        "logs/units/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/units/{network}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/units.py --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule trajectories:
    """Deviation measures of every layer at every checkpoint, without a dump of activations."""
    input:
        examples=lambda w: examples(w.dataset, w.split, w.block),
        weights="results/models/{network}/{block}/weights.safetensors",
    output:
        table="results/analyses/trajectories/{network}/{block}/{dataset}/{split}.parquet",
        record="results/records/trajectories/{network}/{block}/{dataset}/{split}.json",
    log:
        "logs/trajectories/{network}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/trajectories/{network}/{block}/{dataset}/{split}.tsv"
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
        "python scripts/trajectories.py --config {params.config:q}"
        " --examples {input.examples:q} --weights {input.weights:q} --output {output.table:q}"
        " --method {wildcards.network:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"


rule filters:
    """The filters of a convolutional network, and whether they smooth or differentiate."""
    input:
        "results/models/{network}/{block}/weights.safetensors",
    output:
        table="results/analyses/filters/{network}/{block}/table.parquet",
        record="results/records/filters/{network}/{block}.json",
    log:
        "logs/filters/{network}/{block}.log",
    benchmark:
        "logs/filters/{network}/{block}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.filters(CONFIG, w.network),
    shell:
        "python scripts/filters.py --config {params.config:q} --weights {input:q}"
        " --output {output.table:q} --method {wildcards.network:q}"
        " --replicates {params.replicates}"
        " --record {output.record:q} > {log:q} 2>&1"


rule ascents:
    """Gradient ascent from noise to an input of each class, and how clearly that jumps."""
    input:
        "results/models/{network}/{block}/weights.safetensors",
    output:
        table="results/analyses/ascents/{network}/{block}/table.parquet",
        signals="results/analyses/ascents/{network}/{block}/signals.parquet",
        record="results/records/ascents/{network}/{block}.json",
    log:
        "logs/ascents/{network}/{block}.log",
    benchmark:
        "logs/ascents/{network}/{block}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.ascents(CONFIG, w.network, members(w.block)),
    shell:
        "python scripts/ascents.py --config {params.config:q} --weights {input:q}"
        " --output {output.table:q} --signals {output.signals:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

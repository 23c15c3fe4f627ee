"""Tidy tables of what activations show.

Needs dumps of activations and the sets that they were taken on. A folder has no checksum for
Snakemake, so the digest beside it tells whether a dump has changed. Makes
results/analyses/<analysis>/<method>/<block>/<set>/<split>.parquet and
results/analyses/errors.parquet; and, of weights alone,
results/analyses/filters/<model>/<block>/table.parquet and
results/analyses/ascents/<model>/<block>/table.parquet and signals.parquet. For t-SNE
maps the replicate is in place of the block; and without networks it makes
results/analyses/<kind>/<experiment>/<block>.parquet.
"""

LEARNED = [name for name, each in CONFIG.detectors.items() if each.kind == "learned-filter"]


rule predictions:
    """What a network answers, example by example."""
    input:
        activations=ancient("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/predictions/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/predictions/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/predictions/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/predictions/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/predictions.py --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


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
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.detector(CONFIG, w.detector),
    shell:
        "python scripts/analyses/detections.py --config {params.config:q}"
        " --examples {input:q} --output {output.table:q}"
        " --method {wildcards.detector:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


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
    params:
        config=lambda w: slices.canonical(slices.counts(CONFIG)),
    shell:
        "python scripts/analyses/errors.py --config {params.config:q} --predictions {input:q}"
        " --output {output.table:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule averages:
    """Averaged activations of every layer, the zeroth included."""
    input:
        examples=examples_of,
        activations=ancient("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/averages/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/averages/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/averages/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/averages/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/averages.py --examples {input.examples:q}"
        " --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule deviations:
    """Deviation measures of every layer, the zeroth included, exact over all pairs."""
    input:
        examples=examples_of,
        activations=ancient("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/deviations/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/deviations/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/deviations/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/deviations/{model}/{block}/{dataset}/{split}.tsv"
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
        "python scripts/analyses/deviations.py --config {params.config:q}"
        " --examples {input.examples:q} --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"


rule units:
    """How often each hidden unit is active."""
    input:
        activations=ancient("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/units/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/units/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/units/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/units/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/units.py --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule redundancy:
    """What single units tell, and how a network does without some of them."""
    input:
        activations=ancient("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        table="results/analyses/redundancy/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/redundancy/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/redundancy/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/redundancy/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/redundancy.py --activations {input.activations:q}"
        " --model {input.model:q} --weights {input.weights:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule trajectories:
    """Deviation measures of every layer at every checkpoint, without a dump of activations."""
    input:
        examples=examples_of,
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        table="results/analyses/trajectories/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/trajectories/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/trajectories/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/trajectories/{model}/{block}/{dataset}/{split}.tsv"
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
        "python scripts/analyses/trajectories.py --config {params.config:q}"
        " --examples {input.examples:q}"
        " --model {input.model:q} --weights {input.weights:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"


rule filters:
    """The filters of a convolutional network, and whether they smooth or differentiate."""
    input:
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        table="results/analyses/filters/{model}/{block}/table.parquet",
        record="results/records/filters/{model}/{block}.json",
    log:
        "logs/filters/{model}/{block}.log",
    benchmark:
        "logs/filters/{model}/{block}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.filters(CONFIG, w.model),
    shell:
        "python scripts/analyses/filters.py --config {params.config:q}"
        " --model {input.model:q} --weights {input.weights:q}"
        " --output {output.table:q} --method {wildcards.model:q}"
        " --replicates {params.replicates}"
        " --record {output.record:q} > {log:q} 2>&1"


rule ascents:
    """Gradient ascent from noise to an input of each class, and how clearly that jumps."""
    input:
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        table="results/analyses/ascents/{model}/{block}/table.parquet",
        signals="results/analyses/ascents/{model}/{block}/signals.parquet",
        record="results/records/ascents/{model}/{block}.json",
    log:
        "logs/ascents/{model}/{block}.log",
    benchmark:
        "logs/ascents/{model}/{block}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.ascents(CONFIG, w.model, members(w.block)),
    shell:
        "python scripts/analyses/ascents.py --config {params.config:q}"
        " --model {input.model:q} --weights {input.weights:q}"
        " --output {output.table:q} --signals {output.signals:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"


rule mixed_filters:
    """What filters make of a noisy step, and of noise."""
    output:
        responses="results/analyses/mixed_filters/{experiment}/{block}.parquet",
        gains="results/analyses/noise_gains/{experiment}/{block}.parquet",
        record="results/records/mixed_filters/{experiment}/{block}.json",
    log:
        "logs/mixed_filters/{experiment}/{block}.log",
    benchmark:
        "logs/mixed_filters/{experiment}/{block}.tsv"
    wildcard_constraints:
        experiment=one_of(STUDY.made("mixed_filters.responses")),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.experiment(CONFIG, w.experiment),
    shell:
        "python scripts/analyses/mixed_filters.py --config {params.config:q}"
        " --responses {output.responses:q} --gains {output.gains:q}"
        " --replicates {params.replicates}"
        " --record {output.record:q} > {log:q} 2>&1"


rule filter_widths:
    """How often the filter finds a jump, by its width and the noise."""
    output:
        table="results/analyses/filter_widths/{experiment}/{block}.parquet",
        record="results/records/filter_widths/{experiment}/{block}.json",
    log:
        "logs/filter_widths/{experiment}/{block}.log",
    benchmark:
        "logs/filter_widths/{experiment}/{block}.tsv"
    wildcard_constraints:
        experiment=one_of(STUDY.made("filter_widths")),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.experiment(CONFIG, w.experiment),
    shell:
        "python scripts/analyses/filter_widths.py --config {params.config:q}"
        " --output {output.table:q}"
        " --replicates {params.replicates}"
        " --record {output.record:q} > {log:q} 2>&1"


rule filter_search:
    """The error of the filter on a set, for each window and width."""
    input:
        lambda w: STUDY.examples(*CONFIG.experiments[w.experiment].set.split("/"), w.block),
    output:
        table="results/analyses/filter_search/{experiment}/{block}.parquet",
        record="results/records/filter_search/{experiment}/{block}.json",
    log:
        "logs/filter_search/{experiment}/{block}.log",
    benchmark:
        "logs/filter_search/{experiment}/{block}.tsv"
    wildcard_constraints:
        experiment=one_of(STUDY.made("filter_search")),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(30),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.experiment(CONFIG, w.experiment),
    shell:
        "python scripts/analyses/filter_search.py --config {params.config:q}"
        " --examples {input:q} --output {output.table:q}"
        " --replicates {params.replicates}"
        " --record {output.record:q} > {log:q} 2>&1"


rule embeddings:
    """How often the Moore-Penrose inverse embeds random points as classes."""
    output:
        table="results/analyses/embeddings/{experiment}/{block}.parquet",
        record="results/records/embeddings/{experiment}/{block}.json",
    log:
        "logs/embeddings/{experiment}/{block}.log",
    benchmark:
        "logs/embeddings/{experiment}/{block}.tsv"
    wildcard_constraints:
        experiment=one_of(STUDY.made("embeddings")),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(60),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.experiment(CONFIG, w.experiment),
    shell:
        "python scripts/analyses/embeddings.py --config {params.config:q}"
        " --output {output.table:q}"
        " --replicates {params.replicates}"
        " --record {output.record:q} > {log:q} 2>&1"


rule parameters:
    """The weights and biases of a network."""
    input:
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        table="results/analyses/parameters/{model}/{block}.parquet",
        record="results/records/parameters/{model}/{block}.json",
    log:
        "logs/parameters/{model}/{block}.log",
    benchmark:
        "logs/parameters/{model}/{block}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/parameters.py"
        " --model {input.model:q} --weights {input.weights:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --record {output.record:q} > {log:q} 2>&1"


rule learned_filters:
    """The filter of each class of a network, and what it is like."""
    input:
        examples=examples_of,
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        filters="results/analyses/learned_filters/{model}/{block}/{dataset}/{split}.parquet",
        likeness="results/analyses/likeness/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/learned_filters/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/learned_filters/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/learned_filters/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/learned_filters.py --examples {input.examples:q}"
        " --model {input.model:q} --weights {input.weights:q}"
        " --filters {output.filters:q} --likeness {output.likeness:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


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
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/learned_detections.py --examples {input.examples:q}"
        " --filters {input.filters:q} --output {output.table:q}"
        " --method {wildcards.detector:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule neighbourhoods:
    """Neighbours in every layer, and whether they share a label."""
    input:
        examples=examples_of,
        origins=lambda w: STUDY.examples(CONFIG.labelled(w.dataset), w.split, w.block),
        activations=ancient("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/neighbourhoods/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/neighbourhoods/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/neighbourhoods/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/neighbourhoods/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(30),
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.neighbourhoods(CONFIG, w.dataset, w.split),
    shell:
        "python scripts/analyses/neighbourhoods.py --config {params.config:q}"
        " --examples {input.examples:q} --origins {input.origins:q}"
        " --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule projections:
    """t-SNE maps of every layer of one replicate, the zeroth included."""
    input:
        examples=lambda w: STUDY.examples(w.dataset, w.split, f"{w.replicate}-{w.replicate}"),
        origins=lambda w: STUDY.examples(
            CONFIG.labelled(w.dataset), w.split, f"{w.replicate}-{w.replicate}"
        ),
        activations=lambda w: ancient(dump_of(w)),
        digest=lambda w: f"{dump_of(w)}.json",
    output:
        table="results/analyses/projections/{model}/{replicate}/{dataset}/{split}.parquet",
        hits="results/analyses/map_neighbourhoods/{model}/{replicate}/{dataset}/{split}.parquet",
        record="results/records/projections/{model}/{replicate}/{dataset}/{split}.json",
    log:
        "logs/projections/{model}/{replicate}/{dataset}/{split}.log",
    benchmark:
        "logs/projections/{model}/{replicate}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(60),
    params:
        config=lambda w: slices.projection(CONFIG, w.dataset, w.split),
    shell:
        "python scripts/analyses/projections.py --config {params.config:q}"
        " --examples {input.examples:q} --origins {input.origins:q}"
        " --activations {input.activations:q} --output {output.table:q} --hits {output.hits:q}"
        " --method {wildcards.model:q} --replicates {wildcards.replicate:q}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule confidences:
    """How sure a network is of hand-made signals."""
    input:
        examples=examples_of,
        activations=ancient("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
    output:
        table="results/analyses/confidences/{model}/{block}/{dataset}/{split}.parquet",
        record="results/records/confidences/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/confidences/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/confidences/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        replicates=lambda w: members(w.block),
    shell:
        "python scripts/analyses/confidences.py --examples {input.examples:q}"
        " --activations {input.activations:q} --output {output.table:q}"
        " --method {wildcards.model:q} --replicates {params.replicates}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --record {output.record:q} > {log:q} 2>&1"

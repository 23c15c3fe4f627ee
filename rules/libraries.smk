"""Library networks: libraries of patterns, and what the consistency of their predictions tells.

Needs a model's weights and its images, attacks on them, and images from elsewhere. Makes
results/analyses/libraries/<model>/<block>/<layer>/ with table.parquet, nodes.parquet,
confusion.parquet and probe.parquet (the linear probe of the layer),
and
results/analyses/consistency/<model>/<block>/ with table.parquet and scores.parquet.
"""


rule libraries:
    """Libraries of one layer for all thresholds, their predictions and the baselines'."""
    input:
        train=lambda w: STUDY.own_examples(w.model, "train"),
        test=lambda w: STUDY.own_examples(w.model, "test"),
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        table="results/analyses/libraries/{model}/{block}/{layer}/table.parquet",
        nodes="results/analyses/libraries/{model}/{block}/{layer}/nodes.parquet",
        confusion="results/analyses/libraries/{model}/{block}/{layer}/confusion.parquet",
        probe="results/analyses/libraries/{model}/{block}/{layer}/probe.parquet",
        record="results/records/libraries/{model}/{block}/{layer}.json",
    log:
        "logs/libraries/{model}/{block}/{layer}.log",
    benchmark:
        "logs/libraries/{model}/{block}/{layer}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=for_patterns(4000, CN1=16000, CL1=16000, CL2=10000, CN2=6000, CL3=6000),
        runtime=growing(180),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.libraries(CONFIG, w.model, w.layer),
    shell:
        "python scripts/analyses/libraries.py --config {params.config:q}"
        " --train {input.train:q} --test {input.test:q}"
        " --model {input.model:q} --weights {input.weights:q}"
        " --output {output.table:q} --nodes {output.nodes:q} --confusion {output.confusion:q}"
        " --probe {output.probe:q}"
        " --replicates {params.replicates} --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"


rule consistency:
    """How well consistency and the detectors beside it tell attacks and images from elsewhere."""
    input:
        train=lambda w: STUDY.own_examples(w.model, "train"),
        test=lambda w: STUDY.own_examples(w.model, "test"),
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
        nodes=lambda w: STUDY.tables("libraries.nodes", w.model, block=w.block),
        probes=lambda w: STUDY.tables("libraries.probe", w.model, block=w.block),
        odd=lambda w: STUDY.by_replicate(slices.odd_sets(CONFIG, w.model), members(w.block)),
    output:
        table="results/analyses/consistency/{model}/{block}/table.parquet",
        scores="results/analyses/consistency/{model}/{block}/scores.parquet",
        record="results/records/consistency/{model}/{block}.json",
    log:
        "logs/consistency/{model}/{block}.log",
    benchmark:
        "logs/consistency/{model}/{block}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=for_patterns(12000),
        runtime=growing(180),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.consistency(CONFIG, w.model),
    shell:
        "python scripts/analyses/consistency.py --config {params.config:q}"
        " --train {input.train:q} --test {input.test:q}"
        " --model {input.model:q} --weights {input.weights:q}"
        " --nodes {input.nodes:q} --probes {input.probes:q}"
        " --odd {input.odd:q}"
        " --output {output.table:q} --scores {output.scores:q}"
        " --replicates {params.replicates} --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

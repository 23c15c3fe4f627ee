"""Models that train one replicate after the other, or that take the weights of others.

Needs a model's images, and its checkpoint below GLASSBOX_DATA where it has one. Makes
results/models/<model>/<block>/ with weights, their digest, and the history of the training.
"""


rule classifiers:
    """Train one block of replicates of a model, one after the other."""
    input:
        train=lambda w: learned_set(w.model, "train", w.block),
        test=lambda w: learned_set(w.model, held_out(w.model), w.block),
    output:
        weights="results/models/{model}/{block}/weights.safetensors",
        digest="results/models/{model}/{block}/weights.json",
        history="results/models/{model}/{block}/history.parquet",
        record="results/records/classifiers/{model}/{block}.json",
    log:
        "logs/classifiers/{model}/{block}.log",
    benchmark:
        "logs/classifiers/{model}/{block}.tsv"
    wildcard_constraints:
        model=one_of(name for name in TRAINED if name not in CONFIG.stacks()),
    priority: 1
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(120),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.model(CONFIG, w.model, members(w.block)),
    shell:
        "python scripts/models/classifiers.py --config {params.config:q}"
        " --train {input.train:q} --test {input.test:q}"
        " --weights {output.weights:q} --digest {output.digest:q} --history {output.history:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"


rule pretrained:
    """Take a model's weights from a checkpoint, once it is as accurate as is known."""
    input:
        test=lambda w: images_of(w.model, "test"),
    output:
        weights="results/models/{model}/{block}/weights.safetensors",
        digest="results/models/{model}/{block}/weights.json",
        record="results/records/pretrained/{model}/{block}.json",
    log:
        "logs/pretrained/{model}/{block}.log",
    benchmark:
        "logs/pretrained/{model}/{block}.tsv"
    wildcard_constraints:
        model=one_of(GIVEN),
    priority: 1
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(30),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.model(CONFIG, w.model, [0]),
    shell:
        "python scripts/models/pretrained.py --config {params.config:q} --test {input.test:q}"
        " --weights {output.weights:q} --digest {output.digest:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

"""Trained models, in blocks of replicates that are trained together.

Needs a model's training set and the split that it holds out. Makes results/models/<model>/<block>/ with the
weights of all replicates of the block, their digest, and the history of the training.
"""

GIVEN = [name for name, each in CONFIG.models.items() if each.weights]
TRAINED = [name for name in CONFIG.models if name not in GIVEN]


rule models:
    """Train one block of replicates of a model side by side."""
    input:
        train=lambda w: learned_set(w.model, "train", w.block),
        validation=lambda w: learned_set(w.model, held_out(w.model), w.block),
    output:
        weights="results/models/{model}/{block}/weights.safetensors",
        digest="results/models/{model}/{block}/weights.json",
        history="results/models/{model}/{block}/history.parquet",
        record="results/records/models/{model}/{block}.json",
    log:
        "logs/models/{model}/{block}.log",
    benchmark:
        "logs/models/{model}/{block}.tsv"
    wildcard_constraints:
        model=one_of(name for name in TRAINED if name in CONFIG.stacks()),
    priority: 1  # training takes longest, so what it waits for and itself come first
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=growing(120),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.model(CONFIG, w.model, members(w.block)),
    shell:
        "python scripts/models/models.py --config {params.config:q}"
        " --train {input.train:q} --validation {input.validation:q}"
        " --weights {output.weights:q} --digest {output.digest:q} --history {output.history:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

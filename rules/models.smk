"""Trained networks, in blocks of replicates that are trained together.

Needs a network's training and validation sets. Makes results/models/<network>/<block>/ with the
weights of all replicates of the block, their digest, and the history of the training.
"""


rule models:
    """Train one block of replicates of a network."""
    input:
        train=lambda w: examples(CONFIG.networks[w.network].dataset, "train", w.block),
        validation=lambda w: examples(CONFIG.networks[w.network].dataset, "validation", w.block),
    output:
        weights="results/models/{network}/{block}/weights.safetensors",
        digest="results/models/{network}/{block}/weights.json",
        history="results/models/{network}/{block}/history.parquet",
        record="results/records/models/{network}/{block}.json",
    log:
        "logs/models/{network}/{block}.log",
    benchmark:
        "logs/models/{network}/{block}.tsv"
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
        config=lambda w: slices.model(CONFIG, w.network, members(w.block)),
    shell:
        "python scripts/models/models.py --config {params.config:q}"
        " --train {input.train:q} --validation {input.validation:q}"
        " --weights {output.weights:q} --digest {output.digest:q} --history {output.history:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

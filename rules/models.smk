"""Models, in blocks of replicates: trained, or with the weights of others.

Needs a model's training set and the split that it holds out, or the file of weights below
GLASSBOX_DATA and the test set. Makes results/models/<model>/<block>/ with
the weights of all replicates of the block, their digest, model.json, which says what they are the
weights of, and the history of the training. A training keeps its state beside its log while it is
at work, and goes on from there when it was ended by a time limit, a lost node or a kill.
"""

GIVEN = [name for name in CONFIG.models if name not in CONFIG.trained]


rule training:
    """Train one block of replicates of a model."""
    input:
        train=lambda w: STUDY.own_examples(w.model, "train", w.block),
        validation=held_out,
    output:
        weights="results/models/{model}/{block}/weights.safetensors",
        digest="results/models/{model}/{block}/weights.json",
        model="results/models/{model}/{block}/model.json",
        history="results/models/{model}/{block}/history.parquet",
        record="results/records/training/{model}/{block}.json",
    log:
        "logs/training/{model}/{block}.log",
    benchmark:
        "logs/training/{model}/{block}.tsv"
    wildcard_constraints:
        model=one_of(CONFIG.trained),
    priority: 1  # training takes longest, so what it waits for and itself come first
    conda:
        "../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=growing(120),
        disk_mb=4000,
        gpu=GPUS,
        device=CONFIG.device,
        save_every=CONFIG.save_every,
    params:
        config=lambda w: slices.model(CONFIG, w.model, members(w.block)),
    shell:
        "python scripts/models/training.py --config {params.config:q}"
        " --train {input.train:q} --validation {input.validation:q}"
        " --weights {output.weights:q} --digest {output.digest:q} --model {output.model:q}"
        " --history {output.history:q} --device {resources.device} --threads {threads}"
        " --unfinished logs/training/{wildcards.model:q}/{wildcards.block:q}.unfinished"
        " --save-every {resources.save_every:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


rule pretrained:
    """Take a model's weights from a file of others, once it is as accurate as is known."""
    input:
        test=lambda w: STUDY.own_examples(w.model, "test"),
    output:
        weights="results/models/{model}/{block}/weights.safetensors",
        digest="results/models/{model}/{block}/weights.json",
        model="results/models/{model}/{block}/model.json",
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
        disk_mb=4000,
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.model(CONFIG, w.model, [0]),
    shell:
        "python scripts/models/pretrained.py --config {params.config:q}"
        " --test {input.test:q}"
        " --weights {output.weights:q} --digest {output.digest:q} --model {output.model:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

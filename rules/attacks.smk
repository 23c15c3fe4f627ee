"""Attacks on models and their controls: sets of inputs that need a model.

Needs a model's weights and its test set. Makes
results/attacks/<model>/<block>/<space>/<size>/<replicate>/, with pgd.parquet, noise.parquet and
clip.parquet, and <size>.json, their digests.
"""


rule attacks:
    """Attack the first images of the test set of a block's replicates."""
    input:
        examples=lambda w: STUDY.own_examples(w.model, "test"),
        model="results/models/{model}/{block}/model.json",
        weights="results/models/{model}/{block}/weights.safetensors",
    output:
        attacks=directory("results/attacks/{model}/{block}/{space}/{size}"),
        digest="results/attacks/{model}/{block}/{space}/{size}.json",
        record="results/records/attacks/{model}/{block}/{space}/{size}.json",
    log:
        "logs/attacks/{model}/{block}/{space}/{size}.log",
    benchmark:
        "logs/attacks/{model}/{block}/{space}/{size}.tsv"
    wildcard_constraints:
        size=r"[0-9.e-]+",
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(60),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        replicates=lambda w: members(w.block),
        config=lambda w: slices.attack(CONFIG, w.model, w.space, float(w.size)),
    shell:
        "python scripts/attacks/attacks.py --config {params.config:q}"
        " --examples {input.examples:q}"
        " --model {input.model:q} --weights {input.weights:q} --output {output.attacks:q}"
        " --digest {output.digest:q} --replicates {params.replicates} --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

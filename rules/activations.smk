"""Activations of every layer.

Needs a block's weights and a set of examples. Makes
results/activations/<model>/<block>/<set>/<split>/<replicate>/<layer>.parquet, for layers that are not
too wide, and <split>.json, their digests.
"""


rule activations:
    """Dump the activations of a block's replicates on one set."""
    input:
        examples=examples_of,
        model=lambda w: f"{trained(w)}/model.json",
        weights=lambda w: f"{trained(w)}/weights.safetensors",
    output:
        dumps=directory("results/activations/{model}/{block}/{dataset}/{split}"),
        digest="results/activations/{model}/{block}/{dataset}/{split}.json",
        record="results/records/activations/{model}/{block}/{dataset}/{split}.json",
    log:
        "logs/activations/{model}/{block}/{dataset}/{split}.log",
    benchmark:
        "logs/activations/{model}/{block}/{dataset}/{split}.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(30),
        disk_mb=8000,
        gpu=GPUS,
        device=CONFIG.device,
    params:
        replicates=lambda w: members(w.block),
        network=lambda w: network_of(w.model),
        config=slices.canonical({"widest": CONFIG.widest}),
    shell:
        "python scripts/activations/activations.py --config {params.config:q}"
        " --examples {input.examples:q} --model {input.model:q} --weights {input.weights:q}"
        " --replicates {params.replicates} {params.network:q} --method {wildcards.model:q}"
        " --set {wildcards.dataset:q}/{wildcards.split:q}"
        " --output {output.dumps:q} --digest {output.digest:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

"""Image classifiers: trained in blocks of replicates, or with the weights of others.

Needs a classifier's images, and its checkpoint below GLASSBOX_DATA where it has one. Makes
results/models/<classifier>/<block>/ with weights, their digest, and the history of the training.
"""

TRAINED, FOREIGN = (
    [name for name, section in CONFIG.classifiers.items() if section.kind == kind]
    for kind in ("lenet", "resnet44")
)


rule classifiers:
    """Train one block of replicates of a classifier."""
    input:
        train=lambda w: images_of(w.classifier, "train"),
        test=lambda w: images_of(w.classifier, "test"),
    output:
        weights="results/models/{classifier}/{block}/weights.safetensors",
        digest="results/models/{classifier}/{block}/weights.json",
        history="results/models/{classifier}/{block}/history.parquet",
        record="results/records/classifiers/{classifier}/{block}.json",
    log:
        "logs/classifiers/{classifier}/{block}.log",
    benchmark:
        "logs/classifiers/{classifier}/{block}.tsv"
    wildcard_constraints:
        classifier=one_of(TRAINED),
    priority: 1
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(120),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.classifier(CONFIG, w.classifier, members(w.block)),
    shell:
        "python scripts/models/classifiers.py --config {params.config:q}"
        " --train {input.train:q} --test {input.test:q}"
        " --weights {output.weights:q} --digest {output.digest:q} --history {output.history:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"


rule pretrained:
    """Take a classifier's weights from a checkpoint, once it is as accurate as is known."""
    input:
        test=lambda w: images_of(w.classifier, "test"),
    output:
        weights="results/models/{classifier}/{block}/weights.safetensors",
        digest="results/models/{classifier}/{block}/weights.json",
        record="results/records/pretrained/{classifier}/{block}.json",
    log:
        "logs/pretrained/{classifier}/{block}.log",
    benchmark:
        "logs/pretrained/{classifier}/{block}.tsv"
    wildcard_constraints:
        classifier=one_of(FOREIGN),
    priority: 1
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(4000),
        runtime=growing(30),
        gpu=GPUS,
        device=CONFIG.device,
    params:
        config=lambda w: slices.classifier(CONFIG, w.classifier, [0]),
    shell:
        "python scripts/models/pretrained.py --config {params.config:q} --test {input.test:q}"
        " --weights {output.weights:q} --digest {output.digest:q}"
        " --device {resources.device} --threads {threads}"
        " --record {output.record:q} > {log:q} 2>&1"

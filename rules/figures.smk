"""Figures and tables of the papers, redrawn.

Needs tables of analyses, and the table of claims for its published values. Makes
results/figures/<figure>.svg and results/figures/<table>.parquet.
"""


rule histograms:
    """Histograms of the absolute error (chen2017 Figs 3.7 and 3.10)."""
    input:
        data("predictions"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/histograms/{figure}.json",
    log:
        "logs/histograms/{figure}.log",
    benchmark:
        "logs/histograms/{figure}.tsv"
    wildcard_constraints:
        figure=figures("histograms"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/histograms.py --config {params.config:q} --predictions {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule heatmaps:
    """Averaged activations of replicate 0 as heat maps (chen2017 Figs 3.12, 6.3 and 6.4)."""
    input:
        data("averages"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/heatmaps/{figure}.json",
    log:
        "logs/heatmaps/{figure}.log",
    benchmark:
        "logs/heatmaps/{figure}.tsv"
    wildcard_constraints:
        figure=figures("heatmaps"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/heatmaps.py --config {params.config:q} --averages {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule profiles:
    """Deviation measures from layer to layer (chen2017 Figs 6.7 to 6.9 and 6.12 to 6.14)."""
    input:
        data("deviations"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/profiles/{figure}.json",
    log:
        "logs/profiles/{figure}.log",
    benchmark:
        "logs/profiles/{figure}.tsv"
    wildcard_constraints:
        figure=figures("profiles"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/profiles.py --config {params.config:q} --deviations {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule error_tables:
    """Error measures of some methods on one set, beside the published values."""
    input:
        "results/analyses/errors.parquet",
    output:
        table="results/figures/{table}.parquet",
        record="results/records/error_tables/{table}.json",
    log:
        "logs/error_tables/{table}.log",
    benchmark:
        "logs/error_tables/{table}.tsv"
    wildcard_constraints:
        table=one_of(CONFIG.tables),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.table(CONFIG, w.table),
    shell:
        "python scripts/figures/error_tables.py --config {params.config:q} --errors {input:q}"
        " --claims scripts/glassbox/claims/chen2017/claims.yaml --output {output.table:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule filter_shapes:
    """Filters of a network, over replicates (chen2017 Figs 3.18, 3.19, 3.21 and 3.23)."""
    input:
        data("filters"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/filter_shapes/{figure}.json",
    log:
        "logs/filter_shapes/{figure}.log",
    benchmark:
        "logs/filter_shapes/{figure}.tsv"
    wildcard_constraints:
        figure=figures("filter-shapes"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/filter_shapes.py --config {params.config:q} --filters {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule planes:
    """Two-dimensional representations in a bottleneck (chen2017 Figs 4.7 and 4.8)."""
    input:
        activations=lambda w: ancient(dump(CONFIG.figures[w.figure])),
        digest=data("digest"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/planes/{figure}.json",
    log:
        "logs/planes/{figure}.log",
    benchmark:
        "logs/planes/{figure}.tsv"
    wildcard_constraints:
        figure=figures("planes"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/planes.py --config {params.config:q} --activations {input.activations:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule bottleneck_widths:
    """Errors against the width of a bottleneck (chen2017 Figs 4.3 and 4.4)."""
    input:
        data("errors"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/bottleneck_widths/{figure}.json",
    log:
        "logs/bottleneck_widths/{figure}.log",
    benchmark:
        "logs/bottleneck_widths/{figure}.tsv"
    wildcard_constraints:
        figure=figures("bottleneck-widths"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/bottleneck_widths.py --config {params.config:q} --errors {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule ascent_signals:
    """Signals from gradient ascent, networks by jump locations (chen2017 Figs 5.1 and 5.2)."""
    input:
        tables=data("tables"),
        signals=data("signals"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/ascent_signals/{figure}.json",
    log:
        "logs/ascent_signals/{figure}.log",
    benchmark:
        "logs/ascent_signals/{figure}.tsv"
    wildcard_constraints:
        figure=figures("ascent-signals"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/ascent_signals.py --config {params.config:q} --tables {input.tables:q}"
        " --signals {input.signals:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule ascent_layers:
    """A signal from gradient ascent after each layer (chen2017 Figs 5.3 to 5.5)."""
    input:
        table=data("tables"),
        signals=data("signals"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/ascent_layers/{figure}.json",
    log:
        "logs/ascent_layers/{figure}.log",
    benchmark:
        "logs/ascent_layers/{figure}.tsv"
    wildcard_constraints:
        figure=figures("ascent-layers"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/ascent_layers.py --config {params.config:q} --table {input.table:q}"
        " --signals {input.signals:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule partings:
    """When memorising and learning networks part ways in training."""
    input:
        data("trajectories"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/partings/{figure}.json",
    log:
        "logs/partings/{figure}.log",
    benchmark:
        "logs/partings/{figure}.tsv"
    wildcard_constraints:
        figure=figures("partings"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/partings.py --config {params.config:q} --trajectories {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule responses:
    """What filters make of a noisy step (chen2017 Figs 3.3 and 3.4)."""
    input:
        data("responses"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/responses/{figure}.json",
    log:
        "logs/responses/{figure}.log",
    benchmark:
        "logs/responses/{figure}.tsv"
    wildcard_constraints:
        figure=figures("responses"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/responses.py --config {params.config:q}"
        " --responses {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule detection_curves:
    """Accuracy of detection against the width of the filter (chen2017 Fig. 3.5)."""
    input:
        data("widths"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/detection_curves/{figure}.json",
    log:
        "logs/detection_curves/{figure}.log",
    benchmark:
        "logs/detection_curves/{figure}.tsv"
    wildcard_constraints:
        figure=figures("detection-curves"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/detection_curves.py --config {params.config:q}"
        " --widths {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule searches:
    """The error of the filter by window and width (chen2017 §3.2.3)."""
    input:
        data("searches"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/searches/{figure}.json",
    log:
        "logs/searches/{figure}.log",
    benchmark:
        "logs/searches/{figure}.tsv"
    wildcard_constraints:
        figure=figures("searches"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/searches.py --config {params.config:q}"
        " --searches {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule learned:
    """A network's filters beside those of signal processing (chen2017 Fig. 3.15)."""
    input:
        filters=data("filters"),
        likeness=data("likeness"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/learned/{figure}.json",
    log:
        "logs/learned/{figure}.log",
    benchmark:
        "logs/learned/{figure}.tsv"
    wildcard_constraints:
        figure=figures("learned"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/learned.py --config {params.config:q}"
        " --filters {input.filters:q}"
        " --likeness {input.likeness:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule weights:
    """Weights and biases of replicate 0 (chen2017 Figs 3.11 and 3.14)."""
    input:
        data("parameters"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/weights/{figure}.json",
    log:
        "logs/weights/{figure}.log",
    benchmark:
        "logs/weights/{figure}.tsv"
    wildcard_constraints:
        figure=figures("weights"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/weights.py --config {params.config:q}"
        " --parameters {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule curves:
    """Loss and error during training (chen2017 Fig. 3.9)."""
    input:
        data("histories"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/curves/{figure}.json",
    log:
        "logs/curves/{figure}.log",
    benchmark:
        "logs/curves/{figure}.tsv"
    wildcard_constraints:
        figure=figures("curves"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/curves.py --config {params.config:q}"
        " --histories {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule successes:
    """Success of the Moore-Penrose embedding (chen2017 Figs 4.14 and 4.15)."""
    input:
        data("embeddings"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/successes/{figure}.json",
    log:
        "logs/successes/{figure}.log",
    benchmark:
        "logs/successes/{figure}.tsv"
    wildcard_constraints:
        figure=figures("successes"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/successes.py --config {params.config:q}"
        " --embeddings {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule tsne:
    """t-SNE maps of replicate 0, a row per layer (chen2017 Figs 3.2, 6.5 and 6.6)."""
    input:
        projections=data("projections"),
        layers=data("layers"),
        hits=data("hits"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/tsne/{figure}.json",
    log:
        "logs/tsne/{figure}.log",
    benchmark:
        "logs/tsne/{figure}.tsv"
    wildcard_constraints:
        figure=figures("tsne"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/tsne.py --config {params.config:q}"
        " --projections {input.projections:q}"
        " --layers {input.layers:q}"
        " --hits {input.hits:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule shapes:
    """Hand-made signals and how sure a network is of them (chen2017 Fig. 7.1)."""
    input:
        examples=data("examples"),
        confidences=data("confidences"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/shapes/{figure}.json",
    log:
        "logs/shapes/{figure}.log",
    benchmark:
        "logs/shapes/{figure}.tsv"
    wildcard_constraints:
        figure=figures("shapes"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/shapes.py --config {params.config:q}"
        " --examples {input.examples:q}"
        " --confidences {input.confidences:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule sweeps:
    """How sure networks are of hand-made signals, by parameter (chen2017 §7.2)."""
    input:
        data("confidences"),
    output:
        figure="results/figures/{figure}.svg",
        record="results/records/sweeps/{figure}.json",
    log:
        "logs/sweeps/{figure}.log",
    benchmark:
        "logs/sweeps/{figure}.tsv"
    wildcard_constraints:
        figure=figures("sweeps"),
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.figure(CONFIG, w.figure),
    shell:
        "python scripts/figures/sweeps.py --config {params.config:q}"
        " --confidences {input:q}"
        " --output {output.figure:q}"
        " --record {output.record:q} > {log:q} 2>&1"

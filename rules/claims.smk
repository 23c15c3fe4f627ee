"""Published statements as tests, each with a verdict.

Needs the tables of the analyses and the histories of the networks that are compared by how long they
train; for lee2019 those of libraries, consistency and silhouettes. Makes
results/claims/verdicts.parquet, a row per claim, and parts.parquet, a row per comparison that a
verdict rests on, and the same two of lee2019 in results/claims/lee2019/.
"""

MOORE_PENROSE = ("mlp-2-moore-penrose", "narrow-moore-penrose")
TIMED = [
    model
    for model in ("memorising", "fitted", "mlp-2", "mlp-2-fitted", "narrow", *MOORE_PENROSE)
    if model in CONFIG.models
]


rule claims:
    """Test each claim of the table over replicates; one that lacks data is not testable here."""
    input:
        errors="results/analyses/errors.parquet",
        deviations=all_of("deviations"),
        averages=all_of("averages"),
        histories=[history for model in TIMED for history in histories(model)],
        filters=of_weights("filters", CONFIG.analyses.filters, "table"),
        units=all_of("units"),
        redundancy=all_of("redundancy"),
        ascents=of_weights("ascents", CONFIG.analyses.ascents.networks, "table"),
        signals=of_weights("ascents", CONFIG.analyses.ascents.networks, "signals"),
        noise_gains=all_experiments("mixed-filters", "noise_gains"),
        filter_widths=all_experiments("filter-widths", "filter_widths"),
        filter_search=all_experiments("filter-search", "filter_search"),
        embeddings=all_experiments("embeddings", "embeddings"),
        likeness=all_of("learned_filters", "likeness"),
        parameters=[
            table for network in CONFIG.analyses.parameters for table in parameter_tables(network)
        ],
        neighbourhoods=[*all_of("neighbourhoods"), *all_map_neighbourhoods()],
        confidences=all_of("confidences"),
    output:
        verdicts="results/claims/verdicts.parquet",
        parts="results/claims/parts.parquet",
        record="results/records/claims.json",
    log:
        "logs/claims.log",
    benchmark:
        "logs/claims.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.claims(CONFIG),
    shell:
        "python scripts/claims/claims.py --config {params.config:q}"
        " --table scripts/glassbox/claims/chen2017.yaml"
        " scripts/glassbox/claims/chen2017-networks.yaml"
        " scripts/glassbox/claims/chen2017-signals.yaml --errors {input.errors:q}"
        " --deviations {input.deviations:q} --averages {input.averages:q}"
        " --histories {input.histories:q} --filters {input.filters:q} --units {input.units:q}"
        " --ascents {input.ascents:q} --signals {input.signals:q}"
        " --noise_gains {input.noise_gains:q} --filter_widths {input.filter_widths:q}"
        " --filter_search {input.filter_search:q} --embeddings {input.embeddings:q}"
        " --likeness {input.likeness:q} --parameters {input.parameters:q}"
        " --neighbourhoods {input.neighbourhoods:q} --confidences {input.confidences:q}"
        " --redundancy {input.redundancy:q}"
        " --verdicts {output.verdicts:q} --parts {output.parts:q}"
        " --record {output.record:q} > {log:q} 2>&1"


rule library_claims:
    """Test each claim on library networks; one that lacks data is not testable here."""
    input:
        libraries=[each for name in CONFIG.libraries for each in library_files(name, "table")],
        confusion=[each for name in CONFIG.libraries for each in library_files(name, "confusion")],
        detection=of_weights("consistency", CONFIG.libraries, "table"),
        scores=of_weights("consistency", CONFIG.libraries, "scores"),
        silhouettes=of_weights("silhouettes", CONFIG.libraries, "table"),
    output:
        verdicts="results/claims/lee2019/verdicts.parquet",
        parts="results/claims/lee2019/parts.parquet",
        record="results/records/library_claims.json",
    log:
        "logs/library_claims.log",
    benchmark:
        "logs/library_claims.tsv"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(2000),
        runtime=growing(10),
    params:
        config=lambda w: slices.library_claims(CONFIG),
    shell:
        "python scripts/claims/library_claims.py --config {params.config:q}"
        " --table scripts/glassbox/claims/lee2019.yaml --libraries {input.libraries:q}"
        " --confusion {input.confusion:q} --detection {input.detection:q}"
        " --scores {input.scores:q} --silhouettes {input.silhouettes:q}"
        " --verdicts {output.verdicts:q} --parts {output.parts:q}"
        " --record {output.record:q} > {log:q} 2>&1"

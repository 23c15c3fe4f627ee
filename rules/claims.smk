"""Published statements as tests, each with a verdict.

Needs the tables of the analyses and the histories of the networks that are compared by how long they
train. Makes results/claims/verdicts.parquet, a row per claim, and parts.parquet, a row per
comparison that a verdict rests on.
"""

TIMED = [network for network in ("memorising", "fitted") if network in CONFIG.networks]


rule claims:
    """Test each claim of the table over replicates; one that lacks data is not testable here."""
    input:
        errors="results/analyses/errors.parquet",
        deviations=all_of("deviations"),
        averages=all_of("averages"),
        histories=[history for network in TIMED for history in histories(network)],
        filters=of_weights("filters", CONFIG.analyses.filters, "table"),
        units=all_of("units"),
        ascents=of_weights("ascents", CONFIG.analyses.ascents.networks, "table"),
        signals=of_weights("ascents", CONFIG.analyses.ascents.networks, "signals"),
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
        "python scripts/claims.py --config {params.config:q}"
        " --table scripts/glassbox/claims/chen2017.yaml"
        " scripts/glassbox/claims/chen2017-networks.yaml --errors {input.errors:q}"
        " --deviations {input.deviations:q} --averages {input.averages:q}"
        " --histories {input.histories:q} --filters {input.filters:q} --units {input.units:q}"
        " --ascents {input.ascents:q} --signals {input.signals:q}"
        " --verdicts {output.verdicts:q} --parts {output.parts:q}"
        " --record {output.record:q} > {log:q} 2>&1"

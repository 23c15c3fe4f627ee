"""Published statements as tests, each with a verdict.

Needs the tables that the works' claims.yaml list, as far as the config has them made. Makes
results/claims/verdicts.parquet, a row per claim, and parts.parquet, a row per comparison that a
verdict rests on.
"""

from glassbox.claims.works import EVERY_MODEL, listed_tables, read_work

CLAIMS = [f"scripts/glassbox/claims/{work}/claims.yaml" for work in CONFIG.works]
BESIDE = [path.replace("claims.yaml", "recorded.yaml") for path in CLAIMS]
RECORDED = [path for path in BESIDE if (ROOT / path).exists()]
WORKS = [read_work(ROOT / path) for path in CLAIMS]
LISTED = listed_tables(WORKS)
for name in sorted(set(LISTED) - set(places())):
    raise WorkflowError(f"a claims.yaml lists the table {name}, which no rule makes")
READ = {
    name: files
    for name, models in LISTED.items()
    if (files := STUDY.all(name, None if models == EVERY_MODEL else models))
}


rule claims:
    """Test each claim over replicates; one that lacks data is not testable here."""
    input:
        **{table.replace(".", "_"): files for table, files in READ.items()},
    output:
        verdicts=report(
            "results/claims/verdicts.parquet",
            caption="captions/verdicts.rst",
            category="all works",
            subcategory="verdicts",
        ),
        parts=report(
            "results/claims/parts.parquet",
            caption="captions/parts.rst",
            category="all works",
            subcategory="verdicts",
        ),
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
        disk_mb=100,
    params:
        config=lambda w: slices.claims(CONFIG, WORKS),
    shell:
        "python scripts/claims/claims.py --config {params.config:q}"
        f" --claims {' '.join(CLAIMS)} --recorded {' '.join(RECORDED)}"
        + "".join(f" --table {each} {{input.{each.replace('.', '_')}:q}}" for each in READ)
        + " --verdicts {output.verdicts:q} --parts {output.parts:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

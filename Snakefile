"""Glassbox: what happens inside neural networks, repeated from data to report.

    config -> datasets -> models -> activations -> analyses -> figures -> report
                  \<- attacks -/                        \-> claims -/

Each stage is one file in rules/, with its programs in scripts/ and its results in
results/<stage>/. `make study` runs it; so does `snakemake` in the environment that `make`
installs, with `--config scale=published` for the published scale.
"""

from snakemake.utils import min_version

min_version("9.27")


configfile: "config.yaml"


report: "rules/captions/workflow.rst"


include: "rules/common.smk"
include: "rules/dataset_data.smk"
include: "rules/datasets.smk"
include: "rules/models.smk"
include: "rules/activations.smk"
include: "rules/analysis_data.smk"
include: "rules/analyses.smk"
include: "rules/claims.smk"
include: "rules/figure_data.smk"
include: "rules/figures.smk"
include: "rules/maps.smk"
include: "rules/report_data.smk"
include: "rules/report.smk"


fingerprint_commands()
share_memory()


localrules:
    all,


rule all:
    """The report, everything that it shows, and all analyses that the config asks for."""
    input:
        "results/report/report.html",
        expand("results/report/{page}", page=PAGES),
        MAP_PAGES,
        rules.map_library.output.files if MAP_PAGES else [],
        STUDY.asked(),


onstart:
    hold_lock()
    calm_scheduler()
    cluster.describe(workflow)


onerror:
    cluster.point_to_failures(workflow)

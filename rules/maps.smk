"""Pages to explore what figures show: a rule per program, for the figures that have such a page.

Needs the tables that the figures are drawn from, the inputs behind them, and activations. Makes
results/report/maps/<figure>.html with the inputs as <figure>.png beside it, and the files of the
library that draws them, once for all pages.
"""

from glassbox.maps.library import FILES
from study.schema.figures import explored

EXPLORED = explored(STUDY)
MAPS = "results/report/maps"
MAP_PAGES = expand(f"{MAPS}/{{figure}}.html", figure=EXPLORED)


rule map_library:
    """The files of the library that draws the pages to explore."""
    output:
        files=expand(f"{MAPS}/{{file}}", file=FILES),
        record="results/records/map_library.json",
    log:
        "logs/map_library.log",
    benchmark:
        "logs/map_library.tsv"
    group:
        "maps"
    conda:
        "../envs/environment.yaml"
    resources:
        mem_mb=growing(500),
        runtime=growing(5),
        disk_mb=10,
    shell:
        "python scripts/maps/map_library.py --files {output.files:q}"
        " --record {output.record:q} --command {params.command} > {log:q} 2>&1"


for program in (
    "activation_map",
    "linked_maps",
    "neurons_beside_observations",
    "playing_trails",
):

    rule:
        name:
            program
        input:
            unpack(lambda w: with_digests(EXPLORED[w.figure].data)),
        output:
            page=f"{MAPS}/{{figure}}.html",
            pictures=f"{MAPS}/{{figure}}.png",
            record=f"results/records/{program}/{{figure}}.json",
        log:
            f"logs/{program}/{{figure}}.log",
        benchmark:
            f"logs/{program}/{{figure}}.tsv"
        wildcard_constraints:
            figure=one_of(name for name, page in EXPLORED.items() if page.program == program),
        group:
            "maps"
        conda:
            "../envs/environment.yaml"
        resources:
            mem_mb=growing(2000),
            runtime=growing(10),
            disk_mb=100,
        params:
            program=program,
            config=lambda w: slices.explored(STUDY, w.figure, EXPLORED[w.figure]),
            data=lambda w, input: as_options(EXPLORED[w.figure].data, input),
        shell:  # is formatted when a job runs, which is when `program` is the last one
            "python scripts/maps/{params.program:q}.py --config {params.config:q}"
            " --template scripts/glassbox/maps/page.html {params.data:q}"
            " --output {output.page:q} --pictures {output.pictures:q}"
            " --record {output.record:q} --command {params.command} > {log:q} 2>&1"

    workflow.get_rule(program).docstring = "A page to explore what a figure shows."

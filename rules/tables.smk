"""The study's tables by name: where the files of a table lie that the config has made.

Needs the rules that make tables. Makes functions that the rules of claims and of the report use.
"""

from glassbox.claims.works import EVERY_MODEL


def table_files(name, models=EVERY_MODEL):
    """All files of a table that the config has made; none where it has none made.

    name: <rule>.<output>, or <rule> alone for its output `table`
    models: all, or those that the table is read of
    """
    rule_name, _, output = name.partition(".")
    made_by = getattr(rules, rule_name) if workflow.is_rule(rule_name) else None
    template = made_by and made_by.output.get(output or "table")
    if not template:
        raise WorkflowError(f"a claims.yaml lists the table {name}, which no rule makes")
    if "{" not in template:
        return [template] if made_by.input else []
    return [
        path
        for subject, sets in subjects(rule_name).items()
        if models == EVERY_MODEL or subject in models
        for wanted in sets
        for path in subject_files(template, subject, wanted)
    ]


def subjects(analysis):
    """The models, methods or experiments that the config has an analysis of, each with its sets."""
    if analysis in CONFIG.analyses.on_sets:
        return CONFIG.analyses.on_sets[analysis]
    without_sets = {
        "training": TRAINED,
        "ascents": CONFIG.analyses.ascents.networks,
        **dict.fromkeys(("libraries", "silhouettes", "consistency"), CONFIG.libraries),
    }
    listed = getattr(CONFIG.analyses, analysis, experiments(analysis.replace("_", "-")))
    return {subject: [""] for subject in without_sets.get(analysis, listed)}


def subject_files(template, subject, wanted):
    """The files of a table of one subject on one set: of all its blocks, or replicates, and layers."""
    dataset, _, split = wanted.partition("/")
    return expand(
        template,
        **dict.fromkeys(("model", "detector", "experiment"), subject),
        block=blocks(subject),
        replicate=range(min(CONFIG.projection.replicates, CONFIG.replicates)),
        layer=slices.layers(CONFIG, subject) if subject in CONFIG.libraries else [],
        dataset=dataset,
        split=split,
    )

"""What the rules of data sets are given."""


def made_by(program):
    """The names of the data sets that a program makes."""
    return [name for name, section in CONFIG.datasets.items() if section.program == program]


def source_of(w):
    """The split of another set that a split of a job's set is made from, if it is."""
    section = CONFIG.datasets[w.dataset]
    return {"of": STUDY.made_of(w.dataset, w.split, int(w.draw))} if section.by_split else {}


def attacks():
    """Each attack with each block of the model that it is on."""
    return [
        (name, block)
        for name, section in CONFIG.datasets.items()
        if section.is_attack
        for block in STUDY.blocks(section.model)
    ]


def attacked(dataset, block):
    """What an attack is about, by the options of its program, and what it knows besides."""
    section, replicates = CONFIG.datasets[dataset], members(block)
    return {
        "of": STUDY.drawn(*section.of.split("/"), replicates),
        **stored_model(STUDY.trained(section.model, replicates[0])),
        **(introspected(section.model, block) if section.knows_introspection else {}),
    }


def introspected(model, block):
    """A model's introspection, and what this says of the training examples."""
    training = f"{STUDY.model(model).dataset}/train"
    folder = STUDY.fitted("introspection", model, members(block)[0])
    return {
        **stored_model(folder, "fitted_"),
        "known": STUDY.tables("introspection", model, training, block),
    }


def draws_of(block, splits, ending):
    """The files of some splits of a set in the draws of a block."""
    folders = (f"results/datasets/{{dataset}}/{draw}" for draw in members(block))
    return [f"{folder}/{split}.{ending}" for folder in folders for split in splits]

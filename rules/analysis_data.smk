"""What the rules of analyses are given and told."""


def wanted(w):
    """The set that a job is about, dataset/split; None where it is about a model alone."""
    return f"{w.dataset}/{w.split}" if "dataset" in w.keys() else None


def replicates_of(w):
    """The replicates that a job is about."""
    return members(w.block) if "block" in w.keys() else [int(w.replicate)]


def weights_of(w):
    """A job's model, by the options of its program."""
    return stored_model(STUDY.trained(w.model, replicates_of(w)[0]))


def training_of(w):
    """What a job fits on a model's own training set."""
    dataset = STUDY.model(w.model).dataset
    training = STUDY.drawn(dataset, "train", replicates_of(w))
    return {"training": training, **dumped("training_activations", w, f"{dataset}/train")}


def given(w, kind):
    """What a job of an analysis reads, by the options of its program."""
    roles = weights_of(w)
    if wanted(w):
        roles["examples"] = STUDY.drawn(w.dataset, w.split, replicates_of(w))
    if kind.needs_origins:
        roles["origins"] = STUDY.drawn(CONFIG.labelled(w.dataset), w.split, replicates_of(w))
    if kind.reads == "activations":
        roles |= dumped("activations", w, wanted(w))
    if kind.fitted_once:
        roles |= stored_model(STUDY.fitted(kind.rule(), w.model, replicates_of(w)[0]), "fitted_")
    elif kind.fitted:
        roles |= training_of(w)
    entry = CONFIG.analysis(kind.rule(), w.model, wanted(w))
    if beside := entry.beside(CONFIG, wanted(w)):
        roles["beside"] = STUDY.drawn(*beside.split("/"), replicates_of(w))
        roles |= dumped("beside_activations", w, beside)
    return roles | entry.besides(STUDY, w.model, wanted(w), replicates_of(w))


def dumped(role, w, one):
    """A job's dump of a set, and its digest, since a folder has no checksum."""
    dump = STUDY.activations(w.model, one, replicates_of(w)[0])
    return {role: ancient(dump), f"digest_of_{role}": f"{dump}.json"}


def memory(kind):
    """The memory that a job of an analysis asks for; it grows with every try."""

    def amount(w, attempt):
        entry = entry_of(w, kind)
        return attempt * entry.megabytes(CONFIG, w.model, w.get("layer"))

    return amount


def entry_of(w, kind):
    """The entry of the config that asks for a job; one that fits serves all sets of its entry."""
    one = wanted(w) or CONFIG.asked(kind.rule())[w.model][0]
    return CONFIG.analysis(kind.rule(), w.model, one)


def told(w, input, output):
    """A job's files as options of its program, and what its tables are about."""
    about = ["--method", w.model, *(["--set", wanted(w)] if wanted(w) else [])]
    return [*files_told(input, output), *about, *network_of(w.model), *replicates_told(w)]


def files_told(input, output):
    """What a job reads and makes, as options of its program."""
    read = {role: input[role] for role in input.keys() if not role.startswith("digest_of")}
    made = {option: output[option] for option in output.keys() if option != "record"}
    return [*options_of(read), *options_of(made)]


def replicates_told(w):
    """The replicates that a job is about, as an option of its program."""
    return ["--replicates", *map(str, replicates_of(w))]


def experimented(w):
    """What a job of an experiment reads, by the options of its program."""
    wanted = CONFIG.experiments[w.experiment].reads
    return {"examples": STUDY.examples(*wanted.split("/"), w.block)} if wanted else {}


def told_of_experiment(w, input, output):
    """An experiment's files as options of its program, and what its tables are about."""
    about = CONFIG.experiments[w.experiment].about
    return [*files_told(input, output), *about, *replicates_told(w)]

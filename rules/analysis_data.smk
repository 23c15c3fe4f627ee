"""What the rules of analyses are given and told."""


def wanted(w):
    """The set that a job is about, dataset/split; None where it is about a model alone."""
    return f"{w.dataset}/{w.split}" if "dataset" in w.keys() else None


def replicates_of(w):
    """The replicates that a job is about."""
    return members(w.block) if "block" in w.keys() else [int(w.replicate)]


def given(w, kind):
    """What a job of an analysis reads, by the options of its program."""
    models = STUDY.trained(w.model, replicates_of(w)[0])
    roles = {"model": f"{models}/model.json", "weights": f"{models}/weights.safetensors"}
    if wanted(w):
        roles["examples"] = STUDY.drawn(w.dataset, w.split, replicates_of(w))
    if kind.needs_origins:
        roles["origins"] = STUDY.drawn(CONFIG.labelled(w.dataset), w.split, replicates_of(w))
    if kind.reads == "activations":
        roles |= dumped("activations", w, wanted(w))
    if kind.fitted:
        dataset = STUDY.model(w.model).dataset
        roles["training"] = STUDY.drawn(dataset, "train", replicates_of(w))
        roles |= dumped("training_activations", w, f"{dataset}/train")
    entry = CONFIG.analysis(kind.rule(), w.model, wanted(w))
    return roles | entry.besides(STUDY, w.model, wanted(w), replicates_of(w))


def dumped(role, w, one):
    """A job's dump of a set, and its digest, since a folder has no checksum."""
    dump = STUDY.activations(w.model, one, replicates_of(w)[0])
    return {role: ancient(dump), f"digest_of_{role}": f"{dump}.json"}


def memory(kind):
    """The memory that a job of an analysis asks for; it grows with every try."""

    def amount(w, attempt):
        entry = CONFIG.analysis(kind.rule(), w.model, wanted(w))
        return attempt * entry.megabytes(CONFIG, w.model, w.get("layer"))

    return amount


def told(w, input, output, kind):
    """A job's files as options of its program, and what its tables are about."""
    roles = {role: input[role] for role in input.keys() if not role.startswith("digest")}
    roles |= {option: output[option] for option in kind.places()}
    files = [
        word
        for role, paths in roles.items()
        for word in (f"--{role}", *([paths] if isinstance(paths, str) else paths))
    ]
    about = ["--method", w.model, *(["--set", wanted(w)] if wanted(w) else [])]
    return [*files, *about, "--replicates", *map(str, replicates_of(w))]

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
        dump = STUDY.activations(w.model, wanted(w), replicates_of(w)[0])
        roles |= {"activations": ancient(dump), "digest": f"{dump}.json"}
    return roles


def told(w, input, output, kind):
    """A job's files as options of its program, and what its tables are about."""
    roles = {role: input[role] for role in input.keys() if role != "digest"}
    roles |= {option: output[option] for option in kind.places()}
    files = [
        word
        for role, paths in roles.items()
        for word in (f"--{role}", *([paths] if isinstance(paths, str) else paths))
    ]
    about = ["--method", w.model, *(["--set", wanted(w)] if wanted(w) else [])]
    return [*files, *about, "--replicates", *map(str, replicates_of(w))]

"""The program that maps neurons, on small perceptrons, and what the config can ask of it."""

from argparse import Namespace

import pytest
import workflow
from perceptrons import CPU, some_digits, trained, write_sets

from analyses import neuron_maps, projections
from glassbox.analyses.neuron_tables import DEAD
from glassbox.errors import GlassboxError
from glassbox.models.model import read_layers
from glassbox.models.weights import read_model
from glassbox.tables import read_examples, read_table
from study import schema
from study.schema.messages import ConfigError

REPLICATES = [0, 1]
DRAWN = {"seed": 1, "stream": ["projection", "digits", "test"], "points": 100}
CONFIG = {**DRAWN, "layers": None, "trees": 5, "neighbours": 3, "permutations": 19}


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Two perceptrons that learned a little, and the digits that they are shown."""
    folder = tmp_path_factory.mktemp("neurons")
    sets = {"train": some_digits(slice(0, 200)), "test": some_digits(slice(200, 350))}
    found = write_sets(folder, sets)
    found |= trained(folder, found["train"], found["test"], REPLICATES, epochs=5)
    return found


def made(paths, folder, program=neuron_maps, names=neuron_maps.TABLES, **changes):
    """The tables of a program by name; dumps hold nothing."""
    about = {"method": "mlp", "set": "digits/test", "replicates": REPLICATES, "checkpoint": None}
    files = {"model": paths["model"], "weights": paths["weights"], "activations": folder / "none"}
    files |= {"examples": [paths["test"]], "origins": [paths["test"]]}
    written = {name: folder / f"{name}.parquet" for name in names}
    config = {**CONFIG, **changes.pop("config", {})}
    program.main(
        Namespace(
            **{**about, **files, **written, "config": config, "device": lambda: CPU, **changes}
        )
    )
    return {name: read_table(path) for name, path in written.items()}


def test_the_last_hidden_layer_is_mapped_where_none_is_named(paths, tmp_path):
    tables = made(paths, tmp_path)
    for table in tables.values():
        assert list(table.columns[:5]) == ["method", "replicate", "set", "layer", "depth"]
        assert set(table["layer"]) == {"hidden-2"}
        assert set(table["replicate"]) == set(REPLICATES)
    neurons = tables["table"]
    shown = read_examples(paths["test"]).values
    for replicate, own in neurons.groupby("replicate"):
        assert own["unit"].tolist() == list(range(8))
        model = read_model(paths["model"], paths["weights"], replicate, None)
        is_dead = (read_layers(model, shown, ["hidden-2"])["hidden-2"] == 0).all(axis=0)
        assert (own["state"].to_numpy() == DEAD)[is_dead].all()


def test_layers_that_are_named_are_mapped_as_if_alone(paths, tmp_path):
    both = made(paths, tmp_path, config={"layers": ["hidden-1", "hidden-2"]})["scores"]
    alone = made(paths, tmp_path)["scores"]
    assert both.groupby("layer")["unit"].max().to_dict().keys() == {"hidden-1", "hidden-2"}
    last = both[both["layer"] == "hidden-2"].reset_index(drop=True)
    assert last.equals(alone)


def test_a_replicate_is_the_same_by_itself(paths, tmp_path):
    both, second = made(paths, tmp_path), made(paths, tmp_path, replicates=[1])
    for name, table in both.items():
        own = table[table["replicate"] == 1].reset_index(drop=True)
        assert own.equals(second[name]), name


def test_observations_are_those_of_projections(paths, tmp_path):
    config = {"draws": 1, "seeds": 1, "methods": ["t-sne"], "perplexity": 10.0, "neighbours": [3]}
    maps = made(
        paths, tmp_path, projections, ("table", "hits"), config=config, replicates=[1]
    )["table"]  # fmt: skip
    responses = made(paths, tmp_path)["responses"]
    shown = set(responses.loc[responses["replicate"] == 1, "example_id"])
    assert 40 <= len(shown) <= 50
    assert shown <= set(maps["example_id"])


def test_an_unknown_layer_is_named(paths, tmp_path):
    with pytest.raises(GlassboxError, match="conv-1"):
        made(paths, tmp_path, config={"layers": ["conv-1"]})


# The config


def loaded(of, **settings):
    entry = {"kind": "neuron_maps", "of": of, **settings}
    return schema.load(workflow.content({"analyses": {"neurons": entry}}))


def test_networks_without_hidden_layers_and_unknown_layers_are_refused():
    with pytest.raises(ConfigError, match="nn-1 has no hidden layers"):
        loaded({"nn-1": ["jumps/test"]})
    with pytest.raises(ConfigError, match=r"analyses\.neurons\.layers: found 'hidden-9'"):
        loaded({"mlp-3": ["jumps/test"]}, layers=["hidden-9"])
    with pytest.raises(ConfigError, match=r"analyses\.neurons\.layers: found 'output'"):
        loaded({"mlp-3": ["jumps/test"]}, layers=["output"])


def test_memory_grows_with_the_pairs_of_the_widest_layer():
    config = loaded({"lenet-digits": ["digits/test"]})
    asked = [
        config.analyses["neurons"].model_copy(update={"layers": layers}).megabytes(
            config, "lenet-digits", None
        )
        for layers in (None, ["FC1"], ["CN1"])
    ]  # fmt: skip
    assert asked[0] == asked[1] < asked[2]

"""Names of files: what a config asks for, without Snakemake."""

import re
from pathlib import Path

import pytest
import workflow

from study import schema
from study.paths import NotMade, Study, is_folder, places

ROOT = Path(__file__).resolve().parents[1]


# As the blocks below are, whatever a scale has, and what is asked for all analyses.
NUMBERS = {
    "replicates": 20,
    "together": 5,
    "models": {
        "cnn-7": {"replicates": 5},
        "long": {"replicates": 3, "together": 3},
        "lenet-digits": {"replicates": 10, "together": 5},
        "digits-5": {"checkpoints": [0]},
    },
}
ALL = {"analyses": {"all": {"of": {"digits-5": ["digits/test"]}}}}


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(schema.load(workflow.content(NUMBERS)))


def test_blocks_hold_all_replicates_and_are_as_large_as_the_config_says(study: Study) -> None:
    config = study.config.model_copy(update={"replicates": 7, "together": 3})
    assert Study(config).blocks("mlp-2") == ["0-2", "3-5", "6-8"]
    learned = next(name for name, each in config.detectors.items() if each.kind == "learned-filter")
    assert study.blocks(learned) == study.blocks(config.detectors[learned].model)


def test_replicates_beyond_the_studys_are_told(study: Study) -> None:
    assert study.surplus() == []
    config = study.config.model_copy(update={"replicates": 2, "together": 5})
    told = Study(config).surplus()
    assert told[0].startswith("5 replicates are made, a whole number of blocks, of which 2 count: ")
    assert "mlp-2" in told[0]
    assert told[0].endswith(" by replicate < 2")


def test_a_table_lies_where_its_rule_writes_it(study: Study) -> None:
    folder = "results/analyses"
    assert study.tables("deviations", "long", "jumps/averages") == [
        f"{folder}/deviations/long/0-2/jumps/averages.parquet"
    ]
    maps = study.tables("projections", "mlp-4", "jumps/train")
    assert maps == [f"{folder}/projections/mlp-4/{each}/jumps/train.parquet" for each in range(3)]
    assert study.tables("gradient_ascents.signals", "cnn-7") == [
        f"{folder}/gradient_ascents/cnn-7/0-4/signals.parquet"
    ]
    assert study.tables("libraries.nodes", "lenet-digits", "digits/test", "5-9") == [
        f"{folder}/library_nodes/lenet-digits/5-9/digits/test/{layer}.parquet"
        for layer in ("CN1", "CN2", "FC1", "FC2")
    ]


def test_all_tables_of_a_name_are_those_of_all_that_the_config_names(study: Study) -> None:
    wanted = study.config.asked("deviations")
    assert study.all("deviations") == [
        path
        for network, sets in wanted.items()
        for one in sets
        for path in study.tables("deviations", network, one)
    ]
    every = Study(schema.load(workflow.content(NUMBERS, ALL)))
    for table in places():
        assert len(set(every.all(table))) == len(every.all(table)) > 0, table


def test_all_errors_are_one_table(study: Study) -> None:
    assert study.all("errors") == ["results/analyses/errors.parquet"]
    analyses = study.config.analyses.items()
    without = {name: each for name, each in analyses if each.kind != "predictions"}
    assert Study(study.config.model_copy(update={"analyses": without})).all("errors") == []


def test_some_models_have_some_of_the_tables(study: Study) -> None:
    assert study.all("training.history", ["mlp-2", "no-model"]) == [
        f"results/models/mlp-2/{block}/history.parquet"
        for block in ("0-4", "5-9", "10-14", "15-19")
    ]


def test_no_two_tables_share_a_place(study: Study) -> None:
    everything = [path for table in places() for path in study.all(table)]
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize("table", places())
def test_a_table_has_the_name_and_the_place_that_its_rule_gives_it(table: str) -> None:
    name, _, output = table.partition(".")
    path = workflow.rules()[name]["output"][output or "table"]
    plain = re.sub(r"{(\w+),[^}]*}", r"{\1}", path)
    of = re.sub("{(model|experiment)}", "{of}", plain)
    assert places()[table].path == of.replace("{dataset}/{split}", "{set}")


def test_drawn_sets_have_a_file_per_replicate_and_others_one(study: Study) -> None:
    assert study.examples("jumps", "test", "1-2") == [
        f"results/datasets/jumps/{draw}/test.parquet" for draw in (1, 2)
    ]
    digits = ["results/datasets/digits/0/test.parquet"]
    assert study.examples("digits", "test", "1-2") == digits
    assert study.own_examples("lenet-digits", "test") == digits
    attack = "results/datasets/digits-attacks-pixels/{}/pgd-0.1.parquet"
    sets = ["digits-attacks-pixels/pgd-0.1", "digits/test"]
    assert study.by_replicate(sets, [1, 2]) == [*map(attack.format, (1, 2)), *digits, *digits]


def test_activations_are_those_of_the_block_that_holds_the_replicate(study: Study) -> None:
    config = study.config.model_copy(update={"together": 2})
    folder = Study(config).activations("mlp-2", "jumps/test", 3)
    assert folder == "results/activations/mlp-2/2-3/jumps/test"
    assert is_folder(folder) and not is_folder(f"{folder}.json")
    folder = study.activations("lenet-digits", "digits-attacks-pixels/pgd-0.05")
    assert is_folder(folder) and not is_folder(f"{folder}.json")


@pytest.mark.parametrize(
    ("asked", "found", "of"),
    [
        (("deviations", "mlp-22", "jumps/test"), "mlp-22", "mlp-22"),
        (("deviations", "long", "jumps/tset"), "jumps/tset", "long"),
        (("deviations", "long"), None, "long"),
        (("libraries", "mlp-2"), "mlp-2", "mlp-2"),
        (("moore_penrose_embeddings", "chen2017-3.5"), "chen2017-3.5", "chen2017-3.5"),
    ],
)
def test_what_the_config_does_not_make_is_refused(
    study: Study, asked: tuple, found: str | None, of: str
) -> None:
    with pytest.raises(NotMade) as refused:
        study.tables(*asked)
    assert (refused.value.found, refused.value.of) == (found, of)
    assert found not in refused.value.allowed


def test_a_filter_that_a_model_learned_has_the_replicates_of_the_model():
    few = {"models": {"nn-1": {"replicates": 2, "together": 2}}}
    config = schema.load(workflow.content(few, scale="laptop", works=["chen2017"]))
    assert Study(config).blocks("nn-1-filter") == Study(config).blocks("nn-1") == ["0-1"]
    for count in (config.count, config.side_by_side, config.made_of):
        assert count("nn-1-filter") == count("nn-1") == 2
    assert config.own_counts()["nn-1-filter"] == 2
    assert "gaussian-derivative" not in config.own_counts()

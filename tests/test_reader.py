"""Tables of a finished study by name."""

import json
import subprocess
import sys

import pandas as pd
import pytest
import workflow

import glassbox
from glassbox.errors import GlassboxError
from glassbox.tables import write_table
from study.deciding.fingerprint import of_program


def rows(method, shown, count, first=0, **more) -> pd.DataFrame:
    replicates = [first + each for each in range(count)]
    return pd.DataFrame({"method": method, "replicate": replicates, "set": shown, **more})


@pytest.fixture
def results(tmp_path):
    """Tables of two networks, one of them in two blocks and on two sets, and the claims' record."""
    folder = tmp_path / "results"
    made = {
        "errors": pd.concat([rows("net", "a/test", 3), rows("other", "a/test", 3)]),
        "deviations/net/0-1/a/test": rows("net", "a/test", 2, value=1.0),
        "deviations/net/2-3/a/test": rows("net", "a/test", 2, first=2, value=2.0),
        "deviations/net/0-1/a/train": rows("net", "a/train", 2, value=3.0),
        "deviations/net@0/0-1/a/test": rows("net@0", "a/test", 2, value=4.0),
        "libraries/net/0-1/a/test/CN1": rows("net", "a/test", 2, layer="CN1"),
        "filter_search/some/0-0": pd.DataFrame({"replicate": [0], "width": [2.5]}),
    }
    for name, frame in made.items():
        write_table(folder / f"analyses/{name}.parquet", frame)
    write_table(folder / "claims/verdicts.parquet", pd.DataFrame({"id": ["A", "B"]}))
    return folder


def test_names_are_of_tables_that_are_there(results):
    names = {"errors", "deviations", "libraries", "filter_search", "verdicts"}
    assert set(glassbox.table_names(results)) == names


def test_a_table_is_read_from_all_its_files(results):
    assert len(glassbox.table("deviations", results=results)) == 8
    assert glassbox.table("verdicts", results=results)["id"].tolist() == ["A", "B"]
    assert glassbox.table("libraries", results=results)["layer"].tolist() == ["CN1"] * 2


def test_a_part_is_of_a_model_and_of_values(results):
    one = glassbox.table("deviations", model="net", set="a/test", results=results)
    assert one["value"].tolist() == [1, 1, 2, 2] and set(one["method"]) == {"net"}
    assert len(glassbox.table("errors", model="other", replicate=1, results=results)) == 1
    assert len(glassbox.table("filter_search", model="some", results=results)) == 1


def test_replicates_that_the_study_does_not_count_are_left_out(results):
    record = results / "records/claims.json"
    record.parent.mkdir()
    record.write_text(json.dumps({"config": {"replicates": 3, "own": {"net@0": 1}}}))
    found = glassbox.table("deviations", set="a/test", results=results)
    assert found.groupby("method").size().to_dict() == {"net": 3, "net@0": 1}
    assert found.index.tolist() == list(range(4))


@pytest.mark.parametrize(
    ("name", "wanted", "message"),
    [
        ("verdict", {}, r"no table 'verdict'; did you mean 'verdicts'\?"),
        ("parts", {}, r"has no table 'parts'.*\n  there are: deviations, errors"),
        ("deviations", {"model": "nat"}, r"'deviations' of 'nat'.*mean 'net'.*\n.*: net, net@0"),
        ("errors", {"model": "nat"}, r"has method 'nat'.*\n  there are: net, other"),
        ("errors", {"measur": 1}, r"no column 'measur'.*\n  there are: method, replicate, set"),
        ("errors", {"set": "b/test"}, r"has set 'b/test'.*\n  there are: a/test"),
        ("deviations", {"set": "b"}, r"of 'b'\n  there are: a/test, a/train"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(results, name, wanted, message):
    with pytest.raises(GlassboxError, match=message):
        glassbox.table(name, results=results, **wanted)


def test_without_a_study_the_message_says_what_to_do(tmp_path):
    for ask in (glassbox.table_names, lambda results: glassbox.table("errors", results=results)):
        with pytest.raises(GlassboxError, match="run the study first"):
            ask(results=tmp_path / "results")


LOADED = """
import sys
before = set(sys.modules)
import glassbox
glassbox.table_names({results!r})
print(*(set(sys.modules) & {{"torch", "pandas", "pyarrow", "scipy"}}))
"""


def test_names_come_without_torch_and_pandas(results):
    code = LOADED.format(results=str(results))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_no_program_depends_on_the_reader():
    found = of_program("datasets/jumps", workflow.ROOT).definitions
    assert [name for name in found if name.startswith("glassbox.")], "which it counts at all"
    assert "glassbox.<module>" not in found and "glassbox.table" not in found

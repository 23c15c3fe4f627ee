"""The tests of claims on filters, embeddings, maps and shapes, on worlds that go either way."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
import test_claims
import test_claims_networks
from scipy import stats

from glassbox.analyses.errors import PRINTED
from glassbox.analyses.learned_filters import ALIGNED, BEST, EVERYWHERE, STEP
from glassbox.analyses.redundancy import COMPONENTS, MEANS, ONE, USED
from glassbox.claims.chen2017.readings import TRUE_LABELS
from glassbox.claims.chen2017.shapes import DESCRIBED, JUMP
from glassbox.claims.evidence import Evidence
from glassbox.claims.judging import TESTS, verdict
from glassbox.claims.verdicts import INCONCLUSIVE, NOT_REPRODUCED, NOT_TESTABLE, REPRODUCED

OF_DRAWS = "C-N03"  # judged by a rank among draws of the test signals
ELSEWHERE = {*test_claims.CLAIMS, *test_claims_networks.CLAIMS}
ENTRIES = {name: each for name, each in test_claims.EVERY.items() if name not in ELSEWHERE}
CLAIMS = {name: claim for name, claim in ENTRIES.items() if not claim.untested}
SETTINGS = sorted(ENTRIES.keys() - CLAIMS.keys())
REPLICATES, DRAWS = 20, 20  # draws of the test signals in each replicate
COUNTED = {OF_DRAWS: REPLICATES * DRAWS, "C-C28": 1}  # what there is otherwise
JITTER = 0.01 * np.random.default_rng(1).permutation(np.linspace(-1, 1, REPLICATES))
UNTRAINED = "mlp-2@0"
NOISES, TAUS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), np.geomspace(0.5, 8, 41)
NAMED = ("step", "falls-after", "spike")


def everywhere(rows: list[dict]) -> pd.DataFrame:
    """The rows in each replicate, each number a little off."""
    frame = pd.DataFrame(rows)
    whole = pd.concat([frame] * REPLICATES, ignore_index=True)
    whole["replicate"] = np.repeat(np.arange(REPLICATES), len(frame))
    for column in {"value", "L1", "confidence"} & set(frame):
        whole[column] = whole[column] * (1 + JITTER[whole["replicate"]])
    return whole


class World:
    """Tables in which every claim holds, made of values that a test may change."""

    def __init__(self):
        self.errors = {
            **{("gaussian-derivative", each): 0.6 for each in ("L1", "L1_p99", "L2_p99")},
            ("gaussian-derivative", "L2"): 1.5,
            ("mlp-2", "maximum"): 12,
        }
        self.errors["gaussian-derivative", "L1_p99"] = 0.5
        levels = {"nn-1": 0.3, "mlp-2": 0.3, "mlp-3": 0.4, "mlp-4": 0.4, "nn-1-filter": 0.2}
        levels |= {"bottleneck-10": 0.5, "bottleneck-10-moore-penrose": 0.5}
        levels |= {"mlp-2-moore-penrose": 0.3}
        levels |= {"gaussian-derivative-bounded": 0.5, "blind-step-likelihood": 0.5}
        for method, level in levels.items():
            for measure in PRINTED:
                self.errors[method, measure] = level
        self.confidence = {("mlp-4", "jumps/train"): 0.7, ("memorising", "jumps-shuffled/train"): 1}
        self.draws = {"maximum": 58, "maximum_p99": 2}
        self.gains = {"moving average": (0.2, 0.2), "first derivative": (2.0, 2.0)}
        self.best = {0.1: 1.0, 0.2: 0.999, 0.3: 0.98, 0.4: 0.9, 0.5: 0.8, 0.6: 0.7}
        self.exponent = 1.0
        self.search = {(19, 2.9): 0.5, (19, 3.5): 0.6, (11, 2.9): 0.7}
        self.tau = {"nn-1-quiet": 1.0, "nn-1": 2.0, "nn-1-loud": 3.0}
        self.likeness = {"near": 0.9, "others": 0.95, BEST: 0.9}
        self.outer = 0.5
        bumps = np.exp(-(((np.arange(12)[:, None] - np.arange(15)) / 4.0) ** 2))
        self.means = bumps + np.linspace(0, 4, 15)
        self.start = np.random.default_rng(2).random((12, 15))
        self.alone = {"active": [0.0, 0.5, 0.9], "accuracy": [1 / 60, 0.1, 0.08]}
        self.parts = {100: 0.75, 50: 0.74, 10: 0.2}
        self.lost = {100: 0.75, 50: 0.3, 10: 0.1}
        self.kept = {"mlp-2": 131, "mlp-2-fitted": 1400}
        self.pace, self.least = {"usual": 1, "moore-penrose": 2}, 1.0
        self.embeddings = {
            (2, 10, 0.0): 3,
            (10, 50, 0.0): 1_500_000,
            **{(2, points, 0.0): 2_000_000 // points**5 for points in (4, 5, 6, 7, 8)},
            **{(2, points, 0.1): 4_000_000 // points**5 for points in (5, 6, 7, 8)},
            **{(2, points, 0.2): 8_000_000 // points**5 for points in (5, 6, 7, 8)},
            **{
                (width, width * factor, 0.0): 2_000_000 * width // 10 ** (factor - 1)
                for width in (4, 6, 8, 10)
                for factor in (2, 3, 4, 5)
                if (width, factor) != (10, 5)
            },
            **{(width, width + 1, 0.0): 10_000_000 for width in (2, 4)},
        }
        self.embeddings[10, 40, 0.0] = 3_000_000
        self.embeddings[10, 30, 0.0] = 5_000_000
        self.embeddings[10, 20, 0.0] = 7_000_000
        self.heights = {3.0: 0.9, 4.0: 0.999, 5.0: 0.98, 6.0: 0.5}
        self.named = 50
        self.follows = {"wide-rival": True, "rival": False}
        self.hits = {
            ("mlp-4", "jumps/train", "label"): [0.5, 0.5, 0.48, 0.47, 0.9],
            ("memorising", "jumps-shuffled/train", "origin_label"): [0.5, 0.3, 0.2, 0.1, 0.0],
            ("memorising", "jumps-shuffled/train", "label"): [0.0, 0.0, 0.01, 0.02, 0.99],
        }
        self.distance, self.dimension = 0.2, 4.0

    def evidence(self) -> Evidence:
        return evidence_of(self.tables())

    def tables(self) -> dict[str, pd.DataFrame]:
        near = self._neighbourhoods()
        return {
            "errors": self._errors(),
            "detector_draws": self._draws(),
            "averages": self._averages(),
            "training.history": self._histories(),
            "mixed_filters.gains": self._gains(),
            "filter_widths": self._widths(),
            "filter_search": everywhere(
                [{"window": w, "tau": t, "L1": error} for (w, t), error in self.search.items()]
            ),
            "learned_filters.likeness": self._likeness(),
            "parameters": self._parameters(),
            "moore_penrose_embeddings": self._embeddings(),
            "confidences": self._confidences(),
            "neighbourhoods": near[near["space"] == "layer"],
            "projections.hits": near[near["space"] == "map"],
            "redundancy": self._redundancy(),
        }

    def _errors(self):
        rows = [
            {"method": method, "set": "jumps/test", "measure": measure, "value": value}
            for (method, measure), value in self.errors.items()
        ]
        rows += [
            {"method": method, "set": shown, "measure": "confidence", "value": value}
            for (method, shown), value in self.confidence.items()
        ]
        return everywhere(rows)

    def _draws(self):
        spread = np.random.default_rng(3).permutation(np.linspace(0.8, 1.2, REPLICATES * DRAWS))
        places = np.arange(len(spread))
        frames = [
            pd.DataFrame({"replicate": places // DRAWS, "draw": places % DRAWS})
            .assign(measure=measure, value=np.asarray(value) * spread)
            for measure, value in self.draws.items()
        ]  # fmt: skip
        return pd.concat(frames).assign(method="gaussian-derivative", set="jumps/test")

    def _gains(self):
        return everywhere(
            [{"filter": f, "gain": g, "squared_norm": s} for f, (g, s) in self.gains.items()]
        )

    def _widths(self):
        rows = []
        for noise in NOISES:
            best = np.log(4 * noise**self.exponent)
            for tau in TAUS:
                found = int(1e6 * self.best[noise] * np.exp(-((np.log(tau) - best) ** 2)))
                rows.append({"noise": noise, "tau": tau, "signals": 10**6, "found": found})
        frame = everywhere(rows).assign(detector="gaussian-derivative")
        return frame.assign(share=frame["found"] / frame["signals"] * (1 + 0.01 * JITTER[0]))

    def _likeness(self):
        aside = {EVERYWHERE.format(each): 0.3 for each in (BEST, STEP)}
        rows = [
            {"method": "nn-1", "set": "jumps/test", "variant": variant, "measure": m, "value": v}
            | {"label": label}
            for m, v in {**self.likeness, **aside}.items()
            for variant in ("raw", "centred")
            for label in ((ALIGNED,) if m == BEST else (0, 1))
        ]
        rows += [
            {
                "method": network,
                "set": f"{network.replace('nn-1', 'jumps')}/test",
                "variant": "raw",
                "measure": "tau",
                "value": tau,
                "label": ALIGNED,
            }
            for network, tau in self.tau.items()
        ]
        return everywhere(rows)

    def _redundancy(self):
        alone = [
            {"through": ONE, "kept": 1, "active": active, "accuracy": accuracy}
            for active, accuracy in zip(*self.alone.values(), strict=True)
        ]
        ways = {COMPONENTS: self.parts, USED: self.lost, MEANS: self.lost}
        parts = [
            {"through": through, "kept": kept, "active": np.nan, "accuracy": accuracy}
            for through, found in ways.items()
            for kept, accuracy in found.items()
        ]
        frame = everywhere([*alone, *parts]).assign(method="mlp-2", set=TRUE_LABELS)
        moved = frame["accuracy"] * (1 + 1e-3 * frame["kept"] * JITTER[frame["replicate"]])
        return frame.assign(accuracy=moved)

    def _parameters(self):
        rows = [
            {"input": place, "value": (1.0 if 19 <= place <= 79 else self.outer) * sign}
            for place in range(100)
            for sign in (1, -1)
        ]
        return everywhere(rows).assign(method="mlp-2", depth=1, parameter="weight")

    def _averages(self):
        frames = []
        for method, hidden in (("mlp-2", self.means), (UNTRAINED, self.start)):
            rows = [
                {"depth": layer, "label": label, "unit": unit, "mean": values[label, unit]}
                for layer, values in enumerate([np.ones((12, 4)), hidden, np.eye(12)])
                for label, unit in np.ndindex(values.shape)
            ]
            frames.append(everywhere(rows).assign(method=method, set=TRUE_LABELS, variance=1.0))
        return pd.concat(frames)

    def _histories(self):
        rows = [
            {"method": network, "epoch": epoch + 1000 * other, "kept": not other}
            for network, epoch in self.kept.items()
            for other in (0, 1)
        ]
        frame = everywhere(rows)
        spread = np.rint(500 * JITTER).astype(int)[frame["replicate"]] * frame["kept"]
        frame = frame.assign(epoch=frame["epoch"] + spread)
        starts = [
            {"method": network + ending, "epoch": epoch, "kept": False}
            | {"validation_loss": least + np.exp(-epoch / 20 * pace), "replicate": replicate}
            for network in ("bottleneck-10", "mlp-2")
            for ending, pace, least in (
                ("", self.pace["usual"], 1.0),
                ("-moore-penrose", self.pace["moore-penrose"], self.least),
            )
            for epoch in range(5, 400, 5)
            for replicate in range(REPLICATES)
        ]
        return pd.concat([frame.assign(validation_loss=5.0), pd.DataFrame(starts)])

    def _embeddings(self):
        rows = [
            {"width": w, "points": n, "distance": d, "successes": s, "trials": 10**7}
            for (w, n, d), s in self.embeddings.items()
        ]
        return everywhere(rows).assign(map="affine")

    def _confidences(self):
        named = {"parameter": "", "value": np.nan, "predicted": 50, "confidence": 0.3}
        rows = [{"name": name} | named for name in NAMED]
        rows += [
            {"name": DESCRIBED, "parameter": "height", "value": height, "confidence": sure}
            | {"predicted": self.named}
            for height, sure in self.heights.items()
        ]
        rows += [
            {"name": name, "parameter": "spike", "confidence": 0.5, "value": value}
            | {"predicted": 30 if follows and value > JUMP else 50}
            for name, follows in self.follows.items()
            for value in (1.0, 2.0, 3.0, 4.0, 6.0)
        ]
        frames = [everywhere(rows).assign(method=each) for each in ("nn-1", "mlp-2", "mlp-4")]
        frame = pd.concat(frames).assign(location=50, rival=30, set="hand-made/all")
        exact = np.round(frame["value"])  # the parameter is no measurement
        return frame.assign(value=exact, confidence=frame["confidence"].clip(upper=1))

    def _neighbourhoods(self):
        rows = [
            {"method": m, "set": s, "labels": labels, "measure": "hit", "space": "layer"}
            | {"depth": layer, "value": value, "chance": 0.0}
            for (m, s, labels), values in self.hits.items()
            for layer, value in enumerate(values)
        ]
        where = {"method": "mlp-4", "set": "jumps/train", "depth": 0}
        rows.append(
            {**where, "labels": "label", "measure": "distance", "space": "map"}
            | {"value": self.distance, "chance": 1.0}
        )
        rows.append(
            {**where, "labels": "", "measure": "dimension", "space": "layer"}
            | {"value": self.dimension, "chance": np.nan}
        )
        first = {"neighbours": 6, "projection": "t-sne", "draw": 0, "seed": 0}
        return everywhere(rows).assign(**first)


@cache
def whole() -> dict[str, pd.DataFrame]:
    """The tables in which every claim holds, not to be changed."""
    return World().tables()


def evidence_of(tables, **more) -> Evidence:
    return test_claims.evidence_of(tables, REPLICATES, per_class={TRUE_LABELS: 100}, **more)


def verdict_on(name: str, evidence: Evidence):
    return verdict(CLAIMS[name], evidence)


def put(attribute, **values):
    """Change a value, or entries of a dict with keys (given by their place)."""
    return lambda world: [setattr(world, attribute, value) for value in values.values()]


def entry(attribute, *pairs):
    return lambda world: [getattr(world, attribute).__setitem__(key, value) for key, value in pairs]


def errors_of(method, value):
    return entry("errors", *(((method, measure), value) for measure in PRINTED))


def hits(network, shown, labels, values):
    return entry("hits", ((network, shown, labels), values))


MEMORY = ("memorising", "jumps-shuffled/train")
REFUTATIONS = {
    "C-C01": [put("distance", to=0.7)],
    "C-C02": [
        entry("gains", ("moving average", (0.3, 0.2))),
        entry("gains", ("first derivative", (0.9, 0.9)), ("moving average", (1.2, 1.2))),
        entry("gains", ("first derivative", (2.0, 1.0))),
    ],
    "C-C03": [
        entry("best", *((noise, 0.5 + noise / 2) for noise in NOISES)),
        put("exponent", to=-0.5),
    ],
    "C-C04": [put("exponent", to=0.4)],
    "C-C05": [entry("tau", ("nn-1-quiet", 2.5), ("nn-1-loud", 1.5))],
    "C-C06": [
        entry("errors", (("gaussian-derivative", "L1_p99"), 0.2)),
        entry("errors", (("gaussian-derivative", "L2_p99"), 1.4)),
    ],
    "C-C08": [put("outer", to=1.5)],
    "C-C09": [
        lambda world: setattr(world, "means", world.means[::-1] * (np.arange(12) % 2)[:, None]),
        lambda world: setattr(world, "means", world.means.mean(1)[:, None] * np.ones(15)),
        put("start", to=np.sin(np.arange(12) * np.pi / 6)[:, None] * np.ones(15)),
    ],
    "C-C10": [
        entry("alone", ("active", [0.1, 0.5, 0.9])),
        entry("alone", ("accuracy", [0.1, 0.5, 0.2])),
        entry("parts", (50, 0.6)),
    ],
    "C-C11 (bound)": [errors_of("blind-step-likelihood", 0.1)],
    "C-C12": [errors_of("mlp-3", 0.1)],
    "C-C13": [
        entry("likeness", *((measure, 0.5) for measure in ("near", "others", BEST)))
    ],
    "C-C14": [errors_of("nn-1-filter", 2.0)],
    "C-C28": [
        entry("embeddings", ((2, 3, 0.0), 9_999_999), ((4, 5, 0.0), 9_000_000))
    ],
    "C-C29": [
        entry("embeddings", *(((w, w * f, 0.0), 10_000 * f) for w in (4, 6, 8, 10)
                              for f in (2, 3, 4, 5)), ((2, 4, 0.0), 1), ((2, 6, 0.0), 2),
              ((2, 8, 0.0), 3), ((2, 10, 0.0), 4)),
        entry("embeddings", ((2, 10, 0.0), 9_000_000), ((4, 20, 0.0), 9_000_000)),
    ],
    "C-C30": [
        entry("embeddings", *(((2, n, d), int(1e6 * (1 - d))) for n in (5, 6, 7, 8)
                              for d in (0.0, 0.1, 0.2)))
    ],
    "C-C32": [entry("pace", ("moore-penrose", 0.5)), put("least", to=1.04)],
    "C-C32 (2-layer MLP)": [entry("pace", ("moore-penrose", 0.5)), put("least", to=1.04)],
    "C-C38": [put("follows", to={"wide-rival": False, "rival": True})],
    "C-C41": [
        hits(*MEMORY, "origin_label", [0.1, 0.2, 0.3, 0.4, 0.0]),
        hits(*MEMORY, "label", [0.0, 0.2, 0.2, 0.2, 0.5]),
    ],
    "C-C42": [
        hits("mlp-4", "jumps/train", "label", [0.5, 0.1, 0.1, 0.1, 0.9]),
        entry("confidence", (("mlp-4", "jumps/train"), 2.0)),
    ],
    "C-N02": [entry("search", ((19, 3.5), 0.4))],
    "C-N03": [entry("draws", ("maximum", 20)), entry("draws", ("maximum_p99", 3))],
    "C-N04": [entry("kept", ("mlp-2", 200))],
    "C-N04 (zero)": [entry("kept", ("mlp-2-fitted", 700))],
    "C-N05": [entry("errors", (("mlp-2", "maximum"), 20))],
    "C-N10": [entry("embeddings", ((2, 10, 0.0), 400), ((10, 50, 0.0), 500_000))],
    "C-N13": [entry("heights", (4.0, 0.95)), put("named", to=51)],
}  # fmt: skip


def test_the_table_and_the_tests_are_of_the_same_claims():
    assert set(CLAIMS) == set(REFUTATIONS)
    assert {claim.tested_as for claim in CLAIMS.values()} <= set(TESTS)


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_can_be_reproduced(name):
    found = verdict_on(name, evidence_of(whole()))
    assert found.verdict == REPRODUCED, found
    assert {part.replicates for part in found.parts} == {COUNTED.get(name, REPLICATES)}


@pytest.mark.parametrize("name", CLAIMS)
def test_every_comparison_can_refute_it(name):
    refuted = set()
    for change in REFUTATIONS[name]:
        world = World()
        change(world)
        found = verdict_on(name, world.evidence())
        assert found.verdict == NOT_REPRODUCED, found
        refuted |= {part.part for part in found.parts if part.outcome == "false"}
    assert refuted == {part.part for part in found.parts if part.outcome != "not tested"}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_no_finding(name):
    found = verdict(ENTRIES[name], World().evidence())
    assert (found.verdict, found.parts) == (NOT_TESTABLE, [])
    assert found.reason.startswith("a setting, which this study takes over")


@pytest.mark.parametrize("name", CLAIMS)
def test_without_any_table_nothing_is_testable(name):
    assert verdict_on(name, test_claims.evidence_of({})).verdict == NOT_TESTABLE


@pytest.mark.parametrize("name", CLAIMS)
def test_a_replicate_that_is_absent_leaves_a_claim_open(name):
    tables = {key: table[table["replicate"] != 2] for key, table in whole().items()}
    found = verdict_on(name, evidence_of(tables)).verdict
    of_what_there_is = {OF_DRAWS, "C-C01", "C-C28"}  # the map is not of every replicate
    assert found == (REPRODUCED if name in of_what_there_is else INCONCLUSIVE)


def of(tables, methods) -> dict[str, pd.DataFrame]:
    """Tables with the rows of some methods, where they have any method at all."""
    return {
        key: table[table["method"].isin(methods)] if "method" in table else table
        for key, table in tables.items()
    }


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_takes_no_more_than_what_it_needs(name):
    needs = CLAIMS[name].needs
    tables = of(whole(), {*needs, *(f"{each}@0" for each in needs)})
    assert verdict_on(name, evidence_of(tables)) == verdict_on(name, evidence_of(whole()))


@pytest.mark.parametrize(
    ("name", "model"),
    [
        (name, need)
        for name, claim in CLAIMS.items()
        for need in claim.needs
        if name != OF_DRAWS and need.startswith(("nn", "mlp", "bottle", "memor", "blind"))
    ],
)
def test_models_are_compared_on_the_replicates_that_all_have(name, model):
    own = {each: REPLICATES - 5 for each in (model, f"{model}@0")}
    tables = dict(whole())
    for key, table in whole().items():
        if "method" in table:
            counts = table["method"].map(own).fillna(REPLICATES)
            tables[key] = table[table["replicate"] < counts]
    found = verdict_on(name, evidence_of(tables, own=own))
    assert found.verdict == (INCONCLUSIVE if "further replicate" in CLAIMS[name].test
                             else REPRODUCED)  # fmt: skip
    assert min(part.replicates for part in found.parts) == REPLICATES - 5


@pytest.mark.parametrize("successes", [0, 1, 7])
def test_a_probability_has_the_exact_interval_of_all_draws(successes):
    world = World()
    world.embeddings[2, 10, 0.0] = successes
    found = verdict_on("C-N10", world.evidence()).parts[0]
    count = stats.binomtest(successes * REPLICATES, 10**7 * REPLICATES)
    wanted = count.proportion_ci(0.95, method="exact")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), rel=1e-6)
    assert found.effect == pytest.approx(count.statistic)


@pytest.mark.parametrize("name", ["C-C29", "C-N10"])
def test_embeddings_are_read_by_linear_maps_as_well(name):
    tables = World().tables()
    affine = tables["moore_penrose_embeddings"]
    linear = affine.assign(map="linear", successes=np.flip(affine["successes"]).to_numpy())
    evidence = evidence_of({**tables, "moore_penrose_embeddings": pd.concat([affine, linear])})
    (reading,) = CLAIMS[name].readings
    assert verdict(CLAIMS[name], evidence).verdict == REPRODUCED
    assert verdict(CLAIMS[name].read_as(reading), evidence).verdict == NOT_REPRODUCED


def test_one_draw_that_fails_refutes_that_none_does():
    tables = World().tables()
    table = tables["moore_penrose_embeddings"]
    row = (table["width"] == 4) & (table["points"] == 5) & (table["replicate"] == 7)
    table.loc[row, "successes"] -= 1
    found = verdict_on("C-C28", evidence_of(tables))
    assert found.verdict == NOT_REPRODUCED
    assert [part.effect for part in found.parts] == [0, 1]


@pytest.mark.parametrize(
    ("beyond", "outcome"),
    [(0, "false"), (4, "false"), (5, "undecided"), (9, "undecided"), (10, "true"), (200, "true")],
)
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_printed_number_is_ranked_among_the_draws(beyond, outcome, sign):
    """Of 400: the tenth from an end is no rarer than 5 %, the fifth than 5 % of two numbers."""
    tables = World().tables()
    table = tables["detector_draws"]
    count = REPLICATES * DRAWS
    ranked = np.random.default_rng(4).permutation(np.arange(count))
    rows = table["measure"] == "maximum"
    table.loc[rows, "value"] = 58 + sign * (beyond - 0.5 - ranked) / count
    part = verdict_on("C-N03", evidence_of(tables)).parts[0]
    assert part.outcome == outcome
    below = (table.loc[rows, "value"] < 58).mean()
    assert f"at the {below:.1%} point of {count} draws" in part.unit


def test_a_printed_number_that_many_draws_equal_lies_among_them():
    world = World()
    tables = world.tables()
    table = tables["detector_draws"]
    rows = table["measure"] == "maximum_p99"
    table.loc[rows, "value"] = np.where(table.loc[rows, "replicate"] == 0, 3.0, 2.0)
    part = verdict_on("C-N03", evidence_of(tables)).parts[1]
    assert (part.outcome, part.low) == ("true", 0)
    assert "at the 47.5% point" in part.unit


def test_a_signal_that_is_placed_elsewhere_is_not_recognised_however_sure_the_network_is():
    tables = World().tables()
    table = tables["confidences"]
    rows = (table["name"] == DESCRIBED) & (table["value"] == 4)
    table.loc[rows & (table["replicate"] < 10), "predicted"] = 49
    part = verdict_on("C-N13", evidence_of(tables)).parts[0]
    assert part.outcome == "false"
    kept = 0.98 * (1 + JITTER)
    assert part.effect == pytest.approx(kept.mean()), "the next best height is the surest"

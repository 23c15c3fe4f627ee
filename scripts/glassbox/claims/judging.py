"""Tests of claims: registered where they are written, and what becomes of a claim by its test."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from glassbox.claims.evidence import Evidence, Missing, Unanswerable
from glassbox.claims.hypotheses import NOT_TESTED
from glassbox.claims.robustness import Robustness, replicates_to_decide, same_with_twice
from glassbox.claims.settings import Setting
from glassbox.claims.verdicts import (
    INCONCLUSIVE,
    NOT_TESTABLE,
    OTHER_SETTINGS,
    Comparison,
    Verdict,
    judge,
)
from glassbox.claims.works import Claim
from glassbox.errors import GlassboxError

Test = Callable[..., list[Comparison]]

TESTS: dict[str, Test] = {}


def claim(name: str) -> Callable[[Test], Test]:
    """Register a function as the test of a claim, which is named by its id.

    The function takes the evidence, and by name what the claim is asked `of` and its `published`
    numbers, if it has them; it gives the comparisons that are judged. Raises GlassboxError where a
    claim has a test already.
    """

    def register(test: Test) -> Test:
        if name in TESTS:
            raise GlassboxError(f"{name}: tested by {_name(TESTS[name])} and by {_name(test)}")
        TESTS[name] = test
        return test

    return register


def _name(test: Test) -> str:
    return f"{test.__module__}.{test.__qualname__}"


def tested_by(claim: Claim) -> str | None:
    """The function that tests a claim, with its module; None for one that has no test."""
    return None if claim.untested else _name(TESTS[claim.tested_as])


def verdict(claim: Claim, evidence: Evidence) -> Verdict:
    """The verdict on a claim; what the tables lack is not testable here.

    Raises GlassboxError for a claim without a test that does not say why.
    """
    return _found(claim, evidence)[0]


class Judged(NamedTuple):
    """A claim, what became of it, and how firm that is.

    evidence: the names of the tables that its test read.
    """

    claim: Claim
    verdict: Verdict
    robustness: Robustness
    evidence: list[str]


def judged(
    claim: Claim,
    evidence: Evidence,
    settings: Sequence[Setting] = (),
    elsewhere: str | None = None,
) -> Judged:
    """The verdict on a claim and how firm it is.

    settings: those that the claim rests on; if any is not the work's it gets no verdict. elsewhere:
    the verdict at the other scale, where there was one.
    """
    evidence = replace(evidence, read=set())
    found, robustness = _judged(claim, evidence, settings, elsewhere)
    return Judged(claim, found, robustness, sorted(evidence.read))


def _judged(
    claim: Claim, evidence: Evidence, settings: Sequence[Setting], elsewhere: str | None
) -> tuple[Verdict, Robustness]:
    found, comparisons = _found(claim, evidence)
    if found.verdict == NOT_TESTABLE:
        return found, Robustness(elsewhere=None if claim.untested else elsewhere)
    if differing := [each for each in settings if each.differs]:
        return _without_verdict(found, differing), Robustness(elsewhere=elsewhere)
    needed = replicates_to_decide(comparisons) if found.verdict == INCONCLUSIVE else None
    robustness = Robustness(
        twice=same_with_twice(comparisons, found.verdict),
        needed=needed,
        readings={
            each.words: verdict(claim.read_as(each), evidence).verdict for each in claim.readings
        },
        elsewhere=elsewhere,
    )
    return found, robustness


def _found(claim: Claim, evidence: Evidence) -> tuple[Verdict, list[Comparison]]:
    """The verdict on a claim, and the comparisons that it rests on."""
    if claim.untested:
        return Verdict(NOT_TESTABLE, claim.untested, []), []
    try:
        comparisons = _comparisons(claim, evidence)
    except Unanswerable as nothing:
        return Verdict(NOT_TESTABLE, f"there is no {nothing}, and so nothing to compare", []), []
    except Missing as missing:
        reason = f"this study has no {missing}; the test needs what {claim.config} asks for"
        return Verdict(NOT_TESTABLE, reason, []), []
    return judge(comparisons), comparisons


def _comparisons(claim: Claim, evidence: Evidence) -> list[Comparison]:
    if claim.tested_as not in TESTS:
        raise GlassboxError(
            f"{claim.id}: the table of claims names it, but it has no test; write one under "
            f'@claim("{claim.tested_as}"), or say why it is untested'
        )
    return TESTS[claim.tested_as](evidence, **claim.asked)


def _without_verdict(found: Verdict, differences: list[Setting]) -> Verdict:
    """Values and intervals alone, since they are of other settings than the work's."""
    parts = [replace(part, outcome=NOT_TESTED) for part in found.parts]
    return Verdict(OTHER_SETTINGS, "; ".join(map(str, differences)), parts)

"""Tests of claims: registered where they are written, and the verdict that a claim's test gives."""

from collections.abc import Callable

from glassbox.claims.evidence import Evidence, Missing
from glassbox.claims.verdicts import NOT_TESTABLE, Comparison, Verdict, judge
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


def verdict(claim: Claim, evidence: Evidence) -> Verdict:
    """The verdict on a claim; what the tables lack is not testable here.

    Raises GlassboxError for a claim without a test that does not say why.
    """
    if claim.untested:
        return Verdict(NOT_TESTABLE, claim.untested, [])
    if claim.tested_as not in TESTS:
        raise GlassboxError(
            f"{claim.id}: the table of claims names it, but it has no test; write one under "
            f'@claim("{claim.tested_as}"), or say why it is untested'
        )
    try:
        return judge(TESTS[claim.tested_as](evidence, **claim.asked))
    except Missing as missing:
        needs = ", ".join(claim.needs)
        reason = f"no {missing}; the test needs {needs}, as {claim.config} has them"
        return Verdict(NOT_TESTABLE, reason, [])

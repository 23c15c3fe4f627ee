"""Which examples of a set others are made of."""

from collections.abc import Sequence

from glassbox.tables import Examples


def chosen(examples: Examples, images: int | None, ids: Sequence[int] | None) -> Examples:
    """The first `images` of them, or those with some ids, in that order, or all.

    Raises GlassboxError for ids that there are not.
    """
    if ids is not None:
        return examples.with_ids(ids)
    return examples if images is None else examples.first(images)

"""Data sets: signals with a jump, hand-made shapes, images."""

from math import prod
from typing import Annotated, Literal

from pydantic import Field

from study.schema.section import Ascending, Distinct, File, Name, Positive, Section, SetName, Split

# Another set, split by split and in its order.
CHANGED = ("shuffled-labels", "moved-patches", "occluded", "inverted", "edges")
ALL_SPLITS = (*CHANGED, "unbalanced")  # another set, split by split
ATTACKS = ("attack", "attack-paths")  # of a model on one split of another set
ONE_SPLIT = (*ATTACKS, "noise")  # of one split of another set
MADE_OF_ANOTHER = (*ALL_SPLITS, *ONE_SPLIT, "shapes")
WALKS = ("fgsm", "random-signs", "random-direction")
MANY = 60_000  # images to train on, of sets whose files alone tell how many there are

WHOLE = (
    "rise",
    "width",
    "spike_at",
    "spike_width",
)  # parameters of shapes that are counts of samples


class Jumps(Section):
    """Signals with one jump in Gaussian noise (chen2017 §3.1)."""

    kind: Literal["jumps"]
    length: int = Field(100, ge=4, description="samples per signal")
    first: int = Field(21, ge=2, description="first jump location, 1-based")
    last: int = Field(80, ge=3, description="last jump location; one class per location")
    height: float = Field(3.0, gt=0, description="height of the jump")
    noise: float = Field(1.0, ge=0, description="standard deviation of the noise (errata E-C02)")
    per_class: dict[Split, Positive] = Field(
        {"train": 200, "validation": 100, "test": 100, "averages": 1000},
        description="signals per class of each split",
    )

    @property
    def splits(self) -> list[str]:
        return list(self.per_class)

    @property
    def training(self) -> int:
        """How many examples there are to train on."""
        return self.per_class["train"] * self.classes

    @property
    def width(self) -> int:
        return self.length

    @property
    def classes(self) -> int:
        return self.last - self.first + 1


class ShuffledLabels(Section):
    """Another set with its labels permuted (chen2017 §6.2.1)."""

    kind: Literal["shuffled-labels"]
    of: str = Field(description="the data set whose labels are permuted")


class MovedPatches(Section):
    """Another set of images, each with its patches in another order (lee2019 §4.1)."""

    kind: Literal["moved-patches"]
    of: str = Field(description="the data set whose images are cut into patches")
    patch: Positive = Field(description="height and width of a patch")


class Occluded(Section):
    """Another set of images, each with a square at a random place: an artefact (pardo2019 §2.3)."""

    kind: Literal["occluded"]
    of: str = Field(description="the data set whose images get a square")
    patch: Positive = Field(description="height and width of the square")
    value: float = Field(0.0, ge=0, le=1, description="of its pixels: 0 is black, 1 white")


class Edges(Section):
    """The edges of another set of images, grey: blurred, then Sobel's gradient (rauber2017 H4).

    Grey is the mean of the channels; each image is divided by its largest value.
    """

    kind: Literal["edges"]
    of: str = Field(description="the data set whose images are blurred")
    sigma: float = Field(
        1.0, ge=0, description="standard deviation of the Gaussian blur, in pixels; 0: none"
    )


Share = Annotated[float, Field(gt=0, le=1)]


class Inverted(Section):
    """Another set of images, a share of which are inverted: light on dark (rauber2017 Fig. 6).

    Which ones, the column `inverted` says: 1 or 0. They are drawn at random of each class, for each
    draw of the other set.
    """

    kind: Literal["inverted"]
    of: str = Field(description="the data set some of whose images are inverted")
    share: Share = Field(0.5, description="of the examples of each class, how many are inverted")


class Unbalanced(Section):
    """Another set with fewer training examples of some classes (pardo2019 §3.2).

    Those that stay are drawn at random, for each draw of the other set; its other splits stay as
    they are.
    """

    kind: Literal["unbalanced"]
    of: str = Field(description="the data set that is thinned out")
    shares: list[Share] = Field(
        min_length=1, description="of the training examples of each class, how many stay"
    )


Ids = Annotated[Distinct[Annotated[int, Field(ge=0)]], Field(min_length=1)]


class Noise(Section):
    """Copies of examples of another set in white Gaussian noise (pardo2019 §3.4).

    Splits are noise-<sigma>. Nothing is clipped. Each replicate has a draw of its own. The columns
    `origin_id` and `copy` say of which example each row is a copy, and which.
    """

    kind: Literal["noise"]
    of: SetName = Field(description="the examples that are copied, dataset/split")
    sigmas: Ascending[Annotated[float, Field(ge=0)]] = Field(
        min_length=1, description="deviations of the noise, in the unit of the values; 0: none"
    )
    images: Positive | None = Field(None, description="the first examples; null: all")
    examples: Ids | None = Field(None, description="in their place, the ids of examples")
    copies: Positive = Field(1, description="copies of each example in each split")

    @property
    def sigma(self) -> dict[str, float]:
        """The deviation of the noise of each split."""
        return {f"noise-{sigma:g}": sigma for sigma in self.sigmas}

    @property
    def splits(self) -> list[str]:
        return list(self.sigma)


Sample = Annotated[int, Field(ge=1, description="location, 1-based")]


class ShapeSection(Section):
    """One hand-made signal; what it leaves out is as in the plain step."""

    height: float | None = Field(None, gt=0, description="of the rise; null: that of the signals")
    rise: Positive = Field(1, description="samples that the rise takes")
    before: float = Field(0.0, ge=0, description="fall per sample before the rise, down to 0")
    after: float = Field(0.0, ge=0, description="fall per sample after the rise, 0 at the least")
    width: int = Field(0, ge=0, description="samples after which it drops; 0: never")
    drop: float = Field(1.0, description="share of the height that it drops by")
    spike: float = Field(0.0, description="height of another rise")
    spike_at: Sample | None = Field(None, description="where that other rise is")
    spike_width: Positive = Field(1, description="samples after which it drops again")


class SweepSection(Section):
    """Hand-made signals that differ in one parameter."""

    parameter: Literal[
        "height", "rise", "before", "after", "width", "drop", "spike", "spike_at", "spike_width"
    ]
    values: Ascending[int | float] = Field(min_length=1)
    fixed: ShapeSection = Field(ShapeSection(), description="what all of them have besides")


class Shapes(Section):
    """Noise-free signals that share only the principal subpattern of a jump (chen2017 §7.2)."""

    kind: Literal["shapes"]
    of: str = Field(description="the jump signals whose length, locations and height they take")
    location: Sample = Field(50, description="where all of them rise")
    shapes: dict[Name, ShapeSection] = Field({}, description="signals by name")
    sweeps: dict[Name, SweepSection] = Field({})


Size = Annotated[float, Field(gt=0)]


class Attack(Section):
    """An attack on a model and its controls, a split of each per size (lee2019 §3.4).

    Splits are pgd-<size>; noise-<size>, where values go to random ends; and, for images, which are
    within 0 and 1, clip-<size>, where nothing is done but clipping. A draw is of the attacked
    model's replicate.
    """

    kind: Literal["attack"]
    of: SetName = Field(description="the examples that are attacked, dataset/split")
    model: str = Field(description="the model that is attacked")
    method: Literal["pgd"] = Field("pgd", description="projected gradients of the cross-entropy")
    space: Literal["pixels", "normalised"] = Field(
        "pixels",
        description="of the set's values, as it should be; or of the inputs that the model "
        "normalises, clipped there, as published (E-L08)",
    )
    sizes: Ascending[Size] = Field(
        min_length=1, description="largest changes, in the unit of the space"
    )
    images: Positive = Field(200, description="the first examples, which are attacked")
    steps: Positive = 40
    step: Size = Field(0.01, description="change per step")


class Evaded(Section):
    """How much signs of an introspection weigh that an attack makes small beside its own loss.

    Each counts as far as it is above the mean of the training examples, in their standard
    deviations; half the squared error, which the attack goes down, is at most about 1.
    """

    estimate: float = Field(0.0, ge=0, description="of the estimated log10 of the error")
    reconstruction: float = Field(0.0, ge=0, description="of the autoencoder's error")
    density: float = Field(
        0.0, ge=0, description="of minus the log of the density of training examples in the map"
    )

    @property
    def weights(self) -> dict[str, float]:
        """Those of the signs that weigh something."""
        return {name: weight for name, weight in self.model_dump().items() if weight}


class AttackPaths(Section):
    """Attacks on a model towards every class, step by step, with their paths (pardo2019 §3.5).

    Splits are fgsm, down the sign of the gradient of half the squared error to the wanted class;
    and its controls, of as many steps of the same size: random-signs, with signs drawn for every
    step, and random-direction, with signs drawn once. A draw is of the attacked model's replicate.
    The columns `origin_id`, `target` and `step` say of which example a row is, on the way to which
    class, and after how many steps.
    """

    kind: Literal["attack-paths"]
    of: SetName = Field(description="the examples that are attacked, dataset/split")
    model: str = Field(description="the model that is attacked")
    images: Positive | None = Field(None, description="the first examples, which are attacked")
    examples: Ids | None = Field(None, description="in their place, the ids of examples")
    steps: Positive = 100
    step: Size = Field(
        0.01,
        description="change of each value per step; where ε is that of the whole path, ε / steps",
    )
    clip: bool = Field(
        True, description="after each step, to 0 and 1, which are the bounds of images alone"
    )
    evades: Evaded | None = Field(
        None,
        description="signs of the model's introspection that the attack knows and evades "
        "(pardo2019 §4); there is the split fgsm alone then",
    )
    every: Positive = Field(
        5,
        description="steps from one row to the next, of which steps is a multiple; a split has "
        "examples x classes x (steps / every + 1) rows, which are held in memory: 100 images of "
        "CIFAR-10 take 260 MB, and 1.2 GB with all 100 steps",
    )

    @property
    def splits(self) -> list[str]:
        return list(WALKS[:1] if self.evades else WALKS)

    def rows(self, classes: int) -> int:
        """How many rows a split has at most."""
        attacked = len(self.examples) if self.examples else self.images
        return attacked * classes * (self.steps // self.every + 1)


class Images(Section):
    """What every set of images has."""

    validation: int = Field(ge=0, description="examples held out of training, at random")

    @property
    def training(self) -> int:
        """How many examples there may be to train on."""
        return MANY

    @property
    def splits(self) -> list[str]:
        held_out = ["validation"] if self.validation else []
        return ["train", *held_out, "test"]


class Digits(Images):
    """scikit-learn's embedded 8 x 8 digits: 1,797 images, not MNIST."""

    kind: Literal["digits"]
    test: Positive = Field(360, description="examples held out for the test, at random")
    validation: int = Field(287, ge=0, description="examples held out of training, at random")

    @property
    def training(self) -> int:
        return 1797 - self.test - self.validation

    @property
    def width(self) -> int:
        return 64

    @property
    def classes(self) -> int:
        return 10


class IdxPair(Section):
    """The images and the labels of one part of an idx set."""

    images: File
    labels: File


class IdxFiles(Section):
    """The four files of an idx set."""

    train: IdxPair | None = Field(None, description="none for a set that is only shown")
    test: IdxPair


class Idx(Images):
    """MNIST and its kin from their four original files."""

    kind: Literal["idx"]
    folder: Name = Field(description="folder below the data folder")
    files: IdxFiles
    download: str | None = Field(None, description="torchvision's name, if it may download")
    size: int = Field(28, ge=1, description="height and width of an image")
    classes: Positive = 10

    @property
    def splits(self) -> list[str]:
        return super().splits if self.files.train else ["test"]

    @property
    def width(self) -> int:
        return self.size**2


class HubFiles(Section):
    """The Parquet files of a set on the Hugging Face hub."""

    train: list[File] = Field(min_length=1)
    test: list[File] = Field(min_length=1)


class Photos(Section):
    """Grey patches of scikit-learn's two embedded photographs: images from elsewhere."""

    kind: Literal["photos"]
    size: Positive = Field(8, description="height and width of a patch")
    test: Positive = Field(500, description="patches of the test set, at random places")

    @property
    def training(self) -> int:
        return 0

    @property
    def splits(self) -> list[str]:
        return ["test"]

    @property
    def width(self) -> int:
        return self.size**2

    @property
    def classes(self) -> int:
        return 2


class Hub(Images):
    """Any image set as Parquet in the layout of the Hugging Face hub."""

    kind: Literal["hub"]
    folder: Name = Field(description="folder below the data folder")
    files: HubFiles
    shape: list[Positive] = Field(
        min_length=2, max_length=3, description="height, width and, for colour, 3"
    )
    label: str = Field("label", description="the column of the labels, such as fine_label")
    classes: Positive = 10

    @property
    def width(self) -> int:
        return prod(self.shape)


class ArrayFiles(Section):
    """Files of arrays `x` and `y`."""

    train: File
    test: File | None = Field(None, description="none: some of the others are held out for it")


class Arrays(Images):
    """Images or signals of one's own: `x` and `y` in a file of NumPy's `.npz`."""

    kind: Literal["arrays"]
    folder: Name = Field(description="folder below the data folder")
    files: ArrayFiles
    shape: list[Positive] = Field(
        min_length=1,
        max_length=3,
        description="length, or height, width(, colours)",
    )
    classes: Positive = Field(description="labels are 0 to one less")
    validation: int = Field(0, ge=0, description="examples held out of training, at random")
    test: Positive = Field(500, description="examples held out, where there is no file of them")

    @property
    def width(self) -> int:
        return prod(self.shape)


Original = Jumps | Digits | Idx | Hub | Photos | Arrays  # what is made of no other set
Dataset = Annotated[
    Original
    | ShuffledLabels
    | MovedPatches
    | Occluded
    | Edges
    | Inverted
    | Unbalanced
    | Noise
    | Shapes
    | Attack
    | AttackPaths,
    Field(discriminator="kind"),
]

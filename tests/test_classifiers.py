"""The networks of lee2019: their layers, training and foreign weights."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, max_pool2d, relu

from glassbox.datasets.images import digits, read_hub_images
from glassbox.errors import GlassboxError
from glassbox.models.classifier import answers, as_images, as_values, layer_patterns
from glassbox.models.lenet import LeNet, start
from glassbox.models.momentum import Images, MomentumRecipe, evaluate, train_classifier
from glassbox.models.pretrained import check_accuracy, load_pretrained
from glassbox.models.resnet import ResNet
from glassbox.models.training import Diverged

CPU = torch.device("cpu")
DATA = Path(os.environ.get("GLASSBOX_DATA", Path(__file__).parents[2] / "shared/data"))


def small_lenet(seed=0):
    return start(LeNet(size=8, kernel=3, padding=1), np.random.default_rng(seed))


def digit_images():
    pixels, labels = digits()
    values = pixels.reshape(len(pixels), -1)
    return Images(as_images(values, [8, 8]), torch.from_numpy(labels))


def test_images_go_to_channels_first_and_back():
    values = np.arange(2 * 3 * 4 * 3, dtype=np.float32).reshape(2, -1)
    images = as_images(values, [3, 4, 3])
    assert images.shape == (2, 3, 3, 4)
    assert images[1, 2, 0, 1] == values.reshape(2, 3, 4, 3)[1, 0, 1, 2]
    np.testing.assert_array_equal(as_values(images), values)
    assert as_images(values, [6, 6]).shape == (2, 1, 6, 6)


def test_lenet_has_the_layers_and_sizes_of_the_example():
    model, images = LeNet(), torch.rand(2, 1, 28, 28)
    shapes = {name: each.shape[1] for name, each in model.patterns(images).items()}
    assert shapes == {"CN1": 20 * 24 * 24, "CN2": 50 * 8 * 8, "FC1": 500, "FC2": 10}
    assert sum(parameter.numel() for parameter in model.parameters()) == 431_080


def test_lenet_computes_what_the_example_does():
    model, pixels = LeNet(), torch.rand(3, 1, 28, 28)
    hidden = (pixels - 0.1307) / 0.3081
    for layer in (model.conv1, model.conv2):
        hidden = max_pool2d(relu(layer(hidden)), 2, 2)
    wanted = model.fc2(relu(model.fc1(hidden.view(-1, 4 * 4 * 50))))
    torch.testing.assert_close(model(pixels), wanted)
    torch.testing.assert_close(model.pixels(model.normalise(pixels)), pixels)


def test_patterns_are_those_before_rectification_and_pooling():
    model, pixels = LeNet(), torch.rand(3, 1, 28, 28)
    found = layer_patterns(model, pixels, ["CN1", "FC2"], CPU, rows=2)
    first = found["CN1"]
    wanted = model.conv1(model.normalise(pixels)).detach().flatten(1)
    torch.testing.assert_close(torch.from_numpy(first), wanted)
    assert (first < 0).any()
    torch.testing.assert_close(torch.from_numpy(found["FC2"]), model(pixels).detach())
    with pytest.raises(GlassboxError, match="no layer CL1; the network has CN1, CN2, FC1, FC2"):
        layer_patterns(model, pixels, ["CL1"], CPU)


def test_lenet_starts_within_pytorchs_bounds_and_from_its_generator_alone():
    one, again, other = small_lenet(), small_lenet(), small_lenet(1)
    for a, b, c in zip(one.parameters(), again.parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b) and not torch.equal(a, c)
    bound = 1 / np.sqrt(20 * 9)
    assert 0.95 * bound < one.conv2.weight.abs().max() <= bound


def test_a_step_of_training_is_that_of_momentum():
    torch.manual_seed(0)
    images = digit_images()
    few = Images(images.pixels[:64], images.labels[:64])
    model, twin = small_lenet(), small_lenet()
    recipe = MomentumRecipe(batch_size=64, epochs=3)
    train_classifier(model, few, few, recipe, torch.Generator().manual_seed(0))
    velocity = [torch.zeros_like(parameter) for parameter in twin.parameters()]
    for _ in range(3):
        twin.zero_grad()
        cross_entropy(twin(few.pixels), few.labels).backward()
        with torch.no_grad():
            for parameter, speed in zip(twin.parameters(), velocity, strict=True):
                speed.mul_(0.5).add_(parameter.grad)
                parameter.sub_(0.01 * speed)
    for mine, wanted in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, wanted, rtol=1e-4, atol=1e-5)


def test_training_learns_the_digits_and_says_how():
    images = digit_images()
    training = Images(images.pixels[:1000], images.labels[:1000])
    test = Images(images.pixels[1000:], images.labels[1000:])
    model = small_lenet()
    recipe = MomentumRecipe(epochs=10, learning_rate=0.05)
    history = train_classifier(model, training, test, recipe, torch.Generator().manual_seed(0))
    assert history["epoch"].tolist() == list(range(1, 11))
    loss, accuracy = evaluate(model, test)
    last = history.iloc[-1]
    assert last["validation_loss"] == loss and last["validation_accuracy"] == accuracy > 0.85
    assert (answers(model, test.pixels, CPU) == test.labels.numpy()).mean() == accuracy
    assert last["train_loss"] < 0.3 * history["train_loss"].iloc[0]


def test_divergence_is_told():
    images = digit_images()
    few = Images(images.pixels[:200] * 1e6, images.labels[:200])
    recipe = MomentumRecipe(learning_rate=1e6, epochs=3)
    with pytest.raises(Diverged, match="epoch 1 at learning rate 1000000"):
        train_classifier(small_lenet(), few, few, recipe, torch.Generator())


def test_resnet_has_five_blocks_of_the_published_sizes():
    model = ResNet().eval()
    shapes = {n: each.shape[1] for n, each in model.patterns(torch.rand(1, 3, 32, 32)).items()}
    assert shapes == {"CN1": 16_384, "CL1": 16_384, "CL2": 8_192, "CL3": 4_096, "FC": 10}
    weighted = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(weighted) == 44
    assert sum(parameter.numel() for parameter in model.parameters()) == 658_586


def test_shortcuts_subsample_and_pad_with_zeros():
    model = ResNet(blocks=1).eval()
    block = model.layer2[0]
    nn.init.zeros_(block.bn2.weight)  # what is left is the shortcut
    inputs = torch.rand(1, 16, 8, 8)
    outputs = block(inputs)
    torch.testing.assert_close(outputs[:, 8:24], inputs[:, :, ::2, ::2])
    assert not outputs[:, :8].any() and not outputs[:, 24:].any()


@pytest.fixture
def checkpoint(tmp_path):
    """A function that writes a changed checkpoint of a small ResNet as its author did."""
    model = ResNet(blocks=1)

    def write(change):
        state = {f"module.{name}": each for name, each in model.state_dict().items()}
        state = {name: each for name, each in state.items() if "num_batches" not in name}
        change(state)
        path = tmp_path / "weights.th"
        torch.save({"state_dict": state, "best_prec1": 93.1}, path)
        return path, model

    return write


def test_foreign_weights_that_fit_are_taken(checkpoint):
    path, source = checkpoint(lambda state: None)
    model = ResNet(blocks=1)
    load_pretrained(path, model)
    for mine, theirs in zip(model.parameters(), source.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_foreign_weights_that_do_not_fit_are_named(checkpoint):
    def spoil(state):
        del state["module.bn1.bias"]
        state["module.added"] = torch.zeros(1)
        state["module.linear.bias"] = torch.zeros(7)

    path, _ = checkpoint(spoil)
    with pytest.raises(GlassboxError) as error:
        load_pretrained(path, ResNet(blocks=1))
    message = str(error.value)
    assert "missing: bn1.bias\n" in message and "extra: added\n" in message
    assert "of another shape: linear.bias (7,), not (10,)" in message


@pytest.mark.parametrize("content", [b"", b"no pickle", None])
def test_files_that_are_no_checkpoints_are_refused(tmp_path, content):
    path = tmp_path / "weights.th"
    if content is None:
        torch.save({"state_dict": {"conv1": Path("/")}}, path)  # a pickle that would run code
    else:
        path.write_bytes(content)
    with pytest.raises(GlassboxError, match="not a checkpoint of tensors"):
        load_pretrained(path, ResNet(blocks=1))


def test_an_accuracy_that_is_not_as_known_is_refused():
    check_accuracy(0.93, 0.931, 0.005, "resnet44")
    with pytest.raises(GlassboxError, match=r"resnet44: 81.00% of the test set right, 93.10%"):
        check_accuracy(0.81, 0.931, 0.005, "resnet44")


@pytest.mark.skipif(
    not (DATA / "weights").is_dir(), reason=f"no weights and CIFAR-10 in {DATA} (GLASSBOX_DATA)"
)
def test_the_pretrained_resnet44_is_as_accurate_as_its_author_says():
    model = ResNet()
    load_pretrained(DATA / "weights/resnet44-014dd654.th", model)
    images, labels = read_hub_images([DATA / "cifar10/test-00000-of-00001.parquet"])
    pixels = as_images(images[:500].reshape(500, -1), [32, 32, 3])
    right = (answers(model, pixels, CPU) == labels[:500]).mean()
    assert 0.9 < right < 0.965  # 93.11 % of all 10,000; a deviation of 1.1 % for 500

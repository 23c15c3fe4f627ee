"""The networks of lee2019: their inputs, layers, training and foreign weights."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import conv2d, cross_entropy, elu, linear, max_pool2d, relu

from glassbox.datasets.hub import read_hub_images
from glassbox.datasets.images import digits
from glassbox.errors import GlassboxError
from glassbox.models.build import architecture, describe, write_description
from glassbox.models.inputs import Inputs
from glassbox.models.kinds.lenet import LeNet
from glassbox.models.kinds.resnet44 import ResNet
from glassbox.models.losses import LOSSES
from glassbox.models.model import answers, read_layers
from glassbox.models.recipe import Recipe
from glassbox.models.tensors import check_accuracy, load_foreign
from glassbox.models.training import Data, Diverged, Draws, evaluate, train
from glassbox.models.weights import kept_epochs, read_model, states, write_weights
from study.schema.datasets import Digits
from study.schema.models.lenet import LeNet as LeNetSection

DATA = Path(os.environ.get("GLASSBOX_DATA", Path(__file__).parents[2] / "shared/data"))


LENET = {"kind": "lenet", "kernel": 3, "padding": 1}


def lenet(size=8, classes=10, **settings):
    build = {"kind": "lenet", **(settings or {"kernel": 3, "padding": 1})}
    return architecture(describe(build, [size, size], classes))


def started(seed=0):
    """A small LeNet, as it is trained: a stack of one."""
    return lenet().start([np.random.default_rng(seed)])[0]


def model_of(trained):
    return lenet().model(trained.states()[0])


def digit_images(part=slice(None)):
    """Digits as they are trained on, and as data sets hold them."""
    pixels, labels = (each[part] for each in digits())
    values = pixels.reshape(len(pixels), -1)
    inputs = lenet().inputs(torch.from_numpy(values))
    return Data(inputs[None], torch.from_numpy(labels)[None]), values


def trained(model, training, held_out, recipe, seed=0):
    return train(model, training, held_out, recipe, Draws([torch.Generator().manual_seed(seed)]))


def test_images_go_to_channels_first_and_back():
    values = torch.arange(2 * 3 * 4 * 3, dtype=torch.float32).reshape(2, -1)
    inputs = Inputs([3, 4, 3])
    images = inputs.arrange(values)
    assert images.shape == (2, 3, 3, 4)
    assert images[1, 2, 0, 1] == values.reshape(2, 3, 4, 3)[1, 0, 1, 2]
    assert torch.equal(inputs.flatten(images), values)
    assert Inputs([6, 6]).arrange(values).shape == (2, 1, 6, 6)
    assert Inputs([36], [1, 36]).arrange(values).shape == (2, 1, 36)
    flat = Inputs([3, 4, 3], [36])
    assert torch.equal(flat.arrange(values), images.flatten(1))
    assert torch.equal(flat.flatten(flat.arrange(values)), values)


def test_normalisation_is_by_channel_and_leads_back():
    inputs = Inputs([2, 2, 3], mean=[0.1, 0.2, 0.3], deviation=[1, 2, 4])
    values = torch.rand(5, 12)
    wanted = (values.reshape(5, 4, 3) - torch.tensor([0.1, 0.2, 0.3])) / torch.tensor([1, 2, 4])
    normalised = inputs(values)
    torch.testing.assert_close(normalised.flatten(2).transpose(1, 2), wanted)
    torch.testing.assert_close(inputs.flatten(inputs.restore(normalised)), values)


def test_inputs_that_cannot_be_are_refused_in_words():
    with pytest.raises(GlassboxError, match="36 values are not 35"):
        Inputs([6, 6], [35])
    with pytest.raises(GlassboxError, match="2 means and 2 deviations for inputs of shape"):
        Inputs([6, 6, 3], mean=[0, 0], deviation=[1, 1])


def test_lenet_has_the_layers_and_sizes_of_the_example():
    model = lenet(28, 10, kernel=5, padding=0).model(LeNet().state_dict())
    shapes = {layer.name: layer.shape for layer in model.layers}
    assert shapes == {"CN1": (20, 24, 24), "CN2": (50, 8, 8), "FC1": (500,), "FC2": (10,)}
    assert {layer.site for layer in model.layers} == {"before"}
    assert [layer.depth for layer in model.layers] == [1, 2, 3, 4]
    assert sum(parameter.numel() for parameter in model.parameters()) == 431_080


def test_lenet_may_have_layers_of_other_widths():
    settings = {"kernel": 3, "padding": 1, "filters": [1, 2], "units": 3}
    started = lenet(**settings).start([np.random.default_rng(0)])[0].module
    model = lenet(**settings).model(started.state_dict())
    shapes = {layer.name: layer.shape for layer in model.layers}
    assert shapes == {"CN1": (1, 8, 8), "CN2": (2, 4, 4), "FC1": (3,), "FC2": (10,)}
    section = LeNetSection(build="lenet", dataset="a", **settings)
    known = section.layers(Digits(kind="digits"), [8, 8])
    assert known == {name: math.prod(shape) for name, shape in shapes.items()}
    assert section.architecture() == {"kind": "lenet", **settings}


def test_a_lenet_of_the_usual_widths_does_not_say_them():
    given = {"build": "lenet", "dataset": "a", "filters": [20, 50], "units": 500}
    usual = LeNetSection(**given).architecture()
    assert usual == {"kind": "lenet", "kernel": 5, "padding": 0}


def test_lenet_computes_what_the_example_does():
    module, values = LeNet(), torch.rand(3, 28 * 28)
    model = lenet(28, 10, kernel=5, padding=0).model(module.state_dict())
    hidden = (values.reshape(3, 1, 28, 28) - 0.1307) / 0.3081
    for layer in (module.conv1, module.conv2):
        hidden = max_pool2d(relu(layer(hidden)), 2, 2)
    wanted = module.fc2(relu(module.fc1(hidden.view(-1, 4 * 4 * 50))))
    torch.testing.assert_close(model(values), wanted)


def test_patterns_are_those_before_rectification_and_pooling():
    module, values = started().module, digit_images(slice(3))[1]
    model = lenet().model(module.state_dict())
    found = read_layers(model, values, ["CN1", "FC2"], rows=2)
    first, shown = found["CN1"], torch.from_numpy(values)
    wanted = module.conv1(model.inputs(shown)).detach().flatten(1)
    torch.testing.assert_close(torch.from_numpy(first), wanted)
    assert (first < 0).any()
    torch.testing.assert_close(torch.from_numpy(found["FC2"]), model(shown).detach())
    with pytest.raises(GlassboxError, match="no layer CL1; the network has CN1, CN2, FC1, FC2"):
        read_layers(model, values, ["CL1"])


def all_cnn(size=(8, 8), **settings):
    return architecture(describe({"kind": "all-cnn", **settings}, size, 10))


def test_the_all_convolutional_network_has_the_layers_of_its_table():
    network = all_cnn((32, 32, 3))
    model = network.model(network.start([np.random.default_rng(0)])[0].states()[0])
    assert {layer.name: layer.shape for layer in model.layers} == {
        **{"conv-1": (96, 32, 32), "conv-2": (96, 32, 32), "conv-3": (96, 16, 16)},
        **{"conv-4": (192, 16, 16), "conv-5": (192, 16, 16), "conv-6": (192, 8, 8)},
        **{"average": (192,), "hidden-1": (512,), "hidden-2": (512,), "hidden-3": (512,)},
        "output": (10,),
    }
    assert [layer.site for layer in model.layers] == [*10 * ["after"], "before"]


def test_the_all_convolutional_network_computes_what_a_plain_one_does():
    network = all_cnn((7, 7), widths=[3, 4], dense=[6, 5], keep=0.5, output="sigmoid")
    state = network.start([np.random.default_rng(0)])[0].states()[0]
    model, values = network.model(state), torch.rand(5, 49)
    found, images = model.read(values, [layer.name for layer in model.layers]), values
    images = images.reshape(5, 1, 7, 7)
    for number in range(1, 7):
        weights = state[f"conv-{number}.0.weight"], state[f"conv-{number}.0.bias"]
        images = elu(conv2d(images, *weights, stride=1 + (number % 3 == 0), padding=1))
        torch.testing.assert_close(found[f"conv-{number}"], images.flatten(1))
    hidden = images.mean((2, 3))
    torch.testing.assert_close(found["average"], hidden)
    for number in (1, 2):
        weights = state[f"hidden-{number}.0.weight"], state[f"hidden-{number}.0.bias"]
        hidden = elu(linear(hidden, *weights))
        torch.testing.assert_close(found[f"hidden-{number}"], hidden)
    logits = linear(hidden, state["output.weight"], state["output.bias"])
    torch.testing.assert_close(model(values), logits)
    torch.testing.assert_close(found["output"], logits)
    torch.testing.assert_close(model.outputs(values), logits.sigmoid())


def test_the_all_convolutional_network_starts_within_glorots_bounds_and_without_bias():
    module = all_cnn(widths=[20], dense=[300]).start([np.random.default_rng(0)])[0].module
    for layer, fans in ((module[1][0], 9 * 40), (module[4][0], 320), (module[5], 310)):
        bound = np.sqrt(6 / fans)
        assert 0.95 * bound < layer.weight.abs().max() <= bound * (1 + 1e-6)
        assert (layer.bias == 0).all()


def test_a_small_all_convolutional_network_learns_the_digits():
    network = all_cnn(widths=[8, 16], dense=[32], keep=0.9, output="sigmoid")
    pixels, labels = digits()
    inputs = network.inputs(torch.from_numpy(pixels.reshape(len(pixels), -1)))[None]
    labels = torch.from_numpy(labels)[None]
    training, held_out = (
        Data(inputs[:, part], labels[:, part]) for part in (slice(1000), slice(1000, None))
    )
    cycles = {"cycle": 100, "max_cycles": 4, "patience": 5, "schedule": "triangular"}
    recipe = Recipe(32, 0.005, "cycles", optimizer="adam", **cycles)
    draws = Draws(*([torch.Generator().manual_seed(each)] for each in range(3)))
    model = network.start([np.random.default_rng(0)])[0]
    history = train(model, training, held_out, recipe, draws, LOSSES["squared-error"]).history
    assert history["validation_accuracy"].max() > 0.85


def cnn(size=(8, 8), **settings):
    return architecture(describe({"kind": "cnn", **settings}, size, 10))


@pytest.mark.parametrize(("size", "side"), [((32, 32, 3), 8), ((28, 28), 7)])
def test_the_network_of_the_slides_has_their_layers(size, side):
    network = cnn(size)
    state = network.start([np.random.default_rng(0)])[0].states()[0]
    model = network.model(state)
    assert {layer.name: layer.shape for layer in model.layers} == {
        **{f"conv-{number}": (32, 4 * side, 4 * side) for number in (1, 2)},
        "pool-1": (32, 2 * side, 2 * side),
        **{f"conv-{number}": (64, 2 * side, 2 * side) for number in (3, 4)},
        "pool-2": (64, side, side),
        **{"hidden-1": (4096,), "hidden-2": (512,), "output": (10,)},
    }
    assert [layer.site for layer in model.layers] == [*8 * ["after"], "before"]
    assert {name: tuple(each.shape) for name, each in state.items()} == network.shapes()


def test_the_map_behind_both_poolings_takes_the_place_of_a_dense_layer():
    network = cnn((32, 32, 3), dense=[512])
    model = network.model(network.start([np.random.default_rng(0)])[0].states()[0])
    assert [layer.name for layer in model.layers][-3:] == ["pool-2", "hidden-1", "output"]
    assert [layer.units for layer in model.layers][-3:] == [4096, 512, 10]


@pytest.mark.parametrize("size", [(8, 8), (9, 7, 3)])
def test_the_network_of_the_slides_computes_what_a_plain_one_does(size):
    keep = [0.9, 0.8, 0.7, 0.6]
    network = cnn(size, filters=[3, 4], dense=[6, 5], keep=keep)
    state = network.start([np.random.default_rng(0)])[0].states()[0]
    model, values = network.model(state), torch.rand(5, int(np.prod(size)))
    found = model.read(values, [layer.name for layer in model.layers])
    images = values.reshape(5, size[0], size[1], -1).permute(0, 3, 1, 2)
    for number in range(1, 5):
        weights = state[f"conv-{number}.0.weight"], state[f"conv-{number}.0.bias"]
        images = conv2d(images, *weights, padding=1).clamp(min=0)
        torch.testing.assert_close(found[f"conv-{number}"], images.flatten(1))
        if number % 2 == 0:
            images = max_pool2d(images, 2)
            torch.testing.assert_close(found[f"pool-{number // 2}"], images.flatten(1))
    hidden = images.flatten(1)
    for number in (1, 2):
        weights = state[f"hidden-{number}.0.weight"], state[f"hidden-{number}.0.bias"]
        hidden = linear(hidden, *weights).clamp(min=0)
        torch.testing.assert_close(found[f"hidden-{number}"], hidden)
    logits = linear(hidden, state["output.weight"], state["output.bias"])
    torch.testing.assert_close(model(values), logits)
    torch.testing.assert_close(found["output"], logits)


def test_pooled_and_dense_layers_drop_what_is_said_of_each():
    keep = [0.9, 1, 0.7, 0.6]
    module = cnn(filters=[3, 4], dense=[6, 5], keep=keep).start([np.random.default_rng(0)])[0]
    dropped = {
        name: 1 - part.p for name, part in module.named_modules() if isinstance(part, nn.Dropout)
    }
    wanted = {"pool-1.1": 0.9, "hidden-1.2": 0.7, "hidden-2.2": 0.6}
    assert dropped == pytest.approx({f"module.{name}": each for name, each in wanted.items()})


def test_a_small_network_of_the_slides_learns_the_digits():
    network = cnn(filters=[8, 16], dense=[64, 32], keep=[0.9, 0.9, 0.9, 0.9])
    pixels, labels = digits()
    inputs = network.inputs(torch.from_numpy(pixels.reshape(len(pixels), -1)))[None]
    labels = torch.from_numpy(labels)[None]
    training, held_out = (
        Data(inputs[:, part], labels[:, part]) for part in (slice(1000), slice(1000, None))
    )
    recipe = Recipe(16, 0.01, "epochs", 6, momentum=0.9)
    draws = Draws(*([torch.Generator().manual_seed(each)] for each in range(3)))
    model = network.start([np.random.default_rng(0)])[0]
    history = train(model, training, held_out, recipe, draws, LOSSES["cross-entropy"]).history
    assert history["validation_accuracy"].max() > 0.85


def test_lenet_starts_within_pytorchs_bounds_and_from_its_generator_alone():
    one, again, other = started(), started(), started(1)
    for a, b, c in zip(one.parameters(), again.parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b) and not torch.equal(a, c)
    bound = 1 / np.sqrt(20 * 9)
    assert 0.95 * bound < one.module.conv2.weight.abs().max() <= bound


def test_a_step_of_training_is_that_of_momentum():
    few, values = digit_images(slice(64))
    twin = started().module
    recipe = Recipe(64, 0.01, "epochs", 3, momentum=0.5)
    module = trained(started(), few, few, recipe).model.module
    velocity = [torch.zeros_like(parameter) for parameter in twin.parameters()]
    normalised = (torch.from_numpy(values).reshape(-1, 1, 8, 8) - 0.1307) / 0.3081
    for _ in range(3):
        twin.zero_grad()
        cross_entropy(twin(normalised), few.targets[0]).backward()
        with torch.no_grad():
            for parameter, speed in zip(twin.parameters(), velocity, strict=True):
                speed.mul_(0.5).add_(parameter.grad)
                parameter.sub_(0.01 * speed)
    for mine, wanted in zip(module.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, wanted, rtol=1e-4, atol=1e-5)


def test_training_learns_the_digits_and_says_how():
    training, _ = digit_images(slice(1000))
    test, values = digit_images(slice(1000, None))
    recipe = Recipe(64, 0.05, "epochs", 10, momentum=0.5)
    result = trained(started(), training, test, recipe)
    history = result.history
    assert history["epoch"].tolist() == list(range(1, 11))
    assert history["done"].all() and history["kept"].tolist() == 9 * [False] + [True]
    loss, accuracy = (each.item() for each in evaluate(result.model, test))
    last = history.iloc[-1]
    assert last["validation_loss"] == loss and last["validation_accuracy"] == accuracy > 0.85
    right = answers(model_of(result.model), values) == test.targets[0].numpy()
    assert right.mean() == accuracy
    assert last["train_loss"] < 0.3 * history["train_loss"].iloc[0]


def test_a_lenet_stops_early_and_keeps_checkpoints_like_any_other(tmp_path):
    training, _ = digit_images(slice(40))
    test, _ = digit_images(slice(40, 80))
    recipe = Recipe(8, 0.1, "validation-loss", 60, 3, momentum=0.5, checkpoints=[0, 2, 99])
    result = trained(started(), training, test, recipe)
    best = result.history["validation_loss"].to_numpy().argmin() + 1
    assert result.history["epoch"].tolist() == list(range(1, best + 3 + 1))
    assert result.history.loc[result.history["kept"], "epoch"].tolist() == [best]
    until = trained(started(), training, test, Recipe(8, 0.1, "epochs", int(best), momentum=0.5))
    assert list(result.checkpoints) == [0, 2]
    after_2 = trained(started(), training, test, Recipe(8, 0.1, "epochs", 2, momentum=0.5))
    tensors = states(result.model, [7])
    for epoch, (kept, places) in result.checkpoints.items():
        assert places == [0]
        tensors |= states(kept, [7], epoch)
    write_weights(tmp_path / "w", tmp_path / "d", tensors)
    write_description(tmp_path / "m", describe(LENET, [8, 8], 10))
    assert kept_epochs(tmp_path / "w", 7) == [0, 2]
    for epoch, wanted in ((None, until.model), (0, started()), (2, after_2.model)):
        found = read_model(tmp_path / "m", tmp_path / "w", 7, epoch)
        for one, two in zip(found.parameters(), wanted.parameters(), strict=True):
            assert torch.equal(one, two)


def test_a_lenet_ends_when_it_classifies_all_training_examples_right():
    few, _ = digit_images(slice(60))
    recipe = Recipe(8, 0.05, "train-accuracy", 200, momentum=0.5)
    result = trained(started(), few, few, recipe)
    assert evaluate(result.model, few)[1].item() == 1
    assert 1 < len(result.history) < 200 and result.history["done"].all()


def test_divergence_is_told():
    few, _ = digit_images(slice(200))
    wild = Data(few.inputs * 1e6, few.targets)
    recipe = Recipe(64, 1e6, "epochs", 3, momentum=0.5)
    with pytest.raises(Diverged, match="epoch 1 at learning rate 1000000"):
        trained(started(), wild, wild, recipe)


def resnet():
    """ResNet44 as a model, from its own start."""
    network = architecture(describe({"kind": "resnet44"}, [32, 32, 3], 10))
    return network.model(network.start([np.random.default_rng(0)])[0].states()[0])


def shapes_of(module):
    return {name: tuple(each.shape) for name, each in module.state_dict().items()}


def test_resnet_has_five_blocks_of_the_published_sizes():
    model = resnet()
    units = {layer.name: layer.units for layer in model.layers}
    assert units == {"CN1": 16_384, "CL1": 16_384, "CL2": 8_192, "CL3": 4_096, "FC": 10}
    sites = [layer.site for layer in model.layers]
    assert sites == ["before", "after", "after", "after", "before"]
    weighted = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(weighted) == 44
    assert sum(parameter.numel() for parameter in model.parameters()) == 658_586


def test_patterns_of_a_resnet_are_those_of_its_groups():
    model, values = resnet(), torch.rand(2, 3 * 32 * 32)
    module, hidden = model.module, model.inputs(values)
    first = module.conv1(hidden)
    groups = [relu(module.bn1(first))]
    for group in (module.layer1, module.layer2, module.layer3):
        groups.append(group(groups[-1]))
    logits = module.linear(groups[-1].mean((2, 3)))
    found = model.read(values, ["CN1", "CL1", "CL2", "CL3", "FC"])
    for name, wanted in zip(found, [first, *groups[1:], logits], strict=True):
        assert torch.equal(found[name], wanted.flatten(1))
    assert (found["CN1"] < 0).any() and all((found[f"CL{n}"] >= 0).all() for n in (1, 2, 3))


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
    found = load_foreign(path, shapes_of(ResNet(blocks=1)))
    assert list(found) == list(source.state_dict())
    for name, theirs in source.state_dict().items():
        assert torch.equal(found[name], theirs)


def test_foreign_weights_that_do_not_fit_are_named(checkpoint):
    def spoil(state):
        del state["module.bn1.bias"]
        state["module.added"] = torch.zeros(1)
        state["module.linear.bias"] = torch.zeros(7)

    path, _ = checkpoint(spoil)
    with pytest.raises(GlassboxError) as error:
        load_foreign(path, shapes_of(ResNet(blocks=1)))
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
        load_foreign(path, shapes_of(ResNet(blocks=1)))


def test_tensors_under_other_keys_are_named_and_taken_from_the_one_that_is_told(tmp_path):
    state = ResNet(blocks=1).state_dict()
    path = tmp_path / "weights.th"
    torch.save({"net": state, "ema": state, "epoch": 3}, path)
    wanted = shapes_of(ResNet(blocks=1))
    with pytest.raises(GlassboxError, match=r"under keys of their own: net, ema\n.*key: net"):
        load_foreign(path, wanted)
    with pytest.raises(GlassboxError, match=r"nothing under weights.key, 'nte'\n.*: net, ema"):
        load_foreign(path, wanted, "nte")
    found = load_foreign(path, wanted, "net")
    assert all(torch.equal(found[name], each) for name, each in state.items())


def test_an_accuracy_that_is_not_as_known_is_refused():
    check_accuracy(0.93, 0.931, 0.005, "resnet44")
    with pytest.raises(GlassboxError, match=r"resnet44: 81.00% of the test set right, 93.10%"):
        check_accuracy(0.81, 0.931, 0.005, "resnet44")


@pytest.mark.skipif(
    not (DATA / "weights").is_dir(), reason=f"no weights and CIFAR-10 in {DATA} (GLASSBOX_DATA)"
)
def test_the_pretrained_resnet44_is_as_accurate_as_its_author_says():
    network = architecture(describe({"kind": "resnet44"}, [32, 32, 3], 10))
    file = DATA / "weights/resnet44-014dd654.th"
    model = network.model(load_foreign(file, network.shapes()))
    images, labels = read_hub_images([DATA / "cifar10/test-00000-of-00001.parquet"], [32, 32, 3])
    right = (answers(model, images[:500].reshape(500, -1)) == labels[:500]).mean()
    assert 0.9 < right < 0.965  # 93.11 % of all 10,000; a deviation of 1.1 % for 500

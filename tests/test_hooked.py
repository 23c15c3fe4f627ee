"""Layers of any torch module by hooks, against the values that the module itself computes."""

from dataclasses import dataclass

import pytest
import torch
from torch import nn
from torch.nn.functional import relu

from glassbox.errors import GlassboxError
from glassbox.models.hooked import hooked
from glassbox.models.inputs import Inputs

IMAGES = Inputs([6, 6])


class Net(nn.Module):
    """Convolutions with one shared, in-place ReLU, and what `give` makes of the logits."""

    def __init__(self, give=lambda logits: logits):
        super().__init__()
        self.give = give
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 3), nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(3)
        self.relu, self.unused = nn.ReLU(inplace=True), nn.Linear(2, 2)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(16, 5))

    def squeeze(self, images):
        return images.flatten(1)

    def forward(self, images):
        hidden = self.relu(self.norm(self.conv1(images)))
        return self.give(self.head(self.relu(self.conv2(hidden))))


@pytest.fixture
def values():
    return torch.rand(7, 36, generator=torch.Generator().manual_seed(0))


def network(give=lambda logits: logits):
    torch.manual_seed(0)
    net = Net(give)
    net.conv2.bias.data -= 0.12
    net.norm.running_mean += 0.3  # predicting must use these, not those of a batch
    return net


def test_places_are_read_as_they_were_before_an_in_place_relu(values):
    net = network()
    model = hooked(net, IMAGES, {"second": "conv2", "first": "conv1", "logits": "head"})
    images = values.reshape(7, 1, 6, 6)
    first = net.conv1(images)
    second = net.conv2(relu(net.norm(first)))
    found = model.read(values, ["first", "second", "logits"])
    torch.testing.assert_close(found["first"], first.flatten(1))
    torch.testing.assert_close(found["second"], second.flatten(1))
    assert (found["first"] < 0).any() and (found["second"] < 0).any()
    torch.testing.assert_close(found["logits"], net(images))
    torch.testing.assert_close(model(values), net(images))


def test_layers_are_in_order_of_execution_with_shape_and_site():
    places = {"top": "head.1", "late": "relu:2", "first": "conv1"}
    layers = hooked(network(), IMAGES, places, after=["first"]).layers
    assert [(each.name, each.depth, each.shape, each.site) for each in layers] == [
        ("first", 1, (3, 4, 4), "after"),
        ("late", 2, (4, 2, 2), "after"),
        ("top", 3, (5,), "before"),
    ]
    assert [each.units for each in layers] == [48, 16, 5]


def test_hooks_are_gone_after_the_call_even_when_it_fails(values):
    net = network()
    model = hooked(net, IMAGES)
    model.read(values, ["conv1"])
    net.give = lambda logits: 1 / 0
    with pytest.raises(ZeroDivisionError):
        model.read(values, ["conv1"])
    assert not any(module._forward_hooks for module in net.modules())


def test_without_places_all_parts_with_parameters_that_run_are_layers_and_the_output():
    names = [layer.name for layer in hooked(network(), IMAGES).layers]
    assert names == ["conv1", "norm", "conv2", "head.1"]
    names = [layer.name for layer in hooked(network(lambda x: x.softmax(1)), IMAGES).layers]
    assert names == ["conv1", "norm", "conv2", "head.1", "output"]


def test_what_writes_over_the_last_part_makes_an_output_of_its_own(values):
    model = hooked(network(lambda logits: logits.relu_()), IMAGES)
    assert [layer.name for layer in model.layers][-2:] == ["head.1", "output"]
    found = model.read(values, ["head.1", "output"])
    assert torch.equal(found["output"], relu(found["head.1"])) and (found["head.1"] < 0).any()


@dataclass
class Answer:
    logits: torch.Tensor


@pytest.mark.parametrize(
    "give",
    [
        lambda logits: (logits, "more"),
        lambda logits: [logits],
        lambda logits: {"loss": None, "logits": logits},
        Answer,
    ],
    ids=["tuple", "list", "dict", "attribute"],
)
def test_logits_are_taken_out_of_what_a_network_gives(give, values):
    model, plain = hooked(network(give), IMAGES), hooked(network(), IMAGES)
    assert torch.equal(model(values), plain(values))
    assert model.layers == plain.layers


def test_a_part_that_runs_several_times_is_told_apart(values):
    torch.manual_seed(0)
    shared = nn.Linear(36, 36)
    net = nn.Sequential(nn.Flatten(), shared, nn.Tanh(), shared, nn.Linear(36, 2))
    model = hooked(net, IMAGES)
    assert [layer.name for layer in model.layers] == ["1:1", "1:2", "4"]
    found = model.read(values, ["1:1", "1:2"])
    torch.testing.assert_close(found["1:2"], shared(found["1:1"].tanh()))


def test_gradients_flow_through_what_is_read(values):
    model = hooked(network(), IMAGES)
    values.requires_grad_()
    model.read(values, ["conv2"])["conv2"].sum().backward()
    assert values.grad.abs().max() > 0
    assert all(parameter.grad is None for parameter in model.parameters())


def test_normalisation_comes_first(values):
    inputs = Inputs([6, 6], mean=[0.4], deviation=[0.2])
    found = hooked(network(), inputs).read(values, ["conv1"])["conv1"]
    wanted = hooked(network(), IMAGES).read((values - 0.4) / 0.2, ["conv1"])["conv1"]
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({"flat": "squeeze"}, "layer flat: squeeze is a function of Net, not a module"),
        ({"flat": "squeeze"}, "make what it does a torch.nn.Module of its own"),
        ({"first": "conv3"}, "layer first: Net has no module conv3"),
        ({"first": "conv3"}, "such as conv2, conv1"),
        ({"lost": "unused"}, "layer lost: the module unused does not run when Net predicts"),
        ({"any": "relu"}, "layer any: the module relu runs 2 times for one input"),
        ({"any": "relu"}, "say which run, relu:1 to relu:2"),
        ({"any": "relu:3"}, "relu:1 to relu:2"),
        ({"output": "conv1"}, "give this layer another name"),
    ],
)
def test_a_place_that_cannot_be_read_is_refused_in_words(places, said):
    with pytest.raises(GlassboxError) as error:
        hooked(network(), IMAGES, places)
    assert said in str(error.value)


def test_a_part_that_gives_no_tensor_is_no_layer():
    net = nn.Sequential(nn.Flatten(), nn.LSTM(36, 4), nn.Identity())
    net[2].forward = lambda outputs: outputs[0]
    assert [layer.name for layer in hooked(net, IMAGES, {}).layers] == ["output"]
    net = network()
    net.norm.forward = lambda images: images[0, 0]
    net.conv2 = nn.Flatten(0)
    net.head = nn.Sequential(nn.Unflatten(0, (1, 16)), nn.Linear(16, 5))
    with pytest.raises(GlassboxError, match=r"layer flat: .* does not give a tensor with a row"):
        hooked(net, IMAGES, {"flat": "conv2"})


def test_a_network_for_other_inputs_or_without_logits_is_refused():
    with pytest.raises(GlassboxError, match=r"Net can't take one example of shape \(1, 36\)"):
        hooked(network(), Inputs([36]))
    with pytest.raises(GlassboxError, match=r"Net gives \(1, 5, 1\) for one example"):
        hooked(network(lambda logits: logits[..., None]), IMAGES)
    with pytest.raises(GlassboxError, match="Net gives no tensor for one example"):
        hooked(network(lambda logits: {"scores": logits}), IMAGES)

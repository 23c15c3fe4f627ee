"""Models: what is built, on which data, and how it is trained or whose weights it takes.

A kind of network is a class in a module of its own here, and a module of glassbox.models.
"""

from typing import Annotated

from pydantic import Field

from study.schema.models.cnn_1d import CNN1D
from study.schema.models.lenet import LeNet
from study.schema.models.mlp import MLP
from study.schema.models.own import Own
from study.schema.models.resnet44 import ResNet44

Model = Annotated[MLP | CNN1D | LeNet | ResNet44 | Own, Field(discriminator="build")]

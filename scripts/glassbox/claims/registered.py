"""The works whose claims are tested: importing this module registers their tests."""

from glassbox.claims import chen2017, lee2019, pardo2019, rauber2017

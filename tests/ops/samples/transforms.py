"""Samples of what the transforms themselves need."""

from __future__ import annotations

from rushlight._core.forward import arrange

from . import Sample, numbers

SAMPLES: dict[str, list[Sample]] = {
    "Arrange": [
        Sample(lambda x: arrange.bind(x, layout=(1, 3)), numbers(3, 4), complex=True),
        Sample(lambda x: arrange.bind(x, layout=(8, 2)), numbers(3, 4), label="with gaps"),
    ],
}

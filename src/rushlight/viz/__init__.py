"""Pictures of what was computed: the recorded history of a tensor as SVG, DOT, Mermaid or text.

>>> import rushlight as torch
>>> from rushlight import viz
>>> w = torch.ones(3, requires_grad=True)
>>> viz.graph((w * w).sum(), params={"w": w})
<Picture: 2 operations, 1 leaf, 1 result>
"""

from .drawing import graph as graph
from .picture import Picture as Picture

__all__ = ["Picture", "graph"]

"""Where the boxes of a directed graph go: a layered layout, after Sugiyama, Tagawa and Toda (1981).

Boxes stand in layers, all arrows lead downwards (`layers`); the order within the layers is chosen so that few arrows
cross (`ordering`), then the places along them so that boxes stand below what they follow from (`places`), and last
the arrows are drawn through the gaps (`routes`). Nothing here knows what the boxes show.
"""

from .layered import Layout as Layout
from .layered import layout as layout
from .routes import HEAD as HEAD
from .routes import Piece as Piece
from .routes import Route as Route

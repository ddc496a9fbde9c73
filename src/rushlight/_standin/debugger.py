"""`breakpoint()` and `pdb.set_trace()` do not see the frames that `run` has outside the program.

Plain python has none there: `where` would list them, and a step past the program's last line go into them.
"""

from __future__ import annotations

import sys
from types import FrameType, ModuleType
from typing import Any

from .run import is_outside


def hide(bdb: ModuleType) -> None:
    """Let the debuggers made from the module `bdb` end at the program's outermost frame."""
    set_trace, stop_here = bdb.Bdb.set_trace, bdb.Bdb.stop_here

    def set_trace_in_program(self: Any, frame: FrameType | None = None) -> None:
        frame = bottom = frame or sys._getframe(1)
        outer: FrameType | None = frame
        while outer is not None and not is_outside(outer):
            bottom, outer = outer, outer.f_back
        set_trace(self, frame)  # has every frame traced, and from here on every call: so no more calls below
        self.botframe = bottom
        while outer is not None:
            outer.f_trace = None
            outer = outer.f_back

    def stop_in_program(self: Any, frame: FrameType) -> bool:
        return not is_outside(frame) and stop_here(self, frame)  # a step out of the program traces its caller

    bdb.Bdb.set_trace, bdb.Bdb.stop_here = set_trace_in_program, stop_in_program

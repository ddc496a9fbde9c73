"""Products of matrices as code of our own.

``c[i, j] = Σ a[i, l]·b[l, j]``, every dimension known when the code is written. The scheme is that of Goto and van de
Geijn (Anatomy of high-performance matrix multiplication, 2008), without what fixed sizes make needless. A panel, some
rows and columns of b that the nearest cache holds, is copied so that its rows lie one after another. A tile, some rows of c
by the panel's columns, is held in registers while l goes through the panel. Elements of a are read where they lie, and
broadcast; where the next of a row is far away, they are copied first. Which way round b lies only the copying notices.

A part computes some rows of c for the columns of one panel, or of all where a is copied; parts are what threads share. How
the work is cut depends on the sizes alone, and every element is summed in the same order whoever does it and however
wide vectors are.
"""

from __future__ import annotations

import math
from typing import Any

from .loops import Shape
from .nests import Kernel
from .vectors import I32, Element, Module, Vec

DEPTH = 256  # rows of a panel at most: with two vectors a row it takes two thirds of a nearest cache of 48 KB
EVEN = 16  # the depth is a multiple of the widest vector's elements, for any width: the bits depend on it
TALL = 256  # rows of c that are worth a copy of the panel of their own
COPIED = 1 << 17  # bytes of a that are copied at a time, on the stack
FAR = 2048  # bytes from column to column of a, from which on they are copied: caches would map too many together


class Multiplication:
    """How the product of an (m, k) and a (k, n) matrix is computed, or that of each pair of a batch; c lies without gaps.

    a, b: the strides of the batch's dimensions, of rows and of columns, counted in elements; of b, that of rows or that of
    columns must be 1.
    """

    def __init__(
        self, module: Module, element: Element, batch: Shape, sizes: tuple[int, int, int], a: Shape, b: Shape
    ) -> None:
        self.module, self.element = module, element
        self.batch, (self.m, self.n, self.k) = batch, sizes
        self.batch_strides = a[:-2], b[:-2]
        self.a, self.b = a, b = a[-2:], b[-2:]
        self.lanes = module.host.lanes(element.bits)
        vectors = min(2, -(-self.n // self.lanes))  # in a row of the tile
        # Of the registers some hold a row of the panel and an element of a.
        most = (module.host.registers - vectors - 1) // vectors
        self.width = vectors * self.lanes
        self.panels = -(-self.n // self.width)
        self.depth = -(-self.k // -(-self.k // DEPTH))
        self.depth += -self.depth % EVEN
        self.far = a[0] == 1 and a[1] * element.bits // 8 >= FAR
        copied = self.depth * self.vectors(most) * self.lanes * element.bits // 8  # bytes of a tile
        tall = max(1, COPIED // copied) * most if self.far else TALL
        chunk = -(-self.m // max(1, self.m // tall))
        self.rows = -(-chunk // -(-chunk // most))  # of a tile: all about alike
        self.chunk = chunk + -chunk % self.rows  # rows of a part
        self.group = self.panels if self.far else 1  # panels of a part
        self.name = "_".join(map(str, (element.name, *sizes, *a, *b)))  # of what depends on all of these

    @property
    def parts(self) -> int:
        """How many there are."""
        return math.prod(self.batch) * self.parts_of_one

    @property
    def parts_of_one(self) -> int:
        """How many there are of each product of the batch."""
        return self.panels // self.group * -(-self.m // self.chunk)

    def write(self, e: Kernel, begin: str, end: str, a: str, b: str, c: str) -> None:
        """Write the parts from ``begin`` up to ``end``, of matrices at these addresses."""
        e.line(f"call void {self.function()}(i64 {begin}, i64 {end}, ptr {a}, ptr {b}, ptr {c})")

    def of_batch(self, e: Kernel, part: str, a: str, b: str, c: str) -> tuple[str, str, str, str]:
        """The number of a part among those of its product, and the matrices that this multiplies."""
        if not self.batch:
            return part, a, b, c
        which = e.value(f"udiv i64 {part}, {self.parts_of_one}")
        c = self.moved(e, c, which, self.m * self.n)
        for extent, along_a, along_b in reversed(list(zip(self.batch, *self.batch_strides, strict=True))):
            place = e.value(f"urem i64 {which}, {extent}")
            which = e.value(f"udiv i64 {which}, {extent}")
            a, b = self.moved(e, a, place, along_a), self.moved(e, b, place, along_b)
        return e.value(f"urem i64 {part}, {self.parts_of_one}"), a, b, c

    def at_most(self, e: Kernel, most: int, number: str) -> str:
        less = e.value(f"icmp slt i64 {number}, {most}")
        return e.value(f"select i1 {less}, i64 {number}, i64 {most}")

    def moved(self, e: Kernel, pointer: str, count: str, stride: int = 1) -> str:
        """So many strides further."""
        elements = count if stride == 1 else e.value(f"mul i64 {count}, {stride}")
        return e.value(f"getelementptr {self.element.llvm}, ptr {pointer}, i64 {elements}")

    def each_tile(self, e: Kernel, write: Any) -> None:
        """``write(rows, number of the tile)`` for the tiles in %rows rows, of which the last may have fewer."""
        tiles = e.value(f"udiv i64 %rows, {self.rows}")
        with e.loop("0", tiles, 1) as tile:
            write(self.rows, tile.index)
        if self.m % self.rows:
            over = e.value(f"urem i64 %rows, {self.rows}")
            with e.when(e.value(f"icmp ne i64 {over}, 0")):
                write(self.m % self.rows, tiles)

    # -- the functions that do it -------------------------------------------------------------------------------

    def function(self) -> str:
        """The name of a function that does the parts from %begin up to %end. Not written where it is called: what is
        copied there is on the stack, and that of many products would be more than there is."""
        name = "_".join(map(str, ("product", self.name, *self.batch, *self.batch_strides[0], *self.batch_strides[1])))

        def text() -> str:
            e = Kernel(self.module)
            self.write_parts(e)
            return self.defined(e, name, "i64 %begin, i64 %end, ptr %a, ptr %b, ptr %c")

        return self.module.helper(name, text)

    def write_parts(self, e: Kernel) -> None:
        """What that function does."""
        strips = e.stack(self.chunk // self.rows * self.depth * self.padded, self.element) if self.far else ""
        whole, rest = divmod(self.n, self.width)
        groups = self.panels // self.group
        with e.shaped(1, 1), e.loop("%begin", "%end", 1) as part:
            index, a, b, c = self.of_batch(e, part.index, "%a", "%b", "%c")
            # One after another come parts of the same rows, whose elements of a are near by then.
            first = e.value(f"mul i64 {e.value(f'udiv i64 {index}, {groups}')}, {self.chunk}")
            panel = e.value(f"mul i64 {e.value(f'urem i64 {index}, {groups}')}, {self.group}")
            beyond = e.value(f"add i64 {panel}, {self.group}")
            rows = self.at_most(e, self.chunk, e.value(f"sub i64 {self.m}, {first}"))
            a = self.moved(e, a, first, self.a[0])
            c = self.moved(e, c, first, self.n)
            with e.loop("0", str(self.k), self.depth) as block:
                depth = self.at_most(e, self.depth, e.value(f"sub i64 {self.k}, {block.index}"))
                again = e.value(f"icmp ne i64 {block.index}, 0")
                source = self.moved(e, a, block.index, self.a[1])
                if self.far:
                    e.line(f"call void {self.copy()}(ptr {source}, ptr {strips}, i64 {rows}, i64 {depth})")
                    source = strips
                with e.loop(panel, beyond, 1) as which:
                    column = e.value(f"mul i64 {which.index}, {self.width}")
                    down = self.moved(e, self.moved(e, b, block.index, self.b[0]), column, self.b[1])
                    out = self.moved(e, c, column)
                    arguments = f"ptr {source}, ptr {down}, ptr {out}, i64 {rows}, i64 {depth}, i1 {again}"
                    if whole:
                        with e.when(e.value(f"icmp slt i64 {which.index}, {whole}")):
                            e.line(f"call void {self.times_panel(self.width)}({arguments})")
                    if rest:
                        with e.when(e.value(f"icmp eq i64 {which.index}, {whole}")):
                            e.line(f"call void {self.times_panel(rest)}({arguments})")

    def times_panel(self, columns: int) -> str:
        """The name of a function that multiplies %rows rows of a by a panel of so many columns."""
        name = f"times_{self.name}_{columns}"
        step = self.depth * self.padded if self.far else self.rows * self.a[0]

        def text() -> str:
            e = Kernel(self.module)
            panel = e.stack(self.depth * self.width, self.element)
            e.line(f"call void {self.pack(columns)}(ptr %b, ptr {panel}, i64 %depth)")

            def tile(rows: int, number: str) -> None:
                source, out = self.moved(e, "%a", number, step), self.moved(e, "%c", number, self.rows * self.n)
                function = self.tile(rows, columns)
                e.line(f"call void {function}(ptr {source}, ptr {panel}, ptr {out}, i64 %depth, i1 %again)")

            self.each_tile(e, tile)
            return self.defined(e, name, "ptr %a, ptr %b, ptr %c, i64 %rows, i64 %depth, i1 %again")

        return self.module.helper(name, text)

    def tile(self, rows: int, columns: int) -> str:
        """The name of a function that sets a tile of c, or adds to what is there, from rows of a and a panel."""
        down, along = (1, self.padded) if self.far else self.a
        name = f"tile_{self.element.name}_{rows}x{columns}of{self.width}_{down}_{along}_{self.n}"

        def text() -> str:
            e = Kernel(self.module)
            with e.shaped(self.lanes, self.vectors(columns)):
                with e.loop("0", "%depth", 1, [e.constant(0, self.element)] * rows) as loop:
                    row = e.load("%panel", self.element, e.value(f"mul i64 {loop.index}, {self.width}"))
                    source = self.moved(e, "%a", loop.index, along)
                    sums = []
                    for i, acc in enumerate(loop.carry):
                        with e.shaped(1, 1):
                            x = e.load(source, self.element, str(i * down)).names[0]
                        sums.append(e.mul_add(e.broadcast(x, self.element), row, acc))
                    loop.next = tuple(sums)
                mask = self.first(e, columns)
                add, put, done = e.unique("add"), e.unique("put"), e.unique("done")
                e.line(f"br i1 %again, label %{add}, label %{put}")
                for label in (add, put):
                    e.begin(label)
                    for i, acc in enumerate(loop.carry):
                        place = str(i * self.n)
                        if label is add:
                            acc = e.add(e.load("%c", self.element, place, mask), acc)
                        e.store(acc, "%c", place, mask)
                    e.line(f"br label %{done}")
                e.begin(done)
            return self.defined(e, name, "ptr noalias %a, ptr noalias %panel, ptr noalias %c, i64 %depth, i1 %again")

        return self.module.helper(name, text)

    def pack(self, columns: int) -> str:
        """The name of a function that copies a panel of so many columns; those that it lacks are filled with zeros."""
        name = f"panel_{self.element.name}_{columns}of{self.width}_{self.b[0]}_{self.b[1]}_{self.k % EVEN}"

        def text() -> str:
            e = Kernel(self.module)
            (self.pack_rows if self.b[1] == 1 else self.pack_columns)(e, columns)
            return self.defined(e, name, "ptr noalias %b, ptr noalias %panel, i64 %depth")

        return self.module.helper(name, text)

    def pack_rows(self, e: Kernel, columns: int) -> None:
        with e.shaped(self.lanes, self.vectors(columns)):
            mask = self.first(e, columns)
            with e.loop("0", "%depth", 1) as loop:
                row = e.load("%b", self.element, e.value(f"mul i64 {loop.index}, {self.b[0]}"), mask)
                e.store(row, "%panel", e.value(f"mul i64 {loop.index}, {self.width}"))

    def pack_columns(self, e: Kernel, columns: int) -> None:
        """Square by square: so many columns as a vector has elements are read, and turned in registers."""
        w = self.lanes
        whole = columns // w * w
        if whole:
            with e.loop("0", str(whole), w) as square:
                b = self.moved(e, "%b", square.index, self.b[1])
                self.squares(e, w, b, self.moved(e, "%panel", square.index))
        if whole < columns:
            b, panel = self.moved(e, "%b", str(whole * self.b[1])), self.moved(e, "%panel", str(whole))
            self.squares(e, columns - whole, b, panel)

    def squares(self, e: Kernel, columns: int, b: str, panel: str) -> None:
        """Squares one below another, of which so many columns are there."""
        w = self.lanes
        with e.shaped(w, 1), e.loop("0", "%depth", w) as loop:
            mask = None
            if self.k % w:
                with e.shaped(1, 1):
                    left = e.value(f"trunc i64 {e.value(f'sub i64 %depth, {loop.index}')} to i32")
                mask = e.lt(e.iota(I32), e.broadcast(left, I32))
            from_, to = self.moved(e, b, loop.index), self.moved(e, panel, loop.index, self.width)
            square = [e.load(from_, self.element, str(i * self.b[1]), mask) for i in range(columns)]
            square += [e.constant(0, self.element)] * (w - columns)
            for i, row in enumerate(transposed(e, square)):
                e.store(row, to, str(i * self.width))

    def copy(self) -> str:
        """The name of a function that copies %rows rows of a, tile by tile, element beside element."""
        name = f"strips_{self.name}"

        def text() -> str:
            e = Kernel(self.module)

            def tile(rows: int, number: str) -> None:
                source = self.moved(e, "%a", number, self.rows)
                strip = self.moved(e, "%strips", number, self.depth * self.padded)
                with e.shaped(self.lanes, self.vectors(rows)):
                    mask = self.first(e, rows)
                    with e.loop("0", "%depth", 1) as loop:
                        column = e.load(self.moved(e, source, loop.index, self.a[1]), self.element, mask=mask)
                        e.store(column, self.moved(e, strip, loop.index, self.padded))

            self.each_tile(e, tile)
            return self.defined(e, name, "ptr noalias %a, ptr noalias %strips, i64 %rows, i64 %depth")

        return self.module.helper(name, text)

    @property
    def padded(self) -> int:
        """Rows of a tile, and what fills up the vectors that they are copied by."""
        return self.vectors(self.rows) * self.lanes

    def vectors(self, elements: int) -> int:
        return -(-elements // self.lanes)

    def first(self, e: Kernel, elements: int) -> Vec | None:
        """A mask of so many lanes; None for all there are."""
        if elements % self.lanes == 0:
            return None
        return e.lt(e.iota(I32), elements)

    def defined(self, e: Kernel, name: str, arguments: str) -> str:
        e.line("ret void")
        self.module.define(name, arguments, e, linkage="internal")
        return ""


def transposed(e: Kernel, square: list[Vec]) -> list[Vec]:
    """As many vectors as each has elements, rows and columns exchanged: blocks of half the size each time (Eklundh, A
    fast computer method for matrix transposing, 1972)."""
    w = len(square)
    element, type = square[0].element, e.type(square[0].element)
    step = w // 2
    while step:
        low = ", ".join(f"i32 {lane + w - step if lane & step else lane}" for lane in range(w))
        high = ", ".join(f"i32 {lane + w if lane & step else lane + step}" for lane in range(w))
        out = list(square)
        for i in range(w):
            if not i & step:
                pair = square[i], square[i + step]
                shuffle = f"shufflevector {type} %s, {type} %s, <{w} x i32>"
                out[i] = e.each(element, f"{shuffle} <{low}>", *pair)
                out[i + step] = e.each(element, f"{shuffle} <{high}>", *pair)
        square = out
        step //= 2
    return square

"""Vector instructions for sweeps: one arc relaxed for several searches at once.

numba does not turn the obvious loop over the searches into vector instructions (it cannot see that two
rows of one array never overlap), which costs a factor of ten. So the loop is written out here as LLVM
vectors, which every processor's back end maps to what it has (AVX-512, AVX2, NEON, ...). A row of keys is
one cache line: 16 searches with int32, 8 with int64.
"""

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

LINE_BYTES = 64


if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Keys = npt.NDArray[np.int32] | npt.NDArray[np.int64]
    Ends = npt.NDArray[np.int32]

    def relax_in(keys: Keys, first: int, last: int, tails: Ends, weights: Keys, row: int) -> None:
        """Lower ``keys[row]`` to the least of itself and ``keys[tails[a]] + weights[a]``, first <= a < last.

        `keys` is a contiguous array of rows of `LINE_BYTES`, int32 or int64 like `weights`.
        """

    def relax_out(keys: Keys, first: int, last: int, heads: Ends, weights: Keys, row: int) -> None:
        """Lower ``keys[heads[a]]`` to the least of itself and ``keys[row] + weights[a]`` likewise."""

else:

    @intrinsic
    def relax_in(_context, keys, first, last, tails, weights, row):  # noqa: ANN001, ANN201
        """See above."""
        return types.void(keys, first, last, tails, weights, row), _relax_in

    @intrinsic
    def relax_out(_context, keys, first, last, heads, weights, row):  # noqa: ANN001, ANN201
        """See above."""
        return types.void(keys, first, last, heads, weights, row), _relax_out


class _Arcs:
    """A loop over arcs in LLVM's intermediate language, and rows of keys as vectors."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self.builder = builder
        kinds = signature.args
        self.keys, self.ends, self.weights = (
            context.make_array(kinds[i])(context, builder, arguments[i]).data for i in (0, 3, 4)
        )
        element = context.get_value_type(kinds[0].dtype)
        self.align = element.width // 8
        self.lanes = LINE_BYTES // self.align
        self.vector = ir.VectorType(element, self.lanes)
        self.first, self.last, self.row = (self._index(arguments[i]) for i in (1, 2, 5))

    def _index(self, value: Any) -> Any:
        wide = ir.IntType(64)
        return self.builder.sext(value, wide) if value.type.width < wide.width else value

    def at(self, row: Any) -> Any:
        """Return the address of a row."""
        offset = self.builder.mul(row, ir.Constant(ir.IntType(64), self.lanes))
        return self.builder.bitcast(self.builder.gep(self.keys, [offset]), self.vector.as_pointer())

    def load(self, row: Any) -> Any:
        return self.builder.load(self.at(row), align=self.align)

    def end(self, arc: Any) -> Any:
        """Return the row at the other end of an arc."""
        return self._index(self.builder.load(self.builder.gep(self.ends, [arc])))

    def plus_weight(self, keys: Any, arc: Any) -> Any:
        """Add an arc's weight to every lane."""
        weight = self.builder.load(self.builder.gep(self.weights, [arc]))
        nothing = ir.Constant(self.vector, ir.Undefined)
        single = self.builder.insert_element(nothing, weight, ir.Constant(ir.IntType(32), 0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        return self.builder.add(keys, self.builder.shuffle_vector(single, nothing, everywhere))

    def least(self, one: Any, other: Any) -> Any:
        return self.builder.select(self.builder.icmp_signed("<", one, other), one, other)


def _relax_in(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    arcs = _Arcs(context, builder, signature, arguments)
    before, loop, after = _blocks(arcs)
    known = arcs.load(arcs.row)
    builder.cbranch(builder.icmp_signed("<", arcs.first, arcs.last), loop, after)
    builder.position_at_end(loop)
    arc, best = builder.phi(arcs.first.type), builder.phi(arcs.vector)
    better = arcs.least(arcs.plus_weight(arcs.load(arcs.end(arc)), arc), best)
    _next(arcs, arc, before, loop, after)
    best.add_incoming(known, before)
    best.add_incoming(better, loop)
    result = builder.phi(arcs.vector)
    result.add_incoming(known, before)
    result.add_incoming(better, loop)
    builder.store(result, arcs.at(arcs.row), align=arcs.align)
    return context.get_dummy_value()


def _relax_out(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    arcs = _Arcs(context, builder, signature, arguments)
    before, loop, after = _blocks(arcs)
    known = arcs.load(arcs.row)
    builder.cbranch(builder.icmp_signed("<", arcs.first, arcs.last), loop, after)
    builder.position_at_end(loop)
    arc = builder.phi(arcs.first.type)
    end = arcs.end(arc)
    better = arcs.least(arcs.plus_weight(known, arc), arcs.load(end))
    builder.store(better, arcs.at(end), align=arcs.align)
    _next(arcs, arc, before, loop, after)
    return context.get_dummy_value()


def _blocks(arcs: _Arcs) -> tuple[Any, Any, Any]:
    """Return the block before the loop, its body and the one after it."""
    builder = arcs.builder
    return builder.block, builder.append_basic_block("arc"), builder.append_basic_block("done")


def _next(arcs: _Arcs, arc: Any, before: Any, loop: Any, after: Any) -> None:
    """Close the loop over arcs and go on behind it."""
    builder = arcs.builder
    following = builder.add(arc, ir.Constant(arc.type, 1))
    arc.add_incoming(arcs.first, before)
    arc.add_incoming(following, loop)
    builder.cbranch(builder.icmp_signed("<", following, arcs.last), loop, after)
    builder.position_at_end(after)

"""Combine routes: the cheapest choice that serves every request once, by linear and integer programming.

The linear relaxation (GLOP) prices every route; a route whose reduced cost exceeds the gap between the
incumbent and the relaxation cannot be part of anything better and is dropped. What is left goes to SCIP,
with the incumbent's cost as cutoff. One thread.
"""

import numpy as np
import numpy.typing as npt
from ortools.linear_solver.python import model_builder_helper as mb
from scipy import sparse

from dispatch.improve.columns import Columns, Combined

Floats = npt.NDArray[np.float64]

_SLACK = 1e-7
_MOST_COLUMNS = 1_500
_NODES = 300
_PATIENCE = 3_600.0
"""Seconds; the solver takes no infinity."""


def combine(columns: Columns, bound: float, seconds: float) -> Combined | None:
    """Look for a solution cheaper than ``bound``; None where the relaxation says there is none, or no time.

    Requests with a finite penalty may stay out.
    """
    model = _Model(columns)
    relaxed = model.relax(seconds)
    if relaxed is None:
        return None
    least, reduced, share = relaxed
    if least >= bound - _SLACK:
        return None
    kept = np.flatnonzero(reduced[: len(columns.cost)] <= bound - least + _SLACK)
    if kept.size > _MOST_COLUMNS:
        kept = np.sort(kept[np.argsort(reduced[kept], kind="stable")[:_MOST_COLUMNS]])
    return Combined(model.choose(kept, bound, seconds), share[: len(columns.cost)])


class _Model:
    """One row a request (and one a kind of vehicle), one column a route (and one a request left out)."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.size = columns.cost.size
        self.optional = np.flatnonzero(np.isfinite(columns.penalty))
        n, kinds = columns.penalty.size, columns.available.size
        lengths = np.diff(columns.first)
        of = np.repeat(np.arange(self.size), lengths)
        out = self.size + np.arange(self.optional.size)
        rows = np.concatenate([columns.rows, n + columns.kind, self.optional])
        cols = np.concatenate([of, np.arange(self.size), out])
        shape = n + kinds, self.size + self.optional.size
        self.matrix = sparse.csr_matrix((np.ones(rows.size), (rows, cols)), shape)
        self.cost = np.concatenate([columns.cost, columns.penalty[self.optional]])
        self.least = np.concatenate([np.ones(n), np.zeros(kinds)])
        self.most = np.concatenate([np.ones(n), columns.available.astype(np.float64)])

    def relax(self, seconds: float) -> tuple[float, Floats, Floats] | None:
        """Return optimum, reduced costs and values of the linear relaxation."""
        solver = mb.ModelSolverHelper("glop")
        solver.set_time_limit_in_seconds(min(seconds, _PATIENCE))
        solver.solve(self._helper(np.arange(self.cost.size), whole=False))
        if solver.status() != mb.SolveStatus.OPTIMAL:
            return None
        reduced, share = np.asarray(solver.reduced_costs()), np.asarray(solver.variable_values())
        return solver.objective_value(), reduced, share

    def choose(self, kept: npt.NDArray[np.int64], bound: float, seconds: float) -> list[int] | None:
        """Return the best choice among the routes kept, if cheaper than bound."""
        used = np.concatenate([kept, self.size + np.arange(self.optional.size)])
        solver = mb.ModelSolverHelper("scip")
        solver.set_solver_specific_parameters(f"limits/nodes = {_NODES}")
        solver.set_time_limit_in_seconds(min(seconds, _PATIENCE))
        solver.solve(self._helper(used, whole=True))
        if not solver.has_solution() or solver.objective_value() >= bound - _SLACK:
            return None
        taken = np.asarray(solver.variable_values()) > 1 / 2
        return [int(c) for c in used[taken] if c < self.size]

    def _helper(self, used: npt.NDArray[np.int64], *, whole: bool) -> mb.ModelBuilderHelper:
        helper = mb.ModelBuilderHelper()
        zeros, ones = np.zeros(used.size), np.ones(used.size)
        helper.fill_model_from_sparse_data(
            zeros,  # type: ignore[arg-type]  # its stubs name no shape numpy has
            ones,  # type: ignore[arg-type]
            self.cost[used],  # type: ignore[arg-type]
            self.least,  # type: ignore[arg-type]
            self.most,  # type: ignore[arg-type]
            self.matrix[:, used],
        )
        for x in range(used.size if whole else 0):
            helper.set_var_integrality(x, True)  # noqa: FBT003 - the library's
        return helper

"""Instances of the literature as problems of our own solver."""

import time

import numpy as np

from benchmarks.instances import UNLIMITED, Instance, Node
from benchmarks.peers.tours import Effort, Planned
from dispatch.exact.partition import combine
from dispatch.improve.fleet import solve_lean
from dispatch.improve.problem import Nodes, Problem, Requests, Vehicles
from dispatch.improve.search import Result, solve
from dispatch.improve.stop import MaxIterations, MaxSeconds


def plan_ours(instance: Instance, effort: Effort) -> Planned:
    """Let our solver search; with a cost per vehicle, for few vehicles first."""
    problem = problem_of(instance, effort.vehicle_cost)
    clock = time.process_time if effort.processor else time.perf_counter
    trace: list[tuple[float, float]] = []

    def note(better: Result) -> None:
        if not better.unserved:
            trace.append((better.seconds, better.cost))

    if effort.vehicle_cost:
        found = solve_lean(problem, effort.seconds, seed=effort.seed, combine=combine, clock=clock)
    else:
        found = solve(
            problem,
            MaxSeconds(effort.seconds, clock),
            seed=effort.seed,
            combine=combine,
            on_improvement=note,
            clock=clock,
        )
    return Planned(
        [[node + 1 for node in route] for route in found.routes if route], found.seconds, trace
    )


def warm() -> None:
    """Compile, or load what was compiled before, so that no run pays for it."""
    depot = Node(0.0, 0.0, 0.0, 0, 0.0, 100.0)
    ends = Node(1.0, 0.0, 1.0, 1, 0.0, 90.0), Node(0.0, 1.0, 1.0, -1, 0.0, 90.0)
    smallest = Instance("warm", 2, 1, UNLIMITED, UNLIMITED, (depot, *ends, depot), ((1, 2),))
    solve(problem_of(smallest), MaxIterations(1), combine=combine)
    solve_lean(problem_of(smallest, 1.0), 0.1)


def problem_of(instance: Instance, vehicle_cost: float = 0.0) -> Problem:
    """Return `instance` as a problem whose nodes keep their order, the two ends of a tour left out.

    Node k of the instance is node k - 1 and place k of the problem; a vehicle that is used costs
    `vehicle_cost`.
    """
    nodes, between = instance.nodes, instance.nodes[1:-1]
    xy = np.array([(node.x, node.y) for node in nodes])
    away = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    rides = np.array(instance.rides, dtype=np.int64) - 1
    vehicles = np.ones(instance.vehicles)
    whole = vehicles.astype(np.int64)
    limited = instance.longest_tour < UNLIMITED
    return Problem(
        time=away,
        cost=away,
        nodes=Nodes(
            place=np.arange(1, len(nodes) - 1),
            lo=np.array([node.earliest for node in between], dtype=np.float64),
            hi=np.array([node.latest for node in between], dtype=np.float64),
            service=np.array([node.service for node in between], dtype=np.float64),
            load=np.array([[node.load] for node in between], dtype=np.int64),
        ),
        requests=Requests(
            pickup=rides[:, 0].copy(),
            drop=rides[:, 1].copy(),
            ride=np.full(len(rides), instance.longest_ride),
            allowed=np.ones((len(rides), instance.vehicles), dtype=np.uint8),
        ),
        vehicles=Vehicles(
            start=0 * whole,
            end=(len(nodes) - 1) * whole,
            earliest=nodes[0].earliest * vehicles,
            latest=nodes[-1].latest * vehicles,
            room=instance.capacity * whole[:, None],
            duration=instance.longest_tour * vehicles if limited else None,
            fixed=vehicle_cost * vehicles if vehicle_cost else None,
        ),
    )

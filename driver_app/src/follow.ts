/** Where on the way the bus is, from the tablet's position: pure functions. */

import type { Leg, Step } from "./types.ts";

export interface Fix {
  lon: number;
  lat: number;
  /** Metres within which the true position lies. */
  accuracy: number;
}

export interface Followed {
  /** The step that comes next. */
  index: number;
  /** Metres to it. */
  metres: number;
  /** Metres driven of the leg. */
  along: number;
}

/** Metres driven past a step until it counts as done: the position lags behind the bus. */
const DONE_M = 15;
/** Metres beside the line, on top of the accuracy, from which the bus is elsewhere. */
const BESIDE_M = 40;
/** Metres of accuracy from which a position says nothing. */
const VAGUE_M = 100;
/** Of two places equally near the one counts that asks for the shorter jump along the way. */
const JUMP = 0.02;
const DEGREE_M = 111_195;

/** The step ahead of a position; null where it is too vague or beside the way. `before`: metres driven so far. */
export function follow(leg: Leg, fix: Fix, before: number | null): Followed | null {
  if (fix.accuracy > VAGUE_M) return null;
  const near = nearest(leg, fix, before);
  if (near === null || near.beside > BESIDE_M + fix.accuracy) return null;
  const places = stepMetres(leg.steps);
  const found = places.findIndex((metres) => metres > near.along - DONE_M);
  const index = found < 0 ? places.length - 1 : found;
  return { index, along: near.along, metres: Math.max(0, (places[index] ?? 0) - near.along) };
}

/** Metres from the beginning of the leg at which each step is to be done. */
function stepMetres(steps: Step[]): number[] {
  let sum = 0;
  return steps.map(({ metres }) => (sum += metres));
}

function nearest(leg: Leg, fix: Fix, before: number | null): { along: number; beside: number } | null {
  const shrink = Math.cos((fix.lat * Math.PI) / 180);
  const line = leg.points.map(([lon, lat]) => [
    (lon - fix.lon) * DEGREE_M * shrink,
    (lat - fix.lat) * DEGREE_M,
  ]) as [number, number][];
  let along = 0;
  let best: { along: number; beside: number; cost: number } | null = null;
  for (const [index, [x, y]] of line.entries()) {
    const [fromX, fromY] = line[index - 1] ?? [x, y];
    const [east, north] = [x - fromX, y - fromY];
    const length = Math.hypot(east, north);
    const share = length > 0 ? Math.min(1, Math.max(0, -(fromX * east + fromY * north) / length ** 2)) : 0;
    const beside = Math.hypot(fromX + share * east, fromY + share * north);
    const here = along + share * length;
    const cost = beside + JUMP * Math.abs(here - (before ?? here));
    if (best === null || cost < best.cost) best = { along: here, beside, cost };
    along += length;
  }
  // The line is rounded to metres and its length to the server's measure: the steps count in the latter.
  return best && { ...best, along: along > 0 ? (best.along * leg.metres) / along : 0 };
}

/** Metres before a step at which a voice says it once more. */
const SOON_M = 120;

/** What was announced last: a step, and whether from near. */
export interface Announced {
  index: number;
  soon: boolean;
}

/** What is to be announced now, or null if it has been: each step when it comes next, and once more before it. */
export function announcement(now: Followed, last: Announced | null): Announced | null {
  const soon = now.metres <= SOON_M;
  const isNew = last === null || last.index !== now.index || (soon && !last.soon);
  return isNew ? { index: now.index, soon } : null;
}

/** Round metres as people say them; null where the thing is here. */
export function roundMetres(metres: number): number | null {
  if (metres < 15) return null;
  for (const [limit, step] of [[95, 10], [975, 50], [9_950, 100]] as const) {
    if (metres < limit) return Math.round(metres / step) * step;
  }
  return Math.round(metres / 1000) * 1000;
}

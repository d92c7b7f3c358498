/** The way to the next halt, as the server last told it: pure functions. */

import { isNeedless } from "./state.ts";
import type { KeptWay, Leg, Step, Tour } from "./types.ts";

/** Metres within which the step after the next one is said along with it. */
const AT_ONCE_M = 60;

/** Stands for the halts of a tour in their order: another value means another way. */
export function wayKey(tour: Tour): string {
  return [tour.id, ...tour.visits.map(({ id, place }) => `${id}@${place.lon},${place.lat}`)].join(" ");
}

/**
 * The drive to the next halt (null: back to the end of the shift), or null while the bus stands at it,
 * while it is not known, or where a halt in between is left out so that it would begin elsewhere.
 */
export function legNow(way: KeptWay | undefined, tour: Tour, nextId: string | null): Leg | null {
  if (way === undefined || way.key !== wayKey(tour)) return null;
  const index = nextId === null ? tour.visits.length : tour.visits.findIndex(({ id }) => id === nextId);
  if (tour.visits[index]?.status === "arrived") return null;
  const before = tour.visits.slice(0, index).filter((visit) => !isNeedless(visit));
  const from = before.at(-1)?.id ?? null;
  return way.legs.find((leg) => leg.to_visit === nextId && leg.from_visit === from) ?? null;
}

/** What a voice says at a step: the step, and the following one where there is no time to ask for it. */
export function spokenAt(steps: Step[], index: number): string {
  const [now, then] = steps.slice(index, index + 2);
  const both = index === 0 ? [now, then] : [now, stepAtOnce(steps, index)];
  return both.flatMap((step) => (step ? [`${step.spoken}.`] : [])).join(" ");
}

/** The step after one, where it follows so closely that both are to be known beforehand. */
export function stepAtOnce(steps: Step[], index: number): Step | null {
  const then = steps[index + 1];
  return then && then.metres < AT_ONCE_M ? then : null;
}

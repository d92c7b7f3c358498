/** What the driver sees, from what the server said and what was tapped since: pure functions. */

import type { KeptDay, Rider, Tap, TapType, Tour, Visit, VisitStatus } from "./types.ts";

const RANK: Record<VisitStatus, number> = { planned: 0, arrived: 1, departed: 2 };
const GRACE_AFTER_SHIFT_MS = 6 * 3_600_000;

/** Apply taps the server has not confirmed yet. A visit never goes back; unknown visits are passed over. */
export function applyTaps(tour: Tour, taps: readonly Tap[]): Tour {
  const own = taps.filter((tap) => tap.tour_id === tour.id);
  if (own.length === 0) return tour;
  const absent = new Set(own.flatMap((tap) => tap.no_shows));
  const mark = <Kind extends Rider>(rider: Kind): Kind =>
    absent.has(rider.booking_id) ? { ...rider, status: "no_show" } : rider;
  const visits = tour.visits.map((visit) => ({
    ...visit,
    status: own
      .filter((tap) => tap.visit_id === visit.id)
      .reduce((status, tap) => later(status, tap.type), visit.status),
    board: visit.board.map(mark),
    alight: visit.alight.map(mark),
  }));
  return { ...tour, visits };
}

function later(one: VisitStatus, other: VisitStatus): VisitStatus {
  return RANK[one] >= RANK[other] ? one : other;
}

/** False for a rider who was not there or has cancelled. */
export function rides(rider: Rider): boolean {
  return rider.status !== "no_show" && rider.status !== "cancelled";
}

/** How many people travel with these bookings; those not there are not counted. */
export function persons(riders: Rider[]): number {
  return riders
    .filter(rides)
    .reduce((sum, { passengers: p }) => sum + p.seat + p.wheelchair + p.child_seat, 0);
}

/** True for a visit that had riders of whom none is left: the bus need not go there. */
export function isNeedless(visit: Visit): boolean {
  const riders = [...visit.board, ...visit.alight];
  return visit.status === "planned" && riders.length > 0 && !riders.some(rides);
}

/** The visits still ahead, in driving order; the first of them is the next halt. */
export function ahead(tour: Tour): Visit[] {
  return tour.visits.filter((visit) => visit.status !== "departed" && !isNeedless(visit));
}

/** The tap that belongs to a visit now, or null if the bus has left it. */
export function nextTap(visit: Visit): TapType | null {
  if (visit.status === "planned") return "arrived";
  return visit.status === "arrived" ? "departed" : null;
}

/** True if this very tap already waits to be sent: a second one changes nothing. */
export function isWaiting(taps: readonly Tap[], tourId: string, visitId: string, type: TapType): boolean {
  return taps.some((tap) => tap.tour_id === tourId && tap.visit_id === visitId && tap.type === type);
}

export interface ShownHalt {
  visit: Visit;
  /** Place in the tour, from 1. */
  position: number;
  isNext: boolean;
  isOver: boolean;
}

/**
 * One halt per place for a map, in drawing order (the last on top): where a tour comes by more than
 * once, the next halt counts more than one to come, and one to come more than one that is over.
 */
export function shownHalts(tour: Tour, nextId: string | null): ShownHalt[] {
  const weight = ({ isNext, isOver }: ShownHalt): number => (isNext ? 2 : isOver ? 0 : 1);
  const halts = tour.visits.map((visit, index) => ({
    visit,
    position: index + 1,
    isNext: visit.id === nextId,
    isOver: visit.status === "departed" || isNeedless(visit),
  }));
  // A stable sort, later halts first: in a map of places the last one written stays.
  const ranked = halts.reverse().sort((one, other) => weight(one) - weight(other));
  const byPlace = new Map<string, ShownHalt>();
  for (const halt of ranked) {
    const place = `${halt.visit.place.lon} ${halt.visit.place.lat}`;
    byPlace.delete(place);
    byPlace.set(place, halt);
  }
  return [...byPlace.values()];
}

export type PlanChange = "next" | "later" | null;

/** What a driver must be told when the server's plan replaces the one on the screen. */
export function planChange(before: Tour, after: Tour): PlanChange {
  const [old, fresh] = [ahead(before), ahead(after)];
  if (signature(old[0]) !== signature(fresh[0])) return "next";
  const rest = (visits: Visit[]): string => visits.slice(1).map(signature).join("\n");
  return rest(old) === rest(fresh) ? null : "later";
}

function signature(visit: Visit | undefined): string {
  if (visit === undefined) return "";
  const ids = (riders: Rider[]): string => riders.filter(rides).map((r) => r.booking_id).sort().join(",");
  return `${visit.id}|${ids(visit.board)}|${ids(visit.alight)}`;
}

/** True while a kept day may stay on the device: today's, or one whose shift runs past midnight. */
export function isCurrent(day: KeptDay, today: string, now: Date): boolean {
  if (day.date === today) return true;
  const end = Date.parse(day.tour.shift.end) + GRACE_AFTER_SHIFT_MS;
  return Date.parse(day.tour.shift.start) <= now.getTime() && now.getTime() < end;
}

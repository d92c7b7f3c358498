/** Everything the page shows, as one value that is replaced, never changed. */

import type { Hindrance } from "./queue.ts";
import { applyTaps, type PlanChange } from "./state.ts";
import type { Access, Area, Instant, KeptDay, RejectedTap, Tap, Tour } from "./types.ts";

export interface Model {
  stage: "loading" | "choose" | "tour";
  areas: Area[];
  areaId: string | null;
  /** Today's date by the server's clock in the chosen area, once known. */
  today: string | null;
  /** Today's tours of the chosen area, or null while not loaded. */
  tours: Tour[] | null;
  day: KeptDay | null;
  waiting: Tap[];
  rejected: RejectedTap[];
  hindrance: Hindrance | null;
  heardAt: Instant | null;
  /** A change of plan the driver has not acted on yet. */
  news: PlanChange | "gone";
  /** What the server said last of this tablet; null while it was not heard. */
  access: Access | null;
  /** The driver has signed off; the server may not know yet. */
  signedOff: boolean;
  /** The tablet was locked out: how many reports it had not sent, and whether dispatch has them now. */
  lockedOut: { unsent: number; handedOver: boolean } | null;
}

export const EMPTY: Model = {
  stage: "loading",
  areas: [],
  areaId: null,
  today: null,
  tours: null,
  day: null,
  waiting: [],
  rejected: [],
  hindrance: null,
  heardAt: null,
  news: null,
  access: null,
  signedOff: false,
  lockedOut: null,
};

/** What stands before the tours: nothing, the PIN, the enrolment, or the end. */
export function gateOf({ access, signedOff, lockedOut }: Model): "open" | "pin" | "enrol" | "locked-out" {
  if (lockedOut !== null) return "locked-out";
  if (signedOff || access?.state === "locked") return "pin";
  return access?.state === "unknown" ? "enrol" : "open";
}

/** The tour as it stands with all taps applied, or null outside a tour. */
export function tourNow(model: Model): Tour | null {
  return model.day === null ? null : applyTaps(model.day.tour, model.waiting);
}

export function areaNow(model: Model): Area | null {
  return model.day?.area ?? model.areas.find((area) => area.id === model.areaId) ?? null;
}

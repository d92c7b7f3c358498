/**
 * The driver's reports on their way to the engine: kept on the device, sent in order, removed only
 * when the server has accepted them, set aside visibly when it refuses them.
 */

import type { RejectedTap, Tap, Tour } from "./types.ts";

/** Where reports wait. The browser's is `IndexedTaps`; the tests bring one in memory. */
export interface TapStore {
  /** Keep a tap durably. False if the same tap of the same visit waits already. */
  add(tap: Tap): Promise<boolean>;
  /** All waiting taps, oldest first. */
  waiting(): Promise<Tap[]>;
  remove(eventId: string): Promise<void>;
  /** Move a waiting tap to the refused ones, in one step. */
  reject(tap: Tap, reason: string): Promise<void>;
}

export type Outcome =
  | { kind: "accepted"; tour: Tour }
  | { kind: "refused"; reason: string }
  | { kind: "later"; why: Hindrance };

/** Why nothing can be sent: no network, no leave, no driver signed in, or the tablet was locked out. */
export type Hindrance = "offline" | "sign-in" | "pin" | "locked-out";

export interface Drained {
  /** The tour as the server gave it after the last accepted tap. */
  tour: Tour | null;
  refused: RejectedTap[];
  hindrance: Hindrance | null;
}

/**
 * Send waiting taps in order until none is left or the server cannot be reached.
 *
 * A tap is removed only after it was accepted. One refused for good does not hold up those behind it.
 */
export async function drain(store: TapStore, send: (tap: Tap) => Promise<Outcome>): Promise<Drained> {
  const drained: Drained = { tour: null, refused: [], hindrance: null };
  for (const tap of await store.waiting()) {
    const outcome = await send(tap);
    if (outcome.kind === "later") return { ...drained, hindrance: outcome.why };
    if (outcome.kind === "refused") {
      await store.reject(tap, outcome.reason);
      drained.refused.push({ ...tap, reason: outcome.reason });
    } else {
      await store.remove(tap.event_id);
      drained.tour = outcome.tour;
    }
  }
  return drained;
}

/** A random UUID (version 4); `crypto.randomUUID` is missing where the page came without TLS. */
export function newEventId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

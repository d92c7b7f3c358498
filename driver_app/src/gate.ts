/** What stands before the tours: the PIN, signing off, and the end of a tablet that was lost. */

import { getAccess, handOver, HttpError, signIn, signOff } from "./api.ts";
import type { Device } from "./db.ts";
import type { Model } from "./model.ts";
import type { Hindrance } from "./queue.ts";

const SIGNED_OFF_UNDER = "buergerbus-signed-off";
const LOCKED_OUT_UNDER = "buergerbus-locked-out";
const NOTHING_OF_RIDERS = { stage: "choose", day: null, tours: null, news: null } as const;

/** What the gate needs of the session behind it. */
interface Behind {
  model: () => Model;
  set: (part: Partial<Model>) => void;
  /** Send what waits. */
  send: () => Promise<Hindrance | null>;
}

/** How the gate stood when the app was closed. */
export function remembered(): Partial<Model> {
  const signedOff = localStorage.getItem(SIGNED_OFF_UNDER) !== null;
  const unsent = localStorage.getItem(LOCKED_OUT_UNDER);
  if (unsent === null) return { signedOff };
  return { signedOff, rejected: [], lockedOut: { unsent: Number(unsent), handedOver: false } };
}

export class Gate {
  constructor(
    private readonly device: Device,
    private readonly behind: Behind,
  ) {}

  /** Ask the server what this tablet may do, until it may drive; tell it that the driver has signed off. */
  async pass(): Promise<Hindrance | null> {
    const { signedOff, access } = this.behind.model();
    if (signedOff && access?.state !== "locked") {
      const hindrance = await this.behind.send();
      if (hindrance !== null && hindrance !== "pin") return hindrance;
      if (hindrance === null) await signOff();
    } else if (access?.state === "ready" || access?.state === "open") {
      return null;
    }
    this.behind.set({ access: await getAccess() });
    return null;
  }

  async askForPin(): Promise<void> {
    const access = await getAccess().catch(() => null);
    if (access !== null) this.behind.set({ access, hindrance: null });
  }

  /** Another driver than the last one finds no tour of others. */
  async signIn(driver: string, pin: string, language: string): Promise<string | null> {
    const last = this.behind.model().access?.driver ?? null;
    try {
      const access = await signIn(driver, pin, language);
      localStorage.removeItem(SIGNED_OFF_UNDER);
      this.behind.set({ access, signedOff: false, hindrance: null });
      if (last !== null && last !== driver) await this.forgetRiders();
      return null;
    } catch (error) {
      return error instanceof HttpError ? error.message : "";
    }
  }

  async signOff(): Promise<void> {
    localStorage.setItem(SIGNED_OFF_UNDER, "1");
    this.behind.set({ signedOff: true });
    await this.forgetRiders();
  }

  /** Forget all of riders at once, hand unsent reports to dispatch, then forget those. True once that is done. */
  async lockOut(): Promise<boolean> {
    const before = this.behind.model().lockedOut;
    if (before?.handedOver) return true;
    await this.forgetRiders();
    const taps = [...(await this.device.waiting()), ...(await this.device.rejected())];
    const unsent = before?.unsent ?? taps.length;
    localStorage.setItem(LOCKED_OUT_UNDER, String(unsent));
    const lockedOut = { unsent, handedOver: false };
    this.behind.set({ areaId: null, waiting: [], rejected: [], hindrance: null, lockedOut });
    try {
      await handOver(taps);
    } catch {
      return false; // no network just now: the reports stay, unseen, for the next attempt
    }
    await this.device.forgetReports();
    localStorage.removeItem(LOCKED_OUT_UNDER);
    this.behind.set({ lockedOut: { unsent, handedOver: true } });
    return true;
  }

  private async forgetRiders(): Promise<void> {
    this.behind.set(NOTHING_OF_RIDERS); // first: an answer that is on its way must find nothing to renew
    await this.device.keepDay(null);
  }
}

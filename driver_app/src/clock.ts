/**
 * The server's clock, and times as people read them.
 *
 * The server may run at any moment (`--now`), and a tablet's own clock is often wrong: every time this
 * app reports or compares is the device's clock plus the offset last learnt from the server.
 */

import type { Instant } from "./types.ts";

const KEPT_UNDER = "buergerbus-clock-offset";

export class ServerClock {
  private offsetMs: number;

  constructor(
    private readonly deviceNow: () => number = Date.now,
    private readonly storage: Pick<Storage, "getItem" | "setItem"> | null = null,
  ) {
    this.offsetMs = Number(storage?.getItem(KEPT_UNDER) ?? 0) || 0;
  }

  now(): Date {
    return new Date(this.deviceNow() + this.offsetMs);
  }

  /** Learn from an answer; the server's time is taken to be that of the middle of the exchange. */
  learn(serverNow: Instant, sentMs: number, receivedMs: number): void {
    this.offsetMs = Math.round(Date.parse(serverNow) - (sentMs + receivedMs) / 2);
    this.storage?.setItem(KEPT_UNDER, String(this.offsetMs));
  }
}

/** Calendar day of an instant in a time zone, as YYYY-MM-DD. */
export function dayIn(zone: string, instant: Date): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(instant);
}

/** Clock time of an instant in a time zone, as HH:MM. */
export function timeIn(zone: string, instant: Instant | Date): string {
  return new Intl.DateTimeFormat("de-DE", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** A day in words, such as "Montag, 30. März". */
export function dayInWords(locale: string, day: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(new Date(`${day}T12:00:00Z`));
}

/** Whole minutes from one instant to another, towards zero (negative: it has passed). */
export function minutesUntil(instant: Instant, now: Date): number {
  return Math.trunc((Date.parse(instant) - now.getTime()) / 60_000);
}

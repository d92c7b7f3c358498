/** The JSON API as this app uses it, at the same origin. */

import type { Outcome } from "./queue.ts";
import type { Area, Instant, Leg, Tap, Tour } from "./types.ts";

const TIMEOUT_MS = 15_000;
/** Answers after which the same report may succeed later: sign in, timeout, too early, too many. */
const SIGN_IN = new Set([401, 403]);
const TRY_AGAIN = new Set([408, 425, 429]);

/** The server answered, but not with what was asked for. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  get needsSignIn(): boolean {
    return SIGN_IN.has(this.status);
  }
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, {
    cache: "no-store",
    credentials: "same-origin",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...init,
  });
  if (response.ok || response.status === 304) return response;
  throw new HttpError(response.status, await problemOf(response));
}

/** The sentence of a problem+json answer, or the status where there is none. */
async function problemOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => null);
  if (problem !== null && typeof problem === "object") {
    const { detail, title } = problem as { detail?: unknown; title?: unknown };
    if (typeof detail === "string" && detail !== "") return detail;
    if (typeof title === "string" && title !== "") return title;
  }
  return `HTTP ${response.status}`;
}

export async function getTime(): Promise<Instant> {
  const body = (await (await call("/v1/time")).json()) as { now: Instant };
  return body.now;
}

export async function getAreas(): Promise<Area[]> {
  const body = (await (await call("/v1/areas")).json()) as { areas: Area[] };
  return body.areas.map(({ id, name, phone, time_zone, invented, bbox, attribution }) => ({
    id,
    name,
    phone,
    time_zone,
    invented,
    bbox,
    attribution,
  }));
}

/** The tours of a day, to choose one of them. */
export async function getTours(date: string, areaId: string): Promise<Tour[]> {
  const path = `/v1/tours?${new URLSearchParams({ date, area_id: areaId })}`;
  return ((await (await call(path)).json()) as { tours: Tour[] }).tours;
}

/** Reads one tour again and again, and spares both sides the transfer while it has not changed. */
export class TourReader {
  private last: { id: string; etag: string; tour: Tour } | null = null;

  /** The tour, or null if there is none any more. */
  async read(id: string): Promise<Tour | null> {
    const known = this.last?.id === id ? this.last : null;
    const headers: HeadersInit = known ? { "If-None-Match": known.etag } : {};
    try {
      const response = await call(`/v1/tours/${encodeURIComponent(id)}`, { headers });
      if (response.status === 304 && known) return known.tour;
      const tour = (await response.json()) as Tour;
      const etag = response.headers.get("ETag");
      this.last = etag === null ? null : { id, etag, tour };
      return tour;
    } catch (error) {
      if (error instanceof HttpError && error.status === 404) return null;
      throw error;
    }
  }
}

/** The turns of every drive of a tour that is still ahead. */
export async function getLegs(tourId: string, language: string): Promise<Leg[]> {
  const path = `/v1/tours/${encodeURIComponent(tourId)}/directions`;
  const body = (await (await call(path, { headers: { "Accept-Language": language } })).json()) as { legs: Leg[] };
  return body.legs;
}

/** Send one tap and say what became of it. Never throws for what the network or the server does. */
export async function sendTap(tap: Tap): Promise<Outcome> {
  const { event_id, type, at, no_shows } = tap;
  const path = `/v1/tours/${encodeURIComponent(tap.tour_id)}/visits/${encodeURIComponent(tap.visit_id)}/events`;
  try {
    const response = await call(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": event_id },
      body: JSON.stringify({ event_id, type, at, no_shows }),
    });
    const { tour } = (await response.json()) as { tour: Tour };
    return { kind: "accepted", tour };
  } catch (error) {
    if (!(error instanceof HttpError)) return { kind: "later", why: "offline" };
    if (error.needsSignIn) return { kind: "later", why: "sign-in" };
    if (error.status >= 500 || TRY_AGAIN.has(error.status)) return { kind: "later", why: "offline" };
    return { kind: "refused", reason: error.message };
  }
}

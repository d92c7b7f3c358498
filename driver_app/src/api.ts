/** The JSON API as this app uses it, at the same origin. */

import type { Hindrance, Outcome } from "./queue.ts";
import type { Access, Area, Instant, Leg, Tap, Tour } from "./types.ts";

const TIMEOUT_MS = 15_000;
/** Answers after which the same report may succeed later: sign in, timeout, too early, too many. */
const SIGN_IN = new Set([401, 403]);
const TRY_AGAIN = new Set([408, 425, 429]);
/** Tells the server that the app asks, not another page of the same browser. */
const MARK = { "Buergerbus-Tablet": "1" };
const JSON_BODY = { "Content-Type": "application/json" };
const MOST_HANDED_OVER = 200;

/** The server answered, but not with what was asked for. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** What keeps this tablet from working with the server until somebody acts; null for other errors. */
  get hindrance(): Hindrance | null {
    if (this.code === "device-revoked") return "locked-out";
    if (this.code === "pin-needed") return "pin";
    return SIGN_IN.has(this.status) ? "sign-in" : null;
  }
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, {
    cache: "no-store",
    credentials: "same-origin",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...init,
    headers: { ...MARK, ...init.headers },
  });
  if (response.ok || response.status === 304) return response;
  throw await errorOf(response);
}

/** Code and sentence of a problem+json answer, or the status where there is none. */
async function errorOf(response: Response): Promise<HttpError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = (body !== null && typeof body === "object" ? body : {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof problem[name] === "string" ? problem[name] : "");
  const message = text("detail") || text("title") || `HTTP ${response.status}`;
  return new HttpError(response.status, text("code"), message);
}

/** Whether this browser is an enrolled tablet, and who is signed in with it. */
export async function getAccess(): Promise<Access> {
  return (await (await call("/v1/device")).json()) as Access;
}

export async function signIn(driver: string, pin: string, language: string): Promise<Access> {
  const response = await call("/v1/device/session", {
    method: "POST",
    headers: { ...JSON_BODY, "Accept-Language": language },
    body: JSON.stringify({ driver, pin }),
  });
  return (await response.json()) as Access;
}

export async function signOff(): Promise<void> {
  await call("/v1/device/session", { method: "DELETE" });
}

/** Give reports that no tour takes any more to a person: ids and times, no places. */
export async function handOver(taps: Tap[]): Promise<void> {
  const reports = taps
    .slice(0, MOST_HANDED_OVER)
    .map(({ tour_id, visit_id, type, at, no_shows }) => ({ tour_id, visit_id, type, at, no_shows }));
  await call("/v1/device/unsent", { method: "POST", headers: JSON_BODY, body: JSON.stringify({ reports }) });
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
      headers: { ...JSON_BODY, "Idempotency-Key": event_id },
      body: JSON.stringify({ event_id, type, at, no_shows }),
    });
    const { tour } = (await response.json()) as { tour: Tour };
    return { kind: "accepted", tour };
  } catch (error) {
    if (!(error instanceof HttpError)) return { kind: "later", why: "offline" };
    if (error.hindrance) return { kind: "later", why: error.hindrance };
    if (error.status >= 500 || TRY_AGAIN.has(error.status)) return { kind: "later", why: "offline" };
    return { kind: "refused", reason: error.message };
  }
}

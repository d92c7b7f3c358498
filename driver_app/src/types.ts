/** What the JSON API sends. Times are RFC 3339 with offset, positions WGS84 degrees. */

import type { LineString } from "geojson";

export type Instant = string;

export interface Passengers {
  seat: number;
  wheelchair: number;
  walker: number;
  pram: number;
  child_seat: number;
  luggage: number;
  parcel: number;
}

export type RideStatus = "booked" | "unassigned" | "aboard" | "done" | "no_show" | "cancelled";

export interface Rider {
  booking_id: string;
  name: string;
  phone: string | null;
  passengers: Passengers;
  status: RideStatus;
}

/** The public line a rider comes from, or is brought to. */
export interface Connection {
  line: string;
  time: Instant;
}

export interface BoardingRider extends Rider {
  pickup_from: Instant;
  pickup_until: Instant;
  connection?: Connection | null;
}

export interface AlightingRider extends Rider {
  arrive_by: Instant;
  connection?: Connection | null;
}

export type VisitStatus = "planned" | "arrived" | "departed";

export interface Visit {
  id: string;
  place: { label: string; lon: number; lat: number };
  arrive: Instant;
  depart: Instant;
  status: VisitStatus;
  /** The driver's break: nobody boards or leaves. */
  pause: boolean;
  board: BoardingRider[];
  alight: AlightingRider[];
}

export interface Tour {
  id: string;
  area_id: string;
  shift: { id: string; vehicle: string; driver: string; start: Instant; end: Instant };
  /** In driving order. */
  visits: Visit[];
  geometry: LineString | null;
}

export type Turn =
  | ""
  | "straight"
  | "slight_left"
  | "left"
  | "sharp_left"
  | "slight_right"
  | "right"
  | "sharp_right";

/** One thing to do on the way, `metres` after the step before. */
export interface Step {
  kind: "depart" | "turn" | "follow" | "keep" | "roundabout" | "ramp" | "exit" | "ferry" | "u_turn" | "arrive";
  turn: Turn;
  metres: number;
  /** Both with the distance, to read and to hear. */
  text: string;
  spoken: string;
  /** The same without it, for where it is counted down. */
  action: string;
  action_spoken: string;
}

/** A drive between two halts; null stands for the place where the shift starts or ends. */
export interface Leg {
  from_visit: string | null;
  to_visit: string | null;
  metres: number;
  seconds: number;
  /** Longitude and latitude along the way. */
  points: [number, number][];
  /** At least the first (to set out) and the last (to arrive). */
  steps: Step[];
}

/** The way of a tour in one language, as it was for the halts that `key` stands for. */
export interface KeptWay {
  key: string;
  language: string;
  legs: Leg[];
}

export interface Area {
  id: string;
  name: string;
  phone: string | null;
  time_zone: string;
  invented: boolean;
  bbox: [number, number, number, number];
  /** Whom the map is owed to, as plain text. */
  attribution: string;
}

export type TapType = "arrived" | "departed";

/** One logical tap of the driver, on its way to the engine. Holds ids and a place, no names. */
export interface Tap {
  event_id: string;
  tour_id: string;
  visit_id: string;
  type: TapType;
  at: Instant;
  no_shows: string[];
  /** Label of the halt, for the list a person reads when a report is refused. */
  place: string;
}

/** A report the server refused for good, kept until the driver has seen it. */
export interface RejectedTap extends Tap {
  reason: string;
}

/** The one tour that may lie on this device: that of the driver's own day. */
export interface KeptDay {
  date: string;
  area: Area;
  tour: Tour;
  /** When the server last confirmed it, by the server's clock. */
  heard_at: Instant;
  /** Missing until it was read for the first time. */
  way?: KeptWay;
}

/** What the app on this browser may do; `open` where no tablet is needed. */
export interface Access {
  state: "open" | "unknown" | "locked" | "ready";
  name: string | null;
  /** Who is signed in, or was last. */
  driver: string | null;
  drivers: string[];
  areas: string[];
  until: Instant | null;
}

/** One small tour for all tests: two people get on, one of them off again, then the other. */

import type { AlightingRider, BoardingRider, KeptDay, Rider, Tap, TapType, Tour, Visit } from "../src/types.ts";

type AnyRider = BoardingRider & AlightingRider;

export function rider(id: string, status: Rider["status"] = "booked"): AnyRider {
  return {
    booking_id: id,
    name: `Rider ${id}`,
    phone: null,
    passengers: { seat: 1, wheelchair: 0, walker: 0, pram: 0, child_seat: 0, luggage: 0, parcel: 0 },
    status,
    pickup_from: "2026-03-30T09:55:00+02:00",
    pickup_until: "2026-03-30T10:05:00+02:00",
    arrive_by: "2026-03-30T11:00:00+02:00",
  };
}

export function visit(id: string, board: AnyRider[], alight: AnyRider[], status: Visit["status"] = "planned"): Visit {
  return {
    id,
    place: { label: `Place ${id}`, lon: 9.5, lat: 47.1 },
    arrive: "2026-03-30T10:00:00+02:00",
    depart: "2026-03-30T10:02:00+02:00",
    status,
    pause: false,
    board,
    alight,
  };
}

export function tour(...visits: Visit[]): Tour {
  return {
    id: "t",
    area_id: "a",
    shift: {
      id: "s",
      vehicle: "Bus 1",
      driver: "A. Beck",
      start: "2026-03-30T07:00:00+02:00",
      end: "2026-03-30T12:30:00+02:00",
    },
    visits,
    geometry: null,
  };
}

export function villageTour(): Tour {
  const [anna, bert] = [rider("anna"), rider("bert")];
  return tour(visit("church", [anna, bert], []), visit("doctor", [], [anna]), visit("station", [], [bert]));
}

let made = 0;

export function tap(visitId: string, type: TapType, noShows: string[] = [], tourId = "t"): Tap {
  made += 1;
  return {
    event_id: `event-${made}`,
    tour_id: tourId,
    visit_id: visitId,
    type,
    at: "2026-03-30T08:00:00.000Z",
    no_shows: noShows,
    place: `Place ${visitId}`,
  };
}

export function keptDay(date: string): KeptDay {
  const area: KeptDay["area"] = {
    id: "a",
    name: "Area",
    phone: null,
    time_zone: "Europe/Berlin",
    invented: true,
    bbox: [9, 47, 10, 48],
    attribution: "invented",
  };
  return { date, area, tour: villageTour(), heard_at: "2026-03-30T08:00:00.000Z" };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { ahead, applyTaps, isCurrent, isWaiting, nextTap, planChange, shownHalts } from "../src/state.ts";
import type { Tap, Tour, Visit } from "../src/types.ts";
import { keptDay, rider, tap, tour, villageTour, visit } from "./village.ts";

const ids = (t: Tour): string[] => ahead(t).map(({ id }) => id);

test("without taps the server's tour is shown as it is", () => {
  const t = villageTour();
  assert.equal(applyTaps(t, []), t);
  assert.deepEqual(ids(t), ["church", "doctor", "station"]);
});

test("arriving keeps the halt in front, leaving brings the next one", () => {
  const arrived = applyTaps(villageTour(), [tap("church", "arrived")]);
  assert.deepEqual(ids(arrived), ["church", "doctor", "station"]);
  assert.equal(nextTap(ahead(arrived)[0]!), "departed");
  const left = applyTaps(villageTour(), [tap("church", "arrived"), tap("church", "departed")]);
  assert.deepEqual(ids(left), ["doctor", "station"]);
  assert.equal(nextTap(ahead(left)[0]!), "arrived");
});

test("the server's tour is never changed in place", () => {
  const t = villageTour();
  const copy = structuredClone(t);
  applyTaps(t, [tap("church", "departed", ["bert"])]);
  assert.deepEqual(t, copy);
});

test("taps in any order and number give the same tour, and a visit never goes back", () => {
  const taps = [tap("church", "arrived"), tap("church", "departed", ["bert"]), tap("doctor", "arrived")];
  const expected = applyTaps(villageTour(), taps);
  for (const order of permutations(taps)) assert.deepEqual(applyTaps(villageTour(), order), expected);
  assert.deepEqual(applyTaps(villageTour(), [...taps, ...taps]), expected);
  assert.deepEqual(applyTaps(expected, [tap("church", "arrived")]), expected);
});

test("nobody drives to where only an absent rider would leave", () => {
  const t = applyTaps(villageTour(), [tap("church", "departed", ["bert"])]);
  assert.deepEqual(ids(t), ["doctor"]);
  assert.deepEqual(ids(applyTaps(t, [tap("doctor", "departed")])), []);
});

test("a halt is kept while one rider still needs it", () => {
  const shared = tour(visit("church", [], [rider("anna", "no_show"), rider("bert")]));
  assert.deepEqual(ids(shared), ["church"]);
  assert.deepEqual(ids(tour(visit("church", [], [rider("anna", "cancelled")]))), []);
});

test("taps of another tour or an unknown visit change nothing", () => {
  const t = villageTour();
  assert.deepEqual(applyTaps(t, [tap("church", "departed", ["anna"], "other")]), t);
  assert.deepEqual(applyTaps(t, [tap("nowhere", "departed")]), t);
});

test("a place passed twice is shown once on the map, by the halt that matters most", () => {
  const shown = (nextId: string | null, ...statuses: Visit["status"][]): string[] => {
    const visits = statuses.map((status, index) => visit(String(index + 1), [rider("anna")], [], status));
    const [there, away, back] = visits as [Visit, Visit, Visit];
    away.place.lon = 9.6;
    return shownHalts(tour(there, away, back), nextId).map(({ position, isNext }) => `${position}${isNext ? "!" : ""}`);
  };
  assert.deepEqual(shown("1", "planned", "planned", "planned"), ["2", "1!"]);
  assert.deepEqual(shown("2", "departed", "planned", "planned"), ["3", "2!"]);
  assert.deepEqual(shown("3", "departed", "departed", "arrived"), ["2", "3!"]);
  assert.deepEqual(shown(null, "departed", "departed", "departed").sort(), ["1", "2"]);
});

test("the same tap is recognised while it waits", () => {
  const waiting = [tap("church", "arrived")];
  assert.equal(isWaiting(waiting, "t", "church", "arrived"), true);
  assert.equal(isWaiting(waiting, "t", "church", "departed"), false);
  assert.equal(isWaiting(waiting, "other", "church", "arrived"), false);
});

test("a driver is told what the server changed, not what was tapped", () => {
  const before = villageTour();
  const [church, doctor, station] = before.visits as [never, never, never];
  assert.equal(planChange(before, villageTour()), null);
  assert.equal(planChange(before, tour(visit("new", [rider("carl")], []), church, doctor, station)), "next");
  assert.equal(planChange(before, tour(church, visit("new", [rider("carl")], []), doctor, station)), "later");
  const told = applyTaps(before, [tap("church", "departed", ["bert"])]);
  const confirmed = tour(visit("church", [rider("anna", "aboard")], [], "departed"), doctor);
  assert.equal(planChange(told, confirmed), null);
});

test("only today's tour stays on the device, or one that runs past midnight", () => {
  const day = keptDay("2026-03-30");
  const at = (text: string): Date => new Date(text);
  assert.equal(isCurrent(day, "2026-03-30", at("2026-03-30T04:00:00+02:00")), true);
  assert.equal(isCurrent(day, "2026-03-31", at("2026-03-31T08:00:00+02:00")), false);
  day.tour.shift.end = "2026-03-31T00:30:00+02:00";
  assert.equal(isCurrent(day, "2026-03-31", at("2026-03-31T00:20:00+02:00")), true);
  assert.equal(isCurrent(day, "2026-03-29", at("2026-03-29T12:00:00+02:00")), false);
});

function permutations(taps: Tap[]): Tap[][] {
  if (taps.length <= 1) return [taps];
  return taps.flatMap((first) =>
    permutations(taps.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}

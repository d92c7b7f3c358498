import assert from "node:assert/strict";
import { test } from "node:test";
import { applyTaps } from "../src/state.ts";
import type { KeptWay, Leg, Step } from "../src/types.ts";
import { legNow, spokenAt, wayKey } from "../src/way.ts";
import { rider, tap, tour, villageTour, visit } from "./village.ts";

function step(spoken: string, metres = 300): Step {
  return { kind: "turn", turn: "left", metres, text: spoken, spoken, action: spoken, action_spoken: spoken };
}

function leg(from_visit: string | null, to_visit: string | null): Leg {
  const points: [number, number][] = [[9.5, 47], [9.504, 47]];
  return { from_visit, to_visit, metres: 300, seconds: 30, points, steps: [step("Losfahren", 0), step("Ankommen")] };
}

function villageWay(): KeptWay {
  const legs = [leg(null, "church"), leg("church", "doctor"), leg("doctor", "station"), leg("station", null)];
  return { key: wayKey(villageTour()), language: "de", legs };
}

test("the way shown is the one from the halt before to the next one", () => {
  const to = (nextId: string | null): string => {
    const found = legNow(villageWay(), villageTour(), nextId);
    return found ? `${found.from_visit} ${found.to_visit}` : "none";
  };
  assert.deepEqual(["church", "doctor", "station", null].map(to), [
    "null church",
    "church doctor",
    "doctor station",
    "station null",
  ]);
});

test("no way is shown at the halt, for another plan, or before it was read", () => {
  const arrived = applyTaps(villageTour(), [tap("church", "arrived")]);
  assert.equal(legNow(villageWay(), arrived, "church"), null);
  assert.equal(legNow(villageWay(), tour(...villageTour().visits.slice(1)), "doctor"), null);
  assert.equal(legNow(undefined, villageTour(), "church"), null);
});

test("no way is shown from a halt that is left out", () => {
  const empty = visit("doctor", [], [rider("anna", "cancelled")]);
  const [church, , station] = villageTour().visits as [never, never, never];
  assert.equal(legNow(villageWay(), tour(church, empty, station), "station"), null);
});

test("driving on changes nothing about the way, another halt does", () => {
  const started = applyTaps(villageTour(), [tap("church", "arrived"), tap("church", "departed")]);
  assert.equal(wayKey(started), wayKey(villageTour()));
  assert.notEqual(wayKey(tour(...villageTour().visits.slice(1))), wayKey(villageTour()));
});

test("a voice says what follows at once along with a step", () => {
  const steps = [step("Losfahren", 0), step("Links"), step("Rechts", 30), step("Ziel")];
  assert.deepEqual(
    steps.map((_, index) => spokenAt(steps, index)),
    ["Losfahren. Links.", "Links. Rechts.", "Rechts.", "Ziel."],
  );
});

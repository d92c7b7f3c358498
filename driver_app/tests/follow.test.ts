import assert from "node:assert/strict";
import { test } from "node:test";
import { announcement, follow, roundMetres, type Fix, type Followed } from "../src/follow.ts";
import type { Leg, Step } from "../src/types.ts";

const METRE = 1 / 111_195;
const LAT = 47;
const EAST = METRE / Math.cos((LAT * Math.PI) / 180);

/** A place in metres east and north of the start. */
function spot(east: number, north: number): [number, number] {
  return [9.5 + east * EAST, LAT + north * METRE];
}

function at(east: number, north: number, accuracy = 5): Fix {
  const [lon, lat] = spot(east, north);
  return { lon, lat, accuracy };
}

function step(text: string, metres: number): Step {
  return { kind: "turn", turn: "left", metres, text, spoken: text, action: text, action_spoken: text };
}

/** 500 m to the east, left, 300 m to the north, left again, 400 m back to the west. */
function uShape(): Leg {
  return {
    from_visit: null,
    to_visit: "church",
    metres: 1200,
    seconds: 120,
    points: [spot(0, 0), spot(500, 0), spot(500, 300), spot(100, 300)],
    steps: [step("go", 0), step("first left", 500), step("second left", 300), step("there", 400)],
  };
}

function ahead(fix: Fix, before: number | null = null): string {
  const leg = uShape();
  const found = follow(leg, fix, before);
  return found ? `${leg.steps[found.index]?.text} in ${Math.round(found.metres / 10) * 10}` : "unknown";
}

test("the step ahead of the bus is shown with the metres to it", () => {
  assert.equal(ahead(at(5, 0)), "go in 0");
  assert.equal(ahead(at(100, 8)), "first left in 400");
  assert.equal(ahead(at(490, -6)), "first left in 10");
  assert.equal(ahead(at(505, 100)), "second left in 200");
  assert.equal(ahead(at(300, 305)), "there in 200");
  assert.equal(ahead(at(100, 300)), "there in 0");
});

test("driving the leg shows every step once and in order, however the position trembles", () => {
  const leg = uShape();
  const places = [...Array(120).keys()].map((index) => {
    const along = index * 10;
    if (along < 500) return [along, 0];
    return along < 800 ? [500, along - 500] : [1300 - along, 300];
  }) as [number, number][];
  let before: number | null = null;
  const shown = places.map(([east, north], index) => {
    const tremble = 6 * Math.sin(index * 2.4);
    const found: Followed | null = follow(leg, at(east + tremble, north - tremble), before);
    before = found?.along ?? before;
    return found?.index ?? -1;
  });
  assert.deepEqual([...new Set(shown)], [0, 1, 2, 3]);
  assert.deepEqual(shown, shown.toSorted((one, other) => one - other));
});

test("a vague position or one beside the way tells nothing", () => {
  assert.equal(ahead(at(100, 8, 400)), "unknown");
  assert.equal(ahead(at(250, 150)), "unknown");
  assert.equal(ahead(at(250, 60, 60)), "first left in 250");
});

test("where the way comes by twice, the place nearer to the one before counts", () => {
  const there = { ...uShape(), metres: 1000, points: [spot(0, 0), spot(500, 0), spot(0, 0)] };
  there.steps = [step("go", 0), step("turn round", 500), step("there", 500)];
  assert.equal(follow(there, at(200, 0), 180)?.index, 1);
  assert.equal(follow(there, at(200, 0), 790)?.index, 2);
});

test("a step is announced when it comes next and once more shortly before", () => {
  const said: string[] = [];
  let last: ReturnType<typeof announcement> = null;
  const drive = (index: number, ...distances: number[]): void => {
    for (const metres of distances) {
      const due = announcement({ index, metres, along: 0 }, last);
      if (due === null) continue;
      last = due;
      said.push(`${index} at ${metres}`);
    }
  };
  drive(1, 800, 500, 130, 110, 60, 0);
  drive(2, 90, 40);
  assert.deepEqual(said, ["1 at 800", "1 at 110", "2 at 90"]);
});

test("distances are rounded as people say them", () => {
  assert.deepEqual([3, 44, 262, 1_240, 12_700].map(roundMetres), [null, 40, 250, 1_200, 13_000]);
});

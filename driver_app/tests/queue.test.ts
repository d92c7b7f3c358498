import assert from "node:assert/strict";
import { test } from "node:test";
import { drain, newEventId, type Outcome, type TapStore } from "../src/queue.ts";
import type { RejectedTap, Tap } from "../src/types.ts";
import { tap, villageTour } from "./village.ts";

class MemoryTaps implements TapStore {
  readonly taps: Tap[] = [];
  readonly rejected: RejectedTap[] = [];

  async add(fresh: Tap): Promise<boolean> {
    const key = ({ tour_id, visit_id, type }: Tap): string => [tour_id, visit_id, type].join("/");
    if (this.taps.some((known) => key(known) === key(fresh))) return false;
    this.taps.push(fresh);
    return true;
  }

  async waiting(): Promise<Tap[]> {
    return [...this.taps];
  }

  async remove(eventId: string): Promise<void> {
    this.taps.splice(this.taps.findIndex(({ event_id }) => event_id === eventId), 1);
  }

  async reject(refused: Tap, reason: string): Promise<void> {
    this.rejected.push({ ...refused, reason });
    await this.remove(refused.event_id);
  }
}

/** A server that answers by script and remembers what it was sent. */
function server(...script: Outcome["kind"][]): { send: (t: Tap) => Promise<Outcome>; got: string[] } {
  const got: string[] = [];
  const send = async ({ visit_id, type }: Tap): Promise<Outcome> => {
    got.push(`${visit_id} ${type}`);
    const kind = script.shift() ?? "accepted";
    if (kind === "later") return { kind, why: "offline" };
    return kind === "refused" ? { kind, reason: "unknown visit" } : { kind, tour: villageTour() };
  };
  return { send, got };
}

async function filled(): Promise<MemoryTaps> {
  const store = new MemoryTaps();
  for (const t of [tap("church", "arrived"), tap("church", "departed"), tap("doctor", "arrived")]) {
    await store.add(t);
  }
  return store;
}

test("taps are sent in the order they were made and then forgotten", async () => {
  const store = await filled();
  const { send, got } = server();
  const drained = await drain(store, send);
  assert.deepEqual(got, ["church arrived", "church departed", "doctor arrived"]);
  assert.deepEqual(store.taps, []);
  assert.equal(drained.hindrance, null);
  assert.equal(drained.tour?.id, "t");
});

test("a lost connection stops at the first tap not accepted, and nothing is lost", async () => {
  const store = await filled();
  const first = server("accepted", "later");
  assert.equal((await drain(store, first.send)).hindrance, "offline");
  assert.equal(store.taps.length, 2);
  const second = server();
  await drain(store, second.send);
  assert.deepEqual(second.got, ["church departed", "doctor arrived"]);
  assert.deepEqual(store.taps, []);
});

test("a refused tap is set aside with its reason and does not hold up the others", async () => {
  const store = await filled();
  const { send, got } = server("refused");
  const drained = await drain(store, send);
  assert.equal(got.length, 3);
  assert.deepEqual(store.taps, []);
  assert.equal(store.rejected[0]?.reason, "unknown visit");
  assert.equal(drained.refused.length, 1);
});

test("whatever the server answers, every tap is accepted, set aside, or still waiting", async () => {
  const kinds = ["accepted", "refused", "later"] as const;
  for (const a of kinds) {
    for (const b of kinds) {
      for (const c of kinds) {
        const store = await filled();
        const { send, got } = server(a, b, c);
        await drain(store, send);
        const accepted = [a, b, c].slice(0, got.length).filter((kind) => kind === "accepted").length;
        assert.equal(accepted + store.rejected.length + store.taps.length, 3, `${a} ${b} ${c}`);
      }
    }
  }
});

test("the same tap twice waits once", async () => {
  const store = await filled();
  assert.equal(await store.add(tap("church", "arrived")), false);
  assert.equal(store.taps.length, 3);
});

test("event ids are random UUIDs of version 4", () => {
  const made = Array.from({ length: 100 }, newEventId);
  for (const id of made) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.equal(new Set(made).size, 100);
});

/** The device's memory (IndexedDB): waiting taps, refused taps, and the one kept day. */

import type { TapStore } from "./queue.ts";
import type { KeptDay, RejectedTap, Tap } from "./types.ts";

const NAME = "buergerbus-driver";
const VERSION = 1;
const DAY = "day";
const SAME_TAP = "same_tap";

type StoreName = "waiting" | "rejected" | "kept";

export class Device implements TapStore {
  private constructor(private readonly db: IDBDatabase) {}

  static async open(): Promise<Device> {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const waiting = request.result.createObjectStore("waiting", { keyPath: "seq", autoIncrement: true });
      waiting.createIndex("event_id", "event_id", { unique: true });
      waiting.createIndex(SAME_TAP, ["tour_id", "visit_id", "type"], { unique: true });
      request.result.createObjectStore("rejected", { keyPath: "event_id" });
      request.result.createObjectStore("kept");
    };
    return new Device(await result(request));
  }

  async add(tap: Tap): Promise<boolean> {
    return this.write(["waiting"], async ([waiting]) => {
      const same = waiting.index(SAME_TAP).count([tap.tour_id, tap.visit_id, tap.type]);
      if ((await result(same)) > 0) return false;
      await result(waiting.add(tap));
      return true;
    });
  }

  async waiting(): Promise<Tap[]> {
    return result(this.db.transaction("waiting").objectStore("waiting").getAll() as IDBRequest<Tap[]>);
  }

  async remove(eventId: string): Promise<void> {
    await this.write(["waiting"], ([waiting]) => removeByEventId(waiting, eventId));
  }

  async reject(tap: Tap, reason: string): Promise<void> {
    await this.write(["waiting", "rejected"], async ([waiting, rejected]) => {
      const kept: RejectedTap = { ...tap, reason };
      await result(rejected.put(kept));
      await removeByEventId(waiting, tap.event_id);
    });
  }

  async rejected(): Promise<RejectedTap[]> {
    const store = this.db.transaction("rejected").objectStore("rejected");
    return result(store.getAll() as IDBRequest<RejectedTap[]>);
  }

  async dismiss(eventId: string): Promise<void> {
    await this.write(["rejected"], ([rejected]) => result(rejected.delete(eventId)));
  }

  async day(): Promise<KeptDay | null> {
    const store = this.db.transaction("kept").objectStore("kept");
    return (await result(store.get(DAY) as IDBRequest<KeptDay | undefined>)) ?? null;
  }

  /** Keep this day in place of any other; null wipes it. */
  async keepDay(day: KeptDay | null): Promise<void> {
    await this.write(["kept"], async ([kept]) => {
      if (day === null) await result(kept.delete(DAY));
      else await result(kept.put(day, DAY));
    });
  }

  /** Forget the reports, too: a tablet that was locked out keeps nothing. */
  async forgetReports(): Promise<void> {
    await this.write(["waiting", "rejected"], async ([waiting, rejected]) => {
      await result(waiting.clear());
      await result(rejected.clear());
    });
  }

  /** Run one transaction and resolve only when the disk has it (a tablet may be switched off at any time). */
  private async write<const Names extends readonly StoreName[], T>(
    names: Names,
    work: (stores: { [K in keyof Names]: IDBObjectStore }) => Promise<T>,
  ): Promise<T> {
    const transaction = this.db.transaction([...names], "readwrite", { durability: "strict" });
    const finished = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const stores = names.map((name) => transaction.objectStore(name)) as {
      [K in keyof Names]: IDBObjectStore;
    };
    const [value] = await Promise.all([work(stores), finished]);
    return value;
  }
}

async function removeByEventId(waiting: IDBObjectStore, eventId: string): Promise<void> {
  const key = await result(waiting.index("event_id").getKey(eventId));
  if (key !== undefined) await result(waiting.delete(key));
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The driver's session: holds the model, takes the driver's actions, exchanges with the server. */

import { getAreas, getLegs, getTime, getTours, HttpError, sendTap, TourReader } from "./api.ts";
import { dayIn, type ServerClock } from "./clock.ts";
import type { Device } from "./db.ts";
import { Gate, remembered } from "./gate.ts";
import { EMPTY, gateOf, tourNow, type Model } from "./model.ts";
import { drain, newEventId, type Hindrance } from "./queue.ts";
import { isCurrent, isWaiting, planChange } from "./state.ts";
import { SyncLoop } from "./sync.ts";
import type { Area, KeptDay, TapType, Tour, Visit } from "./types.ts";
import { wayKey } from "./way.ts";

const AREA_KEPT_UNDER = "buergerbus-area";

export class Session {
  model: Model = EMPTY;
  private language = "de";
  private readonly listeners = new Set<() => void>();
  private readonly reader = new TourReader();
  private readonly gate: Gate;
  private readonly loop = new SyncLoop(
    () => this.cycle(),
    () => document.visibilityState === "visible" || this.model.waiting.length > 0,
  );

  constructor(
    private readonly device: Device,
    readonly clock: ServerClock,
  ) {
    this.gate = new Gate(device, {
      model: () => this.model,
      set: (part) => this.set(part.access ? { ...part, heardAt: this.clock.now().toISOString() } : part),
      send: () => this.sendWaiting(),
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Show what the device remembers, then start to listen to the server. */
  async start(): Promise<void> {
    const [day, waiting, rejected] = await Promise.all([
      this.device.day(),
      this.device.waiting(),
      this.device.rejected(),
    ]);
    this.set({ waiting, rejected, areaId: localStorage.getItem(AREA_KEPT_UNDER), ...remembered() });
    if (day === null) this.set({ stage: "choose" });
    else if (this.isOutdated(day)) await this.leaveTour();
    else this.set({ stage: "tour", day, heardAt: day.heard_at });
    this.loop.start();
  }

  /** From now on the way is told in this language. */
  tellWayIn(language: string): void {
    if (language === this.language) return;
    this.language = language;
    void this.loop.now();
  }

  chooseArea(areaId: string | null): void {
    if (areaId === null) localStorage.removeItem(AREA_KEPT_UNDER);
    else localStorage.setItem(AREA_KEPT_UNDER, areaId);
    this.set({ areaId, tours: null });
    void this.loop.now();
  }

  async chooseTour(area: Area, tour: Tour, date: string): Promise<void> {
    const day: KeptDay = { date, area, tour, heard_at: this.clock.now().toISOString() };
    await this.device.keepDay(day);
    this.set({ stage: "tour", day, news: null });
    void navigator.storage?.persist?.();
    void this.loop.now();
  }

  /** Back to the choice of tours; nothing about riders stays on the device. */
  async leaveTour(news: Model["news"] = null): Promise<void> {
    this.set({ stage: "choose", day: null, tours: null, news });
    await this.device.keepDay(null);
    void this.loop.now();
  }

  /** Take one tap of the driver. Resolves once it is safely on the device; repeating it is harmless. */
  async tap(visit: Visit, type: TapType, noShows: string[]): Promise<void> {
    const tour = this.model.day?.tour;
    if (!tour || isWaiting(this.model.waiting, tour.id, visit.id, type)) return;
    await this.device.add({
      event_id: newEventId(),
      tour_id: tour.id,
      visit_id: visit.id,
      type,
      at: this.clock.now().toISOString(),
      no_shows: noShows,
      place: visit.place.label,
    });
    this.set({ waiting: await this.device.waiting(), news: null });
    void this.loop.now();
  }

  async dismiss(eventId: string): Promise<void> {
    await this.device.dismiss(eventId);
    this.set({ rejected: await this.device.rejected() });
  }

  closeNews(): void {
    this.set({ news: null });
  }

  /** Sign a driver in; the sentence to show if that does not work, empty without network. */
  async signIn(driver: string, pin: string): Promise<string | null> {
    const wrong = await this.gate.signIn(driver, pin, this.language);
    void this.loop.now();
    return wrong;
  }

  /** Show nothing of riders any more; the server hears of it once all reports are sent. */
  async signOff(): Promise<void> {
    await this.gate.signOff();
    void this.loop.now();
  }

  private set(part: Partial<Model>): void {
    this.model = { ...this.model, ...part };
    for (const listener of this.listeners) listener();
  }

  private isOutdated(day: KeptDay): boolean {
    const now = this.clock.now();
    return !isCurrent(day, dayIn(day.area.time_zone, now), now);
  }

  private async cycle(): Promise<boolean> {
    if (this.model.lockedOut !== null) return this.gate.lockOut();
    try {
      const hindrance = (await this.gate.pass()) ?? (await this.sendWaiting()) ?? (await this.refresh());
      this.set({ hindrance });
    } catch (error) {
      this.set({ hindrance: (error instanceof HttpError && error.hindrance) || "offline" });
    }
    if (this.model.hindrance === "locked-out") return this.gate.lockOut();
    if (this.model.hindrance === "pin") await this.gate.askForPin();
    return this.model.hindrance === null;
  }

  /** Send what waits, one page of this device at a time so that the order holds. */
  private async sendWaiting(): Promise<Hindrance | null> {
    const sent = await oneAtATime(() => drain(this.device, sendTap));
    const waiting = await this.device.waiting();
    const rejected = sent.refused.length > 0 ? await this.device.rejected() : this.model.rejected;
    const { day } = this.model;
    const fresh = day !== null && sent.tour?.id === day.tour.id ? { ...day, tour: sent.tour } : day;
    this.set({ waiting, rejected });
    if (fresh !== null && fresh !== day) await this.keep(fresh);
    return sent.hindrance;
  }

  private async refresh(): Promise<null> {
    if (gateOf(this.model) !== "open") return null;
    const sent = Date.now();
    this.clock.learn(await getTime(), sent, Date.now());
    const { day } = this.model;
    if (day !== null && this.isOutdated(day)) await this.leaveTour();
    if (this.model.day === null) await this.refreshChoice();
    else await this.refreshDay(this.model.day);
    this.set({ heardAt: this.clock.now().toISOString() });
    return null;
  }

  private async refreshChoice(): Promise<void> {
    const { access } = this.model;
    const all = await getAreas();
    const areas = access?.state === "ready" ? all.filter(({ id }) => access.areas.includes(id)) : all;
    const known = areas.find((area) => area.id === this.model.areaId) ?? null;
    const area = areas.length === 1 ? (areas[0] ?? null) : known;
    this.set({ areas, areaId: area?.id ?? null });
    if (area === null) return;
    const today = dayIn(area.time_zone, this.clock.now());
    const tours = await getTours(today, area.id);
    if (this.model.areaId === area.id) this.set({ today, tours });
  }

  private async refreshDay(day: KeptDay): Promise<void> {
    const tour = await this.reader.read(day.tour.id);
    if (this.model.day?.tour.id !== day.tour.id) return;
    if (tour === null) return this.leaveTour("gone");
    const before = tourNow(this.model);
    const fresh: KeptDay = { ...day, tour, heard_at: this.clock.now().toISOString() };
    if (!(await this.keep(fresh))) return;
    const after = tourNow(this.model);
    const change = before && after ? planChange(before, after) : null;
    if (change !== null) this.set({ news: change });
    await this.refreshWay(fresh);
  }

  /** Read the way anew when the halts or the language have changed, and keep it for where there is no network. */
  private async refreshWay(day: KeptDay): Promise<void> {
    const { language } = this;
    const key = wayKey(day.tour);
    if (day.way?.key === key && day.way.language === language) return;
    const legs = await getLegs(day.tour.id, language);
    const now = this.model.day;
    if (now === null || wayKey(now.tour) !== key) return;
    const told: KeptDay = { ...now, way: { key, language, legs } };
    await this.keep(told);
  }

  /** Show and keep what is new of the chosen tour; not if the driver has left it meanwhile. */
  private async keep(day: KeptDay): Promise<boolean> {
    if (this.model.day?.tour.id !== day.tour.id) return false;
    this.set({ day }); // before it is kept: whoever leaves the tour from now on deletes it after that
    await this.device.keepDay(day);
    return true;
  }
}

/** Run while no other page of this device does the same; without Web Locks (no TLS) run anyway. */
async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request("buergerbus-send", work) : work();
}

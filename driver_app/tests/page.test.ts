import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcer } from "../src/announce.ts";
import { dayIn, dayInWords, minutesUntil, ServerClock, timeIn } from "../src/clock.ts";
import { pickLanguage, TEXTS } from "../src/i18n.ts";
import { EMPTY } from "../src/model.ts";
import { pauseMs } from "../src/sync.ts";
import { contactText } from "../src/views/Contact.tsx";
import { meetings } from "../src/views/Following.tsx";
import { telephoneLink } from "../src/views/riders.tsx";
import { rider, tap, visit } from "./village.ts";

test("the server's clock rules, and is remembered for the next start", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const device = Date.parse("2026-11-22T09:00:00Z");
  const clock = new ServerClock(() => device, storage);
  clock.learn("2026-03-30T10:31:00+02:00", device - 200, device + 200);
  assert.equal(clock.now().toISOString(), "2026-03-30T08:31:00.000Z");
  assert.equal(new ServerClock(() => device + 60_000, storage).now().toISOString(), "2026-03-30T08:32:00.000Z");
});

test("days and times are those of the area, also around midnight and the clock change", () => {
  const instant = new Date("2026-03-29T22:30:00Z");
  assert.equal(dayIn("Europe/Berlin", instant), "2026-03-30");
  assert.equal(dayIn("UTC", instant), "2026-03-29");
  assert.equal(timeIn("Europe/Berlin", "2026-03-29T00:30:00Z"), "01:30");
  assert.equal(timeIn("Europe/Berlin", "2026-03-29T01:30:00Z"), "03:30");
  assert.equal(timeIn("Europe/Berlin", "2026-03-29T22:05:00Z"), "00:05");
  assert.equal(dayInWords("de-DE", "2026-03-30"), "Montag, 30. März");
  assert.equal(minutesUntil("2026-03-29T22:35:59Z", instant), 5);
  assert.equal(minutesUntil("2026-03-29T22:26:00Z", instant), -4);
});

test("retries wait longer and longer, but never more than a minute and a quarter", () => {
  const pauses = [0, 1, 2, 3, 4, 5, 6, 20].map((failures) => pauseMs(failures, 0.5));
  assert.deepEqual(pauses, [10_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  assert.equal(pauseMs(20, 0), 45_000);
  assert.ok(pauseMs(20, 0.999) <= 75_000);
});

test("spoken messages keep their distance, and the newest replaces one still waiting", () => {
  const spoken: string[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  let now = 0;
  const announcer = new Announcer(
    (text) => spoken.push(text),
    () => now,
    (run, ms) => timers.push({ run, ms }),
  );
  announcer.say("one");
  now = 1_000;
  announcer.say("two");
  announcer.say("three");
  assert.deepEqual(spoken, ["one"]);
  assert.deepEqual(timers.map(({ ms }) => ms), [2_000]);
  now = 3_000;
  timers[0]?.run();
  assert.deepEqual(spoken, ["one", "three"]);
});

test("the language is asked of address, memory, browser, in this order; else German", () => {
  assert.equal(pickLanguage("?lang=en", "de", "de-DE"), "en");
  assert.equal(pickLanguage("", "en", "de-DE"), "en");
  assert.equal(pickLanguage("?lang=fr", null, "en-GB"), "en");
  assert.equal(pickLanguage("", null, "fr-CH"), "de");
});

test("the state of contact stands in one line", () => {
  const heardAt = "2026-03-30T12:05:00Z";
  const line = (part: object): string => contactText(TEXTS.de, { ...EMPTY, ...part }, "Europe/Berlin");
  assert.equal(line({}), "Verbindung wird gesucht");
  assert.equal(line({ heardAt }), "Verbunden · Stand 14:05");
  assert.equal(line({ heardAt, hindrance: "offline" }), "Ohne Netz · Stand 14:05");
  const waiting = [tap("church", "arrived"), tap("church", "departed")];
  assert.equal(line({ heardAt, hindrance: "offline", waiting }), "Ohne Netz, 2 Meldungen warten");
});

test("telephone links hold only what can be dialled", () => {
  assert.equal(telephoneLink("+423 265 50 10"), "tel:+4232655010");
  assert.equal(telephoneLink("07032 / 12-34"), "tel:070321234");
});

test("a halt further on names the lines its riders meet, each once, and none of who does not come", () => {
  const train = { line: "RB 99 Stadt", time: "2026-03-30T10:13:00+02:00" };
  const bus = { line: "870 Mühle", time: "2026-03-30T09:58:00+02:00" };
  const away = [rider("anna"), rider("bert")].map((one) => ({ ...one, connection: train }));
  const here = { ...rider("carl"), connection: bus };
  const absent = { ...rider("dora", "cancelled"), connection: train };
  const said = (board: (typeof here)[], alight: typeof away) =>
    meetings(visit("station", board, alight), "Europe/Berlin", TEXTS.de);
  assert.deepEqual(said([here], away), ["weiter mit RB 99 Stadt um 10:13", "kommt mit 870 Mühle, an 09:58"]);
  assert.deepEqual(said([absent], []), []);
  assert.deepEqual(said([], [{ ...rider("emil"), connection: train }]), ["weiter mit RB 99 Stadt um 10:13"]);
});

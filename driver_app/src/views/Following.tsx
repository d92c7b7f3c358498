import { timeIn } from "../clock.ts";
import type { Texts } from "../i18n.ts";
import { persons, rides } from "../state.ts";
import type { Passengers, Rider, Visit } from "../types.ts";
import { useTexts } from "./hooks.ts";
import { Needs } from "./riders.tsx";

/** The halts after the next one: time, place, how many get on and off, and what to prepare for. */
export function Following({ visits, zone }: { visits: { visit: Visit; position: number }[]; zone: string }) {
  const texts = useTexts();
  return (
    <section class="following" aria-labelledby="following-title">
      <h2 id="following-title" class="section-title">
        {texts.following}
      </h2>
      {visits.length === 0 && <p class="quiet">{texts.nothingFollows}</p>}
      <ol class="halts">
        {visits.map(({ visit, position }) => (
          <li key={visit.id} class="halt">
            <span class="halt-number" aria-hidden="true">
              {position}
            </span>
            <time class="halt-time" dateTime={visit.arrive}>
              {timeIn(zone, visit.arrive)}
            </time>
            <div class="halt-what">
              <strong>{visit.place.label}</strong>
              <span>{texts.counts(persons(visit.board), persons(visit.alight))}</span>
              {meetings(visit, zone, texts).map((line) => (
                <span key={line}>{line}</span>
              ))}
              <Needs passengers={aids(visit.board)} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The lines riders go on by or come from, each once: what a halt must not be late for. */
export function meetings({ alight, board }: Visit, zone: string, texts: Texts): string[] {
  const said = [
    ...alight.map(({ connection: c }) => c && texts.goesOnBy(c.line, timeIn(zone, c.time))),
    ...board.filter(rides).map(({ connection: c }) => c && texts.comesBy(c.line, timeIn(zone, c.time))),
  ];
  return [...new Set(said.filter((line) => typeof line === "string"))];
}

/** What the driver prepares for at a halt: everything but the people themselves. */
function aids(riders: Rider[]): Passengers {
  const sum = (kind: keyof Passengers): number =>
    riders.filter(rides).reduce((total, { passengers }) => total + passengers[kind], 0);
  return {
    seat: 0,
    wheelchair: sum("wheelchair"),
    walker: sum("walker"),
    pram: sum("pram"),
    child_seat: sum("child_seat"),
    luggage: sum("luggage"),
    parcel: sum("parcel"),
  };
}

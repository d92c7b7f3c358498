import { useState } from "preact/hooks";
import { minutesUntil, timeIn } from "../clock.ts";
import { nextTap, persons, rides } from "../state.ts";
import type { BoardingRider, Visit } from "../types.ts";
import { useNow, useReachableScroll, useSession, useTexts } from "./hooks.ts";
import { MainButton } from "./MainButton.tsx";
import { Alighting, Boarding } from "./riders.tsx";

interface Props {
  visit: Visit;
  zone: string;
  /** Place of this visit in the tour, from 1, and the number of visits. */
  position: number;
  total: number;
  isLast: boolean;
}

/** The one thing to do next, readable at a glance. */
export function NextHalt({ visit, zone, position, total, isLast }: Props) {
  const session = useSession();
  const texts = useTexts();
  const [absent, setAbsent] = useState<{ visit: string; ids: string[] }>({ visit: visit.id, ids: [] });
  const missing = absent.visit === visit.id ? absent.ids : [];
  const isHere = visit.status === "arrived";
  const boarding = visit.board.filter(rides);
  const absentees = boarding.filter(({ booking_id }) => missing.includes(booking_id));
  const alighting = visit.alight.filter(rides);
  const type = nextTap(visit);
  const body = useReachableScroll();
  const now = useNow();
  const [askedAt, setAskedAt] = useState("");
  const early = type === "departed" ? promisedLater(boarding, missing, now.getTime()) : [];
  const isSure = early.length === 0 || askedAt === visit.id;

  const tap = async (): Promise<void> => {
    if (!isSure) setAskedAt(visit.id);
    else if (type) await session.tap(visit, type, type === "departed" ? missing : []);
  };

  const toggle = (id: string, isAbsent: boolean): void => {
    const others = missing.filter((other) => other !== id);
    setAbsent({ visit: visit.id, ids: isAbsent ? [...others, id] : others });
  };

  return (
    <section class={`next${isHere ? " next-here" : ""}`} aria-labelledby="next-place">
      <div class="next-body" ref={body}>
        <p class="eyebrow">{(isHere ? texts.atHalt : texts.nextHalt)(position, total)}</p>
        <div class="next-when">
          <time class="next-time" dateTime={visit.arrive}>
            {timeIn(zone, visit.arrive)}
          </time>
          <Due visit={visit} zone={zone} />
        </div>
        <h2 id="next-place" class="next-place">
          {visit.place.label}
        </h2>
        {alighting.length > 0 && boarding.length > 0 && (
          <p class="summary">{texts.counts(persons(boarding), persons(alighting))}</p>
        )}
        {alighting.length > 0 && (
          <>
            <h3 class="group group-off">{texts.alights}</h3>
            <ul class="riders">
              {alighting.map((rider) => (
                <Alighting key={rider.booking_id} rider={rider} zone={zone} />
              ))}
            </ul>
          </>
        )}
        {boarding.length > 0 && (
          <>
            <h3 class="group group-on">{texts.boards}</h3>
            <ul class="riders">
              {boarding.map((rider) => (
                <Boarding
                  key={rider.booking_id}
                  rider={rider}
                  zone={zone}
                  absent={isHere ? missing.includes(rider.booking_id) : null}
                  onAbsent={(isAbsent) => toggle(rider.booking_id, isAbsent)}
                />
              ))}
            </ul>
          </>
        )}
      </div>
      {early.length > 0 && isSure && (
        <p class="notice" role="alert">
          {texts.tooEarly(early.map(({ name }) => name).join(", "), timeIn(zone, latestStart(early)))}
        </p>
      )}
      {type && (
        <MainButton onTap={tap}>
          {type === "arrived" ? texts.arrive : isLast ? texts.finish : texts.leave}
          {early.length > 0 && isSure && <small>{texts.leaveAnyway}</small>}
          {isHere && absentees.length > 0 && <small>{texts.leaveWithout(persons(absentees))}</small>}
        </MainButton>
      )}
    </section>
  );
}

/** Who was told a later time than now and is not marked as absent: leaving asks back once. */
function promisedLater(boarding: BoardingRider[], missing: string[], now: number): BoardingRider[] {
  return boarding.filter(
    ({ booking_id, pickup_from }) => !missing.includes(booking_id) && Date.parse(pickup_from) > now,
  );
}

function latestStart(riders: BoardingRider[]): string {
  return riders.reduce((latest, { pickup_from }) => (pickup_from > latest ? pickup_from : latest), "");
}

/** How long until the planned time; at the halt, when to leave it. */
function Due({ visit, zone }: { visit: Visit; zone: string }) {
  const texts = useTexts();
  const now = useNow();
  const minutes = minutesUntil(visit.arrive, now);
  if (visit.status === "arrived") {
    return <span class="due">{texts.departAt(timeIn(zone, visit.depart))}</span>;
  }
  if (minutes < 0) return <span class="due due-late">{texts.lateBy(-minutes)}</span>;
  return minutes <= 90 ? <span class="due">{texts.dueIn(minutes)}</span> : null;
}

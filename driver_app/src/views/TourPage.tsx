import { useState } from "preact/hooks";
import type { Model } from "../model.ts";
import { ahead } from "../state.ts";
import type { KeptDay, Tour, Visit } from "../types.ts";
import { legNow } from "../way.ts";
import { Following } from "./Following.tsx";
import { useSession, useTexts } from "./hooks.ts";
import { CheckIcon } from "./icons.tsx";
import { LanguageButton } from "./LanguageButton.tsx";
import { MapPanel } from "./MapPanel.tsx";
import { News } from "./News.tsx";
import { NextHalt } from "./NextHalt.tsx";
import { SignOffButton } from "./SignOffButton.tsx";
import { usePosition } from "./position.ts";
import { Way } from "./Way.tsx";

interface Props {
  model: Model;
  day: KeptDay;
  tour: Tour;
}

export function TourPage({ model, day, tour }: Props) {
  const session = useSession();
  const texts = useTexts();
  const zone = day.area.time_zone;
  const [next, ...later] = ahead(tour);
  const position = (visit: Visit): number => tour.visits.findIndex(({ id }) => id === visit.id) + 1;
  const leg = legNow(day.way, tour, next?.id ?? null);
  const bus = usePosition(leg !== null);
  const [reads, setReads] = useState(false);
  return (
    <div class="tour">
      <div class="tour-now">
        <News model={model} />
        {next ? (
          <NextHalt
            visit={next}
            zone={zone}
            position={position(next)}
            total={tour.visits.length}
            isLast={later.length === 0}
          />
        ) : (
          <Rest model={model} isDone={tour.visits.length > 0} />
        )}
      </div>
      <div class="tour-later">
        {leg && <Way key={`${leg.from_visit} ${leg.to_visit}`} leg={leg} position={bus} reads={reads} onReads={setReads} />}
        <MapPanel area={day.area} tour={tour} nextId={next?.id ?? null} />
        {next && (
          <Following zone={zone} visits={later.map((visit) => ({ visit, position: position(visit) }))} />
        )}
        <div class="foot">
          <button type="button" class="button button-plain" onClick={() => void session.leaveTour()}>
            {texts.closeTour}
          </button>
          <SignOffButton model={model} />
          <LanguageButton />
        </div>
      </div>
    </div>
  );
}

/** Nothing to drive at the moment: everything done, or nothing booked yet. */
function Rest({ model, isDone }: { model: Model; isDone: boolean }) {
  const texts = useTexts();
  return (
    <section class="next rest" aria-labelledby="rest-title">
      {isDone && (
        <span class="rest-mark">
          <CheckIcon />
        </span>
      )}
      <h2 id="rest-title" class="next-place">
        {isDone ? texts.doneTitle : texts.idleTitle}
      </h2>
      <p>{isDone ? texts.doneThanks : texts.idleText}</p>
      {model.waiting.length > 0 && (
        <p class="notice">
          {texts.waiting(model.waiting.length)}. {texts.doneWaiting}
        </p>
      )}
    </section>
  );
}

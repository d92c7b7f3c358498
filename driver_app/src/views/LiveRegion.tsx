import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Announcer } from "../announce.ts";
import { timeIn } from "../clock.ts";
import type { Texts } from "../i18n.ts";
import { areaNow, type Model } from "../model.ts";
import { ahead } from "../state.ts";
import type { Tour } from "../types.ts";
import { useTexts } from "./hooks.ts";
import { newsText } from "./News.tsx";

/** Says what changed to those who do not see it: one sentence at a time, the most important first. */
export function LiveRegion({ model, tour }: { model: Model; tour: Tour | null }) {
  const texts = useTexts();
  const [spoken, setSpoken] = useState("");
  const announcer = useMemo(() => new Announcer(setSpoken), []);
  const next = tour ? (ahead(tour)[0] ?? null) : null;
  const halt = haltText(texts, model, tour);

  const facts = {
    rejected: model.rejected.length,
    news: model.news,
    halt: `${tour?.id} ${next?.id} ${next?.status}`,
    hindrance: model.hindrance,
  };
  const before = useRef(facts);
  useEffect(() => {
    const old = before.current;
    before.current = facts;
    if (facts.rejected > old.rejected) announcer.say(`${texts.rejectedTitle}. ${texts.rejectedHelp}`);
    else if (facts.news !== null && facts.news !== old.news) announcer.say(`${newsText(texts, facts.news)} ${halt}`);
    else if (facts.halt !== old.halt) announcer.say(halt);
    else if (facts.hindrance !== old.hindrance) announcer.say(contactChange(texts, model));
  }, Object.values(facts));

  return (
    <p class="spoken" role="status">
      {spoken}
    </p>
  );
}

function haltText(texts: Texts, model: Model, tour: Tour | null): string {
  if (tour === null) return "";
  const zone = areaNow(model)?.time_zone ?? "Europe/Berlin";
  const next = ahead(tour)[0];
  if (next === undefined) return tour.visits.length > 0 ? texts.doneTitle : texts.idleTitle;
  if (next.status === "arrived") return texts.sayArrived(next.place.label);
  return texts.sayNext(timeIn(zone, next.arrive), next.place.label);
}

function contactChange(texts: Texts, { hindrance }: Model): string {
  if (hindrance === null) return texts.connectedAgain;
  return hindrance === "offline" ? texts.offline : texts.signIn;
}

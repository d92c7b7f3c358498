import { timeIn } from "../clock.ts";
import { areaNow, gateOf, type Model } from "../model.ts";
import type { Tour } from "../types.ts";
import { Contact } from "./Contact.tsx";
import { useTexts } from "./hooks.ts";
import { BusIcon, PhoneIcon } from "./icons.tsx";
import { telephoneLink } from "./riders.tsx";

export function Header({ model, tour }: { model: Model; tour: Tour | null }) {
  const texts = useTexts();
  const area = areaNow(model);
  const zone = area?.time_zone ?? "Europe/Berlin";
  return (
    <header class="bar">
      <BusIcon />
      <div class="bar-bus">
        <h1>
          {tour ? tour.shift.vehicle : texts.appName}
          {area?.invented && <span class="tag">{texts.invented}</span>}
        </h1>
        {tour && (
          <p>
            {timeIn(zone, tour.shift.start)}–{timeIn(zone, tour.shift.end)} · {tour.shift.driver}
          </p>
        )}
        {!tour && area && <p>{area.name}</p>}
        {gateOf(model) === "open" && model.access?.state === "ready" && !tour && <p>{texts.signedIn(model.access.driver ?? "")}</p>}
      </div>
      <Contact model={model} zone={zone} />
      {area?.phone && (
        <a class="button bar-call" href={telephoneLink(area.phone)}>
          <PhoneIcon />
          <span>{texts.callCentre}</span>
        </a>
      )}
    </header>
  );
}

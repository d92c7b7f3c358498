import { timeIn } from "../clock.ts";
import { areaNow, type Model } from "../model.ts";
import { useSession, useTexts } from "./hooks.ts";

/** Reports the server refused: nothing a driver tapped disappears silently. */
export function Rejected({ model }: { model: Model }) {
  const session = useSession();
  const texts = useTexts();
  if (model.rejected.length === 0) return null;
  const zone = areaNow(model)?.time_zone ?? "Europe/Berlin";
  return (
    <section class="notice rejected" aria-labelledby="rejected-title">
      <h2 id="rejected-title">{texts.rejectedTitle}</h2>
      <p>{texts.rejectedHelp}</p>
      <ul>
        {model.rejected.map((tap) => (
          <li key={tap.event_id} class="notice-row">
            <p>
              <strong>{texts.rejectedTap(tap.type, tap.place, timeIn(zone, tap.at))}</strong>
              <br />
              {tap.reason}
            </p>
            <button type="button" class="button" onClick={() => void session.dismiss(tap.event_id)}>
              {texts.understood}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

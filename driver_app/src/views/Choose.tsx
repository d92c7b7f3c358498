import { dayInWords, timeIn } from "../clock.ts";
import { areaNow, type Model } from "../model.ts";
import { useSession, useTexts } from "./hooks.ts";
import { SignOffButton } from "./SignOffButton.tsx";
import { LanguageButton } from "./LanguageButton.tsx";
import { News } from "./News.tsx";

/** Before the tour: which area, then which of today's tours. */
export function Choose({ model }: { model: Model }) {
  const session = useSession();
  const texts = useTexts();
  const isCut = model.hindrance !== null && model.tours === null;
  return (
    <div class="choose">
      <News model={model} />
      {!window.isSecureContext && <p class="notice">{texts.noTls}</p>}
      {isCut && <p class="notice">{texts.noNetworkToChoose}</p>}
      {!isCut && model.areas.length === 0 && <p class="quiet">{texts.loading}</p>}
      {model.areas.length > 0 && (areaNow(model) ? <Tours model={model} /> : <Areas model={model} />)}
      <div class="foot">
        {model.areas.length > 1 && areaNow(model) && (
          <button type="button" class="button button-plain" onClick={() => session.chooseArea(null)}>
            {texts.otherArea}
          </button>
        )}
        <SignOffButton model={model} />
        <LanguageButton />
      </div>
    </div>
  );
}

function Areas({ model }: { model: Model }) {
  const session = useSession();
  const texts = useTexts();
  return (
    <section aria-labelledby="choose-title">
      <h2 id="choose-title" class="page-title">
        {texts.chooseArea}
      </h2>
      <ul class="choices">
        {model.areas.map((area) => (
          <li key={area.id}>
            <button type="button" class="choice" onClick={() => session.chooseArea(area.id)}>
              <strong>{area.name}</strong>
              {area.invented && <span class="tag">{texts.invented}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tours({ model }: { model: Model }) {
  const session = useSession();
  const texts = useTexts();
  const area = areaNow(model);
  const { tours, today } = model;
  if (area === null) return null;
  return (
    <section aria-labelledby="choose-title">
      {today && <p class="eyebrow">{texts.today(dayInWords(texts.locale, today))}</p>}
      <h2 id="choose-title" class="page-title">
        {texts.chooseTour}
      </h2>
      {tours?.length === 0 && <p class="quiet">{texts.noTours}</p>}
      <ul class="choices">
        {today &&
          tours?.map((tour) => (
            <li key={tour.id}>
              <button
                type="button"
                class="choice"
                onClick={() => void session.chooseTour(area, tour, today)}
              >
                <strong>{tour.shift.vehicle}</strong>
                <span class="choice-time">
                  {timeIn(area.time_zone, tour.shift.start)}–{timeIn(area.time_zone, tour.shift.end)}
                </span>
                <span>
                  {tour.shift.driver} · {texts.halts(tour.visits.length)}
                </span>
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}

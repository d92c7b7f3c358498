import { useEffect, useMemo } from "preact/hooks";
import { keepAwake } from "../device.ts";
import { TEXTS } from "../i18n.ts";
import { gateOf, tourNow } from "../model.ts";
import type { Session } from "../session.ts";
import { Choose } from "./Choose.tsx";
import { Gate } from "./Gate.tsx";
import { Header } from "./Header.tsx";
import { SessionContext, SwitchLanguageContext, TextsContext, useLanguage, useModel } from "./hooks.ts";
import { LiveRegion } from "./LiveRegion.tsx";
import { Rejected } from "./Rejected.tsx";
import { TourPage } from "./TourPage.tsx";

export function App({ session }: { session: Session }) {
  const model = useModel(session);
  const [language, switchLanguage] = useLanguage();
  const texts = TEXTS[language];
  const gate = gateOf(model);
  const tour = gate === "open" ? tourNow(model) : null;
  useEffect(() => session.tellWayIn(language), [session, language]);
  const stayAwake = useMemo(() => keepAwake(() => session.model.stage === "tour"), [session]);

  useEffect(() => {
    document.title = tour ? `${tour.shift.vehicle} · ${texts.appName}` : texts.appName;
    stayAwake();
  }, [tour?.shift.vehicle, texts, stayAwake]);

  return (
    <SessionContext.Provider value={session}>
      <TextsContext.Provider value={texts}>
        <SwitchLanguageContext.Provider value={switchLanguage}>
          <Header model={model} tour={tour} />
          <main class={`page page-${model.stage}`}>
            {gate === "open" ? <Rejected model={model} /> : <Gate model={model} gate={gate} />}
            {model.stage === "loading" && <p class="quiet">{texts.loading}</p>}
            {gate === "open" && model.stage === "choose" && <Choose model={model} />}
            {tour && model.day && <TourPage model={model} day={model.day} tour={tour} />}
          </main>
          {gate === "open" && <LiveRegion model={model} tour={tour} />}
        </SwitchLanguageContext.Provider>
      </TextsContext.Provider>
    </SessionContext.Provider>
  );
}

import { createContext, type RefObject } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { pickLanguage, TEXTS, type Language, type Texts } from "../i18n.ts";
import type { Model } from "../model.ts";
import type { Session } from "../session.ts";

const LANGUAGE_KEPT_UNDER = "buergerbus-language";

export const SessionContext = createContext<Session | null>(null);
export const TextsContext = createContext<Texts>(TEXTS.de);
export const SwitchLanguageContext = createContext<() => void>(() => undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("used outside SessionContext");
  return session;
}

export function useTexts(): Texts {
  return useContext(TextsContext);
}

export function useSwitchLanguage(): () => void {
  return useContext(SwitchLanguageContext);
}

export function useModel(session: Session): Model {
  const [model, setModel] = useState(session.model);
  useEffect(() => {
    setModel(session.model);
    return session.subscribe(() => setModel(session.model));
  }, [session]);
  return model;
}

/** The server's time, renewed often enough for minutes to be right. */
export function useNow(): Date {
  const { clock } = useSession();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), 10_000);
    return () => clearInterval(timer);
  }, [clock]);
  return now;
}

/** Lets the keyboard scroll a part of the page that has outgrown its room. */
export function useReachableScroll(): RefObject<HTMLDivElement | null> {
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = part.current;
    if (element === null) return;
    if (element.scrollHeight > element.clientHeight) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  });
  return part;
}

/** The language of the page and a way to change to the other one; the choice is kept. */
export function useLanguage(): [Language, () => void] {
  const [language, setLanguage] = useState<Language>(() =>
    pickLanguage(location.search, localStorage.getItem(LANGUAGE_KEPT_UNDER), navigator.language),
  );
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(LANGUAGE_KEPT_UNDER, language);
  }, [language]);
  return [language, () => setLanguage(language === "de" ? "en" : "de")];
}

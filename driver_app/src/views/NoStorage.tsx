import { pickLanguage, TEXTS } from "../i18n.ts";

/** Shown where the browser gives the page no memory at all: without it a report could be lost. */
export function NoStorage() {
  const texts = TEXTS[pickLanguage(location.search, null, navigator.language)];
  return (
    <main class="page">
      <h1>{texts.appName}</h1>
      <p class="notice" role="alert">
        {texts.noStorage}
      </p>
    </main>
  );
}

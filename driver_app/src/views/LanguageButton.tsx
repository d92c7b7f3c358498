import { useSwitchLanguage, useTexts } from "./hooks.ts";

export function LanguageButton() {
  const texts = useTexts();
  const switchLanguage = useSwitchLanguage();
  return (
    <button
      type="button"
      class="button button-plain"
      lang={texts.locale.startsWith("de") ? "en" : "de"}
      onClick={switchLanguage}
    >
      {texts.otherLanguage}
    </button>
  );
}

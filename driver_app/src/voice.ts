/** The tablet's own voice, where it has one. */

export const hasVoice = "speechSynthesis" in globalThis;

/** Say a text in a language such as "de-DE"; what was being said is broken off. */
export function say(text: string, locale: string): void {
  speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = locale;
  const own = speechSynthesis.getVoices().filter(({ lang }) => lang.replace("_", "-").startsWith(locale.slice(0, 2)));
  // A voice that lives on the device also speaks where there is no network.
  utterance.voice = own.find(({ localService }) => localService) ?? own[0] ?? null;
  speechSynthesis.speak(utterance);
}

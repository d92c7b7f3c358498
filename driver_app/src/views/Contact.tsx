import { timeIn } from "../clock.ts";
import type { Texts } from "../i18n.ts";
import type { Model } from "../model.ts";
import { useTexts } from "./hooks.ts";

/** In one line: does the server hear us, how old is what we see, what still waits. */
export function Contact({ model, zone }: { model: Model; zone: string }) {
  const texts = useTexts();
  const state = model.hindrance ?? (model.heardAt === null ? "connecting" : "connected");
  return (
    <p class={`contact contact-${state}`}>
      <span class="contact-dot" aria-hidden="true" />
      {contactText(texts, model, zone)}
    </p>
  );
}

export function contactText(texts: Texts, { hindrance, heardAt, waiting }: Model, zone: string): string {
  const time = heardAt && timeIn(zone, heardAt);
  const queued = waiting.length > 0 ? texts.waiting(waiting.length) : "";
  if (hindrance !== null && hindrance !== "offline") return [texts.signIn, queued].filter(Boolean).join(", ");
  if (hindrance === "offline") {
    const standing = time ? ` · ${texts.standing(time)}` : "";
    return texts.offline + (queued ? `, ${queued}` : standing);
  }
  return time ? [texts.connected(time), queued].filter(Boolean).join(", ") : texts.connecting;
}

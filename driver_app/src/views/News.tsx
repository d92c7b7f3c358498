import type { Texts } from "../i18n.ts";
import type { Model } from "../model.ts";
import { useSession, useTexts } from "./hooks.ts";

/** Tells of a change the driver did not make, until it is acknowledged or acted on. */
export function News({ model }: { model: Model }) {
  const session = useSession();
  const texts = useTexts();
  if (model.news === null) return null;
  return (
    <div class="notice notice-row">
      <p>{newsText(texts, model.news)}</p>
      <button type="button" class="button" onClick={() => session.closeNews()}>
        {texts.understood}
      </button>
    </div>
  );
}

export function newsText(texts: Texts, news: NonNullable<Model["news"]>): string {
  return { next: texts.newsNext, later: texts.newsLater, gone: texts.newsGone }[news];
}

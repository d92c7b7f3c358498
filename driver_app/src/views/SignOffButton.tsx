import type { Model } from "../model.ts";
import { useSession, useTexts } from "./hooks.ts";

/** For who signed in with a PIN; where no tablet is needed nobody is signed in. */
export function SignOffButton({ model }: { model: Model }) {
  const session = useSession();
  const texts = useTexts();
  if (model.access?.state !== "ready") return null;
  return (
    <button type="button" class="button button-plain" onClick={() => void session.signOff()}>
      {texts.signOff}
    </button>
  );
}

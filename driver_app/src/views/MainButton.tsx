import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { useTexts } from "./hooks.ts";

/** A second tap within this time belongs to the first: it must not leave the halt just reached. */
const LOCK_MS = 1_500;

interface Props {
  onTap: () => Promise<void>;
  children: ComponentChildren;
}

/**
 * The one large button. It stays the same element (and keeps the focus) while its word changes, and
 * is deaf until the tap is safely stored and the hand has had time to leave.
 */
export function MainButton({ onTap, children }: Props) {
  const texts = useTexts();
  const locked = useRef(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  const tap = async (): Promise<void> => {
    if (locked.current) return;
    locked.current = true;
    setBusy(true);
    const pause = new Promise((resolve) => setTimeout(resolve, LOCK_MS));
    try {
      await onTap();
      setFailed(false);
      navigator.vibrate?.(40);
      await pause;
    } catch {
      setFailed(true);
    }
    locked.current = false;
    setBusy(false);
  };

  return (
    <div class="main-action">
      {failed && (
        <p class="notice" role="alert">
          {texts.notStored}
        </p>
      )}
      <button
        type="button"
        class="main-button"
        aria-disabled={busy}
        onClick={() => void tap()}
        onKeyDown={(event) => event.repeat && event.preventDefault()}
      >
        {children}
      </button>
    </div>
  );
}

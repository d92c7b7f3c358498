/** What the app asks of the tablet: stay awake, work without network, take a new version at a quiet moment. */

/** Keep the screen on while `wanted`; the system drops the lock whenever the page is hidden. */
export function keepAwake(wanted: () => boolean): () => void {
  let lock: WakeLockSentinel | null = null;
  const ask = (): void => {
    if (document.visibilityState !== "visible" || !wanted() || (lock && !lock.released)) return;
    // A refusal (battery saver, no TLS) is the device's decision; the tour works without the lock.
    navigator.wakeLock?.request("screen").then(
      (granted) => (lock = granted),
      () => undefined,
    );
  };
  document.addEventListener("visibilitychange", ask);
  return ask;
}

/** Install the service worker; a new version is taken over when the page is next out of sight. */
export async function installWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const updating = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!updating) return;
    if (document.visibilityState === "hidden") location.reload();
    else document.addEventListener("visibilitychange", () => location.reload(), { once: true });
  });
  await navigator.serviceWorker.register(new URL("sw.js", document.baseURI), { type: "module" });
}

/** Ask the service worker to keep whole map archives, so that the map opens without network. */
export async function keepArchives(urls: string[]): Promise<void> {
  if (!("serviceWorker" in navigator) || urls.length === 0) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ keep: urls });
}

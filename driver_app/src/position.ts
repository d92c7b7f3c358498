/** The tablet's own position. It stays on the device: nothing here sends it anywhere. */

import type { Fix } from "./follow.ts";

/** Without a new position for so long the last one is history. */
const STALE_MS = 15_000;

export type Leave = "granted" | "prompt" | "denied";

/** Whether the driver has allowed this page to know the position; tells again whenever that changes. */
export async function watchLeave(tell: (leave: Leave) => void): Promise<void> {
  if (!("geolocation" in navigator) || !isSecureContext) return tell("denied");
  try {
    const status = await navigator.permissions.query({ name: "geolocation" });
    status.onchange = () => tell(status.state);
    tell(status.state);
  } catch {
    tell("prompt"); // a browser that cannot be asked beforehand asks the driver itself
  }
}

/** Tell each new position, and null once there is none. Returns how to stop; a refusal ends it too. */
export function watchPosition(tell: (fix: Fix | null) => void, refused: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = navigator.geolocation.watchPosition(
    ({ coords }) => {
      clearTimeout(timer);
      timer = setTimeout(() => tell(null), STALE_MS);
      tell({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy });
    },
    (error) => {
      if (error.code === error.PERMISSION_DENIED) refused();
    },
    { enableHighAccuracy: true, maximumAge: 2_000 },
  );
  return () => {
    clearTimeout(timer);
    navigator.geolocation.clearWatch(watch);
  };
}

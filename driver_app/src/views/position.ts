import { useEffect, useRef, useState } from "preact/hooks";
import { announcement, follow, type Announced, type Fix, type Followed } from "../follow.ts";
import { watchLeave, watchPosition, type Leave } from "../position.ts";
import type { Leg } from "../types.ts";

/** The position, whether the driver still has to allow it, and how to ask for that. */
export interface Position {
  fix: Fix | null;
  mayAsk: boolean;
  ask: () => void;
}

/** Watch the position while `wanted`. */
export function usePosition(wanted: boolean): Position {
  const [leave, setLeave] = useState<Leave>("denied");
  const [asked, setAsked] = useState(false);
  const [fix, setFix] = useState<Fix | null>(null);
  useEffect(() => void watchLeave(setLeave), []);
  const watches = wanted && (leave === "granted" || (asked && leave === "prompt"));
  useEffect(() => {
    if (!watches) return;
    const stop = watchPosition(setFix, () => setLeave("denied"));
    return () => {
      stop();
      setFix(null);
    };
  }, [watches]);
  return { fix, mayAsk: leave === "prompt" && !asked, ask: () => setAsked(true) };
}

/** Where on the leg the bus is now (null: nobody knows), and where it was last known to be. */
export function useFollowed(leg: Leg, fix: Fix | null): { followed: Followed | null; latest: Followed | null } {
  const latest = useRef<Followed | null>(null);
  const followed = fix && follow(leg, fix, latest.current?.along ?? null);
  if (followed) latest.current = followed;
  return { followed, latest: latest.current };
}

/** Announce the steps ahead, each once from afar and once from near, while `wanted`. */
export function useAnnouncements(
  followed: Followed | null,
  wanted: boolean,
  announce: (followed: Followed) => void,
): void {
  const last = useRef<Announced | null>(null);
  useEffect(() => {
    if (!wanted) last.current = null;
    const due = wanted && followed ? announcement(followed, last.current) : null;
    if (due === null || followed === null) return;
    last.current = due;
    announce(followed);
  });
}

/** When to talk to the server: steadily while it answers, ever more rarely while it does not. */

const STEADY_MS = 10_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

/** Pause before the next attempt, in ms; `spread` in [0, 1) keeps many tablets from returning at once. */
export function pauseMs(failures: number, spread: number): number {
  if (failures === 0) return STEADY_MS;
  const doubled = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return Math.round(doubled * (0.75 + spread / 2));
}

/** Runs one cycle at a time; a wish for a cycle while one runs is granted right after it. */
export class SyncLoop {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private again = false;
  private failures = 0;

  /**
   * @param cycle   One exchange with the server; true if it answered. Must not throw.
   * @param wanted  Whether to go on by itself (page in sight, or reports waiting).
   */
  constructor(
    private readonly cycle: () => Promise<boolean>,
    private readonly wanted: () => boolean,
  ) {}

  /** Listen for the moments at which trying at once is worth it. */
  start(): void {
    window.addEventListener("online", () => void this.now());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.now();
    });
    void this.now();
  }

  async now(): Promise<void> {
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = true;
    do {
      this.again = false;
      this.failures = (await this.cycle()) ? 0 : this.failures + 1;
    } while (this.again);
    this.running = false;
    if (this.wanted()) {
      this.timer = setTimeout(() => void this.now(), pauseMs(this.failures, Math.random()));
    }
  }
}

/** Spoken messages for screen readers: never more often than people can listen, the newest wins. */

const GAP_MS = 3_000;

export class Announcer {
  private lastMs = Number.NEGATIVE_INFINITY;
  private next: string | null = null;

  constructor(
    private readonly speak: (text: string) => void,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly wait: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms),
  ) {}

  /** Say this now, or as soon as the gap has passed; a message still waiting is replaced. */
  say(text: string): void {
    const waiting = this.next !== null;
    this.next = text;
    if (waiting) return;
    const rest = this.lastMs + GAP_MS - this.nowMs();
    if (rest <= 0) this.flush();
    else this.wait(() => this.flush(), rest);
  }

  private flush(): void {
    if (this.next === null) return;
    this.lastMs = this.nowMs();
    const text = this.next;
    this.next = null;
    this.speak(text);
  }
}

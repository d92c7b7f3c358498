import { useState } from "preact/hooks";
import { roundMetres, type Followed } from "../follow.ts";
import type { Leg, Step } from "../types.ts";
import { hasVoice, say } from "../voice.ts";
import { spokenAt, stepAtOnce } from "../way.ts";
import { useTexts } from "./hooks.ts";
import { SpeakerIcon, StepIcon } from "./icons.tsx";
import { useAnnouncements, useFollowed, type Position } from "./position.ts";

interface Props {
  leg: Leg;
  position: Position;
  /** Whether steps are read aloud by themselves where the position is known. */
  reads: boolean;
  onReads: (reads: boolean) => void;
}

/**
 * The way to the next halt: one step large, and all of them in a list. With a position the step ahead shows
 * by itself; whoever leafs sees the step chosen until the bus has passed the next one.
 */
export function Way({ leg, position, reads, onReads }: Props) {
  const texts = useTexts();
  const { followed, latest } = useFollowed(leg, position.fix);
  const reached = latest?.index ?? null;
  const [leafed, setLeafed] = useState<{ index: number; reached: number | null }>({ index: 0, reached: null });
  const index = reached === null || leafed.reached === reached ? leafed.index : reached;
  const ahead = index === reached ? followed : null;
  const announce = ({ index, metres }: Followed): void => {
    const distance = texts.inDistance(roundMetres(metres), true);
    const then = stepAtOnce(leg.steps, index);
    say(`${distance}: ${leg.steps[index]?.action_spoken}.${then ? ` ${then.spoken}.` : ""}`, texts.locale);
  };
  useAnnouncements(followed, reads, announce);
  const read = (): void => {
    if (followed === null) say(spokenAt(leg.steps, index), texts.locale);
    else if (reads) speechSynthesis.cancel();
    if (followed !== null) onReads(!reads);
  };
  return (
    <section class="way" aria-labelledby="way-title">
      <h2 id="way-title" class="section-title">
        {texts.way}
      </h2>
      <StepNow step={leg.steps[index] as Step} then={stepAtOnce(leg.steps, index)} ahead={ahead} />
      {position.fix && !followed && <p class="notice">{texts.beside}</p>}
      <Buttons
        index={index}
        last={leg.steps.length - 1}
        go={(to) => setLeafed({ index: to, reached })}
        reads={reads && followed !== null}
        read={read}
      />
      {position.mayAsk && (
        <div class="way-ask">
          <button type="button" class="button" onClick={position.ask}>
            {texts.followMe}
          </button>
          <p>{texts.followMeWhy}</p>
        </div>
      )}
      <AllSteps steps={leg.steps} index={index} />
    </section>
  );
}

/** What to do next: with the distance counted down, where it is known. */
function StepNow({ step, then, ahead }: { step: Step; then: Step | null; ahead: Followed | null }) {
  const texts = useTexts();
  return (
    <div class="way-step">
      <StepIcon step={step} />
      <div>
        {ahead && <p class="way-metres">{texts.inDistance(roundMetres(ahead.metres), false)}</p>}
        <p aria-live="polite">{ahead ? step.action : step.text}</p>
        {ahead && then && <p class="way-then">{then.text}</p>}
      </div>
    </div>
  );
}

interface ButtonsProps {
  index: number;
  last: number;
  go: (to: number) => void;
  reads: boolean;
  read: () => void;
}

function Buttons({ index, last, go, reads, read }: ButtonsProps) {
  const texts = useTexts();
  return (
    <div class="way-buttons">
      <button type="button" class="button" aria-disabled={index === 0} onClick={() => go(Math.max(0, index - 1))}>
        {texts.stepBack}
      </button>
      <button
        type="button"
        class="button"
        aria-disabled={index === last}
        onClick={() => go(Math.min(last, index + 1))}
      >
        {texts.stepOn}
      </button>
      {hasVoice && (
        <button type="button" class="button way-read" onClick={read}>
          <SpeakerIcon />
          {reads ? texts.readNoMore : texts.readAloud}
        </button>
      )}
    </div>
  );
}

function AllSteps({ steps, index }: { steps: Step[]; index: number }) {
  const texts = useTexts();
  return (
    <details class="way-all">
      <summary>{texts.allSteps(steps.length)}</summary>
      <ol>
        {steps.map((step, position) => (
          <li key={position} aria-current={position === index ? "step" : undefined}>
            <StepIcon step={step} />
            <span>{step.text}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

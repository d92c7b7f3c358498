import { useState } from "preact/hooks";
import type { Leg, Step } from "../types.ts";
import { hasVoice, say } from "../voice.ts";
import { spokenAt } from "../way.ts";
import { useTexts } from "./hooks.ts";
import { SpeakerIcon, StepIcon } from "./icons.tsx";

/** The way to the next halt: one step large, to be read or heard, and all of them in a list. */
export function Way({ leg }: { leg: Leg }) {
  const texts = useTexts();
  const [index, setIndex] = useState(0);
  const last = leg.steps.length - 1;
  const step = leg.steps[index] as Step;
  const go = (by: number): void => setIndex(Math.min(last, Math.max(0, index + by)));
  return (
    <section class="way" aria-labelledby="way-title">
      <h2 id="way-title" class="section-title">
        {texts.way}
      </h2>
      <p class="way-step" aria-live="polite">
        <StepIcon step={step} />
        <span>{step.text}</span>
      </p>
      <div class="way-buttons">
        <button type="button" class="button" aria-disabled={index === 0} onClick={() => go(-1)}>
          {texts.stepBack}
        </button>
        {hasVoice && (
          <button type="button" class="button" onClick={() => say(spokenAt(leg.steps, index), texts.locale)}>
            <SpeakerIcon />
            {texts.readAloud}
          </button>
        )}
        <button type="button" class="button" aria-disabled={index === last} onClick={() => go(1)}>
          {texts.stepOn}
        </button>
      </div>
      <details class="way-all">
        <summary>{texts.allSteps(leg.steps.length)}</summary>
        <ol>
          {leg.steps.map((each, position) => (
            <li key={position} aria-current={position === index ? "step" : undefined}>
              <StepIcon step={each} />
              <span>{each.text}</span>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

import { useState } from "preact/hooks";
import type { Model } from "../model.ts";
import { useSession, useTexts } from "./hooks.ts";
import { LanguageButton } from "./LanguageButton.tsx";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const LONGEST = 12;
const SHORTEST = 4;

/** What stands before the tours: the PIN, the way to enrolment, or the end of a lost tablet. */
export function Gate({ model, gate }: { model: Model; gate: "pin" | "enrol" | "locked-out" }) {
  return (
    <div class="gate">
      {gate === "pin" && <SignIn model={model} />}
      {gate === "enrol" && <Enrol />}
      {gate === "locked-out" && <LockedOut model={model} />}
      <div class="foot">
        <LanguageButton />
      </div>
    </div>
  );
}

function SignIn({ model }: { model: Model }) {
  const session = useSession();
  const texts = useTexts();
  const drivers = model.access?.drivers ?? [];
  const [chosen, setDriver] = useState<string | null>(null);
  // who drives may become known while the PIN is being typed: what was typed stays
  const driver = chosen ?? model.access?.driver ?? drivers[0] ?? "";
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const type = (change: (typed: string) => string): void =>
    setPin((typed) => change(typed).replace(/\D/g, "").slice(0, LONGEST));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || pin.length < SHORTEST) return;
    setBusy(true);
    const wrong = await session.signIn(driver, pin);
    setBusy(false);
    setPin("");
    if (wrong !== null) setProblem(wrong || texts.pinNoNetwork);
  };
  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)}>
      {model.access?.name && <p class="eyebrow">{model.access.name}</p>}
      {model.waiting.length > 0 && <p class="notice">{texts.stillToSend(model.waiting.length)}</p>}
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
      <label class="page-title" for="driver">
        {texts.whoDrives}
      </label>
      <select id="driver" class="sign-in-field" value={driver} onChange={(event) => setDriver(event.currentTarget.value)}>
        {drivers.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <label class="section-title" for="pin">
        {texts.pin}
      </label>
      <input
        id="pin"
        class="sign-in-field sign-in-pin"
        type="password"
        inputMode="none"
        autocomplete="off"
        maxLength={LONGEST}
        value={pin}
        onInput={({ currentTarget }) => type(() => currentTarget.value)}
      />
      <div class="pin-pad">
        {DIGITS.map((digit) => (
          <Key key={digit} label={texts.pinDigit(digit)} text={digit} onPress={() => type((typed) => typed + digit)} />
        ))}
        <Key label={texts.pinBack} text="⌫" onPress={() => type((typed) => typed.slice(0, -1))} />
        <Key label={texts.pinDigit("0")} text="0" onPress={() => type((typed) => `${typed}0`)} />
        <button class="button sign-in-go" disabled={busy || pin.length < SHORTEST}>
          {texts.enter}
        </button>
      </div>
    </form>
  );
}

function Key({ label, text, onPress }: { label: string; text: string; onPress: () => void }) {
  return (
    <button type="button" class="button pin-key" aria-label={label} onClick={onPress}>
      {text}
    </button>
  );
}

function Enrol() {
  const texts = useTexts();
  return (
    <section aria-labelledby="enrol-title">
      <h2 id="enrol-title" class="page-title">
        {texts.enrolTitle}
      </h2>
      <p>{texts.enrolText}</p>
      <p class="foot">
        <a class="button" href="anmelden">
          {texts.enrolNow}
        </a>
      </p>
    </section>
  );
}

function LockedOut({ model }: { model: Model }) {
  const texts = useTexts();
  const { unsent, handedOver } = model.lockedOut ?? { unsent: 0, handedOver: true };
  return (
    <section class="notice" role="alert" aria-labelledby="locked-out-title">
      <h2 id="locked-out-title" class="page-title">
        {texts.lockedOutTitle}
      </h2>
      <p>{texts.lockedOutText}</p>
      {unsent > 0 && <p>{handedOver ? texts.handedOver(unsent) : texts.notHandedOver(unsent)}</p>}
    </section>
  );
}

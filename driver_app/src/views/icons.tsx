/** Pictures that accompany words; never alone, so hidden from screen readers. */

import type { ComponentChildren } from "preact";
import type { Step, Turn } from "../types.ts";

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const BusIcon = () => (
  <Icon>
    <rect x="3" y="4.5" width="18" height="12.5" rx="2.5" />
    <path d="M3 11h18M9 4.5V11M15 4.5V11" />
    <circle cx="7.5" cy="17.5" r="2" />
    <circle cx="16.5" cy="17.5" r="2" />
  </Icon>
);

export const PhoneIcon = () => (
  <Icon>
    <path d="M6.5 3.5h3l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3a2 2 0 0 1-2 2A16 16 0 0 1 4.5 5.5a2 2 0 0 1 2-2z" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="12" cy="7" r="3.5" />
    <path d="M5 20.5c.5-4.5 3.5-6.5 7-6.5s6.5 2 7 6.5" />
  </Icon>
);

export const WheelchairIcon = () => (
  <Icon>
    <circle cx="10" cy="4" r="1.6" />
    <path d="M10 7.5v6h5.5l2.5 5.5h2.5M10 10h4.5" />
    <path d="M7.5 11.5a5 5 0 1 0 7.2 6" />
  </Icon>
);

export const WalkerIcon = () => (
  <Icon>
    <path d="M4 5h3.5l2 12M9 11.5h8.5M16 5.5l2.5 11.5" />
    <circle cx="9.5" cy="19" r="2" />
    <circle cx="18.5" cy="19" r="2" />
  </Icon>
);

export const PramIcon = () => (
  <Icon>
    <path d="M12.5 3.5a7.5 7.5 0 0 1 7.5 7.5H5.5zM5.5 11c0 3 2 4.5 5 4.5h4c3 0 5.5-1.5 5.5-4.5M5.5 11 4 6.5H2" />
    <circle cx="9" cy="19" r="2" />
    <circle cx="16.5" cy="19" r="2" />
  </Icon>
);

export const ChildSeatIcon = () => (
  <Icon>
    <circle cx="11" cy="6" r="2.5" />
    <path d="M6.5 4v11.5a2 2 0 0 0 2 2H17l2 3M8.5 11.5h5l2.5 4.5" />
  </Icon>
);

export const LuggageIcon = () => (
  <Icon>
    <rect x="5" y="8" width="14" height="12" rx="2" />
    <path d="M9 8V4h6v4M9 12v4M15 12v4" />
  </Icon>
);

export const ParcelIcon = () => (
  <Icon>
    <path d="M4 8l8-4 8 4v8.5l-8 4-8-4zM4 8l8 4 8-4M12 12v8.5" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);

export const SpeakerIcon = () => (
  <Icon>
    <path d="M4 9.5v5h3.5l5 4v-13l-5 4zM16 9a4.5 4.5 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11" />
  </Icon>
);

const DEGREES: Record<Turn, number> = {
  "": 0,
  straight: 0,
  slight_left: -45,
  left: -90,
  sharp_left: -135,
  slight_right: 45,
  right: 90,
  sharp_right: 135,
};

/** A road from below, and the arrow of where it goes on. */
export function StepIcon({ step: { kind, turn } }: { step: Step }) {
  if (kind === "arrive") {
    return (
      <Icon>
        <path d="M12 21.5c-4-5-6.5-8-6.5-11.5a6.5 6.5 0 0 1 13 0c0 3.5-2.5 6.5-6.5 11.5z" />
        <circle cx="12" cy="10" r="2" />
      </Icon>
    );
  }
  if (kind === "u_turn") {
    return (
      <Icon>
        <path d="M17 21V9A4.5 4.5 0 0 0 8 9v7M4.5 13 8 16.5l3.5-3.5" />
      </Icon>
    );
  }
  const round = kind === "roundabout";
  // A fork is no corner: whoever keeps to a side goes on ahead.
  const degrees = kind === "keep" ? DEGREES[turn] / 3 : DEGREES[turn];
  return (
    <Icon>
      {round && <circle cx="12" cy="12" r="3.5" />}
      <path d={round ? "M12 22v-6.5" : "M12 21v-9"} />
      <g transform={`rotate(${degrees} 12 12)`}>
        <path d={round ? "M12 8.5V2M9 5l3-3 3 3" : "M12 12V3M8 7l4-4 4 4"} />
      </g>
    </Icon>
  );
}

import type { AlightingRider, BoardingRider, Passengers } from "../types.ts";
import { timeIn } from "../clock.ts";
import { rides } from "../state.ts";
import { useTexts } from "./hooks.ts";
import {
  ChildSeatIcon,
  LuggageIcon,
  ParcelIcon,
  PersonIcon,
  PhoneIcon,
  PramIcon,
  WalkerIcon,
  WheelchairIcon,
} from "./icons.tsx";

const KINDS = ["seat", "child_seat", "wheelchair", "walker", "pram", "luggage", "parcel"] as const;
const ICONS = {
  seat: PersonIcon,
  child_seat: ChildSeatIcon,
  wheelchair: WheelchairIcon,
  walker: WalkerIcon,
  pram: PramIcon,
  luggage: LuggageIcon,
  parcel: ParcelIcon,
};

/** A link that dials: everything but digits and a leading plus is for reading only. */
export function telephoneLink(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, "")}`;
}

/** Who and what takes up room, as picture and word. */
export function Needs({ passengers }: { passengers: Passengers }) {
  const texts = useTexts();
  const kinds = KINDS.filter((kind) => passengers[kind] > 0);
  if (kinds.length === 0) return null;
  return (
    <ul class="needs">
      {kinds.map((kind) => {
        const Picture = ICONS[kind];
        return (
          <li key={kind} class={`need need-${kind}`}>
            <Picture />
            {texts[kind](passengers[kind])}
          </li>
        );
      })}
    </ul>
  );
}

interface BoardingProps {
  rider: BoardingRider;
  zone: string;
  /** Null while the bus is not there yet: then nobody can be missing. */
  absent: boolean | null;
  onAbsent: (absent: boolean) => void;
}

export function Boarding({ rider, zone, absent, onAbsent }: BoardingProps) {
  const texts = useTexts();
  const { name, phone, pickup_from: from, pickup_until: until } = rider;
  return (
    <li class={`rider${absent || !rides(rider) ? " rider-absent" : ""}`}>
      <div class="rider-who">
        <strong class="rider-name">{name}</strong>
        <span class="promise">{texts.promised(timeIn(zone, from), timeIn(zone, until))}</span>
        {rider.connection && (
          <span class="promise">{texts.comesBy(rider.connection.line, timeIn(zone, rider.connection.time))}</span>
        )}
        <Needs passengers={rider.passengers} />
      </div>
      <div class="rider-actions">
        {phone && (
          <a class="button" href={telephoneLink(phone)} aria-label={texts.call(name, phone)}>
            <PhoneIcon />
            <span class="number">{phone}</span>
          </a>
        )}
        {absent !== null && (
          <label class="button toggle">
            <input
              type="checkbox"
              checked={absent}
              onChange={(event) => onAbsent(event.currentTarget.checked)}
            />
            {texts.notThere}
            <span class="spoken">: {name}</span>
          </label>
        )}
      </div>
    </li>
  );
}

export function Alighting({ rider, zone }: { rider: AlightingRider; zone: string }) {
  const texts = useTexts();
  return (
    <li class="rider rider-off">
      <div class="rider-who">
        <strong class="rider-name">{rider.name}</strong>
        <span class="promise">{texts.promisedBy(timeIn(zone, rider.arrive_by))}</span>
        {rider.connection && (
          <span class="promise">{texts.goesOnBy(rider.connection.line, timeIn(zone, rider.connection.time))}</span>
        )}
        <Needs passengers={rider.passengers} />
      </div>
    </li>
  );
}

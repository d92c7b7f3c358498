import { useEffect, useRef, useState } from "preact/hooks";
import { keepArchives } from "../device.ts";
import type { Texts } from "../i18n.ts";
import type { BusMap } from "../map.ts";
import { shownHalts } from "../state.ts";
import type { Area, Tour } from "../types.ts";
import { useTexts } from "./hooks.ts";

const GREEN = "#1d5c4a";
const AMBER = "#b45309";
const GREY = "#6b7770";
/** About 900 m around the next halt, in degrees. */
const AROUND = 0.008;

interface Props {
  area: Area;
  tour: Tour;
  nextId: string | null;
}

/** The tour on a map. Everything it shows also stands in the lists, so it may be missing. */
export function MapPanel({ area, tour, nextId }: Props) {
  const texts = useTexts();
  const container = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<BusMap | null>(null);
  const [isMissing, setMissing] = useState(false);

  useEffect(() => {
    let gone = false;
    let made: BusMap | null = null;
    openMap(container.current as HTMLElement, area, texts).then(
      (opened) => {
        made = opened;
        if (gone) opened.remove();
        else setMap(opened);
        void keepArchives(opened.archives());
      },
      () => setMissing(!gone),
    );
    return () => {
      gone = true;
      made?.remove();
      setMap(null);
    };
  }, [area.id, texts]);

  const drawn = JSON.stringify([tour.geometry, tour.visits.map(({ id, status }) => [id, status]), nextId]);
  useEffect(() => map?.fit(tourBox(tour, area)), [map, tour.id]);
  useEffect(() => {
    if (map) drawTour(map, tour, nextId);
  }, [map, drawn]);

  const next = tour.visits.find(({ id }) => id === nextId);
  return (
    <div class="map-panel">
      {isMissing ? (
        <p class="quiet">{texts.mapMissing}</p>
      ) : (
        <>
          <div class="map" ref={container} />
          <div class="map-buttons">
            {next && (
              <button type="button" class="button" onClick={() => map?.fit(around(next.place))}>
                {texts.mapNext}
              </button>
            )}
            <button type="button" class="button" onClick={() => map?.fit(tourBox(tour, area))}>
              {texts.mapWhole}
            </button>
          </div>
        </>
      )}
    </div>
  );
}

async function openMap(container: HTMLElement, area: Area, texts: Texts): Promise<BusMap> {
  const { createMap } = await import("../map.ts");
  return createMap(container, {
    styleUrl: `/map/${encodeURIComponent(area.id)}/style.json`,
    bbox: area.bbox,
    attribution: area.attribution,
    scrollsWithPage: matchMedia("(max-width: 899px)").matches,
    locale: {
      "Map.Title": texts.map,
      "NavigationControl.ZoomIn": texts.zoomIn,
      "NavigationControl.ZoomOut": texts.zoomOut,
      "AttributionControl.ToggleAttribution": texts.attribution,
      "CooperativeGesturesHandler.MobileHelpText": texts.twoFingers,
      "CooperativeGesturesHandler.WindowsHelpText": texts.ctrlScroll,
      "CooperativeGesturesHandler.MacHelpText": texts.ctrlScroll,
    },
  });
}

function drawTour(map: BusMap, tour: Tour, nextId: string | null): void {
  map.addTour(tour.geometry, GREEN, "tour");
  map.addHalts(
    shownHalts(tour, nextId).map(({ visit, position, isNext, isOver }) => ({
      lon: visit.place.lon,
      lat: visit.place.lat,
      text: String(position),
      name: isNext ? visit.place.label : "",
      colour: isNext ? AMBER : isOver ? GREY : GREEN,
      large: isNext,
    })),
  );
}

type Box = [number, number, number, number];

function around({ lon, lat }: { lon: number; lat: number }): Box {
  return [lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND];
}

function tourBox(tour: Tour, area: Area): Box {
  if (tour.visits.length === 0) return area.bbox;
  const lons = tour.visits.map(({ place }) => place.lon);
  const lats = tour.visits.map(({ place }) => place.lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

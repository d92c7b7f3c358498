/**
 * A map of tours, shared by the tablet and the coordinator's page (built as `map.mjs`).
 *
 * Tiles come from one PMTiles archive of the same origin, labels are drawn with the device's own
 * fonts: no glyph server, nothing from other hosts.
 */

import type { Feature, FeatureCollection, LineString } from "geojson";
import {
  addProtocol,
  Map as MapLibre,
  NavigationControl,
  setWorkerUrl,
  type GeoJSONSource,
  type LngLatBoundsLike,
} from "maplibre-gl";
import { Protocol } from "pmtiles";
import { HALTS, overlayLayers, TOURS } from "./map-layers.ts";

export interface MapOptions {
  /** MapLibre style whose vector source is `pmtiles:///…` at the same origin. */
  styleUrl: string;
  /** What the map shows first: [west, south, east, north]. */
  bbox?: [number, number, number, number];
  /** Whom the map is owed to, as plain text; shown besides what the style itself names. */
  attribution?: string;
  /** Words for the map's own buttons (MapLibre's `locale`). */
  locale?: Record<string, string>;
  /** Leave one-finger movements to the page (for a map in a scrolling column). */
  scrollsWithPage?: boolean;
}

export interface HaltPoint {
  lon: number;
  lat: number;
  /** Short text in the circle, such as the number of the halt. */
  text: string;
  /** Name beside the circle. */
  name?: string;
  colour?: string;
  /** Drawn larger: the one that matters now. */
  large?: boolean;
}

export interface BusMap {
  map: MapLibre;
  /** Draw a tour's line; it replaces the one with the same label. */
  addTour(line: LineString | null, colour: string, label: string): void;
  /** Draw halts; they replace those of the same group. */
  addHalts(points: HaltPoint[], group?: string): void;
  /** Take all tours and halts off the map. */
  clear(): void;
  fit(bbox: [number, number, number, number]): void;
  /** Addresses of the tile archives this map reads. */
  archives(): string[];
  remove(): void;
}

/** Room left around what is fitted: for the controls above and the name below a halt, in pixels. */
const ROOM = { top: 84, right: 64, bottom: 56, left: 48 };

const base = import.meta.url;
let prepared: Promise<void> | null = null;

/** Make a map in `container`; resolves when its style is loaded. Sets `data-map="idle"` when drawn. */
export async function createMap(container: HTMLElement, options: MapOptions): Promise<BusMap> {
  prepared ??= prepare();
  await prepared;
  const map = new MapLibre({
    container,
    style: new URL(options.styleUrl, document.baseURI).href,
    ...(options.bbox ? { bounds: options.bbox, fitBoundsOptions: { padding: ROOM } } : {}),
    ...(options.locale ? { locale: options.locale } : {}),
    cooperativeGestures: options.scrollsWithPage ?? false,
    attributionControl: {
      compact: false,
      ...(options.attribution ? { customAttribution: asMarkup(options.attribution) } : {}),
    },
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 19,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.on("movestart", () => (container.dataset["map"] = "moving"));
  map.on("idle", () => (container.dataset["map"] = "idle"));
  await new Promise<void>((resolve, reject) => {
    map.once("load", () => resolve());
    map.once("error", ({ error }) => {
      if (map.isStyleLoaded() !== true) reject(error);
    });
  });
  return overlay(map);
}

async function prepare(): Promise<void> {
  setWorkerUrl(new URL("./vendor/maplibre-gl-worker.mjs", base).href);
  addProtocol("pmtiles", new Protocol().tile);
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("./map.css", base).href;
  await new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => reject(new Error(`cannot load ${link.href}`));
    document.head.append(link);
  });
}

function overlay(map: MapLibre): BusMap {
  const tours = new Map<string, Feature>();
  const halts = new Map<string, Feature[]>();
  for (const id of [TOURS, HALTS]) map.addSource(id, { type: "geojson", data: collection([]) });
  for (const layer of overlayLayers()) map.addLayer(layer);
  const draw = (): void => {
    map.getSource<GeoJSONSource>(TOURS)?.setData(collection([...tours.values()]));
    map.getSource<GeoJSONSource>(HALTS)?.setData(collection([...halts.values()].flat()));
  };
  return {
    map,
    addTour(line, colour, label) {
      if (line === null) tours.delete(label);
      else tours.set(label, { type: "Feature", geometry: line, properties: { colour, label } });
      draw();
    },
    addHalts(points, group = "halts") {
      halts.set(group, points.map(haltFeature));
      draw();
    },
    clear() {
      tours.clear();
      halts.clear();
      draw();
    },
    fit(bbox) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      map.fitBounds(bbox as LngLatBoundsLike, { padding: ROOM, maxZoom: 16, animate: !still, duration: 600 });
    },
    archives() {
      const sources = Object.values(map.getStyle().sources);
      const urls = sources.flatMap((source) => ("url" in source && source.url ? [source.url] : []));
      return urls.filter((url) => url.startsWith("pmtiles://")).map((url) => url.slice("pmtiles://".length));
    },
    remove: () => map.remove(),
  };
}

/** MapLibre takes attributions as HTML; ours is text. */
function asMarkup(text: string): string {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

function haltFeature({ lon, lat, text, name, colour, large }: HaltPoint): Feature {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [lon, lat] },
    properties: { text, name: name ?? "", colour: colour ?? "#1d5c4a", large: large ?? false },
  };
}

function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

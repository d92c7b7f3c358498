/** How tours and halts are drawn above the base map. */

import type { LayerSpecification } from "maplibre-gl";

export const TOURS = "buergerbus-tours";
export const HALTS = "buergerbus-halts";

const FONT = ["Open Sans Semibold", "Arial Unicode MS Bold"];

export function overlayLayers(): LayerSpecification[] {
  return [...tourLayers(), ...haltLayers()];
}

function tourLayers(): LayerSpecification[] {
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    {
      id: "tours-casing",
      type: "line",
      source: TOURS,
      layout: round,
      paint: { "line-color": "#ffffff", "line-width": 9, "line-opacity": 0.9 },
    },
    {
      id: "tours-line",
      type: "line",
      source: TOURS,
      layout: round,
      paint: { "line-color": ["get", "colour"], "line-width": 5 },
    },
  ];
}

function haltLayers(): LayerSpecification[] {
  return [
    {
      id: "halts-circle",
      type: "circle",
      source: HALTS,
      paint: {
        "circle-color": ["get", "colour"],
        "circle-radius": ["case", ["get", "large"], 17, 13],
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 3,
      },
    },
    {
      id: "halts-text",
      type: "symbol",
      source: HALTS,
      layout: {
        "text-field": ["get", "text"],
        "text-font": FONT,
        "text-size": ["case", ["get", "large"], 17, 14],
        "text-allow-overlap": true,
      },
      paint: { "text-color": "#ffffff" },
    },
    {
      id: "halts-name",
      type: "symbol",
      source: HALTS,
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 14,
        "text-anchor": "top",
        "text-offset": [0, 1.3],
        "text-max-width": 9,
        "text-optional": true,
      },
      paint: { "text-color": "#1c2420", "text-halo-color": "#ffffff", "text-halo-width": 2 },
    },
  ];
}

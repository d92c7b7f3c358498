/** The control room keeps itself up to date and draws the tours on a map; both only add to the page. */
import "./page.mjs";

/** News come by themselves; this is for networks that let none through. */
const EVERY_MS = 60_000;
/** Colours on the light base map, in the order of the numbers on the chips. */
const COLOURS = ["#1d5c4a", "#9a4a00", "#2c4fa3", "#8a2a6b", "#4d5a12", "#006475", "#7a3d2a", "#5a3fa0"];

const container = document.getElementById("map");
const news = document.querySelector("[data-news]");
const pause = document.querySelector("[data-pause]");
let busMap = null;
let running = true;

/** Take over the live parts of a freshly fetched page; keep the focus where it was. */
function takeOver(fresh) {
  let changed = false;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!next || next.innerHTML === part.innerHTML) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceChildren(...next.childNodes);
    if (focused) document.getElementById(focused)?.focus();
    if (["bookings", "tours", "cases", "calls", "transport"].includes(part.dataset.live)) changed = true;
  }
  return changed;
}

async function refresh() {
  if (!running || document.hidden) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (takeOver(fresh)) {
      news.textContent = news.dataset.changed;
      await drawTours();
    }
  } catch {
    // no network: the time at "as of" stays and says how old the page is
  }
}

function showPause() {
  pause.textContent = running ? pause.dataset.on : pause.dataset.off;
}

async function drawTours() {
  if (!busMap) return;
  const response = await fetch(container.dataset.tours, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const { tours } = await response.json();
  busMap.clear();
  for (const tour of tours) {
    const listed = document.querySelector(`[data-tour="${CSS.escape(tour.id)}"]`);
    if (!listed || !tour.geometry) continue;
    const { number } = listed.dataset;
    const colour = COLOURS[Number(listed.dataset.colour) - 1];
    busMap.addTour(tour.geometry, colour, number);
    busMap.addHalts(
      tour.visits.map((visit) => ({ lon: visit.place.lon, lat: visit.place.lat, text: number, colour })),
      number,
    );
  }
}

async function startMap() {
  try {
    const { createMap } = await import("/static/dist/map.mjs");
    container.replaceChildren();
    busMap = await createMap(container, {
      styleUrl: container.dataset.style,
      bbox: container.dataset.bbox.split(",").map(Number),
      scrollsWithPage: true,
      attribution: container.dataset.attribution,
      locale: JSON.parse(container.dataset.words),
    });
    await drawTours();
  } catch {
    container.dataset.map = "failed";
    const sentence = document.createElement("p");
    sentence.textContent = container.dataset.failed;
    container.replaceChildren(sentence);
  }
}

document.querySelector("[data-update]").hidden = true;
pause.hidden = false;
pause.addEventListener("click", () => {
  running = !running;
  showPause();
  refresh();
});
showPause();
setInterval(refresh, EVERY_MS);
new EventSource(container.dataset.changes).addEventListener("changed", refresh);
document.addEventListener("visibilitychange", refresh);
startMap();

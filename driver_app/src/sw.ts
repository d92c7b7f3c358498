/**
 * The service worker: the app's own files and the map without network.
 *
 * It keeps no answers of the JSON API. Riders' data lie in one place only, the kept day in IndexedDB,
 * where the app can wipe them.
 */

export {};
declare const self: ServiceWorkerGlobalScope;
/** Put in by the build: the files of this version, and a hash of them. */
declare const SHELL_FILES: string[];
declare const SHELL_VERSION: string;

const SHELL = `shell-${SHELL_VERSION}`;
const MAP = "map-1";
/** Enrolment and roster lie below our address and are pages of the server. */
const OWN_PAGES = /^(anmelden|dienste)/;
const ARCHIVE_AT_MOST_BYTES = 80 * 1024 * 1024;

const index = new URL("./", self.registration.scope).href;
const shell = new Set([index, ...SHELL_FILES.map((file) => new URL(file, index).href)]);
/** Archives looked up in the life of this worker: opening one from the cache is slow, slicing is not. */
const archives = new Map<string, Promise<Archive | null>>();

interface Archive {
  bytes: Blob;
  etag: string | null;
}

self.addEventListener("install", (event) => {
  const requests = [...shell].map((url) => new Request(url, { cache: "reload" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(requests)));
  void self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOldShells().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const below = url.href.startsWith(index) ? url.href.slice(index.length) : null;
    if (below !== null && !OWN_PAGES.test(below)) event.respondWith(fromShell(index, request));
  } else if (shell.has(url.origin + url.pathname)) {
    event.respondWith(fromShell(url.origin + url.pathname, request));
  } else if (url.pathname.startsWith("/map/")) {
    event.respondWith(request.headers.has("Range") ? fromArchive(request) : freshOrKept(request));
  }
});

self.addEventListener("message", (event) => {
  const urls: unknown = (event.data as { keep?: unknown } | null)?.keep;
  if (Array.isArray(urls)) event.waitUntil(keepOnly(urls.map((url) => new URL(String(url), index).href)));
});

async function removeOldShells(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function fromShell(url: string, request: Request): Promise<Response> {
  return (await (await caches.open(SHELL)).match(url)) ?? fetch(request);
}

/** Style and the like: the server's if it answers, else the last one. */
async function freshOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(MAP);
  try {
    const response = await fetch(request);
    if (response.status === 200) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}

/** A part of a kept archive, answered as the server would; from the server if it is not kept. */
async function fromArchive(request: Request): Promise<Response> {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("Range") ?? "");
  const kept = range && (await archive(request.url));
  if (!range || !kept) return fetch(request);
  const size = kept.bytes.size;
  const [first, last] = [Number(range[1]), Math.min(Number(range[2]), size - 1)];
  const headers = new Headers({ "Content-Range": `bytes ${first}-${last}/${size}` });
  if (kept.etag !== null) headers.set("ETag", kept.etag);
  return new Response(kept.bytes.slice(first, last + 1), { status: 206, headers });
}

function archive(url: string): Promise<Archive | null> {
  const known = archives.get(url) ?? open(url);
  archives.set(url, known);
  return known;
}

async function open(url: string): Promise<Archive | null> {
  const response = await (await caches.open(MAP)).match(url);
  return response ? { bytes: await response.blob(), etag: response.headers.get("ETag") } : null;
}

/** Keep these archives, fetched again only when the server's have changed, and drop all others. */
async function keepOnly(urls: string[]): Promise<void> {
  const cache = await caches.open(MAP);
  for (const { url } of await cache.keys()) {
    if (url.endsWith(".pmtiles") && !urls.includes(url)) await cache.delete(url);
  }
  for (const url of urls) {
    const probe = await fetch(url, { headers: { Range: "bytes=0-0" }, cache: "no-store" }).catch(() => null);
    const size = Number(probe?.headers.get("Content-Range")?.split("/")[1] ?? Number.POSITIVE_INFINITY);
    if (!probe || size > ARCHIVE_AT_MOST_BYTES) continue;
    const kept = await cache.match(url);
    if (kept && kept.headers.get("ETag") === probe.headers.get("ETag")) continue;
    const whole = await fetch(url, { cache: "no-store" });
    if (whole.status !== 200) continue;
    await cache.put(url, whole);
    archives.delete(url);
  }
}

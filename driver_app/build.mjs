/**
 * Builds the driver's app into static/dist and the map for the server's pages into
 * ../api/pages/static/dist (map.mjs, map.css and vendor/ lie side by side in both).
 *
 *     npm ci && node build.mjs
 */

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const app = join(here, "static", "dist");
const pages = join(here, "..", "api", "pages", "static", "dist");
const packages = join(here, "node_modules");

const VENDOR = { "maplibre-gl": "./vendor/maplibre-gl.mjs", pmtiles: "./vendor/pmtiles.mjs" };
const MAP_FILES = ["map.mjs", "map.css", "vendor"];
const SHELL_FILES = [
  "app.js",
  "app.css",
  "map.mjs",
  "map.css",
  "vendor/maplibre-gl.mjs",
  "vendor/maplibre-gl-worker.mjs",
  "vendor/pmtiles.mjs",
  "manifest.webmanifest",
  "icon.svg",
  "icon-192.png",
  "icon-512.png",
];

/** Leaves the map and its libraries as modules of their own, loaded when a map is wanted. */
const besideEachOther = {
  name: "beside-each-other",
  setup({ onResolve }) {
    onResolve({ filter: /^(maplibre-gl|pmtiles)$/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: VENDOR[path], external: true },
    );
    onResolve({ filter: /\/map\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./map.mjs", external: true } : undefined,
    );
  },
};

const common = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
  minify: true,
  plugins: [besideEachOther],
  target: ["es2022"],
};

async function vendor() {
  await mkdir(join(app, "vendor"), { recursive: true });
  await build({ ...common, plugins: [], entryPoints: ["pmtiles"], outfile: join(app, "vendor/pmtiles.mjs") });
  for (const name of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"]) {
    const text = await readFile(join(packages, "maplibre-gl", "dist", name), "utf8");
    await writeFile(join(app, "vendor", name), text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
  }
}

/** The libraries' licences travel with their code. */
async function licences() {
  const texts = await Promise.all(
    ["fflate", "maplibre-gl", "pmtiles", "preact"].map(async (name) => {
      const { license, version } = JSON.parse(await readFile(join(packages, name, "package.json"), "utf8"));
      const file = (await readdir(join(packages, name))).find((found) => /^licen[cs]e/i.test(found));
      const text = file ? await readFile(join(packages, name, file), "utf8") : "";
      return `${name} ${version}, ${license}\n\n${text}`;
    }),
  );
  await writeFile(join(app, "vendor", "LICENSES.txt"), texts.join("\n\n----\n\n"));
}

async function sources() {
  await build({ ...common, entryPoints: ["src/main.tsx"], outfile: join(app, "app.js") });
  await build({ ...common, entryPoints: ["src/map.ts"], outfile: join(app, "map.mjs") });
  for (const sheet of ["app", "map"]) {
    await build({ ...common, entryPoints: [`src/css/${sheet}.css`], outfile: join(app, `${sheet}.css`) });
  }
  for (const name of ["index.html", "manifest.webmanifest"]) await cp(join(here, "src", name), join(app, name));
  await cp(join(here, "icons"), app, { recursive: true });
}

/** The service worker carries the list of files and a hash over them: a changed file is a new version. */
async function serviceWorker() {
  const hash = createHash("sha256");
  for (const name of ["index.html", ...SHELL_FILES]) hash.update(await readFile(join(app, name)));
  const version = hash.digest("hex").slice(0, 12);
  await build({
    ...common,
    define: { SHELL_FILES: JSON.stringify(SHELL_FILES), SHELL_VERSION: JSON.stringify(version) },
    entryPoints: ["src/sw.ts"],
    outfile: join(app, "sw.js"),
  });
  return version;
}

const started = performance.now();
await rm(app, { recursive: true, force: true });
await vendor();
await licences();
await sources();
const version = await serviceWorker();
for (const name of MAP_FILES) {
  await rm(join(pages, name), { recursive: true, force: true });
  await cp(join(app, name), join(pages, name), { recursive: true });
}
const sizes = await Promise.all(["app.js", "app.css", "map.mjs", "sw.js"].map((name) => stat(join(app, name))));
const total = sizes.reduce((sum, { size }) => sum + size, 0);
console.log(
  `driver_app ${version}: ${(total / 1024).toFixed(0)} kB of our own in ${(performance.now() - started).toFixed(0)} ms`,
);

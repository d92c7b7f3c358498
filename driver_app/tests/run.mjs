/** Bundles each test to a temporary folder and runs them all with node's own test runner. */

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = await mkdtemp(join(tmpdir(), "driver-app-tests-"));
const names = (await readdir(here)).filter((name) => name.endsWith(".test.ts"));
await build({
  bundle: true,
  entryPoints: names.map((name) => join(here, name)),
  format: "esm",
  logLevel: "warning",
  outExtension: { ".js": ".mjs" },
  outdir: out,
  platform: "node",
  sourcemap: "inline",
  target: "node20",
});
const files = names.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
await rm(out, { recursive: true });
process.exit(status ?? 1);

// Everything, in order: types, lint, unit tests, kernels in Chromium, the built page end to end. Stops at nothing, so that
// one run shows every failure; ends with one plain line and exits non-zero on any failure, skip or missing browser.
//
//   node tests/run.mjs            all of the above
//   node tests/run.mjs golden     the reference data beside the checkout instead (../shared)
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "./chromium.mjs";
import { playwrightFailures, vitestFailures } from "./failures.mjs";
import { goldenTable } from "./goldenTable.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const results = join(root, "test-results");
mkdirSync(results, { recursive: true });

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, seconds: number,
 *   failures?: string[] }} Part */

/** @param {string[]} command @returns {boolean} */
function execute(command) {
  const [name, ...args] = command;
  const bin = join(root, "node_modules", ".bin", name);
  return spawnSync(bin, args, { cwd: root, stdio: "inherit", env: { ...process.env, FORCE_COLOR: "0" } }).status === 0;
}

/** One tool whose exit code is one verdict. @param {string} name @param {string[]} command @returns {Part} */
function check(name, command) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const ok = execute(command);
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, seconds: (Date.now() - started) / 1000 };
}

/** @param {string} name @param {string} project @returns {Part} */
function vitest(name, project) {
  const isInNode = project === "node" || project === "golden";
  console.log(`\n== ${name}`);
  const started = Date.now();
  const report = join(results, `${project}.json`);
  rmSync(report, { force: true });
  const ok = execute([
    "vitest",
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    // by default one core is left idle, of two that is half of them; pages in Chromium share one GPU
    ...(isInNode ? ["--maxWorkers=100%"] : []),
  ]);
  const seconds = (Date.now() - started) / 1000;
  if (!existsSync(report)) return { name, passed: 0, failed: 1, skipped: 0, seconds };
  const found = JSON.parse(readFileSync(report, "utf8"));
  const failed = found.numFailedTests + (!ok && found.numFailedTests === 0 ? 1 : 0); // a file that did not load fails no test
  const skipped = found.numPendingTests + found.numTodoTests;
  return { name, passed: found.numPassedTests, failed, skipped, seconds, failures: vitestFailures(found, root) };
}

/** @returns {Part} */
function playwright() {
  const name = "end to end in Chromium";
  console.log(`\n== ${name}`);
  const started = Date.now();
  const report = join(results, "e2e.json");
  rmSync(report, { force: true });
  const ok = spawnSync(join(root, "node_modules", ".bin", "playwright"), ["test"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, FORCE_COLOR: "0", PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  const seconds = (Date.now() - started) / 1000;
  if (!existsSync(report)) return { name, passed: 0, failed: 1, skipped: 0, seconds };
  const found = JSON.parse(readFileSync(report, "utf8"));
  const { stats } = found;
  const failed = stats.unexpected + stats.flaky + (ok.status !== 0 && stats.unexpected === 0 ? 1 : 0);
  return { name, passed: stats.expected, failed, skipped: stats.skipped, seconds, failures: playwrightFailures(found) };
}

/** @returns {Part[]} */
function everything() {
  try {
    findChromium();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return [{ name: "find a browser", passed: 0, failed: 1, skipped: 0, seconds: 0 }];
  }
  const parts = [
    check("types", ["tsc", "--noEmit"]),
    check("lint and format", ["biome", "check", "--error-on-warnings", "."]),
    check("no dead code", ["knip"]),
    vitest("unit: oracles, cpu and wasm backends, readers, pictures (Node)", "node"),
    vitest("kernels: webgpu backend (Chromium)", "chromium"),
    check("build", ["vite", "build", "--logLevel", "warn"]),
  ];
  parts.push(playwright());
  return parts;
}

/** @returns {Part[]} */
function reference() {
  const parts = [
    vitest("golden: reference data, plain loops and wasm backend (Node)", "golden"),
    vitest("golden: reference data, webgpu backend (Chromium)", "golden-chromium"),
  ];
  console.log(`\n${goldenTable(["golden", "golden-chromium"].map((name) => join(results, `${name}.json`)))}`);
  return parts;
}

const parts = process.argv[2] === "golden" ? reference() : everything();
const sum = (key) => parts.reduce((n, part) => n + part[key], 0);
console.log("");
for (const part of parts) {
  const skipped = part.skipped ? `, ${part.skipped} SKIPPED` : "";
  console.log(
    `${part.failed || part.skipped ? "✗" : "✓"} ${part.name}: ${part.passed} passed, ${part.failed} failed${skipped} (${part.seconds.toFixed(0)} s)`,
  );
}
const failures = parts.flatMap(({ name, failed, failures = [] }) => (failed && !failures.length ? [name] : failures));
for (const failure of failures) console.log(`  ${failure}`);
const failed = sum("failed") + sum("skipped"); // a skipped test is a failed one
writeFileSync(
  join(results, `${process.argv[2] ?? "all"}-counts.json`),
  JSON.stringify({ passed: sum("passed"), failed, failures }),
);
console.log(`${sum("passed")} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

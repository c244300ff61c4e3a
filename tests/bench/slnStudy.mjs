// What the Spike Localization Network is worth on a recording with known truth: errors, unit bias and spread, drift, ρ̄ with its
// controls and the verdict of the gate, for every way of placing spikes, as Markdown and JSON.
//
//   node tests/bench/slnStudy.mjs [seed,seed,…] ["TITLE;TITLE…"] ['{"motion": "nonrigid"}']      default 1,2,3 and all rows
//
// The third argument changes the simulated recording. Rows go to tests/bench/out/slnStudy.json and slnStudy.md as they come.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeBenchmarks } from "./bundle.mjs";

const here = dirname(fileURLToPath(import.meta.url));
process.chdir(join(here, "../.."));
mkdirSync("node_modules/.cache", { recursive: true });
const out = join(here, "out");
mkdirSync(out, { recursive: true });
const [seeds = "1,2,3", titles = "", recording = "{}"] = process.argv.slice(2);
const { slnStudy } = await nodeBenchmarks(["slnStudy"]);

const digits = (value, n) => (Number.isFinite(value) ? value.toFixed(n) : "–");
const axes = (values) => values.map((v) => digits(v, 1)).join(" ");
const columns = [
  ["seed", (row) => row.seed],
  ["positions", (row) => row.title],
  ["motion", (row) => row.motion],
  ["RMS x y z, µm", ({ truth }) => axes(truth.rmsUm)],
  ["held out", (row) => axes(row.heldOutRmsUm)],
  ["median", ({ truth }) => axes(truth.medianUm)],
  ["unit bias", ({ truth }) => axes(truth.unitBiasUm)],
  ["unit sd", ({ truth }) => axes(truth.unitSdUm)],
  ["slip gain", ({ truth }) => digits(truth.slipGain, 3)],
  [
    "drift r, gain, rms",
    ({ drift }) => (drift ? [drift.r, drift.gain, drift.rmseUm].map((v) => digits(v, 3)).join(" ") : ""),
  ],
  ["ρ̄ before", (row) => digits(row.rhoUncorrected, 3)],
  ["ρ̄", (row) => digits(row.rho, 3)],
  ["Δρ̄", (row) => digits(row.deltaRho, 3)],
  ["ρ̄, true motion", (row) => digits(row.rhoTrueMotion, 3)],
  ["H̄", (row) => digits(row.entropyNats, 2)],
  ["sd x, z", (row) => axes([row.sdXUm, row.sdZUm])],
  ["pitch lock", (row) => digits(row.pitchLock, 2)],
  ["gate", ({ gate }) => (gate ? (gate.passed ? "passes" : `fails: ${failed(gate)}`) : "")],
  ["seconds", (row) => digits(row.seconds, 0)],
];

function failed({ checks }) {
  return checks
    .filter(({ passed }) => !passed)
    .map(({ name }) => name)
    .join(", ");
}

const line = (cells) => `| ${cells.join(" | ")} |`;
const lines = [line(columns.map(([name]) => name)), line(columns.map(() => "---"))];
console.log(lines.join("\n"));
const rows = [];
for (const seed of seeds.split(",").map(Number)) {
  for await (const row of slnStudy(seed, titles.split(";").filter(Boolean), JSON.parse(recording))) {
    rows.push(row);
    lines.push(line(columns.map(([, of]) => of(row))));
    console.log(lines.at(-1));
    writeFileSync(join(out, "slnStudy.json"), JSON.stringify(rows, null, 2));
    writeFileSync(join(out, "slnStudy.md"), `${lines.join("\n")}\n`);
  }
}
process.exit(0);

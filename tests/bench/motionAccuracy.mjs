// How far each motion method is from the truth, as one markdown table. Sets and methods can be chosen:
//   node tests/bench/motionAccuracy.mjs ["SET;SET…"] ["TITLE;TITLE…"]
// The reference data must lie beside the checkout for the sets rigid, nonrigid, real and real-medicine; jump, walk, bumps and
// fast are generated. All of it takes more than an hour on two cores, most of that MEDiCINe's.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeBenchmarks } from "./bundle.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
process.chdir(root);
const [sets = "", titles = ""] = process.argv.slice(2);
const list = (text) => text.split(";").filter(Boolean);
const { motionAccuracy } = await nodeBenchmarks(["motionAccuracy"]);

const digits = (value, n) => (Number.isFinite(value) ? value.toFixed(n) : "—");
console.log("| spikes | method | RMSE, µm | r | gain | mean \\|error\\|, µm | seconds | processor s |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for await (const row of motionAccuracy(list(sets), list(titles))) {
  const numbers = [digits(row.rmseUm, 2), digits(row.r, 4), digits(row.gain, 3), digits(row.meanAbsUm, 2)];
  console.log(
    `| ${[row.set, row.title, ...numbers, digits(row.seconds, 1), digits(row.processorSeconds, 1)].join(" | ")} |`,
  );
}
process.exit(0);

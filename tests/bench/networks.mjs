// Training and inference of the networks in CPU mode beside PyTorch's, in turn on the same cores. Part of run.mjs; alone:
//   node tests/bench/networks.mjs
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { nodeBenchmarks } from "./bundle.mjs";
import { inTorch } from "./inTorch.mjs";

const TURNS = 3;
const networks = [
  { kind: "cnn", name: "CNN", nSpikes: 4096, torch: "network_torch.py" },
  { kind: "transformer", name: "Transformer", nSpikes: 1024, torch: "transformer_torch.py" },
];
const quantities = [
  ["step", "training step"],
  ["frozenStep", "training step, running moments"],
  ["output", "inference"],
];

/** Rows [what, ours, PyTorch's, ratio], the best of the turns of each. @param {Function} networkRates of network.bench */
export async function networkRows(networkRates) {
  const rows = [];
  for (const { kind, name, nSpikes, torch } of networks) {
    console.log(`${name}, ours and PyTorch's in turn…`);
    const turns = [];
    for (let turn = 0; turn < TURNS; turn++)
      turns.push({ ours: await networkRates(kind, nSpikes, 2), torch: inTorch(torch, `${nSpikes}`) });
    const best = (of) => Math.max(...turns.map(of));
    for (const [key, what] of quantities) {
      const own = best((t) => t.ours[key]);
      if (!Number.isFinite(own)) continue;
      const label = `${name}, ${what}, ${nSpikes} spikes, CPU mode, ${turns[0].ours.threads} threads`;
      const theirs = turns[0].torch && best((t) => t.torch[key]);
      const reference = theirs
        ? `PyTorch ${turns[0].torch.torch}, ${turns[0].torch.threads} threads: ${theirs.toFixed(0)} spikes/s`
        : "no PyTorch on this machine";
      rows.push([label, `${own.toFixed(0)} spikes/s`, reference, theirs ? `${(own / theirs).toFixed(2)}×` : "—"]);
    }
  }
  return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.chdir(join(import.meta.dirname, "../.."));
  const { networkRates } = await nodeBenchmarks(["network"]);
  for (const cells of await networkRows(networkRates)) console.log(`| ${cells.join(" | ")} |`);
  process.exit(0);
}

import { spawnSync } from "node:child_process";
import { nodeBenchmarks } from "/work/main/tests/bench/bundle.mjs";

const { dredgeBench } = await nodeBenchmarks(["dredge"]);
const example = "/work/shared/golden/example_nhp";
const env = {
  OPENBLAS_CORETYPE: "Haswell",
  MALLOC_TRIM_THRESHOLD_: "100000000000",
  MALLOC_MMAP_MAX_: "0",
  ...process.env,
};
const ours = await dredgeBench(example);
console.log("ours", ours.seconds, ours.cpuSeconds, ours.solveIterations, ours.threads);
const r = spawnSync("/usr/bin/python3", ["tests/bench/dredge_torch.py", example], { env, maxBuffer: 1 << 26 });
const torch = JSON.parse(r.stdout.toString());
console.log("torch", torch.seconds, torch.cpuSeconds, torch.threads);
console.log("differing", await ours.differing(torch), "apart", ours.apartUm(torch));

// Streams a Zarr folder of SpikeInterface of 1 GB whole, in tiles of a second, and the same samples as a plain binary.
//
//   node tests/bench/streamZarr.mjs [seconds]     default 44: 1.01 GB of 384 channels
//
// Prints speed, peak memory and the ratio to plain reading; fails where the samples differ or 600 MB are not enough.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundled } from "./bundle.mjs";

const durationSec = Number(process.argv[2] ?? 44);
const mostMb = 600;
const folder = mkdtempSync(join(tmpdir(), "stream-zarr-"));
const { outDir, hrefs } = await bundled(["streamZarr"]);

/** In a process of its own: what one reader keeps in memory is no other's. */
function alone(call) {
  const code = `const m = await import(${JSON.stringify(hrefs[0])}); console.log(JSON.stringify(await m.${call}));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

try {
  const [zarr, binary] = [join(folder, "recording.zarr"), join(folder, "binary")];
  const stored = alone(`writeFolders(${JSON.stringify(zarr)}, ${JSON.stringify(binary)}, ${durationSec})`);
  const plain = alone(`streamed(${JSON.stringify(binary)})`);
  const chunks = alone(`streamed(${JSON.stringify(zarr)})`);
  const gigabytes = ((durationSec * 30_000 * 384 * 2) / 1e9).toFixed(2);
  const one = ({ megabytesPerSec, peakHeapMb, peakRssMb }) =>
    `${megabytesPerSec.toFixed(0)} MB/s, ${peakHeapMb.toFixed(0)} MB heap and buffers, ${peakRssMb.toFixed(0)} MB in all`;
  console.log(`${gigabytes} GB, stored in ${(stored / 1e9).toFixed(2)} GB`);
  console.log(`Zarr   ${one(chunks)}, ${(chunks.megabytesPerSec / (30_000 * 384 * 2e-6)).toFixed(1)} × real time`);
  console.log(`plain  ${one(plain)}`);
  console.log(`ratio  ${(plain.megabytesPerSec / chunks.megabytesPerSec).toFixed(1)} × slower than plain`);
  if (chunks.sum !== plain.sum) throw new Error("the two give different samples");
  if (chunks.peakRssMb > mostMb) throw new Error(`${chunks.peakRssMb} MB, more than ${mostMb}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(outDir, { recursive: true, force: true });
}

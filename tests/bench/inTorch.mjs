import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What a script of this folder prints that runs the same in PyTorch on the same cores; null where no Python here has PyTorch. */
export function inTorch(script, argument) {
  // the best PyTorch can do here: a BLAS that knows the processor, and an allocator that keeps its pages
  const env = {
    OPENBLAS_CORETYPE: "Haswell",
    MALLOC_TRIM_THRESHOLD_: "100000000000",
    MALLOC_MMAP_MAX_: "0",
    ...process.env,
  };
  for (const python of [process.env.PYTHON, "/usr/bin/python3", "python3"].filter(Boolean)) {
    const { status, stdout } = spawnSync(python, [join(import.meta.dirname, script), argument], {
      env,
      maxBuffer: 1 << 26,
    });
    if (status === 0) return JSON.parse(stdout.toString());
  }
  return null;
}

/** Dispatches that `run` records on the GPU until what it returns is there: read its results in it, so that all are submitted. */
export async function dispatchesOf(run: () => Promise<unknown>): Promise<number> {
  const own = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  let dispatches = 0;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (x: number, y?: number, z?: number) {
    dispatches++;
    return own.call(this, x, y, z);
  };
  try {
    await run();
  } finally {
    GPUComputePassEncoder.prototype.dispatchWorkgroups = own;
  }
  return dispatches;
}

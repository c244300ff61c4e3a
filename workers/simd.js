// One compute thread beside the compute worker. Loaded as text and started as a blob worker in the page and as an
// evaluated worker in Node, so that both run this very file. It sleeps on the control words until a job is posted.
//
// control: [0] job number, [1] threads still working, [2] 1 when a thread failed, [3] which kernel, by its
// place among the sorted export names; argument words follow.

/** @param {{ module: WebAssembly.Module, memory: WebAssembly.Memory, control: number, index: number, nArgs: number }} init */
function work({ module, memory, control, index, nArgs }) {
  const words = new Int32Array(memory.buffer);
  const base = control / 4;
  const instance = new WebAssembly.Instance(module, { env: { memory, abort: () => undefined } });
  const names = Object.keys(instance.exports).sort();
  let seen = 0;
  for (;;) {
    Atomics.wait(words, base, seen);
    const job = Atomics.load(words, base);
    if (job === seen) continue;
    seen = job;
    const from = base + 4 + index * (nArgs + 1);
    const args = Array.from(words.subarray(from + 1, from + 1 + words[from]));
    try {
      instance.exports[names[words[base + 3]]](...args);
    } catch {
      Atomics.store(words, base + 2, 1);
    }
    if (Atomics.sub(words, base + 1, 1) === 1) Atomics.notify(words, base + 1);
  }
}

if (typeof require === "function") {
  const { parentPort } = require("node:worker_threads");
  parentPort.once("message", work);
} else {
  self.onmessage = (event) => work(event.data);
}

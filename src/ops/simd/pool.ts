import { kernelsBase64 } from "virtual:simd-kernels";
import threadSource from "../../../workers/simd.js?raw";
import { AppError, assert } from "../../core/errors.ts";
import { inNode, nodeModule } from "../nodeModule.ts";

/**
 * SIMD kernels on one memory, shared by this thread and its helpers.
 *
 * tfjs-wasm multiplies untransposed matrices well but has neither fast transposed products nor threads in Node, and its
 * operations pass every intermediate through memory. These kernels (assembly/kernels.ts) run a whole forward and backward
 * pass per tile of spikes while it is in the cache. Work is split among threads in fixed shares, so a result depends on
 * the number of threads only through the order of additions.
 *
 * Without shared memory (a page that is not cross-origin isolated) the calling thread does all the shares itself.
 */
const controlBytes = 65536; // the kernels' own constants
const heapStart = 131072; // control words lie between
const maxArgs = 24;
const pageBytes = 65536;

interface Helper {
  post(message: unknown): void;
  stop(): void;
}

type Kernel = (...args: number[]) => void;

/** Exported functions in an order every thread agrees on: helpers are told which to run by its place. */
function kernelNames(exports: object): string[] {
  return Object.keys(exports).sort();
}

export class SimdPool {
  readonly nThreads: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Record<string, Kernel>;
  readonly #names: readonly string[];
  readonly #helpers: Helper[];
  readonly #canSleep: boolean;
  #job = 0;

  private constructor(memory: WebAssembly.Memory, kernels: Record<string, Kernel>, helpers: Helper[]) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#names = kernelNames(kernels);
    this.#helpers = helpers;
    this.nThreads = helpers.length + 1;
    this.#canSleep = canSleep();
  }

  /** `nThreads` counts the calling thread. */
  static async create(nThreads: number): Promise<SimdPool> {
    const bytes = Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0));
    const module = await WebAssembly.compile(bytes);
    const memory = new WebAssembly.Memory({ initial: heapStart / pageBytes, maximum: 65536, shared: true });
    const instance = await WebAssembly.instantiate(module, { env: { memory, abort: () => undefined } });
    const helpers: Helper[] = [];
    for (let index = 1; index < nThreads; index++) {
      const helper = await startHelper();
      helper.post({ module, memory, control: controlBytes, index, nArgs: maxArgs });
      helpers.push(helper);
    }
    return new SimdPool(memory, instance.exports as Record<string, Kernel>, helpers);
  }

  /** Make room for `bytes` beyond the control area; views made before are still valid (the memory never moves). */
  reserve(bytes: number): void {
    const missing = heapStart + bytes - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / pageBytes));
    } catch (error) {
      throw new AppError(
        "bad-parameter",
        `The computation needs ${Math.round(bytes / 1e6)} MB of memory, more than this machine grants; a smaller batch_size helps.`,
        { bytes },
        { cause: error },
      );
    }
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, pointer, length);
  }

  doubles(pointer: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, pointer, length);
  }

  ints(pointer: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, pointer, length);
  }

  /** First byte that callers may use. */
  get heap(): number {
    return heapStart;
  }

  /** Run a kernel once per argument list, one list per thread, and wait for all of them. */
  run(kernel: string, argumentLists: number[][]): void {
    const index = this.#names.indexOf(kernel);
    assert(index >= 0, `there is a kernel ${kernel}`);
    assert(argumentLists.length === this.nThreads, "one argument list per thread");
    const words = this.ints(controlBytes, 4 + this.nThreads * (maxArgs + 1));
    argumentLists.forEach((args, thread) => {
      words[4 + thread * (maxArgs + 1)] = args.length;
      words.set(args, 5 + thread * (maxArgs + 1));
    });
    Atomics.store(words, 3, index);
    Atomics.store(words, 1, this.#helpers.length);
    this.#job = (this.#job + 1) | 0;
    Atomics.store(words, 0, this.#job);
    if (this.#helpers.length > 0) Atomics.notify(words, 0);
    this.#kernels[kernel](...argumentLists[0]);
    for (;;) {
      const left = Atomics.load(words, 1);
      if (left === 0) break;
      if (this.#canSleep) Atomics.wait(words, 1, left, 1000);
    }
    if (Atomics.exchange(words, 2, 0) === 1)
      throw new AppError("worker-died", "A compute thread failed; the job was stopped.");
  }

  dispose(): void {
    for (const helper of this.#helpers) helper.stop();
  }
}

/** The main thread of a page may not sleep on shared memory; workers and Node may. */
function canSleep(): boolean {
  return !("window" in globalThis) && typeof SharedArrayBuffer === "function";
}

/** How many threads this place grants: all processors, at most 8, where memory can be shared; else one. */
export async function availableThreads(): Promise<number> {
  if (inNode) {
    const { availableParallelism } = await nodeModule<typeof import("node:os")>("os");
    return Math.min(8, availableParallelism());
  }
  return globalThis.crossOriginIsolated ? Math.max(1, Math.min(8, navigator.hardwareConcurrency)) : 1;
}

async function startHelper(): Promise<Helper> {
  if (inNode) {
    const { Worker: NodeWorker } = await nodeModule<typeof import("node:worker_threads")>("worker_threads");
    const worker = new NodeWorker(threadSource, { eval: true });
    worker.unref(); // a sleeping helper must not keep the process alive
    return { post: (m) => worker.postMessage(m), stop: () => void worker.terminate() };
  }
  const url = URL.createObjectURL(new Blob([threadSource], { type: "text/javascript" }));
  const worker = new Worker(url);
  return { post: (m) => worker.postMessage(m), stop: () => worker.terminate() };
}

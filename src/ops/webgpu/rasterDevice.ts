import { assert } from "../../core/errors.ts";
import type { RasterSums } from "../../core/raster.ts";
import type { CountColumn, CountRequest, SpikeCounter } from "../../protocol/spikeCounter.ts";
import { rasterProgram } from "./histogramPrograms.ts";

/**
 * Spikes into the cells of a picture on a GPU of the paint worker's own, without tfjs: columns stay on the GPU, cells come back.
 * The kernel is that of ops/raster; core/raster is the oracle.
 */

/** Columns kept on the GPU; the least recently used goes first. 2.5 million spikes: 10 MB each. */
const mostColumns = 24;
const workgroup = 64;
const mostThreads = 65535 * workgroup;

interface Uploaded {
  buffer: GPUBuffer;
  version: object;
  /** taken away before the values become float32, so that they keep their digits */
  origin: number;
}

/** The buffers that one question writes into; two, so that a question can be asked while the last answer is read. */
interface Target {
  cells: GPUBuffer;
  copy: GPUBuffer;
  bytes: number;
}

export class RasterDevice implements SpikeCounter {
  readonly #device: GPUDevice;
  readonly #pipeline: GPUComputePipeline;
  /** by array, in the order of their last use */
  readonly #columns = new Map<ArrayLike<number>, Uploaded>();
  readonly #none: GPUBuffer;
  #target: Target | null = null;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(device: GPUDevice) {
    this.#device = device;
    const module = device.createShaderModule({ label: rasterProgram.name, code: rasterProgram.source });
    this.#pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
    this.#none = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE });
  }

  /** null where there is no GPU, or one that the processor only plays, which is slower than the processor itself. */
  static async request(takesSoftware = false): Promise<RasterDevice | null> {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter || (adapter.info.isFallbackAdapter && !takesSoftware)) return null;
    const isSoftware = /swiftshader|llvmpipe|lavapipe|basic render/i.test(
      `${adapter.info.description} ${adapter.info.architecture}`,
    );
    if (isSoftware && !takesSoftware) return null;
    const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
    const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } });
    return new RasterDevice(device);
  }

  /** Resolves when the device is gone: nothing more can be asked of it. */
  get lost(): Promise<unknown> {
    return this.#device.lost;
  }

  /** Count and sum of every cell, [ny, nx]. One question at a time; later ones wait. Rejects when the device is lost. */
  cells(request: CountRequest): Promise<RasterSums> {
    const answer = this.#last.then(() => this.#ask(request));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  destroy(): void {
    this.#device.destroy();
  }

  async #ask({ x, y, value, grid, from, to }: CountRequest): Promise<RasterSums> {
    const nCells = grid.nx * grid.ny;
    const [xs, ys] = [this.#upload(x), this.#upload(y)];
    const values = value ? this.#upload(value) : null;
    const target = this.#takeTarget(8 * nCells);
    const groups = Math.max(1, Math.ceil(Math.min(to - from, mostThreads) / workgroup));
    const params = this.#params({
      firstSpike: from,
      nSpikes: to,
      nx: grid.nx,
      ny: grid.ny,
      xLow: grid.xLow - xs.origin,
      xHigh: grid.xHigh - xs.origin,
      yLow: grid.yLow - ys.origin,
      yHigh: grid.yHigh - ys.origin,
      hasValue: value ? 1 : 0,
      nThreads: groups * workgroup,
    });
    const buffers = [params, xs.buffer, ys.buffer, values?.buffer ?? this.#none, target.cells];
    const bindGroup = this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const encoder = this.#device.createCommandEncoder();
    encoder.clearBuffer(target.cells);
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(groups);
    pass.end();
    encoder.copyBufferToBuffer(target.cells, target.copy);
    this.#device.queue.submit([encoder.finish()]);
    await target.copy.mapAsync(GPUMapMode.READ);
    const read = target.copy.getMappedRange().slice(0);
    target.copy.unmap();
    params.destroy();
    const count = Float32Array.from(new Uint32Array(read, 0, nCells));
    const sum = new Float32Array(read, 4 * nCells, nCells);
    // values came without their origin, once per spike
    if (values && values.origin !== 0) for (let i = 0; i < nCells; i++) sum[i] += values.origin * count[i];
    return { count, sum };
  }

  #params(params: Record<(typeof rasterProgram.params)[number][0], number>): GPUBuffer {
    const words = new DataView(new ArrayBuffer(48)); // a multiple of 16
    rasterProgram.params.forEach(([name, type], i) => {
      if (type === "f32") words.setFloat32(4 * i, params[name], true);
      else words.setUint32(4 * i, params[name], true);
    });
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.createBuffer({ size: words.byteLength, usage });
    this.#device.queue.writeBuffer(buffer, 0, words.buffer);
    return buffer;
  }

  #upload({ values, version }: CountColumn): Uploaded {
    const known = this.#columns.get(values);
    if (known) this.#columns.delete(values);
    const uploaded = known?.version === version ? known : this.#fill(values, version, known);
    this.#columns.set(values, uploaded); // the newest
    for (const [oldest, { buffer }] of this.#columns) {
      if (this.#columns.size <= mostColumns) break;
      buffer.destroy();
      this.#columns.delete(oldest);
    }
    return uploaded;
  }

  #fill(values: ArrayLike<number>, version: object, known: Uploaded | undefined): Uploaded {
    assert(values.length > 0, "a column has rows");
    // float32 columns are as exact as they get
    const origin = values instanceof Float64Array ? middleOf(values) : 0;
    const words = new Float32Array(values.length);
    for (let i = 0; i < words.length; i++) words[i] = values[i] - origin;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const buffer = known?.buffer ?? this.#device.createBuffer({ size: words.byteLength, usage });
    this.#device.queue.writeBuffer(buffer, 0, words);
    return { buffer, version, origin };
  }

  #takeTarget(bytes: number): Target {
    if (this.#target?.bytes === bytes) return this.#target;
    this.#target?.cells.destroy();
    this.#target?.copy.destroy();
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const cells = this.#device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC | COPY_DST });
    const copy = this.#device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
    this.#target = { cells, copy, bytes };
    return this.#target;
  }
}

/** Half way between the first and the last finite value: for time, the middle of the recording. */
function middleOf(values: Float64Array): number {
  const [first, last] = [values[0], values[values.length - 1]];
  return Number.isFinite(first + last) ? Math.round((first + last) / 2) : 0;
}

import { networkLayout, type TensorPlace } from "../../core/network/layout.ts";
import type { TrainedModel } from "../../protocol/models.ts";

/** One tensor to be written: float32, or whole numbers of 64 bits. */
interface WrittenTensor {
  name: string;
  dtype: "F32" | "I64";
  shape: readonly number[];
  bytes: Uint8Array;
}

/**
 * A network as a safetensors file with the names, shapes and buffers of PyTorch's state_dict, so that load_state_dict takes
 * it as it is. The metadata say which network, what waveforms are divided by and what was done to it; the state of the
 * optimiser is not in it.
 */
export function networkWeightsFile({
  spec,
  weights,
  statistics,
  waveformScale,
  about,
  optimizer,
}: TrainedModel): Uint8Array {
  const layout = networkLayout(spec);
  const floats = (places: readonly TensorPlace[], values: Float32Array): WrittenTensor[] =>
    places.map(({ name, shape, offset }) => {
      const tensor = Float32Array.from(values.subarray(offset, offset + shape.reduce((n, d) => n * d, 1)));
      return { name, dtype: "F32", shape, bytes: new Uint8Array(tensor.buffer) };
    });
  const tensors = [...floats(layout.weights, weights), ...floats(layout.statistics, statistics)];
  return safetensorsBytes([...counters(tensors, optimizer?.step ?? 0), ...tensors], {
    network: spec.kind,
    outputs: String(spec.nOut),
    waveform_scale: String(waveformScale),
    about,
  });
}

/** PyTorch's BatchNorm counts the batches it has seen, in a scalar beside its running mean. */
function counters(tensors: readonly WrittenTensor[], nBatches: number): WrittenTensor[] {
  return tensors
    .filter(({ name }) => name.endsWith("running_mean"))
    .map(({ name }) => ({
      name: name.replace("running_mean", "num_batches_tracked"),
      dtype: "I64",
      shape: [],
      bytes: new Uint8Array(BigInt64Array.of(BigInt(nBatches)).buffer),
    }));
}

/** Tensors lie one after the other in the order given, from a multiple of 8 bytes on: those of 64 bits come first. */
function safetensorsBytes(tensors: readonly WrittenTensor[], metadata: Record<string, string>): Uint8Array {
  let offset = 0;
  const entries = tensors.map(({ name, dtype, shape, bytes }): [string, object] => {
    const range = [offset, offset + bytes.length];
    offset += bytes.length;
    return [name, { dtype, shape, data_offsets: range }];
  });
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  const headerLength = 8 * Math.ceil(text.length / 8);
  const out = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.set(text, 8);
  let at = 8 + headerLength;
  for (const { bytes } of tensors) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

import { AppError } from "../core/errors.ts";
import { type NetworkSpec, networkLayout, type TensorPlace } from "../core/network/layout.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { ByteSource } from "./byteSource.ts";
import { inWords, readSafetensors, type SafetensorsFile } from "./safetensors.ts";

/**
 * A network out of a safetensors file with the names of PyTorch's state_dict, ours or one saved by the reference. A file that
 * does not say what waveforms are divided by gives a `waveformScale` of 0 and a warning; the state of the optimiser is in none.
 * Throws AppError for the weights of anything else.
 */
export async function readNetworkWeights(source: ByteSource, warnings: string[]): Promise<TrainedModel> {
  const file = await readSafetensors(source);
  const spec = specOf(file);
  const layout = networkLayout(spec);
  const vector = async (places: readonly TensorPlace[], length: number) => {
    const values = new Float32Array(length);
    for (const place of places) values.set(await tensorOf(file, spec, place), place.offset);
    return values;
  };
  const weights = await vector(layout.weights, layout.nWeights);
  const statistics = await vector(layout.statistics, layout.nStatistics);
  const scale = Number(file.metadata.waveform_scale);
  const isTold = Number.isFinite(scale) && scale > 0;
  if (!isTold)
    warnings.push(
      `${file.path} does not say what the network's waveforms are divided by; the standard deviation of the waveforms it is applied to is taken.`,
    );
  return {
    spec,
    weights,
    statistics,
    waveformScale: isTold ? scale : 0,
    about: file.metadata.about ?? `weights of ${file.path}`,
  };
}

function specOf({ path, tensors }: SafetensorsFile): NetworkSpec {
  const nOutOf = (name: string) => tensors.get(name)?.shape[0] ?? 3;
  if (tensors.has("token_proj.weight")) return { kind: "transformer", nOut: 3 };
  if (tensors.has("features.0.weight")) return { kind: "cnn", nOut: nOutOf("head.7.weight") === 4 ? 4 : 3 };
  const names = [...tensors.keys()].slice(0, 3).join(", ");
  throw new AppError(
    "bad-file",
    `${path}: expected the weights of a Spike Localization Network (features.0.weight of the CNN or token_proj.weight of the transformer), found ${names || "no tensors"}.`,
    { path },
  );
}

async function tensorOf(
  { path, tensors }: SafetensorsFile,
  { kind }: NetworkSpec,
  { name, shape }: TensorPlace,
): Promise<Float32Array> {
  const found = tensors.get(name);
  if (!found || inWords(found.shape) !== inWords(shape))
    throw new AppError(
      "bad-file",
      `${path}: expected tensor ${name} of shape ${inWords(shape)} as the ${kind} has it, found ${found ? `shape ${inWords(found.shape)}` : "none"}.`,
      { path, tensor: name },
    );
  const values = await found.read();
  if (!areFinite(values))
    throw new AppError("bad-file", `${path}: expected numbers in tensor ${name}, found NaN or infinity.`, { path });
  return values;
}

/** A plain loop: four hundred thousand calls of a callback are felt. */
function areFinite(values: Float32Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}

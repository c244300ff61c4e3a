import { AppError } from "../core/errors.ts";
import { unpackHalf } from "../core/half.ts";
import type { ByteSource } from "./byteSource.ts";

/**
 * A safetensors file: 8 bytes with the header's length, a JSON header that places each tensor, then the tensors' bytes, little
 * endian. Reads what it is asked for and nothing else. Source: the format's description at huggingface/safetensors.
 */
export interface SafetensorsFile {
  path: string;
  /** free text by key, "__metadata__" of the header */
  metadata: Record<string, string>;
  tensors: ReadonlyMap<string, StoredTensor>;
}

export interface StoredTensor {
  dtype: string;
  shape: readonly number[];
  /** Its numbers. Throws AppError for a type that is none of F64, F32, F16, BF16 and I64. */
  read(): Promise<Float32Array>;
}

/** A header of a few thousand tensors is below 1 MB; what claims more is not one. */
const largestHeader = 100_000_000;

/** Number of bytes of one number, and how to read a whole tensor of them. */
const decoders: Record<string, { bytes: number; decode(buffer: ArrayBuffer): Float32Array }> = {
  F64: { bytes: 8, decode: (buffer) => Float32Array.from(new Float64Array(buffer)) },
  F32: { bytes: 4, decode: (buffer) => new Float32Array(buffer) },
  F16: { bytes: 2, decode: (buffer) => unpackHalf(new Uint16Array(buffer)) },
  BF16: {
    bytes: 2,
    decode: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer),
  },
  I64: { bytes: 8, decode: (buffer) => Float32Array.from(new BigInt64Array(buffer), Number) },
};

/** Throws AppError for what is no safetensors file, and for one whose tensors do not lie in it. */
export async function readSafetensors(source: ByteSource): Promise<SafetensorsFile> {
  const { path } = source;
  const { header, start } = await readHeader(source);
  const { __metadata__: metadata, ...entries } = header;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, range } = placeOf(path, name, entry);
    const [from, to] = range.map((offset) => start + offset);
    const decoder = decoders[dtype];
    const count = shape.reduce((n, d) => n * d, 1);
    if (to > source.size || (decoder && to - from !== count * decoder.bytes))
      throw bad(path, `tensor ${name} of shape ${inWords(shape)} does not fit the bytes it is given`);
    const read = async () => {
      if (!decoder)
        throw bad(
          path,
          `tensor ${name} is of type ${dtype}; save it as float32 (F32, F64, F16, BF16 and I64 are read)`,
        );
      return decoder.decode(Uint8Array.from(await source.read(from, to)).buffer);
    };
    tensors.set(name, { dtype, shape, read });
  }
  return { path, metadata: textsOf(metadata), tensors };
}

/** "[32, 10, 5]" */
export function inWords(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function bad(path: string, found: string): AppError {
  return new AppError("bad-file", `${path}: expected a safetensors file, but ${found}.`, { path });
}

async function readHeader(source: ByteSource): Promise<{ header: Record<string, unknown>; start: number }> {
  const { path, size } = source;
  const head = await source.read(0, Math.min(8, size));
  if (head[0] === 0x50 && head[1] === 0x4b)
    throw new AppError(
      "bad-file",
      `${path} is a PyTorch archive, which can run code when it is read; save its weights as safetensors: safetensors.torch.save_file(torch.load("${path.split("/").at(-1)}")["model_state_dict"], "model.safetensors").`,
      { path },
    );
  const length =
    head.length < 8 ? Number.NaN : Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
  if (!(length >= 2 && length <= Math.min(size - 8, largestHeader)))
    throw bad(path, "its first 8 bytes are no length of a header");
  const text = new TextDecoder().decode(await source.read(8, 8 + length));
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw bad(path, "its header is not a JSON object");
  return { header: header as Record<string, unknown>, start: 8 + length };
}

function placeOf(path: string, name: string, entry: unknown): { dtype: string; shape: number[]; range: number[] } {
  const { dtype, shape, data_offsets: range } = (entry ?? {}) as Record<string, unknown>;
  const isCounts = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((v) => Number.isSafeInteger(v) && v >= 0);
  if (typeof dtype === "string" && isCounts(shape) && isCounts(range) && range.length === 2 && range[0] <= range[1])
    return { dtype, shape, range };
  throw bad(path, `its header does not say where tensor ${name} lies`);
}

function textsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== "object" || metadata === null) return {};
  return Object.fromEntries(
    Object.entries(metadata).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

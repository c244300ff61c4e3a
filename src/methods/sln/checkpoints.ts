import { asAppError, messageOf } from "../../core/errors.ts";
import { fingerprint } from "../../protocol/fingerprint.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { Scratch, ScratchRun } from "../../protocol/scratch.ts";

/**
 * Where the training of a network stands, so that it can go on after a stop or a reload, and go on for more epochs after its
 * end. Two files take turns, so that a page that is closed while it writes leaves the other one whole.
 */

/** raised when what is stored changes its meaning */
const layout = 1;
const FILES = ["checkpoint-0.bin", "checkpoint-1.bin"] as const;

const ARRAYS = { f32: Float32Array, f64: Float64Array, i32: Int32Array } as const;
type StoredArray = Float32Array | Float64Array | Int32Array;

/** What a method keeps: anything that JSON holds (NaN and infinity too), and arrays by name. */
export interface Checkpoint<Header> {
  header: Header;
  arrays: Record<string, StoredArray>;
}

/** How a file begins, after 8 bytes with the length of this as JSON: whose turn it was, then what lies behind it. */
interface Preface {
  layout: number;
  turn: number;
  header: unknown;
  arrays: { name: string; type: keyof typeof ARRAYS; length: number }[];
}

/**
 * Names what must be equal for a run to go on: the method, its parameters but those in `without`, the seed, and the numbers it
 * starts from. Those must not be what its own result puts in their place. Safe as a folder name.
 */
export async function checkpointKey(
  method: string,
  params: ParamValues,
  seed: number,
  startsFrom: readonly ArrayLike<number>[],
  without: readonly string[] = ["epochs"],
): Promise<string> {
  const kept = Object.entries(params).filter(([name]) => !without.includes(name));
  const text = JSON.stringify([layout, kept.sort(([a], [b]) => (a < b ? -1 : 1)), seed, startsFrom.map(checksum)]);
  const digest = await fingerprint(new TextEncoder().encode(text));
  return `${method}-${digest || checksum(new TextEncoder().encode(text)).join("-")}`;
}

/** Length and two sums over the bits of the numbers (Fletcher's), which tell lists of spikes apart. */
function checksum(values: ArrayLike<number>): number[] {
  const bits = new Uint32Array(Float64Array.from(values).buffer);
  let [a, b] = [1, 0];
  for (const word of bits) {
    a = (a + (word % 65521) + Math.floor(word / 65521)) % 4294967291;
    b = (b + a) % 4294967291;
  }
  return [values.length, a, b];
}

/** The checkpoints of one run. Close it. */
export class CheckpointStore<Header> {
  readonly #run: ScratchRun | null;
  readonly #discard: () => Promise<void>;
  #turn = 0;

  private constructor(run: ScratchRun | null, discard: () => Promise<void>) {
    this.#run = run;
    this.#discard = discard;
  }

  /** Without a scratch nothing is kept and nothing found. */
  static async open<Header>(scratch: Scratch | undefined, key: string): Promise<CheckpointStore<Header>> {
    return new CheckpointStore<Header>((await scratch?.open(key)) ?? null, async () => scratch?.discard(key));
  }

  /** The newest whole checkpoint; null when there is none. */
  async load(): Promise<Checkpoint<Header> | null> {
    if (!this.#run) return null;
    const found: { turn: number; checkpoint: Checkpoint<Header> }[] = [];
    for (const name of FILES) {
      const one = await readCheckpoint<Header>(this.#run, name);
      if (one) found.push(one);
    }
    const [newest] = found.sort((a, b) => b.turn - a.turn);
    if (!newest) return null;
    this.#turn = newest.turn + 1;
    return newest.checkpoint;
  }

  /** Keep this. Returns a sentence when it could not be kept, which is no reason to stop; null when it was. */
  async save({ header, arrays }: Checkpoint<Header>): Promise<string | null> {
    if (!this.#run) return null;
    const name = FILES[this.#turn % FILES.length];
    try {
      await this.#run.truncate(name, 0);
      await this.#run.append(name, prefaceBytes({ layout, turn: this.#turn, header, arrays: placesOf(arrays) }));
      for (const values of Object.values(arrays))
        await this.#run.append(name, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      this.#turn++;
      return null;
    } catch (error) {
      if (!asAppError(error)) throw error;
      return `The state of the training could not be kept (${messageOf(error)}); it goes on, but cannot be resumed from here.`;
    }
  }

  /** A run that starts over: older checkpoints must not look newer. */
  async forget(): Promise<void> {
    for (const name of FILES) await this.#run?.truncate(name, 0);
    this.#turn = 0;
  }

  /** Lets go of the files; a folder with nothing in it goes with them. */
  async close(): Promise<void> {
    const sizes = await Promise.all(FILES.map(async (name) => (await this.#run?.size(name)) ?? 0));
    await this.#run?.close();
    if (sizes.every((bytes) => bytes === 0)) await this.#discard();
  }
}

function placesOf(arrays: Record<string, StoredArray>): Preface["arrays"] {
  return Object.entries(arrays).map(([name, values]) => ({
    name,
    type: values instanceof Float32Array ? "f32" : values instanceof Float64Array ? "f64" : "i32",
    length: values.length,
  }));
}

/** JSON has no NaN and no infinity: they become texts that nothing else looks like. */
const sign = "\u0000number:";
const withNumbers = (_key: string, value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? `${sign}${value}` : value;
const fromNumbers = (_key: string, value: unknown) =>
  typeof value === "string" && value.startsWith(sign) ? Number(value.slice(sign.length)) : value;

/** Padded, so that arrays begin at a multiple of 8 bytes. */
function prefaceBytes(preface: Preface): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(preface, withNumbers));
  const length = 8 * Math.ceil(text.length / 8);
  const out = new Uint8Array(8 + length).fill(0x20);
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true);
  out.set(text, 8);
  return out;
}

/** Half a file is what a closed page leaves; it is not an error, the other one counts. */
async function readCheckpoint<Header>(
  run: ScratchRun,
  name: string,
): Promise<{ turn: number; checkpoint: Checkpoint<Header> } | null> {
  const size = await run.size(name);
  if (size < 8) return null;
  const head = await run.read(name, 0, 8);
  const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
  if (!(8 + length <= size)) return null;
  const preface = parsePreface(await run.read(name, 8, 8 + length));
  if (!preface || preface.layout !== layout) return null;
  const arrays: Record<string, StoredArray> = {};
  let at = 8 + length;
  for (const { name: array, type, length: count } of preface.arrays) {
    const bytes = count * ARRAYS[type].BYTES_PER_ELEMENT;
    if (at + bytes > size) return null;
    arrays[array] = new ARRAYS[type](Uint8Array.from(await run.read(name, at, at + bytes)).buffer);
    at += bytes;
  }
  return { turn: preface.turn, checkpoint: { header: preface.header as Header, arrays } };
}

function parsePreface(bytes: Uint8Array): Preface | null {
  try {
    return JSON.parse(new TextDecoder().decode(bytes), fromNumbers) as Preface;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

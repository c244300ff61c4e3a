import { asAppError } from "../../core/errors.ts";
import { type KeptPack, packPlaces } from "../../protocol/kept.ts";
import type { Scratch, ScratchRun } from "../../protocol/scratch.ts";

/** Two files take turns, so that a page closed while it writes leaves one whole. */
const TEXTS = ["text-0", "text-1"] as const;

interface Turn {
  turn: number;
  text: string;
}

/**
 * Data sets as a page keeps them for its next visit: a folder each, a text that says what there is and packs of arrays that it
 * names. A pack is written before the first text that names it, and its room given back after the first that does not.
 */
export class KeptStore {
  readonly #scratch: Scratch;

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  /** False where nothing would be left after a reload. */
  survivesReload(): Promise<boolean> {
    return this.#scratch.survivesReload();
  }

  keys(): Promise<string[]> {
    return this.#scratch.runs();
  }

  /** Throws AppError when the room does not suffice: what was kept before stays. */
  async writePack(key: string, { name, parts }: KeptPack): Promise<void> {
    await this.#inFolder(key, (run) => writePack(run, name, parts));
  }

  /** Throws AppError when the room does not suffice: what was kept before stays. */
  async write(key: string, text: string, unused: readonly string[]): Promise<void> {
    await this.#inFolder(key, async (run) => {
      const turns = await readTurns(run);
      const turn = Math.max(0, ...turns.map((one) => one.turn)) + 1;
      const name = TEXTS[turn % TEXTS.length];
      await run.truncate(name, 0);
      await run.append(name, new TextEncoder().encode(`${turn}\n${text.length}\n${text}`));
      for (const old of unused) await run.truncate(old, 0);
    });
  }

  /** The text written last; null when there is none. */
  async read(key: string): Promise<string | null> {
    if (!(await this.keys()).includes(key)) return null;
    return this.#inFolder(key, async (run) => (await readTurns(run)).sort((a, b) => b.turn - a.turn)[0]?.text ?? null);
  }

  /** Packs by their names and sizes. Throws AppError when one is not as long as it was written. */
  readPacks(key: string, packs: readonly { name: string; bytes: number }[]): Promise<Uint8Array[]> {
    return this.#inFolder(key, async (run) => {
      const all: Uint8Array[] = [];
      for (const { name, bytes } of packs) all.push(await run.read(name, 0, bytes));
      return all;
    });
  }

  /** Forget a data set; all of them without a key. What another page has open stays. */
  async forget(key: string | null): Promise<void> {
    for (const one of key === null ? await this.keys() : [key]) {
      await this.#scratch.discard(one).catch((error: unknown) => {
        if (!asAppError(error)) throw error;
      });
    }
  }

  async #inFolder<T>(key: string, work: (run: ScratchRun) => Promise<T>): Promise<T> {
    const run = await this.#scratch.open(key);
    try {
      return await work(run);
    } finally {
      await run.close();
    }
  }
}

async function writePack(run: ScratchRun, name: string, parts: readonly ArrayBufferView[]): Promise<void> {
  await run.truncate(name, 0); // half of it may be there, from a page that was closed meanwhile
  const { starts, bytes } = packPlaces(parts.map(({ byteLength }) => byteLength));
  for (const [k, { buffer, byteOffset, byteLength }] of parts.entries()) {
    await run.append(name, new Uint8Array(buffer, byteOffset, byteLength));
    const padding = (starts[k + 1] ?? bytes) - starts[k] - byteLength;
    if (padding > 0) await run.append(name, new Uint8Array(padding));
  }
}

async function readTurns(run: ScratchRun): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const name of TEXTS) {
    const all = new TextDecoder().decode(await run.read(name, 0, await run.size(name)));
    const [, turn, length, text] = /^(\d+)\n(\d+)\n(.*)$/s.exec(all) ?? [];
    // half a text is what a closed page leaves; the other one counts
    if (text !== undefined && text.length === Number(length)) turns.push({ turn: Number(turn), text });
  }
  return turns;
}

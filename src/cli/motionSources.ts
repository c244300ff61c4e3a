import type { ByteSource } from "../io/byteSource.ts";

/** Of a run directory the motions themselves, not their copies for other programs; of any other folder everything. */
export function motionSources(sources: ByteSource[]): ByteSource[] {
  const inMotion = sources.filter(({ path }) => path.includes("/motion/") && !path.includes("/spikeinterface/"));
  return inMotion.length > 0 ? inMotion : sources;
}

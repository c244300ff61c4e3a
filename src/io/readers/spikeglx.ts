import { isChunkName } from "../../protocol/chunkFiles.ts";
import { baseName } from "../byteSource.ts";
import { type Folder, folderInWords } from "../drop.ts";
import { type Meta, readMeta } from "../spikeglx/meta.ts";
import { type Pair, pairUp } from "../spikeglx/pairing.ts";
import { filesOf, recordingOf, sameRecordingKey, titleOf } from "../spikeglx/recording.ts";
import { type Claim, inEachFolder, type Reader, recordingClaim } from "./reader.ts";

/**
 * Raw recordings of SpikeGLX: a .meta (known by its text, whatever its name) and the headerless binary it describes. A
 * trigger of a run is a segment of its recording.
 */
export const spikeglx: Reader = {
  id: "spikeglx",
  title: "SpikeGLX",
  about: {
    knownBy: "a .meta by its text (typeThis=imec) beside its binary, whatever both are called",
    reads:
      "int16 by range, rate, gain of each channel, contacts and shanks, sync words, delays of the ADCs, triggers of a run as segments with their gaps",
    leaves: "NI-DAQ and OneBox streams (typeThis nidq, obx)",
  },
  find: (drop) => inEachFolder(drop, claimsIn),
  async leftOver(drop) {
    const sentences: string[] = [];
    for (const folder of drop.values()) {
      const metas = (await metasIn(folder)).map(({ meta }) => meta);
      for (const meta of metas) sentences.push(sentenceOfOther(meta));
      for (const [name, { path }] of folder.files) {
        if (/\.meta$/i.test(name) && !metas.some((meta) => meta.path === path)) {
          sentences.push(`${path}: expected a SpikeGLX description (lines of key=value with typeThis), found none.`);
        } else if (/\.(ap|lf)\.bin$/i.test(name) && !folder.files.has(name.replace(/bin$/i, "meta"))) {
          sentences.push(`${path}: expected the .meta that SpikeGLX wrote with it, found none; open both together.`);
        }
      }
    }
    return sentences;
  },
};

async function claimsIn(folder: Folder): Promise<Claim[]> {
  const groups = new Map<string, Pair[]>();
  for (const pair of await pairUp(folder, await metasIn(folder))) {
    if (pair.meta.values.get("typeThis") !== "imec") continue;
    const key = sameRecordingKey(pair);
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups.values()].map((triggers) =>
    recordingClaim({
      title: titleOf(triggers[0].meta),
      place: folderInWords(folder.path),
      files: filesOf(triggers),
      recording: async () => recordingOf(triggers),
    }),
  );
}

/** Formats that are never a description: opening a member of an archive would unpack it whole. */
const NEVER_META = /\.(npy|npz|zip|json|png|svg)$/i;

async function metasIn(folder: Folder): Promise<{ source: Pair["source"]; meta: Meta }[]> {
  const found: { source: Pair["source"]; meta: Meta }[] = [];
  for (const source of folder.files.values()) {
    if (NEVER_META.test(source.path) || isChunkName(baseName(source.path))) continue;
    const meta = await readMeta(source);
    if (meta) found.push({ source, meta });
  }
  return found;
}

const OTHER_STREAMS: Record<string, string> = {
  nidq: "a National Instruments device",
  obx: "a OneBox's analog inputs",
};

function sentenceOfOther(meta: Meta): string {
  const type = meta.values.get("typeThis") ?? "";
  const what = OTHER_STREAMS[type] ?? "something unknown";
  return `${meta.path}: expected the recording of a probe (typeThis=imec), found that of ${what} (typeThis=${type}).`;
}

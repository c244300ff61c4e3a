import { AppError } from "../../core/errors.ts";
import type { DroppedFile } from "../../protocol/datasets.ts";
import type { PlainApi, PlainLayout, ProbeChoice } from "../../protocol/plainBinary.ts";
import { baseName, fileSource } from "../byteSource.ts";
import { geometryFiles } from "../geometry/beside.ts";
import type { WrittenFile } from "../write/file.ts";
import { plainDescription } from "./describe.ts";
import { peekPlain, plainFiles } from "./peek.ts";
import { chosenProbeFile, probePartsWithWiring } from "./probeFile.ts";

/** Of a drop with many binaries, so many are offered. */
const MAX_PEEKS = 8;

const sourceOf = ({ path, file }: DroppedFile) => fileSource(path, file);

/** What the page asks about headerless binaries and probes. */
export const plainApi: Pick<PlainApi, "peek" | "describePlain" | "probeParts" | "probeFile"> = {
  peek: async (files) => {
    const found = await plainFiles(files.map(sourceOf));
    return Promise.all(found.slice(0, MAX_PEEKS).map(peekPlain));
  },
  describePlain: (file, layout, probe) => describePlain(file, layout, probe),
  probeParts: async () => probePartsWithWiring(),
  probeFile: (path, probe, nChannels) => fileOfProbe(path, probe, nChannels),
};

async function describePlain(file: DroppedFile, layout: PlainLayout, probe: ProbeChoice): Promise<DroppedFile[]> {
  const binary = { path: file.path, bytes: file.file.size };
  const [description] = plainDescription(binary, layout, { kind: "none" });
  const path = description.path.replace(/\.binary\.json$/, ".probe.json");
  const sites = await fileOfProbe(path, probe, layout.nSaved - layout.sync);
  return [dropped(description), ...(sites ? [sites] : [])];
}

/** A file that was chosen keeps its content, once it is seen that it fits, and its ending. */
async function fileOfProbe(path: string, probe: ProbeChoice, nChannels: number): Promise<DroppedFile | null> {
  if (probe.kind === "none") return null;
  if (probe.kind !== "file") return dropped(chosenProbeFile(path, probe, nChannels));
  const [geometry] = await geometryFiles([sourceOf(probe.file)]);
  if (!geometry) {
    const message = `${probe.file.path}: expected a probeinterface .json or a channel_locations.npy, found another file.`;
    throw new AppError("bad-file", message, { path: probe.file.path });
  }
  geometry.sitesFor(nChannels);
  const ending = /\.npy$/i.test(probe.file.path) ? ".channel_locations.npy" : ".probe.json";
  const own = path.replace(/\.probe\.json$/, ending);
  return { path: own, file: new File([probe.file.file], baseName(own)) };
}

function dropped({ path, bytes }: WrittenFile): DroppedFile {
  return { path, file: new File([new Uint8Array(bytes)], baseName(path), { type: "application/json" }) };
}

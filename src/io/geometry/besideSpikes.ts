import { asAppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import { type ByteSource, folderOf } from "../byteSource.ts";
import type { Drop } from "../drop.ts";
import { foldersUpwards, geometryFiles } from "./beside.ts";
import type { GeometryFile, GivenSites } from "./geometryFile.ts";

type SpikesDataset = Extract<OpenedDataset, { kind: "spikes" }>;

/**
 * Give spikes that do not say where their contacts lie the geometry that lies beside them: in their folder, else in those
 * above, else a loose file. Channels then tell the shank of each spike. What was taken or does not fit stands in the
 * warnings. Returns the files that were taken or spoken of.
 */
export async function contactsBeside(rest: Drop, data: SpikesDataset): Promise<ByteSource[]> {
  const { info } = data;
  if (info.probe) return [];
  for (const folder of [...foldersUpwards(folderOf(info.files[0]?.path ?? "")), ""]) {
    const files = await geometryFiles(rest.get(folder)?.files.values() ?? []);
    if (files.length === 0) continue;
    takeOne(data, files);
    const taken = files.map(({ source }) => source);
    info.files.push(...taken.map(({ path, size }) => ({ path, bytes: size })));
    return taken;
  }
  return [];
}

function takeOne(data: SpikesDataset, files: readonly GeometryFile[]): void {
  const { info, spikes } = data;
  const nNeeded = spikes.channel?.reduce((most, c) => Math.max(most, c + 1), 0) ?? 0;
  const tried = files.map((file) => ({ path: file.source.path, sites: sitesOrSentence(file, nNeeded) }));
  const fitting = tried.flatMap(({ path, sites }) => (typeof sites === "string" ? [] : [{ path, sites }]));
  if (fitting.length > 1) {
    info.warnings.push(`Expected one geometry for the spikes, found ${fitting.length} that fit; contacts are unknown.`);
    return;
  }
  for (const { sites } of tried)
    if (typeof sites === "string") info.warnings.push(sites.replace(/\.$/, "; contacts are unknown."));
  if (fitting.length === 0) return;
  const [{ path, sites }] = fitting;
  const { model, nShanks, positionsUm, shank, connected, notes } = sites;
  info.probe = { model: model || "unknown probe", partNumber: "", nShanks, positionsUm, shank, connected };
  info.warnings.push(`${path} says where the contacts of the spikes lie.`, ...notes);
  if (!spikes.channel || spikes.shank || nShanks === 1) return;
  spikes.shank = spikes.channel.map((c) => shank[c]);
  info.has?.push("shanks");
}

function sitesOrSentence(file: GeometryFile, nNeeded: number): GivenSites | string {
  try {
    const sites = file.sitesFor(null);
    const n = sites.positionsUm.length;
    return n >= nNeeded
      ? sites
      : `${file.source.path}: expected at least ${nNeeded} contacts, as the spikes name channel ${nNeeded - 1}, found ${n}.`;
  } catch (error) {
    const expected = asAppError(error);
    if (!expected) throw error;
    return expected.message;
  }
}

import type { OeChannel, OeStream } from "./oebin.ts";
import { baseOfStream, type OeProbe, type Settings } from "./settings.ts";

/**
 * The probe a stream comes from: by what its streams are called, else the only one of its processor, else (before version
 * 0.6, which named no streams) by counting the AP streams up to it. Null when nothing tells.
 */
export function probeOfStream(
  { name, processorId, folderName }: OeStream,
  { probes }: Settings,
  ofProcessor: readonly { folderName: string; rateHz: number }[],
): OeProbe | null {
  const own = probes.filter((probe) => probe.processorId === processorId);
  const candidates = own.length > 0 ? own : probes;
  const base = baseOfStream(name);
  const named = candidates
    .map((probe) => ({ probe, place: probe.names.indexOf(base) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => a.place - b.place);
  if (named.length > 0) return named[0].probe;
  if (candidates.length === 1) return candidates[0];
  const isCounted = /\.\d+$/.test(folderName) && own.length > 0;
  if (!isCounted) return null;
  const isAp = ({ rateHz }: { rateHz: number }) => rateHz >= 5000;
  const upToOwn = ofProcessor.slice(0, ofProcessor.findIndex((one) => one.folderName === folderName) + 1);
  const isComplete = ofProcessor.filter(isAp).length === own.length;
  return isComplete ? (own[upToOwn.filter(isAp).length - 1] ?? null) : null;
}

/**
 * The channel of the probe behind each channel of a stream, from 0, by its name: AP1, LFP1 and, before version 1.0, CH1 count
 * from 1, others from 0. What the probe's list of channels allows decides, then the numbers of sites where both files have
 * them. Names that number no channels are taken in their order, and `warnings` says so.
 */
export function channelNumbers(
  stream: OeStream,
  neural: readonly OeChannel[],
  probe: OeProbe,
  warnings: string[],
): number[] {
  const named = neural.map(({ name }) => Number(/(\d{1,6})$/.exec(name)?.[1] ?? Number.NaN));
  if (named.some(Number.isNaN) || new Set(named).size < named.length) {
    warnings.push(
      `${stream.path}: expected a number of its own in the name of every channel of ${stream.folderName}, found "${neural[0].name}" and others; they are taken in order.`,
    );
    return neural.map((_, i) => i);
  }
  const usualBase = countsFromOne(stream, neural) ? 1 : 0;
  const scoreOf = (base: number) => {
    const sites = named.map((number) => probe.sites.get(number - base));
    const nListed = sites.filter(Boolean).length;
    const nSame = sites.filter(
      (site, i) => site?.electrode !== undefined && site.electrode === neural[i].electrode,
    ).length;
    return nListed * named.length + nSame + (base === usualBase ? 0.5 : 0);
  };
  const base = named.includes(0) || scoreOf(0) > scoreOf(1) ? 0 : 1;
  return named.map((number) => number - base);
}

function countsFromOne({ version, folderName }: OeStream, neural: readonly OeChannel[]): boolean {
  if (neural.some(({ name }) => /^(AP|LFP?)\d/i.test(name))) return true;
  return /^0\./.test(version) && !/OneBox|ONIX/i.test(folderName);
}

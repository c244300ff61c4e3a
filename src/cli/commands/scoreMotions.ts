import { AppError } from "../../core/errors.ts";
import type { Motion } from "../../core/types.ts";
import type { ByteSource } from "../../io/byteSource.ts";
import { openSources } from "../../io/open.ts";
import type { NamedMotion } from "../../protocol/scoreboard.ts";
import { motionSources } from "../motionSources.ts";

/** A folder named on the command line. */
export interface Place {
  dir: string;
  sources: ByteSource[];
}

const SHANK = /^(.*)[-_]shank(\d+)$/;

/**
 * Motions of a run directory lie in its motion/, any other folder is searched whole. They are called as their folder in motion/ is,
 * or else by their format. Motions of single shanks (x-shank0, x-shank1 …, or motion_shank0 …) become one, in which every shank
 * has its own. Throws AppError when there is none and one is needed.
 */
export async function motionsIn({ dir, sources }: Place, isNeeded = true): Promise<NamedMotion[]> {
  const own = motionSources(sources);
  if (own === sources && !isNeeded) return [];
  const opened = await openSources(own);
  const motions = opened.flatMap((d) =>
    d.kind === "motion" ? [{ name: nameOf(d.info.files[0].path) ?? d.info.title, motion: d.motion }] : [],
  );
  if (motions.length === 0)
    throw new AppError("nothing-found", `${dir}: expected a run directory or a motion folder; it holds no motion.`);
  return withShanks(motions);
}

/** The folder below motion/, or that of a shank. */
function nameOf(path: string): string | undefined {
  return /(?:^|\/)motion\/([^/]+)\/[^/]+$/.exec(path)?.[1] ?? /(?:^|\/)(motion_shank\d+)\/[^/]+$/.exec(path)?.[1];
}

function withShanks(motions: readonly NamedMotion[]): NamedMotion[] {
  const whole = new Map<string, Motion>();
  const shanks = new Map<string, Motion[]>();
  for (const { name, motion } of motions) {
    const [, base, shank] = SHANK.exec(name) ?? [];
    if (shank === undefined) whole.set(unused(name, whole), motion);
    else {
      const list = shanks.get(base) ?? [];
      list[Number(shank)] = motion;
      shanks.set(base, list);
    }
  }
  for (const [base, list] of shanks) {
    const byShank = list.filter((motion) => motion !== undefined);
    const together = byShank.length === list.length; // a shank without a motion takes that of all
    whole.set(base, { ...(whole.get(base) ?? byShank[0]), ...(together ? { byShank } : {}) });
  }
  return [...whole].map(([name, motion]) => ({ name, motion }));
}

function unused(name: string, taken: ReadonlyMap<string, unknown>): string {
  let n = 1;
  while (taken.has(n === 1 ? name : `${name} (${n})`)) n++;
  return n === 1 ? name : `${name} (${n})`;
}

/** Formats that state what is known, whatever else lies in the folder. */
const KNOWN_FORMATS = ["imposed-motion", "simulated-motion"];

/** The one motion of a truth folder, called as the folder is. Throws AppError when it states several. */
export async function truthIn(place: Place): Promise<NamedMotion> {
  const known = place.sources.some(({ path }) => /manip\.positions|motion_common_um/.test(path))
    ? (await openSources(place.sources)).flatMap((one) =>
        one.kind === "motion" && KNOWN_FORMATS.includes(one.info.format)
          ? [{ name: one.info.title, motion: one.motion }]
          : [],
      )
    : [];
  const found = known.length > 0 ? known : await motionsIn(place);
  if (found.length === 1) return { name: place.dir, motion: found[0].motion };
  const names = found.map(({ name }) => name).join(", ");
  throw new AppError(
    "ambiguous",
    `${place.dir}: expected one motion that is true, found ${found.length}: ${names}; name the folder of one.`,
  );
}

import { mkdir } from "node:fs/promises";
import { AppError } from "../../core/errors.ts";
import { type MotionScore, scoreMotion } from "../../core/motionScore.ts";
import type { Motion } from "../../core/types.ts";
import { openSources } from "../../io/open.ts";
import { option, parseArgs } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { nodeSources } from "../nodeFiles.ts";
import { writeFiles } from "../writeFiles.ts";

interface Named {
  dir: string;
  motion: string;
  value: Motion;
}

interface Row extends MotionScore {
  dir: string;
  motion: string;
  against: string;
}

async function motionsIn(dir: string): Promise<Named[]> {
  const opened = await openSources(await nodeSources([dir]));
  const motions = opened.flatMap((d) => (d.kind === "motion" ? [{ dir, motion: d.info.title, value: d.motion }] : []));
  if (motions.length === 0)
    throw new AppError("nothing-found", `${dir}: expected a run directory or a motion folder; it holds no motion.`);
  return motions;
}

const columns = [
  "dir",
  "motion",
  "against",
  "r",
  "gain",
  "rmseUm",
  "meanAbsUm",
  "p95AbsUm",
  "maxAbsUm",
  "nTimes",
] as const;

function csv(rows: Row[]): string {
  const cell = (v: string | number) => (typeof v === "number" ? String(v) : `"${v.replaceAll('"', '""')}"`);
  return `${[columns.join(","), ...rows.map((row) => columns.map((c) => cell(row[c])).join(","))].join("\n")}\n`;
}

/** Every motion against the truth; without a truth, every pair of them. The median over time is removed at each depth. */
export async function score(argv: string[]): Promise<CommandResult> {
  const args = parseArgs(argv, { truth: "one", out: "one" });
  if (args.words.length === 0) throw new AppError("usage", "score needs at least one run directory.");
  const motions = (await Promise.all(args.words.map(motionsIn))).flat();
  const truthDir = option(args, "truth");
  const rows: Row[] = [];
  if (truthDir) {
    const [truth] = await motionsIn(truthDir);
    for (const { dir, motion, value } of motions)
      rows.push({ dir, motion, against: truthDir, ...scoreMotion(value, truth.value) });
  } else {
    motions.forEach((a, i) => {
      for (const b of motions.slice(i + 1))
        rows.push({ dir: a.dir, motion: a.motion, against: `${b.dir}: ${b.motion}`, ...scoreMotion(a.value, b.value) });
    });
  }
  const output = {
    truth: truthDir ?? null,
    note: "median over time removed at each depth; 11 depths common to both",
    rows,
  };
  const out = option(args, "out");
  if (out) {
    const encoder = new TextEncoder();
    await mkdir(out, { recursive: true });
    await writeFiles(out, [
      { path: "scoreboard.json", bytes: encoder.encode(`${JSON.stringify(output, null, 2)}\n`) },
      { path: "scoreboard.csv", bytes: encoder.encode(csv(rows)) },
    ]);
  }
  return { output };
}

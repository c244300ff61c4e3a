import { AppError, asAppError } from "../core/errors.ts";
import { correct } from "./commands/correct.ts";
import { demo } from "./commands/demo.ts";
import { describeBinary } from "./commands/describe.ts";
import { exportFiles } from "./commands/export.ts";
import { listFormats } from "./commands/formats.ts";
import { inspect } from "./commands/inspect.ts";
import { listMethods } from "./commands/methods.ts";
import { run } from "./commands/run.ts";
import { score } from "./commands/score.ts";

/** What a command leaves: the JSON printed to stdout, and whether it was cut short. */
export interface CommandResult {
  output: unknown;
  cancelled?: boolean;
}

const commands: Record<string, { usage: string; execute(argv: string[]): Promise<CommandResult> }> = {
  inspect: { usage: "inspect PATH...", execute: inspect },
  formats: { usage: "formats", execute: listFormats },
  describe: {
    usage:
      "describe FILE [--channels N] [--rate HZ] [--dtype int16|uint16|>i2|int32|float32|float64] [--offset BYTES] [--uv UV_PER_UNIT] [--sync N] [--probe FILE|PART_NUMBER|linear:PITCH_UM] [--out FILE]",
    execute: describeBinary,
  },
  methods: { usage: "methods", execute: listMethods },
  run: {
    usage:
      "run RECIPE --input PATH... --out DIR [--compute auto|webgpu|cpu] [--seed N] [--set method.param=value]... [--recording WORDS] [--resume]",
    execute: run,
  },
  correct: {
    usage:
      "correct RECORDING... --motion DIR --out DIR [--recording WORDS] [--preprocess none|highpass] [--bad-channels interpolate|keep] [--method kriging|idw|nearest] [--border remove_channels|force_extrapolate|force_zeros] [--sigma-um UM] [--sigma-x-um UM] [--p N] [--n-closest N] [--compute auto|webgpu|cpu]",
    execute: correct,
  },
  export: {
    usage: "export PATH... --as probeinterface|peaks|motion-info --out DIR [--rate-hz N]",
    execute: exportFiles,
  },
  score: {
    usage: "score DIR... [--truth DIR] [--out DIR] [--detrend median|quadratic] [--bin-sec N] [--no-rho]",
    execute: score,
  },
  demo: {
    usage:
      "demo OUTDIR [--seed N] [--probe np1|np2|np2-4shank|ultra] [--channels N] [--duration SEC] [--units N] [--motion none|rigid|nonrigid|jump|walk|bumps|fast] [--segments 1|2] [--shanks together|apart] [--peaks]",
    execute: demo,
  },
};

const help = ["usage:", ...Object.values(commands).map((c) => `  driftscope ${c.usage}`), ""].join("\n");

/** Write to stdout and wait until it is out: what a pipe has not taken yet is lost when the process ends. */
function printed(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Run one command. Returns the exit code: 0 done, 1 expected failure, 2 wrong usage, 130 cancelled. */
export async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (!name || name === "help" || name === "--help") {
    process.stderr.write(help);
    return name ? 0 : 2;
  }
  try {
    const command = commands[name];
    if (!command)
      throw new AppError("usage", `There is no command "${name}"; there are ${Object.keys(commands).join(", ")}.`);
    const { output, cancelled } = await command.execute(rest);
    await printed(`${JSON.stringify(output, null, 2)}\n`);
    return cancelled ? 130 : 0;
  } catch (error) {
    const known = asAppError(error);
    if (!known) throw error; // a bug: let Node print its stack
    process.stderr.write(
      `${JSON.stringify({ error: { code: known.code, message: known.message, detail: known.detail } })}\n`,
    );
    if (known.code === "usage") process.stderr.write(help);
    return known.code === "usage" ? 2 : known.code === "cancelled" ? 130 : 1;
  }
}

import { AppError } from "../core/errors.ts";
import { motionOfShank } from "../core/motion.ts";
import { joinShanks, shanksOf, sitesOfShank, spikesOfShank } from "../core/shankMotion.ts";
import type { Motion } from "../core/types.ts";
import type { MethodEvent, ParamSpec, ParamValues } from "../protocol/methods.ts";
import type { Method, MethodContext, MethodInputs, MethodResult, Yielded } from "./defineMethod.ts";

/** Shanks move with the tissue around them, which need not be the same: they are estimated apart unless asked otherwise. */
const shanks: ParamSpec = {
  type: "choice",
  label: "Shanks",
  unit: "",
  default: "apart",
  options: [
    { value: "apart", label: "each on its own" },
    { value: "joined", label: "as if they were one" },
  ],
  help: "Probes with several shanks: estimate the motion of each shank from its own spikes, or one motion from all spikes by their depth. Without shanks in the data it changes nothing.",
  advanced: true,
};

/** A motion method that, where spikes lie on several shanks, runs once for each of them. */
export function eachShank(method: Method): Method {
  return {
    ...method,
    params: { ...method.params, shanks },
    run(inputs, params, context) {
      const found = inputs.spikes && params.shanks !== "joined" ? shanksOf(inputs.spikes) : [];
      return found.length > 1 ? runApart(method, found, inputs, params, context) : method.run(inputs, params, context);
    },
  };
}

/** What a shank left behind; no result where it has too little to estimate from. */
interface Part {
  shank: number;
  result: MethodResult;
}

async function* runApart(
  method: Method,
  found: readonly number[],
  inputs: MethodInputs,
  params: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  const parts: Part[] = [];
  let reason: AppError | null = null;
  for (const [index, shank] of found.entries()) {
    if (context.signal.aborted) break;
    try {
      const place = { shank, index, found, parts, startedMs: performance.now() };
      parts.push({ shank, result: yield* renamed(method.run(inputsOf(inputs, shank), params, context), place) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "bad-data") throw error;
      reason = error;
      const message = `Shank ${shank + 1}: ${error.message} It follows the mean of the others.`;
      yield { kind: "warning", code: "shank-left-out", message };
    }
  }
  if (parts.length === 0 && reason) throw reason;
  return joined(parts, found, !context.signal.aborted);
}

function inputsOf(inputs: MethodInputs, shank: number): MethodInputs {
  const { spikes, probe, motion } = inputs;
  return {
    ...inputs,
    spikes: spikes && spikesOfShank(spikes, shank),
    ...(probe ? { probe: sitesOfShank(probe, shank) } : {}),
    ...(motion ? { motion: motionOfShank(motion, shank) } : {}),
  };
}

interface Place {
  shank: number;
  index: number;
  found: readonly number[];
  /** shanks that are done */
  parts: readonly Part[];
  startedMs: number;
}

/** Events of one shank as those of the whole: titles and curves name the shank, progress counts all shanks. */
async function* renamed(
  events: AsyncGenerator<Yielded, MethodResult>,
  place: Place,
): AsyncGenerator<Yielded, MethodResult> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      const { kind } = next.value;
      yield kind === "tick" || kind === "image" ? next.value : eventOf(next.value, place);
    }
  } finally {
    await events.return({ metrics: {}, summary: {}, complete: false });
  }
}

function eventOf(event: MethodEvent, { shank, index, found, parts, startedMs }: Place): MethodEvent {
  switch (event.kind) {
    case "stage":
      return { ...event, title: `Shank ${shank + 1}: ${event.title}` };
    case "warning":
      return { ...event, message: `Shank ${shank + 1}: ${event.message}` };
    case "metric":
      return { ...event, values: named(event.values, shank) };
    case "motion": {
      const done = parts.flatMap(({ shank: of, result }) => (result.motion ? [{ of, motion: result.motion }] : []));
      const all = [...done, { of: shank, motion: event.motion }];
      return {
        ...event,
        motion: joinShanks(
          all.map(({ motion }) => motion),
          all.map(({ of }) => of),
          Math.max(...found) + 1,
        ),
      };
    }
    case "progress": {
      const perShankSec = (performance.now() - startedMs) / 1000 + event.secondsLeft;
      return {
        ...event,
        done: index * event.total + event.done,
        total: found.length * event.total,
        secondsLeft: event.secondsLeft + (found.length - 1 - index) * perShankSec,
      };
    }
    case "spikes":
    case "positions":
    case "correlation":
    case "gate":
      return event;
  }
}

function named<T>(values: Record<string, T>, shank: number): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}_shank${shank + 1}`, value]));
}

function joined(parts: readonly Part[], found: readonly number[], isComplete: boolean): MethodResult {
  const moved = parts.flatMap(({ shank, result }): { shank: number; motion: Motion }[] =>
    result.motion ? [{ shank, motion: result.motion }] : [],
  );
  const motion =
    moved.length > 0
      ? joinShanks(
          moved.map((one) => one.motion),
          moved.map((one) => one.shank),
          Math.max(...found) + 1,
        )
      : null;
  return {
    ...(motion ? { motion } : {}),
    metrics: Object.assign({}, ...parts.map(({ shank, result }) => named(result.metrics, shank))),
    summary: Object.assign(
      { n_shanks: moved.length },
      ...parts.map(({ shank, result }) => named(result.summary, shank)),
    ),
    complete: isComplete && parts.every(({ result }) => result.complete),
  };
}

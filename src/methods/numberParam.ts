import type { ParamSpec } from "../protocol/methods.ts";

type NumberSpec = Extract<ParamSpec, { type: "number" }>;

/** A parameter that is a number, without saying so each time. */
export function number(spec: Omit<NumberSpec, "type">): NumberSpec {
  return { type: "number", ...spec };
}

import type { MethodInfo, ParamValues } from "../protocol/methods.ts";
import { formatNumber } from "./format.ts";
import { type Drafts, parseForm } from "./recipeForm.ts";

/** Terms of the loss of the joint optimisation by their weights, in the order and with the signs of core/jointLoss. */
const TERMS = [
  { weight: "lambda_rho", sign: "−", name: "ρ̄" },
  { weight: "lambda_entropy", sign: "−", name: "H̄" },
  { weight: "lambda_tether", sign: "+", name: "tether" },
  { weight: "lambda_residual", sign: "+", name: "residual" },
] as const;

/** "−ρ̄ − 0.1 H̄ + 0.01 tether": what a training makes smaller; null for a method without these weights. */
export function lossInWords(params: ParamValues | undefined): string | null {
  const used = TERMS.flatMap(({ weight, sign, name }) => {
    const value = params?.[weight];
    return typeof value === "number" && value !== 0
      ? [{ sign, text: value === 1 ? name : `${formatNumber(value)} ${name}` }]
      : [];
  });
  if (used.length === 0) return null;
  const [first, ...others] = used;
  return [`${first.sign === "−" ? "−" : ""}${first.text}`, ...others.map(({ sign, text }) => `${sign} ${text}`)].join(
    " ",
  );
}

/** The parameters of a method's run: those that it ended with, else those that its form holds while it runs. */
export function paramsShown(
  method: MethodInfo | undefined,
  ended: ParamValues | undefined,
  drafts: Drafts,
  isAtWork: boolean,
): ParamValues | undefined {
  if (ended && !isAtWork) return ended;
  return method ? parseForm(method.params, drafts).params : undefined;
}

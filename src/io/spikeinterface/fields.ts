import { AppError } from "../../core/errors.ts";

/** A JSON object as it was parsed. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value in a sentence, never longer than a line. */
export function inWords(value: unknown): string {
  if (value === undefined || value === null) return "none";
  const text = JSON.stringify(value) ?? "none";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

export function bad(path: string, expected: string, found: string): AppError {
  return new AppError("bad-file", `${path}: expected ${expected}, found ${found}.`, { path });
}

/** Channels and segments beyond which no description is believed; far above every probe and every session. */
export const MAX_CHANNELS = 100_000;
export const MAX_SEGMENTS = 10_000;

/** A whole number in [low, high]. Throws AppError for anything else. */
export function wholeNumber(path: string, key: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high) return value;
  const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`;
  throw bad(path, `${key} to be a whole number ${range}`, inWords(value));
}

/** A rate in Hz above 0. Throws AppError for anything else. */
export function rateHzOf(path: string, value: unknown): number {
  if (typeof value === "number" && value > 0 && value <= 1e9) return value;
  throw bad(path, "sampling_frequency to be a rate in Hz above 0", inWords(value));
}

/**
 * One number per channel; one number alone counts for all of them. Null when there is none. Throws AppError for another
 * count and for what is no number.
 */
export function perChannel(path: string, key: string, value: unknown, nChannels: number): number[] | null {
  if (value === undefined || value === null) return null;
  const list = typeof value === "number" ? new Array<number>(nChannels).fill(value) : value;
  if (!Array.isArray(list) || list.length !== nChannels) {
    const found = Array.isArray(list) ? `${list.length} of them` : inWords(list);
    throw bad(path, `${key} to be one number for each of ${nChannels} channels`, found);
  }
  const wrong = list.findIndex((one) => typeof one !== "number" || !Number.isFinite(one));
  if (wrong >= 0) throw bad(path, `numbers in ${key}`, `${inWords(list[wrong])} for channel ${wrong}`);
  return list as number[];
}

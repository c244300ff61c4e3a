/**
 * Errors that are part of the product.
 *
 * `AppError` is an expected failure: something a person can act on. Its message is one sentence that says what was
 * expected, what was found and, where it helps, what to do. It survives every thread boundary (src/protocol/errors.ts).
 * `assert` is for mistakes of ours; what it throws is a bug report, not a sentence for the reader.
 */
export type ErrorCode =
  | "bad-file" // a file is not what its name, header or neighbours promise
  | "nothing-found" // what was dropped holds nothing we can read
  | "ambiguous" // what was dropped holds two data sets that exclude each other
  | "bad-parameter" // a recipe or a form holds a value outside its range
  | "bad-data" // the numbers themselves cannot be computed with
  | "no-webgpu" // WebGPU was asked for and there is no adapter
  | "device-lost" // the GPU went away during a job
  | "worker-died" // a worker crashed or ran out of memory
  | "cancelled" // the reader stopped the job; what was finished is kept
  | "usage"; // the command line was called wrongly

export type ErrorDetail = Record<string, string | number | boolean | null | readonly (string | number)[]>;

export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.detail = detail;
  }
}

/** Narrow anything caught to an AppError; null when it is something else. */
export function asAppError(error: unknown): AppError | null {
  return error instanceof AppError ? error : null;
}

/** One sentence for the screen, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Throw when a condition that our own code guarantees does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

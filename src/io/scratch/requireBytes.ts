import { AppError } from "../../core/errors.ts";

/** Throws AppError when a scratch file is shorter than what was stored in it: somebody or a crash has cut it. */
export function requireBytes(name: string, expected: number, found: number): void {
  if (found >= expected) return;
  throw new AppError(
    "bad-file",
    `The intermediate results of this run are damaged: expected ${expected} bytes in ${name}, found ${found}; run it again from the start.`,
    { name, expected, found },
  );
}

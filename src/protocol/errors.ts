import { AppError, type ErrorCode } from "../core/errors.ts";
import type { WireError } from "./methods.ts";

/** AppError → plain data. Anything else is a bug and travels with its stack. */
export function toWire(error: unknown): WireError {
  if (error instanceof AppError) {
    return { app: true, code: error.code, message: error.message, detail: error.detail, stack: error.stack ?? "" };
  }
  const e = error instanceof Error ? error : new Error(String(error));
  return { app: false, code: "worker-died", message: e.message, detail: {}, stack: e.stack ?? "" };
}

/** Plain data → the error that was thrown on the other side. */
export function fromWire(wire: WireError): Error {
  if (wire.app) return new AppError(wire.code as ErrorCode, wire.message, wire.detail);
  const error = new Error(wire.message);
  error.stack = wire.stack;
  return error;
}

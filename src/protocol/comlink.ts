import { type Endpoint, expose, type Remote, transferHandlers, wrap } from "comlink";
import { fromWire, toWire } from "./errors.ts";
import type { WireError } from "./methods.ts";

/**
 * comlink with our errors: its own throw handler flattens an error to name, message and stack; ours keeps AppError's code
 * and detail, so that a failure reads the same on every side.
 */
interface Thrown {
  value: unknown;
}

const ownHandler = transferHandlers.get("throw")!;

transferHandlers.set("throw", {
  canHandle: ownHandler.canHandle,
  serialize: (thrown: unknown) => [toWire((thrown as Thrown).value), []],
  deserialize: (wire: WireError) => {
    throw fromWire(wire);
  },
});

/** Answer calls from the other side. Call it without awaiting anything before, or the first call is lost. */
export function exposeApi(api: object, endpoint?: Endpoint): void {
  expose(api, endpoint);
}

/** The other side's calls as promises. */
export function connect<T>(endpoint: Endpoint): Remote<T> {
  return wrap<T>(endpoint);
}

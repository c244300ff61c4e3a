import type { Remote } from "comlink";
import { describe, expect, it, vi } from "vitest";
import { openSlot } from "../../src/app/workerSlot.ts";
import { AppError } from "../../src/core/errors.ts";

interface Api {
  answer(): Promise<number>;
}

/** An EventTarget that can be terminated stands for a worker; its death is an error event. */
class FakeWorker extends EventTarget {
  terminated = false;
  terminate(): void {
    this.terminated = true;
  }
}

function open(answer: () => Promise<number>) {
  const worker = new FakeWorker();
  const onDeath = vi.fn<(error: AppError, answered: boolean) => void>();
  const api = { answer } as unknown as Remote<Api>;
  const slot = openSlot<Api>({
    name: "compute",
    start: () => worker as unknown as Worker,
    connect: () => api,
    onDeath,
  });
  const die = () => worker.dispatchEvent(Object.assign(new Event("error"), { message: "out of memory" }));
  return { worker, slot, onDeath, die };
}

describe("openSlot", () => {
  it("passes answers and failures through", async () => {
    const fine = open(async () => 42);
    expect(await fine.slot.call((api) => api.answer())).toBe(42);
    const failing = open(() => Promise.reject(new AppError("bad-data", "No.")));
    await expect(failing.slot.call((api) => api.answer())).rejects.toMatchObject({ code: "bad-data" });
    expect(failing.slot.alive).toBe(true);
  });

  it("fails what waits when the worker dies, and says what was found", async () => {
    const { slot, onDeath, die, worker } = open(() => new Promise(() => undefined));
    const waiting = slot.call((api) => api.answer());
    die();
    await expect(waiting).rejects.toMatchObject({
      name: "AppError",
      code: "worker-died",
      detail: { worker: "compute" },
    });
    await expect(waiting).rejects.toThrow("The compute worker stopped (out of memory)");
    expect(slot.alive).toBe(false);
    expect(worker.terminated).toBe(true);
    expect(onDeath).toHaveBeenCalledTimes(1);
    expect(onDeath.mock.calls[0][1]).toBe(false);
  });

  it("dies once, refuses later calls, and remembers that it had answered", async () => {
    const { slot, onDeath, die } = open(async () => 1);
    await slot.call((api) => api.answer());
    die();
    die();
    expect(onDeath).toHaveBeenCalledTimes(1);
    expect(onDeath.mock.calls[0][1]).toBe(true);
    await expect(slot.call((api) => api.answer())).rejects.toMatchObject({ code: "worker-died" });
  });

  it("ends on purpose without a word of a death", async () => {
    const { slot, onDeath, worker } = open(() => new Promise(() => undefined));
    const waiting = slot.call((api) => api.answer());
    slot.close("its GPU was lost");
    await expect(waiting).rejects.toThrow("its GPU was lost");
    expect(worker.terminated).toBe(true);
    expect(onDeath).not.toHaveBeenCalled();
  });
});

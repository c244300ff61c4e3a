import { describe, expect, it } from "vitest";
import { latestOnly } from "../../src/app/latest.ts";

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe("latestOnly", () => {
  it("sends the first at once, drops what was overtaken and sends the last", async () => {
    const sent: number[] = [];
    const finish: (() => void)[] = [];
    const send = latestOnly<number>(
      (value) => {
        sent.push(value);
        return new Promise<void>((resolve) => finish.push(resolve));
      },
      (error) => {
        throw error;
      },
    );
    for (const value of [1, 2, 3, 4]) send(value);
    expect(sent).toEqual([1]);
    finish[0]();
    await turn();
    expect(sent).toEqual([1, 4]);
    finish[1]();
    await turn();
    send(5);
    expect(sent).toEqual([1, 4, 5]);
  });

  it("reports a failure and goes on with what waits", async () => {
    const errors: unknown[] = [];
    const sent: number[] = [];
    const send = latestOnly<number>(
      async (value) => {
        sent.push(value);
        if (value === 1) throw new Error("no");
      },
      (error) => errors.push(error),
    );
    send(1);
    send(2);
    await turn();
    expect(sent).toEqual([1, 2]);
    expect(errors).toEqual([new Error("no")]);
  });
});

import { describe, expect, it } from "vitest";
import { readAhead } from "../../../src/pipeline/read-ahead.ts";

/** Gives 1, 2, … up to `last`, then ends or fails; notes what it was asked. */
function source(log: string[], last: number, failure?: Error) {
  return async function* numbers() {
    try {
      for (let number = 1; number <= last; number++) {
        log.push(`asked ${number}`);
        await undefined;
        yield number;
      }
      if (failure) throw failure;
    } finally {
      log.push("closed");
    }
  };
}

const each = { weight: () => 1, enough: 1 };

describe("readAhead", () => {
  it("asks for the next items before the last one is dealt with, and for no more than three", async () => {
    const log: string[] = [];
    for await (const [number = 0] of readAhead(source(log, 6)(), each)) {
      const asked = log.filter((line) => line.startsWith("asked")).length;
      expect(asked).toBe(Math.min(6, number + 3));
      log.push(`stored ${number}`);
    }
    expect(log.filter((line) => line.startsWith("stored")).map((line) => line.slice(-1))).toEqual([..."123456"]);
    expect(log.filter((line) => line === "closed")).toHaveLength(1);
  });

  it("gives what comes at once together, until it weighs enough", async () => {
    const portions: (readonly number[])[] = [];
    for await (const portion of readAhead(source([], 6)(), { weight: (number) => number, enough: 5 }))
      portions.push(portion);
    expect(portions).toEqual([[1, 2, 3], [4, 5], [6]]);
  });

  it("lets nothing wait for an item that is long in coming", async () => {
    const late = Promise.withResolvers<void>();
    async function* slow() {
      yield 1;
      await late.promise;
      yield 2;
    }
    const portions: (readonly number[])[] = [];
    for await (const portion of readAhead(slow(), { weight: () => 1, enough: 10 })) {
      portions.push(portion);
      late.resolve();
    }
    expect(portions).toEqual([[1], [2]]);
  });

  it("gives every item that came before a failure, then the failure", async () => {
    const failure = new Error("the source is gone");
    const stored: number[] = [];
    const reading = (async () => {
      for await (const numbers of readAhead(source([], 2, failure)(), { weight: () => 1, enough: 9 }))
        stored.push(...numbers);
    })();
    await expect(reading).rejects.toBe(failure);
    expect(stored).toEqual([1, 2]);
  });

  it("closes its source where an item cannot be dealt with, and keeps that error, not a later one of the source", async () => {
    const log: string[] = [];
    const full = new Error("the disk is full");
    const reading = (async () => {
      for await (const _ of readAhead(source(log, 1, new Error("aborted"))(), each)) throw full;
    })();
    await expect(reading).rejects.toBe(full);
    expect(log.at(-1)).toBe("closed");
  });
});

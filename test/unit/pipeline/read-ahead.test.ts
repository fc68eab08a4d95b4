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

describe("readAhead", () => {
  it("asks for the next items before the last one is dealt with, and for no more than three", async () => {
    const log: string[] = [];
    for await (const number of readAhead(source(log, 6)())) {
      const asked = log.filter((line) => line.startsWith("asked")).length;
      expect(asked).toBe(Math.min(6, number + 3));
      log.push(`stored ${number}`);
    }
    expect(log.filter((line) => line.startsWith("stored")).map((line) => line.slice(-1))).toEqual([..."123456"]);
    expect(log.filter((line) => line === "closed")).toHaveLength(1);
  });

  it("gives every item that came before a failure, then the failure", async () => {
    const failure = new Error("the source is gone");
    const stored: number[] = [];
    const reading = (async () => {
      for await (const number of readAhead(source([], 2, failure)())) stored.push(number);
    })();
    await expect(reading).rejects.toBe(failure);
    expect(stored).toEqual([1, 2]);
  });

  it("closes its source where an item cannot be dealt with, and keeps that error, not a later one of the source", async () => {
    const log: string[] = [];
    const full = new Error("the disk is full");
    const reading = (async () => {
      for await (const _ of readAhead(source(log, 1, new Error("aborted"))())) throw full;
    })();
    await expect(reading).rejects.toBe(full);
    expect(log.at(-1)).toBe("closed");
  });
});

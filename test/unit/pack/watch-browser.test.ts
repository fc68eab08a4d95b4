import { EventEmitter } from "node:events";
import type { Browser, Page } from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { whileAlive } from "../../../src/pack/watch-browser.ts";

/** A browser that answers as told. */
const browser = (version: () => Promise<string> = async () => "Chrome/153"): Browser & EventEmitter =>
  Object.assign(new EventEmitter(), { version }) as unknown as Browser & EventEmitter;

const never = (): Promise<never> => new Promise(() => undefined);
const pace = { every: 5, patience: 40 };

describe("a watched browser", () => {
  it("is given the time that the work takes, and told of now and then", async () => {
    let beats = 0;
    const work = () => new Promise<string>((resolve) => setTimeout(resolve, 120, "printed"));
    expect(await whileAlive(browser(), { ...pace, onBeat: () => (beats += 1) }, work)).toBe("printed");
    expect(beats).toBeGreaterThan(2);
  });

  it("that gives no answer any more, has ended or has crashed ends the work", async () => {
    await expect(whileAlive(browser(never), pace, never)).rejects.toThrow("has given no answer");
    const ended = browser();
    const gone = whileAlive(ended, pace, never);
    ended.emit("disconnected");
    await expect(gone).rejects.toThrow("the browser ended");
    const crashed = new EventEmitter();
    const lost = whileAlive(browser(), pace, (watch) => {
      watch(crashed as unknown as Page);
      return never();
    });
    crashed.emit("error", new Error("Page crashed!"));
    await expect(lost).rejects.toThrow("crashed");
  });

  it("ends the work when the signal asks for it", async () => {
    const controller = new AbortController();
    const asked = whileAlive(browser(), { ...pace, signal: controller.signal }, never);
    controller.abort(new Error("interrupted by SIGINT"));
    await expect(asked).rejects.toThrow("interrupted by SIGINT");
    await expect(whileAlive(browser(), { signal: controller.signal }, never)).rejects.toThrow("interrupted");
  });
});

import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { nextCommand, pathHere, runnable } from "../../../src/cli/next-command.ts";
import { filesText } from "../../../src/cli/pack-text.ts";

describe("a command line for somebody to run next", () => {
  it("names the configuration only where another is taken without it", () => {
    expect(nextCommand("flowproof.config.yaml", ["collect"])).toBe("npx flowproof collect");
    expect(nextCommand("audit/my.yaml", ["report", "--period", "2026-10"])).toBe(
      "npx flowproof report -c audit/my.yaml --period 2026-10",
    );
    vi.stubEnv("FLOWPROOF_CONFIG", "elsewhere.yaml");
    expect(nextCommand("flowproof.config.yaml", ["collect"])).toBe("npx flowproof collect -c flowproof.config.yaml");
  });

  it("gives a shell each word as it is meant", () => {
    expect(nextCommand("my config.yaml", ["issue", "--by", "Ada O'Example", "--seed", "$(x)"])).toBe(
      "npx flowproof issue -c 'my config.yaml' --by 'Ada O'\\''Example' --seed '$(x)'",
    );
  });

  it("is found in a hint, and what is no command stays as it is", () => {
    expect(runnable("Run `flowproof collect` first. Older ones: flowproof verify x", "a.yaml")).toBe(
      "Run `npx flowproof collect -c a.yaml` first. Older ones: npx flowproof verify -c a.yaml x",
    );
    const plain = "flowproof 0.1.0 wrote it; what flowproof collects is kept, as npx flowproof packs shows";
    expect(runnable(plain, "a.yaml")).toBe(plain);
  });
});

describe("where something lies", () => {
  it("is said from this folder where it is below, else in full", () => {
    expect(pathHere(join(process.cwd(), "reports", "x"))).toBe(join("reports", "x"));
    expect(pathHere(process.cwd())).toBe(".");
    expect(pathHere("/srv/elsewhere")).toBe("/srv/elsewhere");
  });

  it("is said with how much it is and which of it to open, not with every file", () => {
    const files = Array.from({ length: 18 }, (_, index) => `file-${index}`);
    expect(filesText({ directory: join(process.cwd(), "reports", "x"), files, pages: 57 })).toBe(
      `57 pages, 18 files in ${join("reports", "x")}; open pack.pdf or pack.html`,
    );
  });
});

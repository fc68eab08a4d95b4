import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { networkFileSystem } from "../../../src/pipeline/network-file-system.ts";

describe("a network file system", () => {
  it.each([
    [0x6969, "NFS"],
    [0xfe534d42, "SMB2"],
    // As architectures with signed numbers give it.
    [0xfe534d42 | 0, "SMB2"],
    [0x01021997, "9p"],
    [0xef53, undefined],
    [0x9123683e, undefined],
  ])("is known by the kernel's number %i", (number, name) => {
    expect(networkFileSystem("/srv/flowproof.db", () => number)).toBe(name);
  });

  it("is looked for at the nearest folder that is there", () => {
    const folder = mkdtempSync(join(tmpdir(), "flowproof-fs-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const asked: string[] = [];
    networkFileSystem(join(folder, "not", "yet", "flowproof.db"), (there) => {
      asked.push(there);
      return 0;
    });
    expect(asked).toEqual([folder]);
  });

  it("is not this machine's folder for temporary files", () => {
    expect(networkFileSystem(join(tmpdir(), "flowproof.db"))).toBeUndefined();
  });
});

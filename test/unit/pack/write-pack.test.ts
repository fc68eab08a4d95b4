import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { manifestOf, verifyManifest } from "../../../src/pack/manifest.ts";
import { type WriteFile, writePack } from "../../../src/pack/write-pack.ts";
import { sha256Hex } from "../../../src/util/hash.ts";

const origin = { tool: "flowproof 0.1.0", checkpoint: { size: 7, root: "ab".repeat(32), at: "2026-11-04T05:00:00Z" } };

function pack(text: string): Map<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>([
    ["pack.html", text],
    ["pack.pdf", new Uint8Array([37, 80, 68, 70])],
    ["assessment.json", "{}\n"],
  ]);
  return files.set("manifest.json", manifestOf(files, origin));
}

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowproof-pack-"));
  target = join(folder, "reports", "riverbank-2026-10");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a pack", () => {
  it("lies whole under its name, with a manifest that matches it", async () => {
    await writePack(target, pack("first"));
    expect((await readdir(target)).sort()).toEqual(["assessment.json", "manifest.json", "pack.html", "pack.pdf"]);
    expect(await readdir(join(folder, "reports"))).toEqual(["riverbank-2026-10"]);
    expect(await verifyManifest(target)).toEqual([]);
    const manifest = JSON.parse(await readFile(join(target, "manifest.json"), "utf8"));
    expect(manifest).toMatchObject({ ...origin, state: "draft" });
    expect(manifest.files[1]).toEqual({ name: "pack.html", bytes: 5, sha256: sha256Hex("first") });
  });

  it("replaces the draft before it, with nothing of that left", async () => {
    expect(await writePack(target, pack("first").set("extra.csv", "a"))).toBeUndefined();
    expect(await writePack(target, pack("second"))).toEqual(origin);
    expect(await readFile(join(target, "pack.html"), "utf8")).toBe("second");
    expect((await readdir(target)).length).toBe(4);
    expect(await readdir(join(folder, "reports"))).toEqual(["riverbank-2026-10"]);
  });

  it("leaves no part under its name when the disk is full, and keeps the draft that was there", async () => {
    const full: WriteFile = async (path, content) => {
      if (path.endsWith("pack.pdf")) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      await writeFile(path, content as string);
    };
    await expect(writePack(target, pack("first"), { write: full })).rejects.toThrow("no space left");
    expect(await readdir(join(folder, "reports"))).toEqual([]);
    await writePack(target, pack("first"));
    await expect(writePack(target, pack("second"), { write: full })).rejects.toThrow("no space left");
    expect(await verifyManifest(target)).toEqual([]);
    expect(await readFile(join(target, "pack.html"), "utf8")).toBe("first");
    expect(await readdir(join(folder, "reports"))).toEqual(["riverbank-2026-10"]);
  });

  it("takes the place of nothing that is not a draft", async () => {
    await mkdir(target, { recursive: true });
    await writeFile(join(target, "thesis.txt"), "years of work");
    await expect(writePack(target, pack("first"))).rejects.toMatchObject({ code: "config" });
    expect(await readdir(target)).toEqual(["thesis.txt"]);
    await writeFile(join(folder, "file"), "");
    await expect(writePack(join(folder, "file"), pack("first"))).rejects.toMatchObject({ code: "config" });
  });

  it.skipIf(process.platform === "win32")(
    "is refused beforehand where the folder above takes nothing, though a draft is there",
    async () => {
      await writePack(target, pack("first"));
      await chmod(folder, 0o755);
      await chmod(join(folder, "reports"), 0o555);
      const module = new URL("../../../src/pack/write-pack.ts", import.meta.url).href;
      // Root may write anywhere: it becomes somebody else once all is loaded.
      const text = `const { checkReplaceable } = await import(${JSON.stringify(module)});
        if (process.getuid() === 0) process.setuid(65534);
        await checkReplaceable(${JSON.stringify(target)}).then(console.log, (error) => console.log(error.code, error.message));`;
      const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", text], { encoding: "utf8" });
      await chmod(join(folder, "reports"), 0o755);
      expect(stdout).toMatch(/^config the folder .*reports cannot be made or written to: EACCES/);
      expect(await readdir(join(folder, "reports"))).toEqual(["riverbank-2026-10"]);
    },
  );

  it("writes outside its folder for no name", async () => {
    await expect(writePack(target, new Map([["../pack.html", ""]]))).rejects.toThrow("../pack.html");
    expect(await readdir(join(folder, "reports"))).toEqual([]);
  });
});

describe("a manifest", () => {
  it("names every file that was changed, added or removed", async () => {
    await writePack(target, pack("first"));
    await writeFile(join(target, "pack.html"), "firsT");
    await writeFile(join(target, "notes.txt"), "");
    await rm(join(target, "pack.pdf"));
    expect(await verifyManifest(target)).toEqual([
      "notes.txt is not in the manifest",
      "pack.html is not what was written: its SHA-256 differs",
      "pack.pdf is missing",
    ]);
  });

  it("that is missing or something else is said to be so", async () => {
    expect(await verifyManifest(folder)).toEqual([expect.stringContaining("manifest.json cannot be read")]);
    await writeFile(join(folder, "manifest.json"), "[]");
    expect(await verifyManifest(folder)).toEqual(["manifest.json cannot be read: it is not a manifest"]);
  });
});

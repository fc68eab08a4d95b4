import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  copyKeptFile,
  filesFolder,
  keepFile,
  keptFile,
  keptFileProblem,
  readPlainFile,
} from "../../../src/store/kept-files.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { temporaryFolders } from "../../fixtures/temporary-folder.ts";

const folder = temporaryFolders();
const text = Buffer.from("the change procedure\n");

describe("a file that somebody names", () => {
  it("is read as it is", () => {
    const path = join(folder(), "=cmd|' -C calc'!A0 \u202egpj.txt");
    writeFileSync(path, text);
    expect(readPlainFile(path, 100).equals(text)).toBe(true);
  });

  it("is refused where it is a link, a folder, a pipe, empty, too long or not there", () => {
    const base = folder();
    const path = (name: string): string => join(base, name);
    writeFileSync(path("real"), text);
    symlinkSync(path("real"), path("link"));
    symlinkSync(path("gone"), path("dangling"));
    writeFileSync(path("empty"), "");
    writeFileSync(path("long"), "");
    truncateSync(path("long"), 2 * 1024 ** 2 + 1);
    mkdirSync(path("folder"));
    execFileSync("mkfifo", [path("pipe")]);
    const refused = (name: string): RegExp => new RegExp(`/${name} `);
    for (const [name, why] of [
      ["link", "is a symbolic link"],
      ["dangling", "is a symbolic link"],
      ["folder", "is no plain file"],
      ["pipe", "is no plain file"],
      ["empty", "is empty"],
      ["long", "is longer than 2 MB"],
      ["gone", "is not there"],
    ] as const) {
      expect(() => readPlainFile(path(name), 2 * 1024 ** 2), name).toThrow(why);
      expect(() => readPlainFile(path(name), 2 * 1024 ** 2), name).toThrow(refused(name));
    }
  });
});

describe("a file kept beside the store", () => {
  it("lies once under its digest, for its owner alone, and nothing else is left", () => {
    const store = join(folder(), "flowproof.db");
    const file = keepFile(store, text);
    expect(file).toEqual({ sha256: sha256Hex(text), size: text.length });
    expect(keepFile(store, text)).toEqual(file);
    expect(readdirSync(filesFolder(store))).toEqual([file.sha256]);
    expect(statSync(keptFile(store, file)).mode & 0o777).toBe(0o600);
    expect(keptFileProblem(store, file)).toBeUndefined();
  });

  it("is told apart from one that is missing, altered, longer, or a link to the same bytes", () => {
    const store = join(folder(), "flowproof.db");
    const file = keepFile(store, text);
    const path = keptFile(store, file);
    const altered = /was altered: its SHA-256 is not the one recorded/;
    writeFileSync(path, "the change procedurE\n");
    expect(keptFileProblem(store, file)).toMatch(altered);
    expect(() => keepFile(store, text)).toThrow(altered);
    expect(readFileSync(path, "utf8")).toContain("procedurE");
    writeFileSync(path, Buffer.concat([text, text]));
    expect(keptFileProblem(store, file)).toMatch(altered);
    rmSync(path);
    expect(keptFileProblem(store, file)).toBe("is missing");
    writeFileSync(`${store}.txt`, text);
    symlinkSync(`${store}.txt`, path);
    expect(keptFileProblem(store, file)).toBe("was replaced by something that is no plain file");
  });

  it("is not kept behind a link in the folder's place", () => {
    const base = folder();
    const store = join(base, "flowproof.db");
    mkdirSync(join(base, "elsewhere"));
    symlinkSync(join(base, "elsewhere"), filesFolder(store));
    expect(() => keepFile(store, text)).toThrow(/is no folder/);
    expect(readdirSync(join(base, "elsewhere"))).toEqual([]);
  });

  it("is copied beside another store, takes a damaged one's place, and is refused where it is damaged itself", () => {
    const [from, to] = [join(folder(), "a.db"), join(folder(), "b.db")];
    const file = keepFile(from, text);
    copyKeptFile(from, to, file);
    expect(readFileSync(keptFile(to, file)).equals(text)).toBe(true);
    writeFileSync(keptFile(to, file), "x");
    copyKeptFile(from, to, file);
    expect(keptFileProblem(to, file)).toBeUndefined();
    writeFileSync(keptFile(from, file), "x");
    copyKeptFile(from, to, file);
    rmSync(keptFile(to, file));
    expect(() => copyKeptFile(from, to, file)).toThrow(/was altered/);
    expect(readdirSync(filesFolder(to))).toEqual([]);
  });
});

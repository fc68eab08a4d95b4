import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { fingerprint } from "../../src/ledger/signing-key.ts";
import { timestampRequest, tokenOf } from "../../src/ledger/timestamp.ts";
import { bundled } from "../../src/pack/bundled.ts";
import { selfSignedCertificate } from "../../src/pack/pdf/certificate.ts";
import { signPdf } from "../../src/pack/pdf/sign.ts";
import { instructions } from "../../src/pack/verify/instructions.ts";
import { sha256 } from "../../src/util/hash.ts";
import { packageRoot } from "../../src/util/root.ts";
import { fixtureKey, memoryLedger, type SealedPack, sealedPack, writeFiles } from "../fixtures/sealed-pack.ts";
import { temporaryFolders } from "../fixtures/temporary-folder.ts";
import { hasOpenssl, timestampAuthority } from "../fixtures/timestamp-authority.ts";

// What an auditor has years later: the pack in an otherwise empty folder, and a machine that knows nothing of us.
const folder = temporaryFolders();
const key = fixtureKey();
let october: SealedPack;
let november: SealedPack;

beforeAll(async () => {
  october = await sealedPack({ key, ledger: memoryLedger(13) });
  november = await sealedPack({ key, name: "riverbank-2026-11", earlier: [october], issuedAt: "2026-12-02T09:00:00Z" });
});

const carried = (pack: SealedPack, to = folder()): string => writeFiles(join(to, pack.name), pack.files);

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs with nothing of ours in the environment. */
function run(command: string, args: readonly string[], cwd: string): Ended {
  const { PATH = "" } = process.env;
  const elsewhere = PATH.split(":").filter((place) => !place.startsWith(packageRoot()));
  return spawnSync(command, args, { cwd, encoding: "utf8", env: { PATH: elsewhere.join(":"), LC_ALL: "C.UTF-8" } });
}

const verifyMjs = (cwd: string, ...args: readonly string[]): Ended =>
  run(process.execPath, ["verify.mjs", ...args], cwd);

describe("verify.mjs", () => {
  it("verifies the pack that it lies in, alone in an empty folder", () => {
    const { status, stdout, stderr } = verifyMjs(carried(november));
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^riverbank-2026-11: an issued pack\. Riverbank Ltd, 2026-10, .* issued 2026-12-02T09:00:00Z by Ada Invented\n\nholds {6}manifest\.json {6}/,
    );
    expect(stdout).toMatch(/\n\nwhole and unaltered as far as checked: 23 checks hold, 3 could not be checked\n$/);
    expect(status).toBe(0);
  });

  it("verifies by path, wherever it is started", () => {
    const path = carried(november);
    const { status, stdout } = run(process.execPath, [join(path, "verify.mjs"), join(path, "pack.pdf")], folder());
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^pack\.pdf: the PDF of a pack/)]);
  });

  it("names what is broken, last of all, and ends with 5", () => {
    const path = carried(november);
    writeFileSync(join(path, "changes.csv"), "change,outcome\n17,fail\n");
    const { status, stdout } = verifyMjs(path);
    expect(stdout).toMatch(/^BROKEN {5}changes\.csv {9}was altered: its SHA-256 is not the one in manifest\.json$/m);
    expect(stdout).toMatch(/\nBROKEN: changes\.csv: 2 checks do not hold\n$/);
    expect(status).toBe(5);
  });

  it("shows that a pack continues an older one, and says so where they were given the other way round", () => {
    const both = folder();
    const [older, newer] = [carried(october, both), carried(november, both)];
    const forward = verifyMjs(newer, "--against", older);
    expect(forward.stdout).toMatch(/^holds +continuity +the ledger of 21 records continues the one of 13/m);
    expect(forward.status).toBe(0);
    const backward = verifyMjs(older, `--against=${newer}`);
    expect(backward.stdout).toMatch(/^holds +continuity +.* was issued before .*: compared the other way round/m);
    expect(backward.status).toBe(0);
  });

  it("takes the key that was expected and answers in JSON", () => {
    const path = carried(november);
    const good = verifyMjs(path, "--json", "--key", fingerprint(key.publicKey));
    expect(JSON.parse(good.stdout)).toMatchObject({
      outcome: "whole",
      pack: { kind: "folder", manifest: november.manifest, checkpoint: { size: 21 }, key: fingerprint(key.publicKey) },
    });
    const bad = verifyMjs(path, "--json", "--key", "0".repeat(64));
    expect([bad.status, JSON.parse(bad.stdout)]).toEqual([5, expect.objectContaining({ outcome: "broken" })]);
  });

  it("tells that the key was changed since an older pack, and holds that pack to its own", async () => {
    const changed = fixtureKey();
    const december = await sealedPack({
      key: changed,
      name: "riverbank-2026-12",
      earlier: [october],
      issuedAt: "2027-01-02T09:00:00Z",
    });
    const both = folder();
    const [older, newer] = [carried(october, both), carried(december, both)];
    const { status, stdout } = verifyMjs(newer, "--key", fingerprint(changed.publicKey), "--against", older);
    expect(stdout).toMatch(
      /^unchecked +continuity +riverbank-2026-12 is signed with another key than riverbank-2026-10/m,
    );
    expect(stdout).toMatch(/^holds +continuity +the ledger of 21 records continues the one of 13/m);
    expect(status).toBe(0);
  });

  it.each([
    [["--nonsense"], /--nonsense is not known/],
    [["--key"], /--key needs a value/],
    [["--key", "nonsense"], /neither a fingerprint/],
    [["one", "two"], /one PATH, not two: one and two/],
    [["nowhere"], /nowhere cannot be read/],
  ])("%j is refused with 2 and the usage", (args, said) => {
    const { status, stdout, stderr } = verifyMjs(carried(november), ...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/usage: node verify\.mjs/);
  });

  it("changes nothing in the folder", () => {
    const path = carried(november);
    verifyMjs(path);
    expect(readdirSync(path).sort()).toEqual([...november.files.keys()].sort());
    for (const [name, bytes] of november.files) expect(readFileSync(join(path, name))).toEqual(bytes);
  });

  it("is one readable file of nothing but Node's own modules, the same each time it is built", () => {
    const code = bundled("verify.mjs");
    const imports = [...code.matchAll(/^import .*? from "([^"]+)";$/gm)].map(([, name]) => name);
    expect(imports.length).toBeGreaterThan(4);
    for (const name of imports) expect(name).toMatch(/^node:/);
    expect(code).not.toMatch(/\brequire\(|\bimport\(|\bfetch\(|node:(net|http|https|child_process|worker_threads)/);
    expect(code).not.toContain(packageRoot());
    expect(code.split("\n").length).toBeGreaterThan(1000);
    expect(code).toMatch(/^#!\/usr\/bin\/env node\n\/\/ verify\.mjs: checks a pack of flowproof \d/);
    spawnSync(process.execPath, [join(packageRoot(), "scripts", "bundle.mjs")]);
    expect(bundled("verify.mjs")).toBe(code);
  });

  it("runs on the oldest Node that is at hand", () => {
    const other = "/usr/bin/node";
    const runtime = existsSync(other) ? other : process.execPath;
    const { status, stdout } = run(runtime, ["verify.mjs"], carried(november));
    expect([status, stdout]).toEqual([0, expect.stringMatching(/whole and unaltered/)]);
  });
});

/** The commands of VERIFY.txt from one part, as a person copies them: what is indented by four. */
function commandsOf(part: 2 | 3 | 4): string {
  const text = instructions();
  const [start, end] = [`\n${part}. `, part === 4 ? "\nWhat this shows" : `\n${part + 1}. `].map((mark) =>
    text.indexOf(mark),
  );
  return text
    .slice(start, end)
    .split("\n")
    .filter((line) => /^ {4}(?: {2})?\S/.test(line))
    .map((line) => `${line.slice(4)}\n`)
    .join("");
}

/** A machine without Node: only what the commands name is in the path. */
function withoutNode(commands: string, cwd: string): string {
  const tools = folder();
  const names = [
    "sh",
    "openssl",
    "sha256sum",
    "grep",
    "cut",
    "sed",
    "tail",
    "head",
    "tr",
    "cat",
    "wc",
    "mktemp",
    "basenc",
    "dirname",
  ];
  for (const name of names) {
    const found = run("sh", ["-c", `command -v ${name}`], cwd).stdout.trim();
    if (found.startsWith("/")) writeFileSync(join(tools, name), `#!/bin/sh\nexec ${found} "$@"\n`, { mode: 0o755 });
  }
  const env = { PATH: tools, TMPDIR: tools, LC_ALL: "C.UTF-8" };
  const { stdout, stderr } = spawnSync("/bin/sh", ["-c", commands], { cwd, encoding: "utf8", env });
  return stdout + stderr;
}

describe.skipIf(!hasOpenssl)("VERIFY.txt, by openssl and coreutils alone (needs openssl)", () => {
  it("is one page of plain text", () => {
    const lines = instructions().split("\n");
    expect(lines.length).toBeLessThan(100);
    for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]{0,80}$/);
  });

  it("shows that both manifests, every file and the checkpoint are signed", () => {
    const path = carried(november);
    const shown = withoutNode(commandsOf(2), path);
    expect(shown).toMatch(new RegExp(`^${fingerprint(key.publicKey)} {2}-`));
    expect(shown.match(/Signature Verified Successfully/g)).toHaveLength(3);
    expect(shown).toMatch(/^1$/m);
    expect(shown.match(/: OK$/gm)).toHaveLength(november.files.size - 4);
    expect(shown).not.toMatch(/FAILED|Failure|[Ee]rror|not found/);
    expect(readdirSync(path)).toHaveLength(november.files.size);
  });

  it.each([
    ["changes.csv", /changes\.csv: FAILED/],
    ["manifest.json", /Signature Verification Failure/],
    ["content.json", /Signature Verification Failure[\s\S]*content\.json: FAILED/],
    ["SHA256SUMS", /^0$/m],
  ])("shows that %s was altered", (name, said) => {
    const path = carried(november);
    const bytes = Buffer.from(november.files.get(name) as Uint8Array);
    const at = name === "SHA256SUMS" ? 70 : bytes.indexOf("change");
    bytes.write("#", at < 0 ? 5 : at);
    writeFileSync(join(path, name), bytes);
    expect(withoutNode(commandsOf(2), path)).toMatch(said);
  });

  it("shows the time of the checkpoint, and what its PDF was signed with", async () => {
    await using authority = await timestampAuthority();
    const { certificate, key: pdfKey } = await selfSignedCertificate({
      organisation: "Riverbank Ltd",
      from: "2026-01-01T00:00:00Z",
      years: 10,
    });
    const statement = { name: "Ada Invented", reason: "Issued", at: "2026-12-02T09:00:00Z" };
    const pack = await sealedPack({
      key,
      timestamp: (note) => {
        const digest = sha256(note);
        const nonce = Buffer.from("0123456789abcdef", "hex");
        const token = tokenOf(authority.reply(timestampRequest(digest, nonce)), { digest, nonce });
        return { token: Buffer.from(token).toString("base64"), authority: authority.url };
      },
      signPdf: (pdf) => signPdf(pdf, { chain: certificate, key: pdfKey }, statement),
    });
    expect(verifyMjs(carried(pack))).toMatchObject({ status: 0, stderr: "" });
    const path = carried(pack);
    copyFileSync(authority.rootFile, join(path, "AUTHORITY.pem"));
    const shown = withoutNode(commandsOf(2) + commandsOf(3), path);
    expect(shown).toMatch(/Time stamp: /);
    expect(shown).toMatch(/Verification: OK/);
    const signed = withoutNode(`t=$(mktemp -d)\n${commandsOf(4)}`, path);
    expect(signed).toMatch(/^(\d+) \1$/m);
    expect(signed).toMatch(/subject=CN = Riverbank Ltd/);
    expect(signed).toMatch(/CAdES Verification successful/);
    const pdf = Buffer.from(pack.files.get("pack.pdf") as Uint8Array);
    pdf[pdf.indexOf("MediaBox")] = 0x6d;
    writeFileSync(join(path, "pack.pdf"), pdf);
    expect(withoutNode(`t=$(mktemp -d)\n${commandsOf(4)}`, path)).toMatch(/Verification failure/i);
    expect(basename(path)).toBe(pack.name);
  });
});

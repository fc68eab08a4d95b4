import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, it } from "vitest";
import { openDesk } from "./desk.ts";
import { type Ended, freshFolder, jsonLines, run, token } from "./flowproof-process.ts";

const pack = join("reports", "sandbox", "riverbank-2026-10");

describe("a pack issued, carried away and verified, as an auditor does it", () => {
  const { cwd, flowproof } = openDesk({ issued: "2026-10" });
  const auditor = freshFolder();
  const audit = (...args: string[]): Promise<Ended> => run(args, { cwd: auditor });

  beforeAll(() => {
    cpSync(join(cwd, pack), join(auditor, "riverbank-2026-10"), { recursive: true });
  });

  it("the store holds with its issued pack, and says the verdict last", async () => {
    const { code, stdout } = await flowproof("verify");
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^ {2}holds +records +[\d,]+ records: every body/m);
    expect(stdout).toMatch(/^ {2}holds +riverbank-2026-10 +its folder is what was issued \(r\d+\)/m);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^whole and unaltered as far as checked: \d+ checks hold/);
    expect(stdout).not.toContain(token);
  });

  it.each(["", "pack.pdf", "pack.html", "evidence.zip"])(
    "holds in an empty directory, without store or configuration: %s",
    async (part) => {
      const { code, stdout, stderr } = await audit("verify", join("riverbank-2026-10", part));
      expect(code, stdout + stderr).toBe(0);
      expect(stdout).toMatch(/^ {2}holds +content\.json +its Ed25519 signature is good under the key$/m);
      expect(stdout).toMatch(/^ {2}unchecked +signing-key\.pem +the key's fingerprint is [0-9a-f]{64}/m);
    },
  );

  it("names the file of which a byte was altered, in words and for machines, and exits with 5", async () => {
    const altered = join(auditor, "altered");
    mkdirSync(altered);
    for (const [file, contents] of filesOf(join(auditor, "riverbank-2026-10")))
      writeFileSync(join(altered, file), contents);
    writeFileSync(join(altered, "changes.csv"), `${readFileSync(join(altered, "changes.csv"), "utf8")} `);
    const { code, stdout } = await audit("verify", "altered");
    expect(code).toBe(5);
    expect(stdout).toMatch(/^ {2}BROKEN +changes\.csv /m);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^BROKEN: .*changes\.csv/);
    const machine = await audit("verify", "altered", "--json");
    expect(machine.code).toBe(5);
    const [part, verdict] = jsonLines(machine.stdout);
    expect(part).toMatchObject({ event: "part", part: "verified" });
    expect(part?.checks).toContainEqual(expect.objectContaining({ subject: "changes.csv", outcome: "broken" }));
    expect(verdict).toMatchObject({ event: "verify", broken: expect.any(Number) });
  });

  it("is derived anew from the store, byte for byte", async () => {
    const { code, stdout } = await flowproof("verify", pack, "--deep");
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^ {2}holds +assessment\.json +is what the records give, byte for byte: \d+ items$/m);
  });

  it("54 is not continued by a store whose ledger was cut behind its back", async () => {
    const file = new Database(join(cwd, "sandbox.db"));
    for (const { name } of file.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as {
      name: string;
    }[])
      file.exec(`DROP TRIGGER ${name}`);
    file.pragma("foreign_keys = OFF");
    const whole = await flowproof("verify", "--against", pack);
    expect(whole.code, whole.stdout).toBe(0);
    expect(whole.stdout).toMatch(/^ {2}holds +continuity +the ledger of \d+ records continues/m);
    file.exec(
      "DELETE FROM signed_note; DELETE FROM checkpoint; DELETE FROM leaf WHERE position >= 1000; DELETE FROM record WHERE id > 1000",
    );
    file.close();
    const { code, stdout } = await flowproof("verify", "--against", pack);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^ {2}BROKEN /m);
  });

  it("says what to do where nothing is named that can be verified", async () => {
    expect(await audit("verify", "nothing")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cannot be read[\s\S]*Name a pack's folder/),
    });
    expect(await audit("verify")).toMatchObject({ code: 2 });
    expect(await audit("verify", "riverbank-2026-10", "--key", "neither")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--key"),
    });
  });
});

function filesOf(folder: string): [string, Buffer][] {
  const { files } = {
    files: JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { subject: { name: string }[] },
  };
  const names = [...files.subject.map(({ name }) => name), "manifest.json", "manifest.dsse.json", "manifest.sig"];
  return names.map((name) => [name, readFileSync(join(folder, name))]);
}

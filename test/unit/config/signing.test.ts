import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { effectiveConfig } from "../../../src/config/effective-config.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { load, minimal, problemsOf } from "./config-file.ts";

const withSigning = (text: string): string => `${minimal}signing:\n${text}`;
const file = withSigning("  key: { file: ledger.pem }\n");

describe("the signing configuration", () => {
  it("is none unless it is written, and changes nothing of the effective configuration then", () => {
    const config = load(minimal);
    expect(config.signing).toBeUndefined();
    expect(effectiveConfig(config)).not.toHaveProperty("signing");
  });

  it("names the ledger after the organisation unless it is named", () => {
    expect(load(file).signing?.origin).toBe("flowproof/riverbank");
    expect(load(withSigning("  origin: riverbank.example/cm\n  key: { env: K }\n")).signing?.origin).toBe(
      "riverbank.example/cm",
    );
    expect(problemsOf(withSigning("  origin: a b\n  key: { env: K }\n"))).toEqual([
      expect.stringMatching(/:\d+:\d+: .*a name without spaces and plus signs/),
    ]);
  });

  it("refuses a key that anybody but its owner can read, and says what to run", () => {
    expect(problemsOf(file, { "ledger.pem": 0o600 })).toEqual([]);
    for (const mode of [0o640, 0o604, 0o660, 0o610]) {
      expect(problemsOf(file, { "ledger.pem": mode })).toEqual([
        expect.stringMatching(/others than its owner can get at ledger\.pem; run: chmod 600 ledger\.pem/),
      ]);
    }
    const pdf = withSigning("  key: { env: K }\n  certificate: { file: pdf.crt, key: { file: pdf.pem } }\n");
    expect(problemsOf(pdf, { "pdf.pem": 0o640, "pdf.crt": 0o644 })).toHaveLength(1);
  });

  it("reads the key only when it is asked for, and says which is missing", () => {
    const { signing } = load(file);
    expect(signing?.readKey).toThrow(ConfigError);
    expect(signing?.readKey).toThrow(/the signing key cannot be read from .*ledger\.pem/);
    const fromEnv = withSigning("  key: { env: LEDGER_KEY }\n");
    expect(load(fromEnv, {}).signing?.readKey).toThrow(/LEDGER_KEY is not set/);
    expect(load(fromEnv, { LEDGER_KEY: "the text" }).signing?.readKey()).toBe("the text");
  });

  it("is refused when the file was opened to others after loading", () => {
    const folder = mkdtempSync(join(tmpdir(), "flowproof-signing-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "c.yaml"), file);
    const { signing } = loadConfig(join(folder, "c.yaml"), {});
    writeFileSync(join(folder, "ledger.pem"), "secret-of-the-file", { mode: 0o644 });
    expect(signing?.readKey).toThrow(/the signing key is refused: others than its owner/);
  });

  it("warns of an authority that is asked without TLS, and takes no credential in the address", () => {
    const at = (url: string) => withSigning(`  key: { env: K }\n  timestamp: { url: "${url}", trust: roots.pem }\n`);
    expect(load(at("http://127.0.0.1:8080/tsr")).signing?.timestamp).toMatchObject({
      url: "http://127.0.0.1:8080/tsr",
      trust: expect.stringMatching(/^\/.*\/roots\.pem$/),
    });
    expect(load(at("http://127.0.0.1:8080/tsr")).warnings).toEqual([]);
    expect(load(at("http://timestamps.example/tsr")).warnings).toEqual([
      expect.stringMatching(/http:\/\/timestamps.example\/tsr is asked unencrypted/),
    ]);
    expect(problemsOf(at("https://me:secret@timestamps.example/tsr"))).toEqual([
      expect.stringMatching(/carries no user, password or query/),
    ]);
  });

  it("goes into the ledger by name and address only: no secret, no path", () => {
    const config = load(
      withSigning(
        "  key: { env: K }\n  certificate: { file: c.crt, key: { env: C } }\n  timestamp: { url: https://t.example/tsr, trust: r.pem }\n",
      ),
    );
    expect(effectiveConfig(config).signing).toEqual({
      origin: "flowproof/riverbank",
      timestamp: "https://t.example/tsr",
    });
    expect(config.digest).not.toBe(load(minimal).digest);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { effectiveConfig } from "../../../src/config/effective-config.ts";
import { openContext } from "../../../src/pipeline/context.ts";
import { ambience } from "../pipeline/riverbank.ts";
import { load, minimal, problemsOf } from "./config-file.ts";

const one = `  - id: change-procedure
    kind: procedure
    title: Change procedure
    file: documents/procedure.pdf
    by: Ada Example
    role: Head of Engineering
    effective: 2026-01-01
    expires: 2026-12-31
`;

describe("declared attestations", () => {
  it("are read, the file's path made absolute, and judge nothing", () => {
    const config = load(`${minimal}attestations:\n${one}    version: "3.2"\n    criteria: ["soc2-2017:CC8.1:3"]\n`);
    expect(config.attestations).toMatchObject([
      {
        id: "change-procedure",
        kind: "procedure",
        documentVersion: "3.2",
        file: expect.stringMatching(/^\/.*\/documents\/procedure\.pdf$/),
        criteria: ["soc2-2017:CC8.1:3"],
      },
    ]);
    expect(effectiveConfig(config)).toEqual(effectiveConfig(load(minimal)));
  });

  it("say with line and column what is wrong", () => {
    expect(problemsOf(`${minimal}attestations:\n${one}${one}`)).toEqual([
      "flowproof.config.yaml:21:9: the attestation `change-procedure` is declared twice",
    ]);
    expect(problemsOf(`${minimal}attestations:\n${one.replace("2026-12-31", "2025-12-31")}`)).toEqual([
      "flowproof.config.yaml:20:14: attestation change-procedure would expire on 2025-12-31, before it is effective on 2026-01-01",
    ]);
    const wrong = one
      .replace("change-procedure", "../Change")
      .replace("procedure\n", "procedures\n")
      .replace("2026-01-01", "2026-02-30");
    expect(problemsOf(`${minimal}attestations:\n${wrong}`)).toEqual([
      expect.stringMatching(/^flowproof\.config\.yaml:13:9: .*up to 60 small letters, digits and dashes/),
      expect.stringMatching(/^flowproof\.config\.yaml:14:11: .*did you mean `procedure`\?/),
      expect.stringMatching(/^flowproof\.config\.yaml:19:16: .*a day such as 2026-01-01/),
    ]);
  });

  it("name only criteria that the frameworks have", () => {
    const folder = mkdtempSync(join(tmpdir(), "flowproof-config-"));
    try {
      const file = join(folder, "flowproof.config.yaml");
      writeFileSync(file, `${minimal}attestations:\n${one}    criteria: ["soc2-2017:CC8.1:44"]\n`);
      expect(() => openContext({ ...ambience(), configFile: file })).toThrow(
        /:21:16: there is no criterion `soc2-2017:CC8\.1:44`; did you mean/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

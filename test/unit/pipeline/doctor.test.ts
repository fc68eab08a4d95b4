import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../../src/pipeline/collect.ts";
import { doctor } from "../../../src/pipeline/doctor.ts";
import { initialConfig } from "../../../src/pipeline/init.ts";
import type { DoctorFinding } from "../../../src/pipeline/types.ts";
import { startRiverbank } from "./riverbank.ts";

describe("doctor", () => {
  let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
  beforeAll(async () => {
    riverbank = await startRiverbank();
    return riverbank.close;
  });
  const scope = async (edit?: (text: string) => string): Promise<readonly DoctorFinding[]> =>
    (await doctor(riverbank.context(edit))).filter(({ subject }) => subject === "source github: scope");

  it("is content where every pattern and every system's repository is in the source's list, and stores nothing", async () => {
    expect(await scope()).toEqual([
      {
        subject: "source github: scope",
        ok: "ok",
        message: "every pattern and system matches; 5 of 8 repositories are taken in",
      },
    ]);
    expect(readdirSync(riverbank.folder)).toEqual(["flowproof.config.yaml"]);
  });

  it("names a system's repository that the source does not list, and the one that was probably meant", async () => {
    const findings = await scope((text) => text.replaceAll("riverbank/payments", "riverbank/paymnets"));
    expect(findings).toEqual([
      expect.objectContaining({
        ok: "warn",
        message:
          'the pattern "riverbank/paymnets" matches nothing in the source\'s list of 8; did you mean `riverbank/payments`?',
      }),
      expect.objectContaining({
        ok: "fail",
        message:
          "riverbank/paymnets, which system payments names, is not in the source's list of 8; did you mean `riverbank/payments`?",
        todo: expect.stringContaining("Correct the name in the system"),
      }),
    ]);
  });

  it("names a pattern with a star that takes nothing, with the beginning that was probably meant", async () => {
    const findings = await scope((text) => text.replace("!riverbank/sandbox-*", "!riverbank/sandbx-*"));
    expect(findings.map(({ ok, message }) => [ok, message])).toEqual([
      [
        "warn",
        'the pattern "!riverbank/sandbx-*" matches nothing in the source\'s list of 8; did you mean `!riverbank/sandbox-*`?',
      ],
    ]);
    const [odd] = await scope((text) => text.replace("!riverbank/sandbox-*", "!riverbank/zzzzzzzzzz-*"));
    expect(odd?.message).toBe('the pattern "!riverbank/zzzzzzzzzz-*" matches nothing in the source\'s list of 8');
  });

  it("names an owner that the source does not know, and still judges the others", async () => {
    const findings = await scope((text) =>
      text.replace("- riverbank/payments\n", "- rivrbank/*\n      - riverbank/*\n"),
    );
    expect(findings).toEqual([
      expect.objectContaining({
        ok: "fail",
        message: expect.stringMatching(
          /^the repositories of rivrbank cannot be listed: .*; did you mean `riverbank`\?$/,
        ),
      }),
    ]);
  });

  it("says of every placeholder that it still stands, and does not look for it in the source", async () => {
    const findings = await doctor(
      riverbank.context(() =>
        initialConfig({ since: "2026-01-01", baseUrl: riverbank.url, tokenVariable: "FLOWPROOF_SANDBOX_TOKEN" }),
      ),
    );
    const configuration = findings.filter(({ subject }) => subject === "configuration");
    expect(configuration).toHaveLength(5);
    for (const { ok, message } of configuration) {
      expect(ok).toBe("fail");
      expect(message).toMatch(/flowproof\.config\.yaml:\d+:\d+: `[^`]+` is still the placeholder REPLACE-ME/);
    }
    expect(findings.filter(({ subject }) => subject === "source github: scope")).toEqual([]);
  });

  it("refuses a store on a network file system, as collecting does", async () => {
    const nfs = 0x6969;
    const context = riverbank.context(undefined, { fileSystemOf: () => nfs });
    const refusal = /flowproof\.db is on a network file system \(NFS\), where locks and fsync cannot be trusted$/;
    expect((await doctor(context)).find(({ subject }) => subject === "store")).toMatchObject({
      ok: "fail",
      message: expect.stringMatching(refusal),
      todo: expect.stringContaining("local disk"),
    });
    await expect(collect(context)).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(refusal) });
    expect(readdirSync(riverbank.folder)).toEqual(["flowproof.config.yaml"]);
  });
});

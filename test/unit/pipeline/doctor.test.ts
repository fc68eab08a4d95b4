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

  describe("about the branches and environments that systems name", () => {
    const places = async (edit?: (text: string) => string): Promise<readonly DoctorFinding[]> =>
      (await doctor(riverbank.context(edit))).filter(({ subject }) =>
        /: (branch|environment|branches and environments)$/.test(subject),
      );

    it("is content where all are there, for one point", async () => {
      const before = riverbank.stats();
      expect(await places()).toEqual([
        { subject: "source github: branches and environments", ok: "ok", message: "all that systems name are there" },
      ]);
      const { requests, points } = riverbank.stats();
      // Who the token is, what the owner has, and this.
      expect([requests - before.requests, points - before.points]).toEqual([3, 3]);
    });

    it("names a branch that is not there, and the one that was probably meant", async () => {
      const findings = await places((text) => text.replace("branch: main", "branch: mian"));
      expect(findings).toEqual([
        {
          subject: "system payments: branch",
          ok: "fail",
          message: "riverbank/payments has no branch `mian`; did you mean `main`?",
          todo: "Correct `branch` or `promotion` of the system: until then no commit of it is read.",
        },
      ]);
      const [other] = await places((text) => text.replace("branch: main", "branch: trunk-of-old"));
      expect(other?.message).toMatch(/^riverbank\/payments has no branch `trunk-of-old`; known are `main`/);
    });

    it("still looks at the others where a repository is not there, which is said already", async () => {
      const findings = await places((text) =>
        text.replaceAll("riverbank/ledger-api", "riverbank/nowhere").replace("branch: main", "branch: mian"),
      );
      expect(findings.map(({ message }) => message)).toEqual([
        "riverbank/payments has no branch `mian`; did you mean `main`?",
      ]);
    });

    it("names an environment to which nothing was deployed, of any of its repositories", async () => {
      const findings = await places((text) => text.replace("environments: [production]", "environments: [prodution]"));
      expect(findings).toEqual([
        {
          subject: "system payments: environment",
          ok: "warn",
          message: "nothing of riverbank/payments was ever deployed to `prodution`; did you mean `production`?",
          todo: "Correct `environments` of the system, or say with `deployments` where its deployments are recorded.",
        },
      ]);
    });

    it("looks for no environment where deployments are recorded elsewhere, and goes on where they may not be read", async () => {
      const elsewhere = (text: string): string =>
        text
          .replace("environments: [production]", "environments: [prodution]")
          .replace("deployments: { from: github }", "deployments: { from: workflow, file: deploy.yml, job: prod }");
      expect((await places(elsewhere)).map(({ ok }) => ok)).toEqual(["ok"]);
      const refusing = await startRiverbank({ faults: "forbidden:deployments" });
      try {
        const found = await doctor(refusing.context((text) => text.replace("branch: main", "branch: mian")));
        expect(
          found
            .filter(({ subject }) => /: (branch|environment|branches and environments)$/.test(subject))
            .map(({ message }) => message),
        ).toEqual(["riverbank/payments has no branch `mian`; did you mean `main`?"]);
      } finally {
        await refusing.close();
      }
    });
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

  it("finds a store whose folder is not there, as collecting does", async () => {
    const context = riverbank.context((text) => text.replace(/^store: .*$/m, "store: data/deep/x.db"));
    const [finding] = (await doctor(context)).filter(({ subject }) => subject === "store");
    expect(finding).toMatchObject({
      ok: "fail",
      message: expect.stringMatching(/data\/deep\/x\.db cannot be made: there is no folder \S+data\/deep$/),
      todo: "Make the folder.",
    });
    await expect(collect(context)).rejects.toMatchObject({ exitCode: 2 });
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

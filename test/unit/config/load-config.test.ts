import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { effectiveConfig } from "../../../src/config/effective-config.ts";
import { loadConfig, slugOf } from "../../../src/config/load-config.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { load, minimal, problemsOf } from "./config-file.ts";

/** Every key that the design shows. */
const whole = `organisation: Riverbank
timezone: Europe/Berlin
frameworks: [soc2-2017, iso27001-2022]
store: data/flowproof.db
reports: packs
since: 2026-01-01
lateAfter: 2d
sources:
  - id: github
    provider: github
    baseUrl: https://api.github.com/
    token: { env: GITHUB_TOKEN }
    repositories: [riverbank/*, "!riverbank/sandbox-*", { exclude: riverbank/old, reason: archived in 2024 }]
systems:
  - id: payments
    team: checkout
    repositories: [riverbank/payments]
    paths: [services/payments/**]
    promotion: [main, prod]
    environments: [production]
    deployments: { from: github }
    profile: gated
  - id: ledger
    team: checkout
    repositories: [riverbank/payments]
    paths: [services/ledger/**]
    branch: prod
identities:
  - person: ada
    accounts: [github:ada-dev, github:ada-admin]
    emails: [ada@riverbank.example]
  - automation: release-bot
    accounts: [github:release-bot]
policies:
  - from: 2026-01-01
    systems: ["*"]
    approval: { count: 1, finalRevision: required, mergeFromBaseKeeps: false }
    requiredChecks: [{ name: test, app: github-actions }]
    securityChecks: []
    requestLink: required
    emergency: { label: emergency, reviewWithin: 24h }
    significant: { paths: [], labels: [architecture], approvers: [] }
    automation: [{ account: github:dependabot, approval: person, checks: required }]
waivers: []
controls:
  - { id: CM-02, title: Changes are peer reviewed, owner: Head of Engineering, key: true, covers: [CHG-03] }
`;

describe("a configuration", () => {
  it("is read with every key of the design", () => {
    const config = load(whole);
    expect(config).toMatchObject({
      organisation: { name: "Riverbank", slug: "riverbank" },
      since: "2025-12-31T23:00:00Z",
      lateAfter: 2 * 86_400_000,
      warnings: [],
    });
    expect(config.store).toMatch(/\/data\/flowproof\.db$/);
    expect(config.sources[0]).toMatchObject({ baseUrl: "https://api.github.com", provider: "github" });
    expect(config.systems.map(({ id, branch, source, profile }) => ({ id, branch, source, profile }))).toEqual([
      { id: "payments", branch: "prod", source: "github", profile: "gated" },
      { id: "ledger", branch: "prod", source: "github", profile: "continuous" },
    ]);
    expect(config.policies[0]?.emergency.reviewWithin).toBe(86_400_000);
    expect(config.controls[0]?.covers).toEqual(["CHG-03"]);
  });

  it("needs little: defaults fill the rest, and the default policy is in force from the first day", () => {
    const config = load(minimal);
    expect(config.timezone).toBe("UTC");
    expect(config.frameworks).toEqual(["soc2-2017", "iso27001-2022"]);
    expect(config.systems[0]).toMatchObject({
      environments: ["production"],
      profile: "continuous",
      deployments: { from: "github" },
    });
    expect(config.systems[0]).not.toHaveProperty("branch");
    expect(config.policies).toMatchObject([
      { from: "2026-01-01", systems: ["*"], requestLink: "off", approval: { count: 1 } },
    ]);
    expect(config.sources[0]?.baseUrl).toBe("https://api.github.com");
  });

  it("takes a promotion whose branch is where changes land, and one whose branch is what is released", () => {
    for (const branch of ["main", "prod"]) {
      const { systems } = load(`${minimal}    branch: ${branch}\n    promotion: [main, prod]\n`);
      expect(systems[0]).toMatchObject({ branch, promotion: ["main", "prod"] });
    }
  });

  it("says where deployments come from: a job by its workflow's file, a list by an absolute path that is kept by its name", () => {
    const workflow = "{ from: workflow, file: .github/workflows/deploy.yml, job: deploy / prod }";
    expect(load(`${minimal}    deployments: ${workflow}\n`).systems[0]?.deployments).toEqual({
      from: "workflow",
      file: "deploy.yml",
      job: "deploy / prod",
    });
    const config = load(`${minimal}    deployments: { from: import, file: exports/log.csv }\n`);
    expect(config.systems[0]?.deployments).toMatchObject({ file: expect.stringMatching(/^\/.*\/exports\/log\.csv$/) });
    expect(effectiveConfig(config)).toMatchObject({
      systems: [{ deployments: { from: "import", file: "log.csv" } }],
    });
  });

  it("reads a token each time it is asked for, and says which variable is missing", () => {
    const env: NodeJS.ProcessEnv = {};
    const credential = load(minimal, env).sources[0]?.credential;
    if (credential?.type !== "token") throw new Error("a token was configured");
    expect(() => credential.read()).toThrow(/GITHUB_TOKEN is not set/);
    env.GITHUB_TOKEN = "first\n";
    expect(credential.read()).toBe("first");
    env.GITHUB_TOKEN = "second";
    expect(credential.read()).toBe("second");
  });

  it("keeps a GitHub App's numbers as text and reads its key from a file that only its owner can read", () => {
    const folder = mkdtempSync(join(tmpdir(), "flowproof-config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "c.yaml");
    writeFileSync(
      file,
      minimal.replace(
        "token: { env: GITHUB_TOKEN }",
        "app: { id: 12345, installation: 67890, key: { file: app.pem } }",
      ),
    );
    writeFileSync(join(folder, "app.pem"), "KEY\n", { mode: 0o600 });
    const credential = loadConfig(file, {}).sources[0]?.credential;
    if (credential?.type !== "app") throw new Error("an app was configured");
    expect(credential).toMatchObject({ appId: "12345", installation: "67890" });
    expect(credential.readKey()).toBe("KEY");
    chmodSync(join(folder, "app.pem"), 0o644);
    expect(() => credential.readKey()).toThrow(/chmod 600/);
  });

  it("gives the ledger what collects and judges: no secret, no path, the same digest wherever it lies", () => {
    const env = { GITHUB_TOKEN: "ghp_0123456789abcdef0123456789abcdef0123" };
    const [one, two] = [load(whole, env), load(whole, {})];
    expect(one.file).not.toBe(two.file);
    expect(one.digest).toBe(two.digest);
    expect(JSON.stringify(effectiveConfig(one))).not.toMatch(/ghp_|tmp|GITHUB_TOKEN/);
    expect(load(whole.replace("count: 1", "count: 2")).digest).not.toBe(one.digest);
    expect(load(`# a comment\n${whole}`).digest).toBe(one.digest);
  });

  it("makes a folder's name of any organisation's", () => {
    expect(slugOf("Riverbank & Söhne GmbH")).toBe("riverbank-sohne-gmbh");
    expect(slugOf("株式会社")).toMatch(/^organisation-[0-9a-f]{8}$/);
  });
});

describe("a configuration that is wrong", () => {
  it("names file, line, column and the nearest key", () => {
    expect(
      problemsOf(minimal.replace("    team: checkout", "    team: checkout\n    enviroments: [production]")),
    ).toEqual(["flowproof.config.yaml:11:5: unknown key `enviroments` in `systems[0]`; did you mean `environments`?"]);
  });

  it("is no account of an imported list's own, which belongs to no source", () => {
    const { identities } = load(`${minimal}identities:\n  - { automation: cluster, accounts: [import:argocd] }\n`);
    expect(identities).toMatchObject([{ automation: "cluster", accounts: ["import:argocd"] }]);
  });

  it("is told all at once, in the order of the file, a misspelt key once", () => {
    const text = minimal
      .replace("since:", "sinse:")
      .replace("provider: github", "provider: 7")
      .replace("    team: checkout\n", "");
    expect(problemsOf(text)).toEqual([
      "flowproof.config.yaml:2:1: unknown key `sinse`; did you mean `since`?",
      "flowproof.config.yaml:5:15: `sources[0].provider` must be a text, not 7",
      "flowproof.config.yaml:9:5: `systems[0].team` is missing",
    ]);
  });

  it("is found inside unions, as what was probably meant", () => {
    expect(problemsOf(`${minimal}identities:\n  - person: ada\n    acounts: [github:ada]\n`)).toEqual([
      "flowproof.config.yaml:14:5: unknown key `acounts` in `identities[0]`; did you mean `accounts`?",
    ]);
    expect(problemsOf(minimal.replace("env: GITHUB_TOKEN", "enf: GITHUB_TOKEN"))).toEqual([
      "flowproof.config.yaml:6:14: unknown key `enf` in `sources[0].token`; did you mean `env`?",
    ]);
  });

  it("says where the YAML itself is broken", () => {
    expect(problemsOf("organisation: [Riverbank\nsince: 1\n")[0]).toMatch(/^flowproof\.config\.yaml:\d+:\d+: /);
    expect(problemsOf("organisation: a\norganisation: b\n")[0]).toMatch(/^flowproof\.config\.yaml:2:1: .*unique/);
  });

  it("says the first thing that is wrong with the YAML, not what follows from it", () => {
    const lines = (text: string): readonly string[] =>
      problemsOf(text).map((line) => line.replace(/^flowproof\.config\.yaml/, ""));
    expect(lines("a: 1\n{{{\nb: 2\n")).toEqual([expect.stringMatching(/^:2:1: /)]);
    expect(lines("a:\n  - x\n b: 1\n c: 2\n")).toEqual([":3:1: All mapping items must start at the same column"]);
    expect(lines("a: b\n---\nc: d\n")).toEqual([":2:1: a second document begins here; keep one in a file"]);
    expect(lines("a: *b\n")).toEqual([":1:4: nothing is called `&b` above; put `*b` in quotes if it is a text"]);
  });

  it("says what to write so that a source covers a system's repository", () => {
    const about = (name: string, patterns = '[riverbank/*, "!riverbank/sandbox-*", delta/payments]') =>
      problemsOf(
        minimal.replace('[riverbank/*, "!riverbank/sandbox-*"]', patterns).replace("[riverbank/payments]", `[${name}]`),
      ).map((line) => line.replace(/^.*no source covers /, ""));
    expect(about("rivrbank/payments")).toEqual([
      'rivrbank/payments; did you mean `riverbank/payments`? If not, add "rivrbank/payments" to `repositories` of source github',
    ]);
    expect(about("delta/paymnets")).toEqual([expect.stringContaining("did you mean `delta/payments`?")]);
    expect(about("gamma/other")).toEqual(['gamma/other; add "gamma/other" to `repositories` of source github']);
    expect(about("riverbank/sandbox-x")).toEqual([
      'riverbank/sandbox-x; "!riverbank/sandbox-*" leaves it out of source github: take one of the two away',
    ]);
  });

  it("says how to get one where there is none", () => {
    const attempt = () => loadConfig("/nowhere/flowproof.config.yaml", {});
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow("there is no configuration at /nowhere/flowproof.config.yaml");
  });

  it.each([
    ["an empty file", "", /`organisation` is missing/],
    ["a file that holds no keys", "riverbank\n", /:1:1: the file must be a group of keys, not "riverbank"/],
    ["a list of the wrong kind", minimal.replace("systems:\n", "systems: 3\nx:\n"), /`systems` must be a list, not 3/],
    [
      "a wrong time zone",
      `${minimal}timezone: Europe/Berlni\n`,
      /:12:11: "Europe\/Berlni" is no time zone; did you mean `Europe\/Berlin`/,
    ],
    [
      "a store that is not supported yet",
      `${minimal}store: postgres://u:p@db/x\n`,
      /:12:8: a store at postgres:\/\/ is not supported yet/,
    ],
    [
      "an unknown framework",
      `${minimal}frameworks: [soc2-2016]\n`,
      /unknown framework `soc2-2016`; did you mean `soc2-2017`/,
    ],
    [
      "a system that no source covers",
      minimal.replace("[riverbank/payments]", "[riverbnk/payments]"),
      /:11:20: no source covers riverbnk\/payments/,
    ],
    [
      "a system that its source leaves out",
      minimal.replace("[riverbank/payments]", "[riverbank/sandbox-x]"),
      /no source covers riverbank\/sandbox-x/,
    ],
    [
      "a system twice",
      `${minimal}  - { id: payments, team: x, repositories: [riverbank/other] }\n`,
      /:12:11: there is already a system `payments`/,
    ],
    [
      "two systems on one branch",
      `${minimal}  - { id: shop, team: x, repositories: [Riverbank/Payments] }\n`,
      /systems payments and shop both claim/,
    ],
    [
      "one of two systems without paths",
      `${minimal}  - { id: shop, team: x, repositories: [riverbank/payments], paths: [a/**] }\n`,
      /both claim/,
    ],
    [
      "http away from this machine",
      minimal.replace("provider: github", "provider: github\n    baseUrl: http://ghe.example/api/v3"),
      /:6:14: .*unencrypted/,
    ],
    [
      "a token in the address",
      minimal.replace("provider: github", "provider: github\n    baseUrl: https://u:p@ghe.example/api/v3"),
      /no user, password or query/,
    ],
    [
      "an unknown provider",
      minimal.replace("provider: github", "provider: githb"),
      /unknown provider `githb`; did you mean `github`/,
    ],
    ["no credential", minimal.replace("    token: { env: GITHUB_TOKEN }\n", ""), /neither `token` nor `app`/],
    [
      "two credentials",
      minimal.replace("provider: github", "provider: github\n    app: { id: 1, installation: 2, key: { env: K } }"),
      /both token and app/,
    ],
    ["only exclusions", minimal.replace('[riverbank/*, "', '["'), /only leaves repositories out/],
    [
      "deployments from elsewhere",
      `${minimal}    deployments: { from: cluster }\n`,
      /:12:26: `systems\[0\]\.deployments\.from` .*none of github, workflow, import/,
    ],
    [
      "deployments from a workflow without its job",
      `${minimal}    deployments: { from: workflow, file: deploy.yml }\n`,
      /`systems\[0\]\.deployments\.job` is missing/,
    ],
    [
      "deployments from something that is no workflow",
      `${minimal}    deployments: { from: workflow, file: deploy.sh, job: prod }\n`,
      /`systems\[0\]\.deployments\.file` is "deploy\.sh", which is not a workflow's file such as deploy\.yml/,
    ],
    [
      "a key of another kind of deployments",
      `${minimal}    deployments: { from: import, file: log.csv, job: prod }\n`,
      /unknown key `job` in `systems\[0\]\.deployments`/,
    ],
    [
      "a promotion without the branch",
      `${minimal}    branch: prod\n    promotion: [main, stage]\n`,
      /`prod`, which is not among the branches of its promotion: main, stage/,
    ],
    [
      "an account of two persons",
      `${minimal}identities:\n  - { person: ada, accounts: [github:Ada] }\n  - { automation: bot, accounts: [github:ada] }\n`,
      /:14:35: github:ada is claimed by ada and by bot/,
    ],
    [
      "a source with the name that accounts of imported lists have",
      minimal.replace("id: github", "id: import"),
      /`import` is how accounts of imported lists are named/,
    ],
    [
      "an account of no source",
      `${minimal}identities:\n  - { person: ada, accounts: [gitlab:ada] }\n`,
      /gitlab:ada names no source of this file/,
    ],
    [
      "a policy for an unknown system",
      `${minimal}policies:\n  - { from: 2026-01-01, systems: [paiments] }\n`,
      /unknown system `paiments`; did you mean `payments`/,
    ],
    [
      "a waiver of an unknown attribute",
      `${minimal}waivers:\n  - { id: W-1, attribute: request-link, systems: [payments], owner: x, reason: y, from: 2026-01-01, expires: 2026-02-01 }\n`,
      /unknown attribute `request-link`; did you mean `request-linked`/,
    ],
    [
      "a waiver that ends before it starts",
      `${minimal}waivers:\n  - { id: W-1, attribute: request-linked, systems: [payments], owner: x, reason: y, from: 2026-02-01, expires: 2026-01-01 }\n`,
      /expires before it starts/,
    ],
    [
      "a waiver of a number that several repositories have",
      `${minimal.replace("[riverbank/payments]", "[riverbank/payments, riverbank/search]")}waivers:\n  - { id: W-1, attribute: request-linked, systems: ["*"], items: ["#12"], owner: x, reason: y, from: 2026-01-01, expires: 2026-02-01 }\n`,
      /#12 may be a change of any of riverbank\/payments, riverbank\/search; write riverbank\/payments#12/,
    ],
    [
      "a waiver of a repository that the systems do not have",
      `${minimal}waivers:\n  - { id: W-1, attribute: request-linked, systems: [payments], items: ["riverbank/paiments#12"], owner: x, reason: y, from: 2026-01-01, expires: 2026-02-01 }\n`,
      /riverbank\/paiments is no repository of the waiver's systems; did you mean `riverbank\/payments`/,
    ],
    [
      "a control that covers nothing known",
      `${minimal}controls:\n  - { id: CM-1, title: x, covers: [CHG-99] }\n`,
      /unknown control `CHG-99`/,
    ],
    ["a day that does not exist", minimal.replace("2026-01-01", "2026-02-30"), /:2:8: `since`/],
    ["a wrong duration", `${minimal}lateAfter: 26 hours\n`, /:12:12: `lateAfter`.*such as 30m, 24h or 3d/],
  ])("is refused: %s", (_name, text, expected) => {
    expect(problemsOf(text).join("\n")).toMatch(expected);
  });

  it.skipIf(process.platform === "win32")("is refused when other users can read the token's file", () => {
    const text = minimal.replace("{ env: GITHUB_TOKEN }", "{ file: read.token }");
    expect(problemsOf(text, { "read.token": 0o644 })).toEqual([
      expect.stringMatching(
        /^flowproof\.config\.yaml:6:20: every user of this machine can get at .*read\.token; run: chmod 600/,
      ),
    ]);
    expect(problemsOf(text, { "read.token": 0o640 })).toEqual([]);
  });

  it("may be http on this machine", () => {
    for (const host of ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"]) {
      expect(
        problemsOf(minimal.replace("provider: github", `provider: github\n    baseUrl: http://${host}/api/v3`)),
      ).toEqual([]);
    }
  });

  it("is warned of where policies begin after collecting does", () => {
    expect(load(`${minimal}policies:\n  - { from: 2026-03-01 }\n`).warnings).toEqual([
      expect.stringMatching(/:9:5: no policy is in force for system payments on 2026-01-01/),
    ]);
  });
});

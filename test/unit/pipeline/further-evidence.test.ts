import { describe, expect, it } from "vitest";
import type { CoverageRow } from "../../../src/model/assessment.ts";
import type { EntityOf, Seen } from "../../../src/model/entity.ts";
import type { StreamKind } from "../../../src/model/stream.ts";
import {
  accessOf,
  alertsOf,
  bypassedSuites,
  type FurtherEvidence,
  loggedOverrides,
  movedTagsOf,
} from "../../../src/pipeline/further-evidence.ts";
import { configurationDossier, deploymentDossier, head, older, rule, rulesAt, t } from "../attributes/dossiers.ts";
import { accessAt, environment, override, suite, tag } from "../attributes/platform-records.ts";

const payments = {
  system: "payments",
  team: "checkout",
  source: "github",
  key: "github/1",
  name: "riverbank/payments",
  url: "",
  branch: "main",
  promotedThrough: ["prod"],
  environments: ["production"],
  paths: [],
};
const nothing: FurtherEvidence = {
  suites: [],
  versions: [],
  environments: [],
  access: [],
  alerts: [],
  auditEvents: [],
};
const period = { from: t(0), to: t(1000) };
const unread = (kind: StreamKind, reason: string): CoverageRow => ({
  stream: `github/1/${kind}`,
  source: "github",
  repository: payments.name,
  kind,
  system: "payments",
  status: "unobserved",
  intervals: [{ ...period, status: "unobserved", reason }],
  stored: 0,
  sourceTotal: null,
});
const settings = configurationDossier(rulesAt(rule({ bypass: ["organisation administrators"] })));

describe("who may do what", () => {
  it("is told as it was last read, with the date", () => {
    const access = [
      accessAt(-10, { ada: "admin", ben: "write", cara: "read" }),
      accessAt(
        500,
        { ada: "admin", cara: "maintain", dev: "auditor" },
        { teams: [{ name: "checkout", role: "push" }] },
      ),
    ];
    const environments = [
      environment(),
      environment({ name: "staging" }),
      environment({ observedAt: t(400), reviewers: ["ben"] }),
    ];
    const [row] = accessOf({ ...nothing, access, environments }, [payments], [settings], [], new Map());
    expect(row?.rights).toMatchObject({
      readAt: t(500),
      merge: ["ada (100)", "cara (102)"],
      administer: ["ada (100)"],
      otherRoles: ["dev (103): auditor"],
      teams: ["checkout (push)"],
      pipelinesMayApprove: false,
      record: access[1]?.record,
    });
    expect(row?.bypass).toMatchObject({ names: ["organisation administrators"], whole: true });
    const { record = 0 } = row?.bypass ?? {};
    const [read] = accessOf(nothing, [payments], [settings], [], new Map([[record, t(777)]]));
    expect(read?.bypass?.readAt).toBe(t(777));
    expect(row?.environments).toMatchObject([{ name: "production", readAt: t(400), reviewers: ["ben"] }]);
  });

  it("is said not to have been readable, with what it would take, and never shown as nobody", () => {
    const coverage = [unread("access", "403: it takes administration:read"), unread("environments", "404")];
    expect(
      accessOf(nothing, [payments], [configurationDossier({ known: false, reason: "403" })], coverage, new Map()),
    ).toEqual([
      {
        system: "payments",
        repository: "riverbank/payments",
        rights: null,
        rightsUnread: "403: it takes administration:read",
        bypass: null,
        bypassUnread: "403",
        environments: [],
        environmentsUnread: "404",
      },
    ]);
    expect(accessOf(nothing, [payments], [], [], new Map())[0]).toMatchObject({ rightsUnread: "not collected" });
  });
});

it("takes the bypasses of released branches and those they are promoted through, within the period", () => {
  const suites = [
    suite("bypassed"),
    suite("bypassed", { branch: "prod" }),
    suite("bypassed", { branch: "somewhere" }),
    suite("passed"),
    suite("bypassed", { at: t(2000) }),
  ];
  expect(bypassedSuites({ ...nothing, suites }, [payments], period).map(({ suite: { record } }) => record)).toEqual(
    suites.slice(0, 2).map(({ record }) => record),
  );
});

it("takes for overrides only the period's, on the branches that changes land on or are promoted through", () => {
  const auditEvents = [
    override("ada", 10),
    override("ada", 20, { subject: "prod" }),
    // A log that does not name the branch may speak of a released one.
    (({ subject: _, ...rest }) => rest)(override("ada", 30)),
    override("ada", 40, { subject: "trial" }),
    override("ada", 50, { repository: "github/2" }),
    override("ada", 60, { action: "protected_branch.create" }),
    override("ada", -10),
    override("ada", 1000),
  ];
  expect(
    loggedOverrides({ ...nothing, auditEvents }, [payments], period).map((one) => [
      one.system,
      one.repository,
      one.override.at,
    ]),
  ).toEqual([10, 20, 30].map((at) => ["payments", "riverbank/payments", t(at)]));
});

it("shows a moved tag only where it was deployed", () => {
  const moved = [tag(head, 10), tag(older, 20)];
  const deployed = deploymentDossier([], { movedTag: moved });
  expect(movedTagsOf([deployed, deploymentDossier()])).toEqual([
    {
      system: "payments",
      deployment: deployed.key,
      tag: "v1",
      sightings: moved.map(({ oid, observedAt, record }) => ({ commit: oid, at: observedAt, record })),
    },
  ]);
});

describe("security alerts", () => {
  const alert = (openedAt: string, fixedAt: string | null, dismissedAt: string | null) =>
    ({ repository: "github/1", openedAt, fixedAt, dismissedAt }) as Seen<EntityOf<"securityAlert">>;
  const alerts = [
    alert(t(-10), t(10), null),
    alert(t(10), null, t(20)),
    alert(t(30), null, null),
    alert(t(40), t(2000), null),
    alert(t(2000), null, null),
  ];
  const read = { ...unread("alerts", ""), status: "complete" as const };

  it("are counted by what became of them in the period and stood open at its end", () => {
    expect(alertsOf({ ...nothing, alerts }, [payments], [read], period)).toEqual([
      {
        system: "payments",
        repository: "riverbank/payments",
        counts: { opened: 3, fixed: 1, dismissed: 1, openAtEnd: 2 },
        gap: null,
      },
    ]);
  });

  it("are not counted where they were not read", () => {
    const given = alertsOf(nothing, [payments], [unread("alerts", "403: switched off")], period);
    expect(given).toMatchObject([{ counts: null, gap: "403: switched off" }]);
    expect(alertsOf(nothing, [payments], [], period)).toMatchObject([{ counts: null, gap: "not collected" }]);
  });
});

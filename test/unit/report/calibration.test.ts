import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { evaluate } from "../../../src/evaluation/index.ts";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { policySchema } from "../../../src/model/policy.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { openPack } from "../../../src/report/pack.ts";
import { calibrationView } from "../../../src/report/views/calibration.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";
import { actor, check, deployment, deploymentDossier, review, rule, rulesAt } from "../attributes/dossiers.ts";
import { input, numbered } from "../evaluation/input.ts";

const unruled = rulesAt(rule({ approvals: 0, checks: [] }));
const seen = "2026-01-01T00:00:00Z";
const policies = (...written: object[]) =>
  written.map((one) => ({ policy: policySchema.parse({ from: "2026-01-01", ...one }), firstSeen: seen }));
type Fields = Parameters<typeof numbered>[1];

function calibrate(
  changes: readonly Fields[],
  more: Parameters<typeof input>[0] = {},
  deployments: readonly ReturnType<typeof deploymentDossier>[] = [],
) {
  const repositories = [{ key: "github/1", name: "riverbank/payments", branch: "main" }];
  const [system] = input().scope.systems;
  const assessment = evaluate(
    input({
      scope: { systems: system ? [{ ...system, repositories }] : [], repositories: [] },
      dossiers: {
        commits: [],
        changes: changes.map((fields, index) => numbered(index + 1, { rulesAtMerge: unruled, ...fields })),
        deployments: [...deployments],
        configuration: [],
      },
      ...more,
    }),
  );
  const result: AssessmentResult = { ...assessment, records: [] };
  return { view: calibrationView(openPack(result)), result };
}

describe("what explains the failures of a first report", () => {
  it("is a check that reports under another app than policy names", () => {
    const { view } = calibrate([{ checks: [check("unit", 20, { app: "buildkite" })] }], {
      policies: policies({ requiredChecks: [{ name: "unit", app: "github-actions" }] }),
    });
    expect(view.explained).toMatchObject([{ title: "A required check did not report", share: "explains it" }]);
    expect(parse(view.explained[0]?.yaml ?? "")).toEqual({
      policies: [{ from: "2026-10-05", systems: ["payments"], requiredChecks: [{ name: "unit", app: "buildkite" }] }],
    });
  });

  it("is a check that never reports, a policy that begins after the changes, and automation nobody declared", () => {
    const missing = calibrate([{}, {}], { policies: policies({ requiredChecks: [{ name: "unti" }] }) });
    expect(missing.view.explained[0]).toMatchObject({ share: "explains all 2" });
    expect(missing.view.explained[0]?.why).toContain("names a check unti, which never reported");

    const dated = calibrate([{ reviews: [] }], { policies: policies({ from: "2026-10-20" }) });
    expect(dated.view.explained[0]?.why).toContain("dated 2026-10-20: the defaults judged them");
    expect(parse(dated.view.explained[0]?.yaml ?? "")).toEqual({
      policies: [{ from: "2026-10-05", systems: ["payments"] }],
    });

    const bot = { reviews: [], change: { author: actor("renovate[bot]", "automation") } };
    const automation = calibrate([bot]);
    expect(parse(automation.view.explained[0]?.yaml ?? "").policies[0].automation).toEqual([
      { account: "github:renovate[bot]", approval: "none", checks: "required" },
    ]);
  });

  it("is an emergency label that nobody uses, where approvals come after the merge", () => {
    const { view } = calibrate([{ reviews: [review("ben", 100)] }]);
    expect(view.explained[0]?.why).toContain("No change of payments bore the label “emergency”");
  });

  it("is an account that deploys by the hundred and is not declared as automation", () => {
    const by = (id: string) =>
      deploymentDossier([], { deployment: deployment(id, undefined, { creator: actor("deployer") }) });
    const { view } = calibrate([], {}, [by("90"), by("91")]);
    expect(parse(view.explained[0]?.yaml ?? "")).toEqual({
      identities: [{ automation: "deployer", accounts: ["github:deployer"] }],
    });
  });

  it("is none where the work itself failed; counts add up", () => {
    const { view, result } = calibrate([{ reviews: [] }, { reviews: [review("ada", 30)] }]);
    expect(view.anyExplained).toBe(false);
    expect(view.left.reduce((sum, { items }) => sum + items, 0)).toBe(result.exceptions.length);
    expect(view.summary).toContain("2 exceptions");
    expect(view.summary).toContain("explain 0 of them; 2 are left");
  });

  it("says what is not tested for want of a setting", () => {
    const { view } = calibrate([{}]);
    const told = view.untested.map(({ why }) => why).join(" ");
    expect(told).toContain("Policy names no security check");
    expect(told).toContain("Policy asks for no link");
    for (const { yaml } of view.untested) expect(parse(yaml)).toBeTypeOf("object");
  });

  it("writes YAML that holds hostile names as text", () => {
    const name = 'x":{},y:[*a]\u202e';
    const { view } = calibrate([], { policies: policies({ deployers: ["github:cd"] }) }, [
      deploymentDossier([], { deployment: deployment("90", undefined, { creator: { ...actor("cd"), login: name } }) }),
    ]);
    expect(parse(view.explained[0]?.yaml ?? "").policies[0].deployers).toEqual([
      "github:cd",
      'github:x":{},y:[*a]‹U+202E›',
    ]);
    expect(JSON.stringify(view)).not.toContain("\u202e");
  });
});

describe("a draft for calibration", () => {
  const result = assessmentFixture();

  it("says on every page and first of all that it is no evidence, and begins with what explains", () => {
    const view = documentView(result, "calibration");
    expect(
      view.running.mark.replace(/\\([0-9a-f]+) /g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16))),
    ).toContain("calibration, not evidence");
    expect(view.contents[0]?.title).toBe("What explains these failures");
    const html = renderDocument(result, "calibration");
    expect(html).toContain('<html lang="en" class="calibration">');
    expect(html).toContain("(calibration, not evidence)</title>");
    expect(html).toContain('<span class="draft">Calibration, not evidence</span>');
  });

  it("leaves the plain draft as it is", () => {
    const html = renderDocument(result);
    expect(html).toContain('<html lang="en">');
    expect(html).not.toContain('id="calibration"');
    expect(html).toContain('<span class="draft">Draft</span>');
  });
});

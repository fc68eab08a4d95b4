import type { AssessedObservation, Item } from "../model/assessment.ts";
import type { Pack } from "./pack.ts";
import { withoutDeployments } from "./rows.ts";

/** Where a commit left the flow, and why. */
interface Leak {
  readonly item: Item;
  /** The first failed, or unverifiable, attribute at this gate. */
  readonly attribute: string;
  readonly waived: boolean;
}

/** One gate of the flow: what came in, what leaked, what the evidence cannot say. */
export interface Gate {
  readonly id: string;
  /** The state of what is behind the gate: `by a change`. */
  readonly behind: string;
  /** What a leak here is, after its number: `without a change`. */
  readonly without: string;
  readonly entering: number;
  readonly leaks: readonly Leak[];
  readonly unseen: readonly Leak[];
}

/** The way of every commit through the gates: `commits` = leaks + unseen + waiting + delivered. */
export interface Flow {
  readonly commits: number;
  readonly gates: readonly Gate[];
  /** Passed every gate but is not in production yet. */
  readonly waiting: number;
  readonly delivered: number;
  /** Over all tests that apply to a commit, its change and the deployment that first brought it: `passed` = waiting + delivered. */
  readonly verdict: {
    readonly passed: number;
    readonly failed: number;
    readonly waived: number;
    readonly open: number;
  };
  /** Changes merged past the branch's rules, at whichever gate they left; pushes without a change are not among them. */
  readonly bypasses: number;
}

interface Plan {
  readonly id: string;
  readonly behind: string;
  readonly without: string;
  readonly attributes: readonly string[];
}

const plans: readonly Plan[] = [
  { id: "change", behind: "by a change", without: "without a change", attributes: ["arrived-by-change"] },
  {
    id: "approval",
    behind: "independently approved",
    without: "without valid approval",
    attributes: ["approved-by-someone-independent", "approved-on-final-revision", "emergency-reviewed-in-time"],
  },
  {
    id: "tests",
    behind: "tests passed",
    without: "without passed tests",
    attributes: ["required-checks-passed", "security-checks-passed"],
  },
];
const bypass = "merged-without-bypass";
const rules = { id: "rules", behind: "described, no bypass", without: "undescribed or unlinked" };
const bypassed = { ...rules, without: "bypassed or undescribed" };
const production = { id: "production", behind: "in production", without: "failed in deployment" };

/** Follows each commit of the released branches through the gates; it leaves at the first gate it fails. */
export function commitFlow(pack: Pack): Flow {
  const commits = pack.result.population.filter((item) => item.subject === "commit");
  const blind = withoutDeployments(pack.result.coverage);
  const named = plans.flatMap(({ attributes }) => attributes);
  const gates: Gate[] = [];
  let left = commits.map((commit) => journey(pack, commit));
  const verdict = count(left, blind);
  const pass = (plan: Omit<Plan, "attributes">, tests: (way: Journey) => readonly AssessedObservation[]): void => {
    const passed = gate(plan, left, tests);
    gates.push(passed);
    left = staying(left, passed);
  };
  for (const plan of plans) pass(plan, ({ tests }) => tests.filter((o) => plan.attributes.includes(o.attribute)));
  const evaded = left.some(({ tests }) => failing(tests, bypass));
  pass(evaded ? bypassed : rules, ({ tests }) => tests.filter((o) => !named.includes(o.attribute)));
  pass(production, (way) => deployed(way, blind));
  const delivered = left.filter(({ deployment }) => deployment !== undefined).length;
  const evading = commits.map((commit) => journey(pack, commit)).filter(({ tests }) => failing(tests, bypass));
  return {
    commits: commits.length,
    gates,
    waiting: left.length - delivered,
    delivered,
    verdict,
    bypasses: new Set(evading.map(({ item }) => item.link ?? item.key)).size,
  };
}

const failing = (tests: readonly AssessedObservation[], attribute: string): boolean =>
  tests.some((o) => o.attribute === attribute && o.outcome === "fail");

interface Journey {
  readonly item: Item;
  readonly tests: readonly AssessedObservation[];
  /** Key of the deployment that brought it to production first. */
  readonly deployment: string | undefined;
  readonly deploymentTests: readonly AssessedObservation[];
}

function journey(pack: Pack, item: Item): Journey {
  const change = pack.itemOf(item.system, item.link);
  const key = change?.link ?? undefined;
  const deployment = pack.itemOf(item.system, key ?? null);
  return {
    item,
    tests: [...item.observations, ...(change?.observations ?? [])],
    deployment: key,
    deploymentTests: deployment?.observations ?? [],
  };
}

function deployed(way: Journey, blind: ReadonlySet<string | null>): readonly AssessedObservation[] {
  if (way.deployment !== undefined || !blind.has(way.item.system)) return way.deploymentTests;
  return [{ attribute: "deployments", outcome: "notVerifiable", message: "", evidence: [] }];
}

function gate(
  { id, behind, without }: Omit<Plan, "attributes">,
  entering: readonly Journey[],
  tests: (way: Journey) => readonly AssessedObservation[],
): Gate {
  const leaks: Leak[] = [];
  const unseen: Leak[] = [];
  for (const way of entering) {
    const failed = tests(way).find((o) => o.outcome === "fail");
    const open = tests(way).find((o) => o.outcome === "notVerifiable");
    const leak = failed ?? open;
    if (!leak) continue;
    const entry = { item: way.item, attribute: leak.attribute, waived: leak.waiver !== undefined };
    (failed ? leaks : unseen).push(entry);
  }
  return { id, behind, without, entering: entering.length, leaks, unseen };
}

function staying(ways: readonly Journey[], { leaks, unseen }: Gate): Journey[] {
  const gone = new Set([...leaks, ...unseen].map(({ item }) => item));
  return ways.filter(({ item }) => !gone.has(item));
}

function count(ways: readonly Journey[], blind: ReadonlySet<string | null>): Flow["verdict"] {
  let [passed, failed, waived, open] = [0, 0, 0, 0];
  for (const way of ways) {
    const tests = [...way.tests, ...deployed(way, blind)];
    if (tests.some((o) => o.outcome === "fail" && o.waiver === undefined)) failed += 1;
    else if (tests.some((o) => o.outcome === "fail")) waived += 1;
    else if (tests.some((o) => o.outcome === "notVerifiable")) open += 1;
    else passed += 1;
  }
  return { passed, failed, waived, open };
}

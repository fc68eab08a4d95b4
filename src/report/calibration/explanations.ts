import type { Exception } from "../../model/assessment.ts";
import { counted, list } from "../format.ts";
import type { Pack } from "../pack.ts";
import type { Explained } from "./setting.ts";
import { accountOf, dayOf, parameterAt, policiesOf, policyLines, quoted } from "./setting.ts";

type Rule = (pack: Pack, exceptions: readonly Exception[]) => Explained | undefined;

/** The one setting that explains most exceptions of a cause: that the policy did not yet hold goes before what it says; undefined where none does, and the work itself is to be looked at. */
export function explanationOf(pack: Pack, cause: string, exceptions: readonly Exception[]): Explained | undefined {
  const rules = [policyDatedAfter, policyWrittenLater, ...(byCause[cause] ?? [])];
  for (const rule of rules) {
    const found = rule(pack, exceptions);
    if (found && found.exceptions.length > 0) return found;
  }
  return undefined;
}

/** Merged or deployed before any policy of the system began, so that the defaults judged. */
function policyDatedAfter(pack: Pack, exceptions: readonly Exception[]): Explained | undefined {
  const early = exceptions.filter((one) => {
    const policies = policiesOf(pack, one);
    return policies.length > 0 && policies.every(({ from }) => from > dayOf(pack, one.at));
  });
  const [first] = early;
  if (!first) return undefined;
  const from = policiesOf(pack, first)
    .map((policy) => policy.from)
    .toSorted()[0];
  return {
    exceptions: early,
    why: `They came before the first policy of their systems, which is dated ${from}: the defaults judged them. If it held already, date it so.`,
    yaml: policyLines(pack, early, "# and what follows, as it stands"),
  };
}

/** Judged by a rule that was written down after them, under the earlier of which they passed. */
function policyWrittenLater(pack: Pack, exceptions: readonly Exception[]): Explained | undefined {
  const late = exceptions.filter(({ system, item, attributes }) =>
    pack
      .itemOf(system, item)
      ?.observations.some((one) => attributes.includes(one.attribute) && one.earlierOutcome === "pass"),
  );
  const [first] = late;
  const policy = first && policiesOf(pack, first).findLast(({ retroactive, firstSeen }) => retroactive && firstSeen);
  if (!policy?.firstSeen) return undefined;
  return {
    exceptions: late,
    why: `Under the rule that stood then they pass. The policy dated ${policy.from} was first recorded on ${pack.time.day(policy.firstSeen)}: if it began only then, date it so.`,
    yaml: ["policies:", `  - from: ${dayOf(pack, policy.firstSeen)} # was ${policy.from}`],
  };
}

const missing =
  /([^:;]+?)(?: \(([^)]*)\))? is missing on [0-9a-f]+: (?:only (.+?) reported one of that name|it never ran on it)/;

/** A check that policy names and that reports under another app, or never reported at all. */
const checkNamedOtherwise =
  (key: "requiredChecks" | "securityChecks"): Rule =>
  (pack, exceptions) => {
    const told = exceptions.flatMap((exception) => {
      const message = exception.messages.find((one) => one.includes("demanded by policy") && missing.test(one));
      const [, name = "", , reporter] = missing.exec(message?.replace(/^[^:]*: /, "") ?? "") ?? [];
      return message === undefined ? [] : [{ exception, name: name.trim(), reporter }];
    });
    const [first] = told;
    if (!first) return undefined;
    const alike = told.filter(({ name, reporter }) => name === first.name && reporter === first.reporter);
    const own = alike.map(({ exception }) => exception);
    const app = first.reporter?.startsWith("a status") ? undefined : first.reporter;
    if (first.reporter !== undefined)
      return {
        exceptions: own,
        why: `A check called ${first.name} did run, reported by ${first.reporter} and not by the app that policy names. If that is the one you rely on, name it.`,
        yaml: policyLines(
          pack,
          own,
          `${key}: [{ name: ${quoted(first.name)}${app === undefined ? "" : `, app: ${quoted(app)}`} }]`,
        ),
      };
    return {
      exceptions: own,
      why: `Policy names a check ${first.name}, which never reported on these. If it is called otherwise there, or is not demanded of these systems, say so; left empty, what the branch's rules demand is tested.`,
      yaml: policyLines(pack, own, `${key}: []`),
    };
  };

/** Changes of one account, without anybody's approval: automation that was not declared, or of which policy asks a person's approval. */
const undeclaredAutomation: Rule = (pack, exceptions) => {
  const changes = exceptions.filter(({ subject }) => subject === "change");
  const accounts = Map.groupBy(changes, (one) => accountOf(pack, one) ?? "");
  const declared = new Set(
    pack.result.identities.flatMap(({ kind, accounts: own }) => (kind === "automation" ? own : [])),
  );
  for (const [account, own] of accounts) {
    const isBot = account.endsWith("[bot]") || /[-_]bot$/.test(account) || declared.has(account);
    if (account === "" || (!isBot && own.length < 3)) continue;
    const isKnown = isBot && (account.endsWith("[bot]") || declared.has(account));
    return {
      exceptions: own,
      why: `${own.length === 1 ? "It is" : `All ${own.length} are`} by ${account}${isKnown ? ", which is automation" : ""}. If ${isKnown ? "" : "that is automation and "}nobody is to approve what it changes, declare it with what policy asks instead.`,
      yaml: [
        ...(isKnown
          ? []
          : [
              "identities:",
              `  - automation: ${quoted(account.slice(account.indexOf(":") + 1))}`,
              `    accounts: [${quoted(account)}]`,
            ]),
        ...policyLines(
          pack,
          own,
          "automation:",
          `  - { account: ${quoted(account)}, approval: none, checks: required }`,
        ),
      ],
    };
  }
  return undefined;
};

/** Approved after the merge, where no change of the systems ever took the emergency path. */
const emergencyLabel: Rule = (pack, exceptions) => {
  const systems = new Set(exceptions.map(({ system }) => system));
  const used = pack.result.population.some(
    ({ system, classes = [] }) => systems.has(system) && classes.includes("emergency"),
  );
  const [first] = exceptions;
  if (used || !first) return undefined;
  const label = parameterAt(pack, first, "emergency", "label");
  return {
    exceptions,
    why: `No change of ${list([...systems].sort())} bore the label ${typeof label === "string" ? `“${label}”` : "“emergency”"} in the period. If these were emergencies, which may be reviewed afterwards, name the label that your teams use.`,
    yaml: policyLines(pack, exceptions, "emergency: { label: YOUR-LABEL, reviewWithin: 24h }"),
  };
};

/** The last thing before the merge was a merge of the base branch, which policy lets undo the approval. */
const mergeOfBase: Rule = (pack, exceptions) => {
  const merges = exceptions.filter(
    (one) =>
      parameterAt(pack, one, "approval", "mergeFromBaseKeeps") !== true &&
      one.story.some(({ text }) => /^Commit [0-9a-f]+ by .*: Merge (remote-tracking )?branch /.test(text)),
  );
  return {
    exceptions: merges,
    why: "The base branch was merged into the change after its approval. If such a merge by the platform is not to undo an approval, say so.",
    yaml: policyLines(pack, merges, "approval: { mergeFromBaseKeeps: true }"),
  };
};

/** More approvals asked than anybody gives. */
const fewerApprovals: Rule = (pack, exceptions) => {
  const many = exceptions.filter((one) => Number(parameterAt(pack, one, "approval", "count") ?? 1) > 1);
  return {
    exceptions: many,
    why: "Policy asks several approvals of each change, and these had fewer. If one is enough for these systems, say so.",
    yaml: policyLines(pack, many, "approval: { count: 1 }"),
  };
};

/** One account made the deployments: it may be automation that nobody declared, or a deployer that policy forgot. */
const deployer =
  (kind: "undeclared" | "unnamed"): Rule =>
  (pack, exceptions) => {
    const byAccount = Map.groupBy(exceptions, (one) => accountOf(pack, one) ?? "");
    const [account = "", own = []] = [...byAccount].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];
    const [first] = own;
    if (account === "" || !first || (kind === "undeclared" && own.length < 2)) return undefined;
    const login = account.slice(account.indexOf(":") + 1);
    const named = parameterAt(pack, first, "deployers");
    const deployers = [...(Array.isArray(named) ? named.map(String) : []), account].map(quoted).join(", ");
    return kind === "undeclared"
      ? {
          exceptions: own,
          why: `${account} made ${counted(own.length, "deployment")} and is a person's account by the source's word. If a pipeline uses it, declare it as automation.`,
          yaml: ["identities:", `  - automation: ${quoted(login)}`, `    accounts: [${quoted(account)}]`],
        }
      : {
          exceptions: own,
          why: `${account} deployed and is not among those that policy allows to. If it may, name it.`,
          yaml: policyLines(pack, own, `deployers: [${deployers}]`),
        };
  };

/** A test that most items of a system fail asks for something that nobody does there. */
const asksTooMuch =
  (attribute: string, why: string, line: string): Rule =>
  (pack, exceptions) => {
    const often = exceptions.filter(({ system }) => {
      const tested = pack.result.population
        .filter((item) => item.system === system)
        .flatMap(({ observations }) => observations.filter((one) => one.attribute === attribute))
        .filter(({ outcome }) => outcome === "pass" || outcome === "fail");
      return tested.filter(({ outcome }) => outcome === "fail").length * 2 > tested.length;
    });
    return { exceptions: often, why, yaml: policyLines(pack, often, line) };
  };

/** A system whose every commit or deployment is off its branch has another branch. */
const otherBranch: Rule = (pack, exceptions) => {
  const [first] = exceptions;
  const system = exceptions.find((one) => {
    const items = pack.result.population.filter((item) => item.system === one.system && item.subject === one.subject);
    const own = exceptions.filter((other) => other.system === one.system && other.subject === one.subject);
    return items.length > 1 && own.length * 10 >= items.length * 9;
  })?.system;
  if (!first || system === undefined) return undefined;
  const own = exceptions.filter((one) => one.system === system);
  return {
    exceptions: own,
    why: `Nearly everything of ${system} is off the branch that the configuration has released. If another branch is released, name it.`,
    yaml: ["systems:", `  - id: ${quoted(system)}`, "    branch: YOUR-BRANCH"],
  };
};

/** A gate that no deployment of the system passes is none that it has. */
const noGate: Rule = (pack, exceptions) => {
  const { exceptions: own } = asksTooMuch("deployment-approved", "", "")(pack, exceptions) ?? { exceptions: [] };
  const systems = [...new Set(own.map(({ system }) => system))].sort();
  return {
    exceptions: own,
    why: `Most deployments of ${list(systems)} passed no gate. If approval before the merge is the gate there, the system is not gated.`,
    yaml: ["systems:", ...systems.flatMap((system) => [`  - id: ${quoted(system)}`, "    profile: continuous"])],
  };
};

const byCause: Readonly<Record<string, readonly Rule[]>> = {
  "pushed-directly": [otherBranch],
  "no-approval": [undeclaredAutomation],
  "rules-bypassed": [checkNamedOtherwise("requiredChecks"), undeclaredAutomation],
  "approved-by-automation": [undeclaredAutomation],
  "approval-not-counted": [fewerApprovals],
  "approved-older-revision": [mergeOfBase],
  "approved-after-merge": [emergencyLabel],
  "check-missing": [checkNamedOtherwise("requiredChecks")],
  "security-check-missing": [checkNamedOtherwise("securityChecks")],
  "deployed-off-branch": [otherBranch],
  "deployed-by-person": [deployer("undeclared")],
  "deployer-not-named": [deployer("unnamed")],
  "deployment-not-approved": [noGate],
  "deployment-gate-open": [noGate],
  "administrators-exempt": [
    (pack, exceptions) => ({
      exceptions,
      why: "Administrators may pass the branch's rules by. If that is meant, say so: each use is then tested change by change. The stronger remedy is to change the rules at the source.",
      yaml: policyLines(pack, exceptions, "administratorBypass: allowed"),
    }),
  ],
  "request-missing": [
    asksTooMuch(
      "request-linked",
      "Most changes there name no request that the source knows. If requests are kept elsewhere, do not ask for the link.",
      "requestLink: off",
    ),
  ],
  "not-described": [
    asksTooMuch(
      "change-described",
      "Most changes there are described in fewer characters than policy asks. If less is enough, say how much.",
      "description: { minLength: 1 }",
    ),
  ],
  "no-recent-fall-back": [
    (pack, exceptions) => ({
      exceptions,
      why: "Nothing had been deployed lately enough. If an older version serves as well, give it more time, or leave the limit out.",
      yaml: policyLines(pack, exceptions, "fallBack: { within: 180d }"),
    }),
  ],
};

import { counted, list } from "../format.ts";
import type { Pack } from "../pack.ts";
import { quoted, type Setting } from "./setting.ts";

/** Settings without which something is not tested, or stays undecided, though nothing fails by it. */
export function untestedBySetting(pack: Pack): readonly Setting[] {
  return [...switchedOff(pack), ...unmappedAddresses(pack), ...otherEnvironments(pack)];
}

const switches: readonly {
  readonly attribute: string;
  readonly said: string;
  readonly why: string;
  readonly line: string;
}[] = [
  {
    attribute: "required-checks-passed",
    said: "neither policy nor the branch's rules named one",
    why: "No check is required by policy or by the branch's rules, so none was tested.",
    line: "requiredChecks: [{ name: YOUR-CHECK, app: YOUR-APP }]",
  },
  {
    attribute: "security-checks-passed",
    said: "Policy names no security check",
    why: "Policy names no security check, so none was tested.",
    line: "securityChecks: [{ name: YOUR-CHECK }]",
  },
  {
    attribute: "request-linked",
    said: "Policy asks for no link",
    why: "Policy asks for no link to a request, so none was tested.",
    line: "requestLink: required",
  },
];

function switchedOff({ result: { population } }: Pack): Setting[] {
  return switches.flatMap(({ attribute, said, why, line }) => {
    const items = population.filter(({ observations }) =>
      observations.some((one) => one.attribute === attribute && one.message.includes(said)),
    );
    if (items.length === 0) return [];
    const systems = [...new Set(items.map(({ system }) => system))].sort();
    return [
      {
        why: `${why} That concerns ${counted(items.length, "change")} of ${list(systems)}.`,
        yaml: ["policies:", `  - systems: [${systems.map(quoted).join(", ")}]`, `    ${line}`],
      },
    ];
  });
}

/** Contributors known by an address only: the approver may be one of them. */
function unmappedAddresses({ result: { population } }: Pack): Setting[] {
  const open = population.filter(({ observations }) =>
    observations.some(
      (one) =>
        one.attribute === "approved-by-someone-independent" &&
        one.outcome === "notVerifiable" &&
        address.test(one.message),
    ),
  );
  const found = new Set(
    open.flatMap(({ observations }) =>
      observations.flatMap(({ outcome, message }) =>
        outcome === "notVerifiable" ? [...message.matchAll(new RegExp(address, "g"))].map(([, one]) => one ?? "") : [],
      ),
    ),
  );
  if (found.size === 0) return [];
  return [
    {
      why: `${counted(open.length, "change")} cannot be decided, because ${counted(found.size, "contributor")} ${found.size === 1 ? "is" : "are"} known by an address only, who may be the approver. Say whose it is.`,
      yaml: [
        "identities:",
        ...[...found]
          .sort()
          .flatMap((one) => ["  - person: NAME", "    accounts: [github:LOGIN]", `    emails: [${quoted(one)}]`]),
      ],
    },
  ];
}

const address = /<([^<>\s]+@[^<>\s]+)>/;

/** A system without deployments, where the source has environments of other names than the configuration. */
function otherEnvironments({ result: { scope, population, access } }: Pack): Setting[] {
  return scope.systems.flatMap(({ id, environments }) => {
    if (population.some(({ system, subject }) => system === id && subject === "deployment")) return [];
    const names = access
      .filter(({ system }) => system === id)
      .flatMap((one) => one.environments.map(({ name }) => name));
    const others = [...new Set(names)].filter((name) => !environments.includes(name)).sort();
    if (others.length === 0) return [];
    return [
      {
        why: `${id} has no deployment to ${list([...environments])}, and the source has environments called ${list(others)}. If one of those is production, name it.`,
        yaml: ["systems:", `  - id: ${quoted(id)}`, `    environments: [${others.map(quoted).join(", ")}]`],
      },
    ];
  });
}

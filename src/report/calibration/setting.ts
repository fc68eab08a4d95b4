import type { AssessmentResult, Exception, Item } from "../../model/assessment.ts";
import type { Pack } from "../pack.ts";

/** A setting that would explain failures: what speaks for it, and the lines to write. */
export interface Setting {
  readonly why: string;
  readonly yaml: readonly string[];
}

/** Exceptions of one cause, and the setting that explains some or all of them. */
export interface Explained extends Setting {
  readonly exceptions: readonly Exception[];
}

type Policy = AssessmentResult["policies"][number];

/** The policies that may judge a system, in the order of the configuration. */
export const policiesOf = ({ result }: Pack, { system, team }: Pick<Item, "system" | "team">): readonly Policy[] =>
  result.policies.filter(({ systems, parameters }) => {
    const teams = (parameters as { readonly teams?: readonly string[] }).teams;
    return (systems.includes("*") || systems.includes(system)) && (teams === undefined || teams.includes(team));
  });

/** The day of an instant in the pack's zone. */
export const dayOf = ({ time }: Pack, at: string): string => time.minute(at).slice(0, 10);

/** The policy in force for an item; undefined where only the defaults were. */
const policyAt = (pack: Pack, item: Pick<Item, "system" | "team" | "at">): Policy | undefined =>
  policiesOf(pack, item)
    .filter(({ from }) => from <= dayOf(pack, item.at))
    .reduce<Policy | undefined>((latest, one) => (latest && latest.from > one.from ? latest : one), undefined);

/** Reads a parameter of the policy in force by its path; undefined where it has none. */
export function parameterAt(pack: Pack, item: Exception, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (part !== null && typeof part === "object" ? (part as Record<string, unknown>)[key] : undefined),
    policyAt(pack, item)?.parameters,
  );
}

/** `github:ada-dev`, as a configuration names who is behind an item; undefined where the source names nobody. */
export function accountOf(
  { result }: Pack,
  { system, actor }: Pick<Exception, "system" | "actor">,
): string | undefined {
  const [, login] = /^(?:pushed by )?(\S+) \([^)]*\)/.exec(actor) ?? [];
  const key = result.scope.systems.find(({ id }) => id === system)?.repositories[0]?.key;
  const source = key?.split("/")[0];
  return login === undefined || source === undefined ? undefined : `${source}:${login}`;
}

/** A text as YAML, plain where nothing in it means something. */
export const quoted = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9 ._/-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);

/** Lines of a policy for the systems of the exceptions, from the first day that it is to judge. */
export function policyLines(pack: Pack, exceptions: readonly Exception[], ...lines: readonly string[]): string[] {
  const first = exceptions.map(({ at }) => dayOf(pack, at)).toSorted()[0] ?? "";
  const systems = [...new Set(exceptions.map(({ system }) => system))].sort();
  return [
    "policies:",
    `  - from: ${first}`,
    `    systems: [${systems.map(quoted).join(", ")}]`,
    ...lines.map((line) => `    ${line}`),
  ];
}

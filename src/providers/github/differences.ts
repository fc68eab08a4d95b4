import { canonicalJson } from "../../util/canonical-json.ts";

/** One place where two bodies say something else; `account` is what an account's own renaming or deletion explains. */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly account?: string;
}

type Body = Readonly<Record<string, unknown>>;

/** Where two bodies differ, by path such as `mergeCommit.oid`; a field that only one of them has was not asked for the other, and counts as none. */
export function differencesOf(before: Body, after: Body, within = ""): readonly Difference[] {
  return Object.keys(before)
    .filter((key) => key in after)
    .sort()
    .flatMap((key) => fieldDifferences(before[key], after[key], within === "" ? key : `${within}.${key}`));
}

function fieldDifferences(before: unknown, after: unknown, path: string): readonly Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isAccount(before) && (after === null || isAccount(after))) return [ofAccount(before, after, path)];
  if (isBody(before) && isBody(after)) {
    const inner = differencesOf(before, after, path);
    return inner.length > 0 || Object.keys(before).some((key) => key in after) ? inner : [{ path, before, after }];
  }
  return [{ path, before, after }];
}

function ofAccount(before: Body, after: Body | null, path: string): Difference {
  const difference = { path, before: loginOf(before), after: after === null ? null : loginOf(after) };
  if (after === null) return { ...difference, account: `${path}: the account ${String(before.login)} was deleted` };
  return idOf(before) === idOf(after) && before.login !== after.login
    ? { ...difference, account: `${path}: the account ${String(before.login)} is called ${String(after.login)} now` }
    : difference;
}

const idOf = (account: Body): string => String(account.databaseId ?? account.id ?? account.login);
const loginOf = (account: Body): string => `${String(account.login)} (${idOf(account)})`;
const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value);
const isAccount = (value: unknown): value is Body => isBody(value) && typeof value.login === "string";

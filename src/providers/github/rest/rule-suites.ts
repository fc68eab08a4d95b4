import { readLog } from "./log.ts";
import { reasonOf } from "./refusal.ts";
import type { Walk } from "./walk.ts";

const month = 30;

/**
 * The source's own evaluations of its rules; those that failed or were bypassed with what was not met.
 * @see https://docs.github.com/en/rest/repos/rule-suites
 */
export const ruleSuites: Walk = async function* (reading) {
  const path = "/repos/{owner}/{repo}/rulesets/rule-suites";
  const simple = ({ result }: { readonly result?: unknown }) => result === "pass";
  const read = yield* readLog(reading, {
    name: "suites",
    operation: "RuleSuites",
    path,
    values: { time_period: "month" },
    floor: reading.stream.since,
    idOf: ({ id }) => String(id),
    timeOf: ({ pushed_at }) => String(pushed_at),
    records: (item) => (simple(item) ? [{ kind: "ruleSuite", externalId: String(item.id), body: item }] : []),
  });
  if (!read.ok) return { reasons: [yield* reasonOf(reading, "rule suites", read.refused)], nothing: true };
  const reasons = new Set<string>();
  for (const item of read.items) {
    if (simple(item)) continue;
    const id = String(item.id);
    const answer = await reading.session.github.get({
      operation: "RuleSuite",
      path: `${path}/{id}`,
      values: { ...reading.values, id },
    });
    const body = answer.ok ? answer.json : item;
    yield { exchange: answer.exchange, records: [{ kind: "ruleSuite", externalId: id, body }] };
    if (!answer.ok) reasons.add(yield* reasonOf(reading, `the evaluations of rule suite ${id}`, answer));
  }
  const horizon = { days: month, reason: "the source lists rule suites of the last month only" };
  return { reasons: [...reasons], horizon };
};

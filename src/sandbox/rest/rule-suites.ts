import { time } from "../graphql/context.ts";
import type { Repository, RuleSuite } from "../world.ts";
import { type Answer, NOT_FOUND, ok, type RestRequest, refused } from "./answer.ts";
import { byId, newestFirst, page } from "./pages.ts";

const HOUR = 3_600_000;
const PERIODS: Readonly<Record<string, number>> = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 168 * HOUR,
  month: 30 * 24 * HOUR,
};

/** The suites of a stretch of time, at most the last month; or one with its evaluations. */
export function ruleSuites(request: RestRequest, source: Repository, id: string | undefined): Answer {
  const no = refused(request, source, "ruleSuites");
  if (no) return no;
  const login = (actor: number | null) => (actor === null ? null : (request.world.accounts.get(actor)?.login ?? null));
  const item = (each: RuleSuite) => ({
    id: each.id,
    actor_id: each.actor,
    actor_name: login(each.actor),
    before_sha: each.before ?? "0".repeat(40),
    after_sha: each.after,
    ref: `refs/heads/${each.branch}`,
    repository_id: source.id,
    repository_name: source.name,
    pushed_at: time(each.at),
    result: each.result,
    evaluation_result: null,
  });
  if (id === undefined) {
    const from = request.now.getTime() - (PERIODS[request.path.searchParams.get("time_period") ?? "day"] ?? HOUR);
    const list = newestFirst(source.ruleSuites, ({ at }) => at);
    return page(
      request,
      list.filter(({ at }) => at >= from),
      { item },
    );
  }
  const found = byId(source.ruleSuites, id);
  if (!found) return NOT_FOUND;
  const names = new Map(source.rulesets.map((each) => [each.id, each.name]));
  const evaluations = found.evaluations.map(({ ruleset, rule, result, details }) => ({
    rule_source: { type: "ruleset", id: ruleset, name: names.get(ruleset) ?? null },
    enforcement: "active",
    result,
    rule_type: rule,
    ...(details === null ? {} : { details }),
  }));
  return ok({ ...item(found), rule_evaluations: evaluations });
}

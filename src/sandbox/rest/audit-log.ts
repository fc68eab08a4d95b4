import type { AuditEntry } from "../world.ts";
import { type Answer, type RestRequest, refused } from "./answer.ts";
import { newestFirst, page } from "./pages.ts";

const NO_COMMIT = "0".repeat(40);

/** What the audit log says of the actions that the phrase names, of the repository it names or all, newest first. */
export function auditLog(request: RestRequest): Answer {
  const { world, path } = request;
  const phrase = path.searchParams.get("phrase") ?? "";
  const name = /\brepo:[^/\s]+\/(\S+)/.exec(phrase)?.[1];
  const sources = world.repositories.filter((each) => name === undefined || each.name === name);
  const no = sources.map((source) => refused(request, source, "auditLog")).find((each) => each !== undefined);
  if (no) return no;
  const actions = [...phrase.matchAll(/\baction:(\S+)/g)].map(([, action = ""]) => action);
  const isAsked = ({ action }: AuditEntry) =>
    actions.length === 0 || actions.some((each) => action === each || action.startsWith(`${each}.`));
  const from = Date.parse(/\bcreated:>=(\S+)/.exec(phrase)?.[1] ?? "") || 0;
  const all = sources.flatMap((source) => source.auditLog.filter(isAsked).map((entry) => ({ ...entry, source })));
  const entries = newestFirst(all, ({ at }) => at).filter(({ at }) => at >= from);
  const login = (actor: number | null) => (actor === null ? undefined : world.accounts.get(actor)?.login);
  return page(request, entries, {
    cursor: true,
    item: ({ source, ...each }: (typeof all)[number]) => ({
      "@timestamp": each.at,
      _document_id: each.id,
      action: each.action,
      actor: login(each.actor),
      actor_id: each.actor ?? undefined,
      created_at: each.at,
      org: world.organisation.login,
      org_id: world.organisation.id,
      repo: `${world.organisation.login}/${source.name}`,
      repo_id: source.id,
      ...(each.override === undefined
        ? {}
        : {
            branch: `refs/heads/${each.override.branch}`,
            before: each.override.before ?? NO_COMMIT,
            after: each.override.after ?? NO_COMMIT,
            overridden_codes: each.override.codes,
          }),
    }),
  });
}

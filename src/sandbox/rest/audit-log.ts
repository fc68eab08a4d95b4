import type { AuditEntry } from "../world.ts";
import { type Answer, NOT_FOUND, ok, type RestRequest, refused } from "./answer.ts";
import { newestFirst, page } from "./pages.ts";

/** What the audit log says of the repository that the phrase names, newest first. */
export function auditLog(request: RestRequest): Answer {
  const { world, path } = request;
  const phrase = path.searchParams.get("phrase") ?? "";
  const name = /\brepo:[^/\s]+\/(\S+)/.exec(phrase)?.[1];
  const source = world.repositories.find((each) => each.name === name);
  if (!source) return request.forbidden.has("auditLog") ? NOT_FOUND : ok([]);
  const no = refused(request, source, "auditLog");
  if (no) return no;
  const from = Date.parse(/\bcreated:>=(\S+)/.exec(phrase)?.[1] ?? "") || 0;
  const entries = newestFirst(source.auditLog, ({ at }) => at).filter(({ at }) => at >= from);
  const login = (actor: number | null) => (actor === null ? undefined : world.accounts.get(actor)?.login);
  return page(request, entries, {
    cursor: true,
    item: (each: AuditEntry) => ({
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
    }),
  });
}

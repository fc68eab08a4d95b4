import type { Batch, Stream } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import type { ProviderContext } from "../provider.ts";
import { askWhole, sizing } from "./ask-whole.ts";
import type { Item } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { connect, type GitHub } from "./graphql-client.ts";
import { listPageSchema } from "./pages.ts";
import { credentialOf } from "./probe.ts";
import { partOf } from "./session.ts";

const listed = `repositories(first: $first, after: $after, orderBy: { field: NAME, direction: ASC }, ownerAffiliations: [OWNER]) {
    totalCount ${text.page} nodes { databaseId nameWithOwner isArchived visibility } }`;

const query = (kind: "organization" | "user") => `query Repositories($login: String!, $first: Int!, $after: String) {
  viewer { login databaseId }
  owner: ${kind}(login: $login) { databaseId login ${listed} }
  ${text.price}
}`;

/** Lists the owners' repositories, organisations or persons; an owner that cannot be listed throws SourceError. */
export async function* repositories(owners: readonly string[], context: ProviderContext): AsyncGenerator<Batch> {
  const github = connect(context);
  try {
    for (const owner of owners) yield* ofOwner(github, owner, context);
  } finally {
    await github.close();
  }
}

async function* ofOwner(github: GitHub, login: string, context: ProviderContext): AsyncGenerator<Batch> {
  let kind: "organization" | "user" = "organization";
  let after: string | null = null;
  let from: string | undefined;
  let given = 0;
  let withheld = 0;
  const size = sizing(4);
  for (;;) {
    const whole = await askWhole(github, [], size, (_without, level) => ({
      name: "Repositories",
      text: query(kind),
      variables: { login, first: [100, 25, 5, 1][level], after },
    }));
    if (!whole.ok) {
      if (whole.failure.reason === "notFound" && kind === "organization") {
        kind = "user";
        continue;
      }
      throw new SourceError(
        whole.failure.reason,
        `the repositories of ${login} cannot be listed: ${whole.failure.message}`,
        hintOf(whole.failure.hint),
      );
    }
    const { exchange } = whole;
    const owner = whole.data.owner as Item | null;
    const page = listPageSchema.safeParse(owner?.repositories);
    if (!owner || !page.success)
      throw new SourceError(
        "unexpectedShape",
        `the source answered null for the repositories of ${login} and gave no reason`,
      );
    from ??= exchange.serverTime;
    const { nodes, pageInfo, totalCount } = page.data;
    const { id: source } = context.source;
    const scopeId = String(owner.databaseId);
    const stream: Stream = {
      id: `${source}/${scopeId}/repositories`,
      source,
      kind: "repositories",
      scopeId,
      scopeName: String(owner.login),
      since: from,
    };
    const items = nodes.filter((node) => node !== null);
    const records = items.map((item) => ({
      kind: "listedRepository",
      externalId: String(item.databaseId),
      body: item,
    }));
    // Whose eyes saw the list: an auditor asks it of every query.
    const seenBy = credentialOf(whole.data.viewer, whole.headers, github.permissions());
    const credential = { kind: "credential", externalId: source, body: seenBy };
    const next: string | null = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    if (pageInfo.hasNextPage && (next === null || next === after))
      throw new SourceError("unexpectedShape", `the list of repositories of ${login} does not advance`);
    given += nodes.length;
    withheld += nodes.length - items.length;
    const reasons = [
      ...(withheld > 0 ? [`the source withheld ${withheld} of its items`] : []),
      ...(given < totalCount ? [`the source counts ${totalCount}, ${given} were given`] : []),
    ];
    const coverage = {
      status: reasons.length > 0 ? "partial" : "complete",
      from,
      to: exchange.serverTime,
      ...(reasons.length > 0 ? { reason: reasons.join("; ") } : {}),
    } as const;
    yield {
      exchange,
      parts: [partOf(stream, [credential, ...records], { total: totalCount, ...(next === null ? { coverage } : {}) })],
    };
    if (next === null) return;
    after = next;
  }
}

const hintOf = (hint: string | undefined) => (hint === undefined ? {} : { hint });

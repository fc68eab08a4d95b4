import type { CoverageRow } from "../../model/assessment.ts";
import { grouped, number, sentence } from "../format.ts";
import { streamNames } from "../labels.ts";
import type { Pack } from "../pack.ts";

/** Each kind of evidence: from which queries, when, and what is kept of it against what the source counts. */
export function listingRows({ result: { provenance, coverage }, time }: Pack) {
  return (provenance.listings ?? []).map(({ kind, requests, first, last, records, digest }) => {
    const against = keptAgainst(coverage.filter((row) => row.kind === kind));
    return {
      name: sentence(streamNames[kind]),
      queries: [...Map.groupBy(requests, ({ endpoint }) => pathOf(endpoint))].map(([path, sent]) => ({
        path,
        text: [...Map.groupBy(sent, ({ operation }) => operation)]
          .map(([operation, some]) => `${operation} ${number(some.reduce((sum, { requests: n }) => sum + n, 0))}`)
          .join(", "),
      })),
      first: time.minute(first),
      last: time.minute(first) === time.minute(last) ? null : time.minute(last),
      records: number(records),
      ...against,
      digest: grouped(digest.slice(0, 16)),
    };
  });
}

/** The last line of the listings: each record belongs to one of them; requests may serve several and are not summed. */
export function listingTotals({ result: { provenance, coverage } }: Pack) {
  const { listings = [] } = provenance;
  const kinds = new Set(listings.map(({ kind }) => kind));
  return {
    records: number(listings.reduce((sum, { records }) => sum + records, 0)),
    ...keptAgainst(coverage.filter(({ kind }) => kinds.has(kind))),
  };
}

/** What is kept of what the source counts, over the streams of which it gives a count. */
function keptAgainst(rows: readonly CoverageRow[]): { readonly source: string; readonly differs: boolean } {
  const counting = rows.filter(({ sourceTotal }) => sourceTotal !== null);
  const kept = counting.reduce((sum, { stored }) => sum + stored, 0);
  const counted = counting.reduce((sum, { sourceTotal }) => sum + (sourceTotal ?? 0), 0);
  return {
    source: counting.length === 0 ? "no count" : `${number(kept)} of ${number(counted)}`,
    differs: counted !== kept,
  };
}

/** What follows the host: which of the source's interfaces was asked. */
function pathOf(endpoint: string): string {
  return URL.canParse(endpoint) ? decodeURI(new URL(endpoint).pathname) : endpoint;
}

import type { Exchange } from "../../../model/stream.ts";
import { canonicalJson } from "../../../util/canonical-json.ts";
import type { HttpClient, HttpResponse } from "../../../util/http.ts";
import { type Failure, failureOf as failureOfAnswer } from "../answers.ts";
import type { Patience } from "../patience.ts";

type Values = Readonly<Record<string, string | number>>;

/** One resource asked for; what of `values` the path does not name becomes the query. */
export interface RestQuestion {
  /** The exchange's name. */
  readonly operation: string;
  /** A path template, `/repos/{owner}/{repo}/activity`. */
  readonly path: string;
  readonly values: Values;
  /** Where a page before it said the next one lies. */
  readonly url?: string | undefined;
  /** What the source called its last answer to this; unchanged, it answers 304. */
  readonly etag?: string | undefined;
}

/** An answer, `json` undefined where nothing changed (304), or why there is none. */
export type RestAnswer =
  | {
      readonly ok: true;
      readonly changed: boolean;
      readonly json: unknown;
      readonly etag: string | undefined;
      /** The next page's address. */
      readonly next: string | undefined;
      readonly exchange: Exchange;
    }
  | { readonly ok: false; readonly failure: Failure; readonly exchange: Exchange };

/** Asks until there is a whole answer; throws only when the run is interrupted. */
export type Get = (question: RestQuestion) => Promise<RestAnswer>;

interface Connection {
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly settle: Patience;
  readonly signal: AbortSignal;
}

/**
 * GitHub's REST API: only ever asked on the source's own host.
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export function restClient({ baseUrl, http, settle, signal }: Connection): Get {
  return async ({ operation, path, values, url: given, etag }) => {
    const url = given ?? `${baseUrl}${addressOf(path, values)}`;
    const settled = await settle({
      endpoint: baseUrl,
      operation,
      query: `GET ${path}`,
      variables: canonicalJson(given === undefined ? values : { ...values, ...queryOf(given) }),
      send: (token) =>
        http.request({
          method: "GET",
          url,
          headers: {
            authorization: `bearer ${token}`,
            "user-agent": "flowproof",
            "x-github-api-version": "2022-11-28",
            ...(etag === undefined ? {} : { "if-none-match": etag }),
          },
          signal,
        }),
      failureOf,
    });
    if (!settled.ok) return settled;
    const { response, exchange } = settled;
    return {
      ok: true,
      changed: response.status !== 304,
      json: response.json,
      etag: response.headers.etag,
      next: nextOf(response.headers.link),
      exchange,
    };
  };
}

function addressOf(path: string, values: Values): string {
  const left = new Map(Object.entries(values));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(left.get(name) ?? "");
    left.delete(name);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams([...left].map(([name, value]): [string, string] => [name, String(value)]));
  return left.size === 0 ? filled : `${filled}?${query}`;
}

const queryOf = (url: string): Values => Object.fromEntries(new URL(url).searchParams);

/** The address a Link header calls `next`. */
function nextOf(link: string | undefined): string | undefined {
  return link === undefined ? undefined : /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link)?.[1];
}

/** As GraphQL's, but that "not modified" is an answer and a body has no `errors`. */
function failureOf(response: HttpResponse): Failure | undefined {
  if (response.status === 200 || response.status === 304) return undefined;
  return failureOfAnswer(response);
}

import { graphql } from "@octokit/graphql";
import type { Exchange } from "../../model/stream.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import { SourceError } from "../../util/errors.ts";
import { type HttpResponse, httpClient } from "../../util/http.ts";
import type { ProviderContext } from "../provider.ts";
import { type Failure, failureOf } from "./answers.ts";
import { tokenSource } from "./credential.ts";
import { patience } from "./patience.ts";
import { type Get, restClient } from "./rest/rest-client.ts";

/** A question with its values; `name` is the operation's. */
export interface Question {
  readonly name: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A whole answer, or why there is none; the exchange is the last one tried. */
export type Asked =
  | {
      readonly ok: true;
      readonly data: Readonly<Record<string, unknown>>;
      readonly exchange: Exchange;
      readonly headers: HttpResponse["headers"];
    }
  | { readonly ok: false; readonly failure: Failure; readonly exchange: Exchange };

/** GitHub's APIs by one credential. */
export interface GitHub {
  /** Asks GraphQL until there is a whole answer: limits are waited out, passing failures tried again. Throws only when the run is interrupted. */
  ask(question: Question, attempts?: number): Promise<Asked>;
  /** Asks REST with the same patience. */
  readonly get: Get;
  permissions(): Readonly<Record<string, string>> | undefined;
  close(): Promise<void>;
}

/**
 * Enterprise Server up to some version has the environment of a deployment's status in a preview only.
 * @see https://docs.github.com/en/enterprise-server@3.12/graphql/overview/schema-previews
 */
const accept = "application/vnd.github.flash-preview+json, application/json";

/** Connects; `https://host/api/v3` is asked at `/api/graphql`, `https://api.github.com` at `/graphql`. Throws ConfigError. */
export function connect(context: ProviderContext): GitHub {
  const { source, clock, signal } = context;
  const baseUrl = source.baseUrl.replace(/\/+$/, "");
  const http = httpClient({ baseUrl, ...(source.ca === undefined ? {} : { ca: source.ca }) });
  const tokens = tokenSource(source.credential, baseUrl, http, clock);
  const endpoint = /\/api\/v3$/.test(baseUrl) ? baseUrl.replace(/\/v3$/, "/graphql") : `${baseUrl}/graphql`;
  const settle = patience(context, tokens);

  const send = async ({ text, variables }: Question, token: string): Promise<HttpResponse> => {
    let response: HttpResponse | undefined;
    const fetch = async (url: string, init: { headers: Record<string, string>; body: string }) => {
      response = await http.request({ method: "POST", url, headers: init.headers, body: init.body, accept, signal });
      return {
        status: response.status,
        url,
        headers: new Headers(response.headers),
        body: response.json,
        text: async () => response?.text ?? "",
      };
    };
    try {
      const headers = { authorization: `bearer ${token}`, "user-agent": "flowproof" };
      await graphql(text, { ...variables, baseUrl, headers, request: { fetch, parseSuccessResponseBody: false } });
    } catch (error) {
      // Octokit's own errors carry the request; what it was told is in `response`.
      if (!response) throw (error as { cause?: unknown }).cause ?? error;
    }
    if (!response) throw new SourceError("unexpectedShape", "no answer and no error");
    return response;
  };

  const ask = async (question: Question, attempts?: number): Promise<Asked> => {
    const settled = await settle(
      {
        endpoint,
        operation: question.name,
        query: question.text,
        variables: canonicalJson(question.variables),
        send: (token) => send(question, token),
        failureOf,
      },
      attempts,
    );
    if (!settled.ok) return settled;
    const { headers, json } = settled.response;
    const { data } = json as { data: Record<string, unknown> };
    const cost = (data.rateLimit as { cost?: number } | null | undefined)?.cost;
    return {
      ok: true,
      data,
      headers,
      exchange: { ...settled.exchange, ...(cost === undefined ? {} : { cost }) },
    };
  };
  return {
    ask,
    get: restClient({ baseUrl, http, settle, signal }),
    permissions: tokens.permissions,
    close: () => http.close(),
  };
}

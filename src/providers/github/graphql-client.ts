import { graphql } from "@octokit/graphql";
import type { Exchange } from "../../model/stream.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import { instant } from "../../util/clock.ts";
import { SourceError } from "../../util/errors.ts";
import { type HttpResponse, httpClient } from "../../util/http.ts";
import type { ProviderContext } from "../provider.ts";
import { type Failure, failureOf, limitOf } from "./answers.ts";
import { tokenSource } from "./credential.ts";

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

/** GitHub's GraphQL API by one credential. */
export interface GitHub {
  /** Asks until there is a whole answer: limits are waited out, passing failures tried again. Throws only when the run is interrupted. */
  ask(question: Question, attempts?: number): Promise<Asked>;
  permissions(): Readonly<Record<string, string>> | undefined;
  close(): Promise<void>;
}

const mostWaiting = 70 * 60_000;
const mostWaits = 20;

/** Connects; `https://host/api/v3` is asked at `/api/graphql`, `https://api.github.com` at `/graphql`. Throws ConfigError. */
export function connect(context: ProviderContext): GitHub {
  const { source, clock, signal, wait } = context;
  const baseUrl = source.baseUrl.replace(/\/+$/, "");
  const http = httpClient({ baseUrl, ...(source.ca === undefined ? {} : { ca: source.ca }) });
  const tokens = tokenSource(source.credential, baseUrl, http, clock);
  const endpoint = /\/api\/v3$/.test(baseUrl) ? baseUrl.replace(/\/v3$/, "/graphql") : `${baseUrl}/graphql`;
  // A source that failed twice in a row to the last try is asked once at a time from then on.
  let fruitless = 0;
  let waitedAll = 0;

  const send = async ({ text, variables }: Question, token: string): Promise<HttpResponse> => {
    let response: HttpResponse | undefined;
    const fetch = async (url: string, init: { headers: Record<string, string>; body: string }) => {
      response = await http.request({ method: "POST", url, headers: init.headers, body: init.body, signal });
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

  const ask = async (question: Question, attempts = 5): Promise<Asked> => {
    const tries = fruitless >= 2 ? 1 : attempts;
    let [failed, waits, waited, renewed] = [0, 0, 0, false];
    for (;;) {
      signal.throwIfAborted();
      const startedAt = instant(clock());
      const base = {
        endpoint,
        operation: question.name,
        query: question.text,
        variables: canonicalJson(question.variables),
        startedAt,
      };
      let token = "";
      let response: HttpResponse | undefined;
      let failure: Failure | undefined;
      try {
        token = await tokens.token();
        response = await send(question, token);
        failure = failureOf(response);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SourceError)) throw error;
        const { reason, message, hint } = error;
        failure = {
          reason,
          message,
          ...(hint === undefined ? {} : { hint }),
          smaller: reason === "unavailable",
          errors: [],
        };
      }
      const exchange: Exchange = { ...base, ...facts(response, instant(clock())) };
      if (!failure && response) {
        fruitless = 0;
        const { data } = response.json as { data: Record<string, unknown> };
        const cost = (data.rateLimit as { cost?: number } | null | undefined)?.cost;
        return {
          ok: true,
          data,
          headers: response.headers,
          exchange: { ...exchange, ...(cost === undefined ? {} : { cost }) },
        };
      }
      const limit = response && limitOf(response, clock().getTime(), waits);
      if (limit) {
        waits++;
        const tooLong =
          waited + limit.wait > mostWaiting || waitedAll + limit.wait > 6 * mostWaiting || waits > mostWaits;
        if (tooLong) {
          const message = `the source's rate limit is used up; it resets at ${instant(new Date(limit.until))}`;
          return { ok: false, exchange, failure: { reason: "rateLimit", message, smaller: false, errors: [] } };
        }
        await wait(limit.wait, "the source's rate limit");
        waited += limit.wait;
        waitedAll += limit.wait;
        continue;
      }
      if (failure?.reason === "auth" && response?.status === 401 && !renewed && tokens.renew()) {
        renewed = true;
        continue;
      }
      failure = redact(failure as Failure, token);
      failed++;
      const passing = failure.reason === "unavailable" && failure.errors.length === 0;
      if (!passing || failed >= tries) {
        if (passing) fruitless++;
        return { ok: false, failure, exchange };
      }
      await wait(1000 * 2 ** (failed - 1), failure.message);
    }
  };
  return { ask, permissions: tokens.permissions, close: () => http.close() };
}

function facts(response: HttpResponse | undefined, now: string): Pick<Exchange, "status" | "serverTime" | "requestId"> {
  const date = Date.parse(response?.headers.date ?? "");
  const requestId = response?.headers["x-github-request-id"];
  return {
    status: response?.status ?? 0,
    serverTime: Number.isNaN(date) ? now : instant(new Date(date)),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

const tokenShapes = /\b(?:gh[pousr]|github_pat)_\w+/g;

/** A failure as it may be stored and shown: whatever the source echoes of a credential is taken out. */
function redact(failure: Failure, token: string): Failure {
  const clean = (said: string) =>
    (token.length < 8 ? said : said.replaceAll(token, "[token]")).replaceAll(tokenShapes, "[token]");
  return {
    ...failure,
    // Cut only now: half a token would not be known as one.
    message: clean(failure.message).slice(0, 400),
    ...(failure.hint === undefined ? {} : { hint: clean(failure.hint) }),
    errors: failure.errors.map((error) => ({ ...error, message: clean(error.message) })),
  };
}

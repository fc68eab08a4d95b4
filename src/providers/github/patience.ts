import type { Exchange } from "../../model/stream.ts";
import { instant } from "../../util/clock.ts";
import { SourceError } from "../../util/errors.ts";
import type { HttpResponse } from "../../util/http.ts";
import type { ProviderContext } from "../provider.ts";
import { type Failure, limitOf } from "./answers.ts";
import type { TokenSource } from "./credential.ts";

/** One request as an exchange names it, how it is sent, and when its answer is none. */
export interface Attempt extends Pick<Exchange, "endpoint" | "operation" | "query" | "variables"> {
  send(token: string): Promise<HttpResponse>;
  failureOf(response: HttpResponse): Failure | undefined;
}

/** A whole answer, or why there is none; the exchange is the last one tried. */
export type Settled =
  | { readonly ok: true; readonly response: HttpResponse; readonly exchange: Exchange }
  | { readonly ok: false; readonly failure: Failure; readonly exchange: Exchange };

/** Tries until there is a whole answer: limits are waited out, passing failures tried again. Throws only when the run is interrupted. */
export type Patience = (attempt: Attempt, attempts?: number) => Promise<Settled>;

const mostWaiting = 70 * 60_000;
const mostWaits = 20;

/** The patience with one source, shared by all that is asked of it. */
export function patience({ clock, signal, wait }: ProviderContext, tokens: TokenSource): Patience {
  // A source that failed twice in a row to the last try is asked once at a time from then on.
  let fruitless = 0;
  let waitedAll = 0;
  return async ({ send, failureOf, ...named }, attempts = 5) => {
    const tries = fruitless >= 2 ? 1 : attempts;
    let [failed, waits, waited, renewed] = [0, 0, 0, false];
    for (;;) {
      signal.throwIfAborted();
      const startedAt = instant(clock());
      let token = "";
      let response: HttpResponse | undefined;
      let failure: Failure | undefined;
      try {
        token = await tokens.token();
        response = await send(token);
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
      const exchange: Exchange = { ...named, startedAt, ...facts(response, instant(clock())) };
      if (!failure && response) {
        fruitless = 0;
        return { ok: true, response, exchange };
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

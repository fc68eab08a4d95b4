import type { SourceErrorReason } from "../../util/errors.ts";
import type { HttpResponse } from "../../util/http.ts";

/** One entry of a GraphQL answer's `errors`, as GitHub writes them. */
export interface GraphqlError {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}

/** Why a question got no whole answer; `smaller` tells that a smaller page may get one. */
export interface Failure {
  readonly reason: SourceErrorReason;
  readonly message: string;
  readonly hint?: string;
  readonly smaller: boolean;
  /** The errors of an answer with status 200. */
  readonly errors: readonly GraphqlError[];
}

/** The `errors` of an answer; none where it has none. */
function errorsOf(response: HttpResponse): readonly GraphqlError[] {
  const errors = (response.json as { errors?: unknown } | undefined)?.errors;
  if (!Array.isArray(errors)) return [];
  return errors.map((each: Partial<GraphqlError> | null) => ({
    ...each,
    message: String(each?.message ?? "an error without a message"),
  }));
}

/**
 * How long the source asks to wait, in milliseconds, and until when; undefined where no limit was met. Primary and
 * secondary limits come as 403, 429 or 200.
 * @see https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 */
export function limitOf(
  response: HttpResponse,
  now: number,
  times: number,
): { wait: number; until: number } | undefined {
  const { status, headers } = response;
  const spent = headers["x-ratelimit-remaining"] === "0";
  const retryAfter = headers["retry-after"];
  const said =
    status === 200
      ? errorsOf(response)
          .map((error) => `${error.type ?? ""} ${error.message}`)
          .join("\n")
      : response.text;
  const speaksOfLimit = /RATE_LIMIT|rate limit|abuse detection/i.test(said);
  const limited =
    status === 429 ||
    (status === 403 && (retryAfter !== undefined || spent || speaksOfLimit)) ||
    (status === 200 && speaksOfLimit);
  if (!limited) return undefined;
  const server = Date.parse(headers.date ?? "") || now;
  if (retryAfter !== undefined) {
    const seconds = Number(retryAfter);
    const wait = Math.max(1000, Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - server || 60_000);
    return { wait, until: server + wait };
  }
  const reset = Number(headers["x-ratelimit-reset"]) * 1000;
  if (spent && reset > 0) return { wait: Math.max(1000, reset - server + 1000), until: reset };
  const wait = 60_000 * 2 ** Math.min(times, 4);
  return { wait, until: server + wait };
}

/** What an answer that is neither whole nor a limit means; undefined where it is whole. */
export function failureOf(response: HttpResponse): Failure | undefined {
  const { status } = response;
  const none = { errors: [], smaller: false };
  const said = String((response.json as { message?: unknown } | undefined)?.message ?? "");
  if (status === 401) {
    return {
      ...none,
      reason: "auth",
      message: `the source refused the credential: ${said || "401"}`,
      hint: "Check that the token exists, has not expired and belongs to this source.",
    };
  }
  if (status === 403) {
    const sso = response.headers["x-github-sso"] ? " (the organisation demands single sign-on for this token)" : "";
    return {
      ...none,
      reason: "auth",
      message: `the source forbids it${sso}: ${said || "403"}`,
      hint: "Grant the token read access, or authorise it for the organisation.",
    };
  }
  if (status === 404)
    return {
      ...none,
      reason: "notFound",
      message: `the source has nothing at this address: ${said || "404"}`,
      hint: "Check baseUrl.",
    };
  // 502 and 504 are what GitHub answers when a query takes it too long.
  if (status >= 500) return { ...none, reason: "unavailable", message: `the source answered ${status}`, smaller: true };
  if (status !== 200) return { ...none, reason: "unexpectedShape", message: `the source answered ${status}: ${said}` };
  const errors = errorsOf(response);
  const data = (response.json as { data?: unknown } | null)?.data;
  if (errors.length > 0) {
    const first = errors[0] as GraphqlError;
    return {
      reason: reasonOf(errors),
      message: `the source says: ${first.message}`,
      smaller: true,
      errors,
    };
  }
  if (data === null || typeof data !== "object") {
    return { ...none, reason: "unexpectedShape", message: "the source answered without data and without an error" };
  }
  return undefined;
}

function reasonOf(errors: readonly GraphqlError[]): SourceErrorReason {
  if (errors.some((error) => isRefusal(error))) return "auth";
  if (errors.some((error) => error.type === "NOT_FOUND" && (error.path?.length ?? 0) <= 1)) return "notFound";
  return errors.some((error) => isUnknownField(error)) ? "unexpectedShape" : "unavailable";
}

/** Whether the credential lacks the right, so that asking again changes nothing. */
export function isRefusal(error: GraphqlError): boolean {
  return (
    /^(FORBIDDEN|INSUFFICIENT_SCOPES|UNAUTHORI[SZ]ED)$/.test(error.type ?? "") ||
    /not accessible by|must have .* (scope|access|rights)/i.test(error.message)
  );
}

/** Whether the server does not know a field, as older Enterprise Servers may not. */
export function isUnknownField(error: GraphqlError): boolean {
  return (
    /undefinedField|NOT_IMPLEMENTED/.test(`${error.extensions?.code ?? ""} ${error.type ?? ""}`) ||
    /^(Cannot query field|Field '\w+' doesn't exist)/.test(error.message)
  );
}

import type { Repository, Unrecorded, World } from "../world.ts";

/** One REST request with what is needed to answer it. */
export interface RestRequest {
  world: World;
  /** The REST base, without a slash at its end. */
  base: string;
  method: string;
  path: URL;
  authorization: string | undefined;
  /** The entity tag the asker knows. */
  ifNoneMatch?: string | undefined;
  isKnown(token: string): boolean;
  /** Makes a token good from now on. */
  issue(token: string): void;
  now: Date;
  rate: { limit: number; used: number; remaining: number; resetAt: number };
  forbidden: ReadonlySet<string>;
}

/** What a resource answers with. */
export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A resource of one repository; `rest` is its path behind the repository's name. */
export type Resource = (request: RestRequest, source: Repository, rest: readonly string[]) => Answer;

export const NOT_FOUND: Answer = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};
const FORBIDDEN: Answer = {
  status: 403,
  body: {
    message: "Resource not accessible by personal access token",
    documentation_url: "https://docs.github.com/rest",
    status: "403",
  },
};

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** The refusal of what the token may not read or the recording lacks; undefined where it may be read. */
export function refused(request: RestRequest, source: Repository, what: Unrecorded): Answer | undefined {
  return request.forbidden.has(what) || source.unrecorded.has(what) ? FORBIDDEN : undefined;
}

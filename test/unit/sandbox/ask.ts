import type { Sandbox } from "../../../src/sandbox/index.ts";

/** One error as GitHub writes it. */
export interface Refused {
  type?: string;
  path?: (string | number)[];
  message: string;
}

/** What came back for a query, as far as tests look at it. */
export interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the answer's shape as it asserts it
  data: any;
  errors: Refused[] | undefined;
}

/** Sends one query with a token; the body must be JSON. */
export async function ask(sandbox: Sandbox, query: string, variables: object = {}, token = "t"): Promise<Answered> {
  const response = await send(sandbox, query, variables, token);
  const { data, errors } = (await response.json()) as Omit<Answered, "status" | "headers">;
  return { status: response.status, headers: response.headers, data, errors };
}

/** Sends one query and leaves the answer unread. */
export function send(
  sandbox: Sandbox,
  query: string,
  variables: object = {},
  token = "t",
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(sandbox.url.replace(/v3$/, "graphql"), {
    method: "POST",
    headers: { authorization: `bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
    redirect: "manual",
    ...(signal && { signal }),
  });
}

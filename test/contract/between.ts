import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server between a provider and a sandbox: `answer` may refuse a query, `change` may alter what comes back as text. */
export interface Between {
  /** The REST base, as the sandbox's own. */
  readonly url: string;
  close(): Promise<void>;
}

/** Stands between, on a free port of loopback. */
export async function standBetween(
  target: string,
  answer: (query: string) => object | undefined,
  change: (answered: string) => string = (answered) => answered,
): Promise<Between> {
  const origin = new URL(target).origin;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const own = body === "" ? undefined : answer((JSON.parse(body) as { query: string }).query);
    const passed = own
      ? undefined
      : await fetch(`${origin}${request.url}`, {
          method: request.method ?? "GET",
          headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
          ...(body === "" ? {} : { body }),
        });
    const text = passed ? change(await passed.text()) : JSON.stringify(own);
    const date = passed?.headers.get("date") ?? new Date().toUTCString();
    response.writeHead(passed?.status ?? 200, { "content-type": "application/json; charset=utf-8", date }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../../src/util/errors.ts";
import { type HttpClient, type HttpOptions, httpClient } from "../../../src/util/http.ts";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of opened.splice(0)) await each.close();
});

function closeServer(server: Server | ReturnType<typeof createTlsServer>): void {
  server.closeAllConnections();
  server.close();
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function serve(
  listener: RequestListener,
  options: Partial<HttpOptions> = {},
): Promise<{ client: HttpClient; base: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${portOf(server)}`;
  const client = httpClient({ baseUrl: base, ...options });
  opened.push(client, { close: () => closeServer(server) });
  return { client, base, server };
}

const json = { "content-type": "application/json; charset=utf-8" };
const get = (client: HttpClient, base: string, signal?: AbortSignal) =>
  client.request({
    method: "GET",
    url: `${base}/x`,
    headers: { authorization: "bearer secret" },
    ...(signal ? { signal } : {}),
  });

test("asks for JSON, of the kind that is given", async () => {
  const { client, base } = await serve((request, response) =>
    response.writeHead(200, json).end(JSON.stringify(request.headers.accept)),
  );
  expect((await get(client, base)).json).toBe("application/json");
  const asked = { method: "GET", url: `${base}/x`, headers: {}, accept: "application/vnd.early+json" } as const;
  expect((await client.request(asked)).json).toBe("application/vnd.early+json");
});

test("reads JSON, unpacks it, and keeps integers that a double cannot hold", async () => {
  const { client, base } = await serve((_request, response) =>
    response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(gzipSync('{"id":9007199254740993}')),
  );
  expect((await get(client, base)).json).toEqual({ id: "9007199254740993" });
});

test("gives an answer from 400 on as it is, JSON or not", async () => {
  const { client, base } = await serve((_request, response) =>
    response.writeHead(502, { "content-type": "text/html" }).end("<h1>Unicorn"),
  );
  expect(await get(client, base)).toMatchObject({ status: 502, text: "<h1>Unicorn", json: undefined });
});

describe("what is no whole answer is unavailable", () => {
  const answers: Record<string, RequestListener> = {
    "a page": (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("{}"),
    "no content type": (_request, response) => response.writeHead(200).end("{}"),
    "half of the JSON": (_request, response) => response.writeHead(200, json).end('{"data":{"a":['),
    nothing: (_request, response) => response.writeHead(200, { ...json, "content-length": "0" }).end(),
    "less than announced": (_request, response) => {
      response.writeHead(200, { ...json, "content-length": "1000" }).write("{}");
      setTimeout(() => response.destroy(), 20);
    },
    "half of the archive": (_request, response) =>
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(gzipSync('{"a":1}').subarray(0, 15)),
    "bytes that are no UTF-8": (_request, response) =>
      response.writeHead(200, json).end(Buffer.from([0x22, 0xff, 0x22])),
    "more than is taken": (_request, response) => response.writeHead(200, json).end(JSON.stringify("x".repeat(5000))),
    "more than is taken, once unpacked": (_request, response) =>
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(gzipSync(JSON.stringify("x".repeat(5000)))),
    "a cut connection": (request) => request.socket.destroy(),
  };
  test.each(Object.keys(answers))("%s", async (name) => {
    const { client, base } = await serve(answers[name] as RequestListener, { maxBytes: 4000 });
    await expect(get(client, base)).rejects.toMatchObject({
      reason: "unavailable",
      message: expect.not.stringContaining("secret"),
    });
  });

  test.each(["before the answer", "within the body"])("a hang %s ends at the time limit", async (where) => {
    const { client, base } = await serve(
      (_request, response) => {
        if (where === "within the body") response.writeHead(200, json).write('{"a":');
      },
      { timeout: 150 },
    );
    const start = Date.now();
    await expect(get(client, base)).rejects.toMatchObject({
      reason: "unavailable",
      message: expect.stringContaining("no whole answer within"),
    });
    expect(Date.now() - start).toBeLessThan(3000);
  });
});

test("an interruption is passed on as it is", async () => {
  const { client, base } = await serve(() => {});
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("stop")), 20);
  await expect(get(client, base, controller.signal)).rejects.toThrow("stop");
});

describe("one host", () => {
  test("a redirect is refused, even within it", async () => {
    const paths: (string | undefined)[] = [];
    const { client, base } = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: `${base}/y` }).end();
    });
    await expect(get(client, base)).rejects.toMatchObject({
      reason: "unexpectedShape",
      message: expect.stringContaining("redirect"),
    });
    expect(paths).toEqual(["/x"]);
  });

  test.each(["http://127.0.0.1:1/x", "https://elsewhere.example/x"])("%s is not spoken to", async (url) => {
    const { client } = await serve(() => {});
    await expect(client.request({ method: "GET", url, headers: {} })).rejects.toMatchObject({
      message: expect.stringContaining("refused to speak"),
    });
  });

  test.each(["http://git.riverbank.example/api/v3", "ftp://127.0.0.1/", "http://127.0.0.1.riverbank.example"])(
    "%s as a base is a mistake of the configuration",
    (baseUrl) => {
      expect(() => httpClient({ baseUrl })).toThrow(ConfigError);
    },
  );
});

test("speaks through the environment's proxy, and trusts the source's own certificate authority", async () => {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-ca-"));
  opened.push({ close: () => rmSync(folder, { recursive: true }) });
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "ca.pem")];
  const subject = ["-subj", "/CN=git.riverbank.example", "-addext", "subjectAltName=DNS:git.riverbank.example"];
  const tool = "openssl";
  execFileSync(
    tool,
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      certificate,
      ...subject,
    ],
    { stdio: "ignore" },
  );
  const vendor = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_request, response) =>
    response.writeHead(200, json).end('"here"'),
  );
  await new Promise<void>((resolve) => vendor.listen(0, "127.0.0.1", resolve));
  const asked: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket, head) => {
    asked.push(request.url);
    const upstream = connect(portOf(vendor), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on("error", () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  opened.push({ close: () => closeServer(vendor) }, { close: () => closeServer(proxy) });
  for (const name of ["HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, `http://127.0.0.1:${portOf(proxy)}`);
  for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, "");
  const base = "https://git.riverbank.example";
  const [trusting, strict] = [httpClient({ baseUrl: base, ca: certificate }), httpClient({ baseUrl: base })];
  opened.unshift(trusting, strict);
  expect((await get(trusting, base)).json).toBe("here");
  expect(asked).toEqual(["git.riverbank.example:443"]);
  await expect(get(strict, base)).rejects.toMatchObject({
    reason: "unavailable",
    hint: expect.stringContaining("certificate authority"),
  });
});

test("certificate authorities that cannot be read are a mistake of the configuration", () => {
  expect(() => httpClient({ baseUrl: "https://git.riverbank.example", ca: "/nowhere/ca.pem" })).toThrow(ConfigError);
});

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyTimestamp } from "../../../src/ledger/timestamp.ts";
import { requestTimestamp } from "../../../src/pipeline/timestamp.ts";
import {
  type Answer,
  hasOpenssl,
  rootAuthority,
  send,
  timestampAuthority,
} from "../../fixtures/timestamp-authority.ts";

const digest = createHash("sha256").update("a note").digest();

const context = (url: string, trust: string) => ({
  config: { signing: { origin: "flowproof/riverbank", readKey: () => "", timestamp: { url, trust } } },
});

describe.skipIf(!hasOpenssl)("asking a timestamp authority (needs openssl)", () => {
  test("gives a token that holds, the authority's name and the time", async () => {
    await using authority = await timestampAuthority();
    const outcome = await requestTimestamp(context(authority.url, authority.rootFile), digest);
    if ("reason" in outcome) throw new Error(outcome.reason);
    expect(outcome.authority).toBe("CN=Example Time Authority");
    const stamp = await verifyTimestamp(outcome.token, digest, [authority.root]);
    expect(stamp).toEqual({ at: outcome.at, authority: outcome.authority, problems: [] });
  });

  test("each request carries another nonce: an answer kept from before is refused", async () => {
    let kept: Uint8Array | undefined;
    await using authority = await timestampAuthority((_, own, response) => {
      kept ??= own();
      send(response, kept);
    });
    const ask = () => requestTimestamp(context(authority.url, authority.rootFile), digest);
    expect(await ask()).toHaveProperty("token");
    expect(await ask()).toEqual({ reason: "The timestamp authority's answer does not carry the request's nonce." });
    expect(authority.requests()).toBe(2);
  });

  test.each<[string, Answer, RegExp]>([
    [
      "is broken",
      (_q, _own, response) => response.writeHead(503).end("later"),
      /answered 503 with no content type instead of a timestamp\.$/,
    ],
    [
      "sends a page",
      (_q, _own, response) => send(response, Buffer.from("<html>"), "text/html"),
      /answered 200 with text\/html/,
    ],
    [
      "sends the wrong bytes",
      (_q, _own, response) => send(response, Buffer.from("0")),
      /^The timestamp authority's answer cannot be read\.$/,
    ],
    ["cuts its answer short", (_q, own, response) => send(response, own().subarray(0, 200)), /cannot be read\.$/],
    ["hangs up", (_q, _own, response) => response.destroy(), /could not be read/],
    [
      "leads elsewhere",
      (_q, _own, response) => response.writeHead(302, { location: "/" }).end(),
      /redirect \(302\), which is refused\.$/,
    ],
    [
      "sends without an end",
      (_q, _own, response) => send(response, Buffer.alloc(300_000)),
      /sent more than 262144 bytes\.$/,
    ],
  ])("an authority that %s gives the reason in one sentence", async (_, answer, reason) => {
    await using authority = await timestampAuthority(answer);
    const outcome = await requestTimestamp(context(authority.url, authority.rootFile), digest);
    expect(outcome).toEqual({ reason: expect.stringMatching(reason) });
    expect(JSON.stringify(outcome)).toMatch(/^\{"reason":"[A-Zh].*\."\}$/);
  });

  test("an authority under another root than the configured one gives no token", async () => {
    await using authority = await timestampAuthority();
    using other = rootAuthority("Example Other Root");
    expect(await requestTimestamp(context(authority.url, other.file), digest)).toEqual({
      reason: `The timestamp of ${authority.url} does not hold: its certificate did not lead to a trusted root at that time.`,
    });
  });

  test("roots that cannot be read are said", async () => {
    await using authority = await timestampAuthority();
    const missing = join(dirname(authority.rootFile), "missing.pem");
    const outcome = await requestTimestamp(context(authority.url, missing), digest);
    expect(outcome).toEqual({ reason: `The timestamp authority's roots in ${missing} cannot be read.` });
    const broken = join(dirname(authority.rootFile), "broken.pem");
    writeFileSync(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    expect(await requestTimestamp(context(authority.url, broken), digest)).toHaveProperty("reason");
  });
});

test("without an authority, or with one that is not there, the reason is given", async () => {
  expect(await requestTimestamp({ config: {} }, digest)).toEqual({ reason: "No timestamp authority is configured." });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const url = `http://127.0.0.1:${port}/tsa`;
  const outcome = await requestTimestamp(context(url, "/nowhere.pem"), digest);
  expect(outcome).toEqual({ reason: expect.stringContaining(`127.0.0.1:${port} could not be read`) });
});

test("an interrupted request is thrown, not reported as the authority's failure", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const signal = AbortSignal.abort(new Error("interrupted"));
  const asked = requestTimestamp({ ...context(`http://127.0.0.1:${port}/`, "/nowhere.pem"), signal }, digest);
  await expect(asked).rejects.toThrow("interrupted");
  await new Promise((resolve) => server.close(resolve));
});

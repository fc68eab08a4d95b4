import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as undiciRequest } from "undici";
import { parseSourceJson } from "./canonical-json.ts";
import { ConfigError, SourceError } from "./errors.ts";
import { isLoopback } from "./loopback.ts";

/** Where a client may speak to, and how much it takes. */
export interface HttpOptions {
  /** The only scheme, host and port that requests may go to; plain http only on loopback, or where it is `plain`. */
  readonly baseUrl: string;
  /** What is sent and answered is no secret and proves itself, so plain http will do. */
  readonly plain?: boolean;
  /** A PEM file of certificate authorities, trusted beside Node's own and NODE_EXTRA_CA_CERTS. */
  readonly ca?: string;
  /** For a whole request with its body, in milliseconds. */
  readonly timeout?: number;
  readonly maxBytes?: number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A kind of JSON to be asked for; plain where absent. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

/** An answer read to its end. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body; undefined only where an answer from 400 on has none, and where nothing changed (304). Integers over 2^53 are strings. */
  readonly json: unknown;
}

export interface HttpClient {
  /** Resolves with any status but a redirect, with 304 only where `if-none-match` was asked; throws SourceError otherwise: `unavailable` where another try may help. */
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** A request of any type. */
export type BytesRequest = Omit<HttpRequest, "body"> & { readonly body?: string | Uint8Array };

/** An answer of any type, read to its end and unpacked. */
export interface BytesResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

const unzip = promisify(gunzip);

/** Speaks JSON to one host: within a time limit, checked for type, length and syntax, through the environment's proxy. Throws ConfigError. */
export function httpClient(options: HttpOptions): HttpClient {
  const { send, close } = connectionTo(options);
  return { request: (request) => send(request, readJson), close };
}

/** Sends one request under the same limits and resolves with the bytes of the answer, whatever its type. Throws ConfigError and SourceError. */
export async function requestBytes(options: HttpOptions, request: BytesRequest): Promise<BytesResponse> {
  const { send, close } = connectionTo(options);
  try {
    return await send(request, (answer) => answer);
  } finally {
    await close();
  }
}

/** What makes of an answer what a caller wants; `host` is for the errors. */
type Read<T> = (answer: BytesResponse, host: string) => T;

interface Connection {
  send<T>(request: BytesRequest, read: Read<T>): Promise<T>;
  close(): Promise<void>;
}

function connectionTo(options: HttpOptions): Connection {
  const base = urlOf(options.baseUrl);
  const loopback = isLoopback(base.hostname);
  if (base.protocol !== "https:" && !(base.protocol === "http:" && (loopback || options.plain))) {
    throw new ConfigError(`${options.baseUrl} is not encrypted: a token would be sent readably`, {
      hint: "Use https://; http:// is accepted only for this machine itself.",
    });
  }
  const timeout = options.timeout ?? 60_000;
  const maxBytes = options.maxBytes ?? 64 * 2 ** 20;
  const dispatcher = dispatcherOf(options.ca, loopback);
  return {
    send: async (request, read) => {
      const url = urlOf(request.url);
      if (url.origin !== base.origin) {
        throw new SourceError("unexpectedShape", `refused to speak to ${url.origin}: this source is ${base.origin}`);
      }
      const limit = AbortSignal.timeout(timeout);
      const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
      try {
        return read(await exchange(dispatcher, request, signal, base.origin, maxBytes), base.origin);
      } catch (error) {
        if (error instanceof SourceError) throw error;
        request.signal?.throwIfAborted();
        const seconds = Math.round(timeout / 1000);
        const what = limit.aborted
          ? `gave no whole answer within ${seconds} s`
          : `could not be read: ${causeOf(error)}`;
        // biome-ignore lint/style/useErrorCause: a SourceError takes it third.
        throw new SourceError("unavailable", `${base.origin} ${what}`, { cause: error, ...hintOf(error) });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

async function exchange(
  dispatcher: Dispatcher,
  { method, url, headers, body, accept = "application/json" }: BytesRequest,
  signal: AbortSignal,
  host: string,
  maxBytes: number,
): Promise<BytesResponse> {
  const answer = await undiciRequest(url, {
    dispatcher,
    method,
    headers: { ...headers, accept, "accept-encoding": "gzip" },
    body: body ?? null,
    signal,
  });
  const received = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const bytes = await bodyOf(answer.body, maxBytes, host);
  const status = answer.statusCode;
  if (status === 304 && headers["if-none-match"] !== undefined)
    return { status, headers: received, bytes: new Uint8Array() };
  if (status >= 300 && status < 400) {
    throw new SourceError("unexpectedShape", `${host} answered with a redirect (${status}), which is refused`, {
      hint: "Set baseUrl to the address the source really has: a token is sent to one host only.",
    });
  }
  const length = received["content-length"];
  if (length !== undefined && Number(length) !== bytes.length) {
    throw new SourceError("unavailable", `${host} announced ${length} bytes and sent ${bytes.length}`);
  }
  const packed = received["content-encoding"] === "gzip";
  return { status, headers: received, bytes: packed ? await unzip(bytes, { maxOutputLength: maxBytes }) : bytes };
}

function readJson({ status, headers, bytes }: BytesResponse, host: string): HttpResponse {
  if (status === 304) return { status, headers, text: "", json: undefined };
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const isJson = /^application\/([\w.-]+\+)?json\b/i.test(headers["content-type"] ?? "");
  if (status >= 400) return { status, headers, text, json: isJson ? attempt(() => parseSourceJson(text)) : undefined };
  if (!isJson) {
    throw new SourceError(
      "unavailable",
      `${host} answered ${status} with ${headers["content-type"] ?? "no content type"} instead of JSON`,
    );
  }
  const json = attempt(() => parseSourceJson(text));
  if (json === undefined)
    throw new SourceError("unavailable", `${host} answered ${status} with a body that is no whole JSON`);
  return { status, headers, text, json };
}

async function bodyOf(body: AsyncIterable<Uint8Array>, maxBytes: number, host: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new SourceError("unavailable", `${host} sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function dispatcherOf(ca: string | undefined, loopback: boolean): Dispatcher {
  const trusted = ca === undefined ? {} : { ca: [...getCACertificates("default"), readCa(ca)] };
  // No proxy reaches this machine's own loopback.
  if (loopback) return new Agent({ connect: trusted });
  return new EnvHttpProxyAgent({ connect: trusted, requestTls: trusted, proxyTls: trusted });
}

function readCa(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`the certificate authorities in ${path} cannot be read`, { cause: error });
  }
}

function urlOf(text: string): URL {
  try {
    return new URL(text);
  } catch (error) {
    throw new ConfigError(`"${text}" is not a URL`, { cause: error });
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return [error.message || error.name, typeof code === "string" && !error.message.includes(code) ? code : ""]
    .filter(Boolean)
    .join(" ");
}

function hintOf(error: unknown): { hint?: string } {
  const code = String((error as { code?: unknown }).code ?? "");
  if (!/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return {};
  return { hint: "Give the file of your certificate authority as the source's `ca`, or in NODE_EXTRA_CA_CERTS." };
}

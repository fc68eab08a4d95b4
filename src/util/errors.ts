/** What a provider could not do: `auth` and `notFound` last until somebody acts, the others may pass. */
export type SourceErrorReason = "auth" | "rateLimit" | "notFound" | "unexpectedShape" | "unavailable";

interface FlowproofErrorOptions {
  readonly cause?: unknown;
  /** What the reader should do next, one sentence. */
  readonly hint?: string;
}

/** The base of every error whose message is meant for a person: `code` is stable, `exitCode` is what the process ends with. */
export abstract class FlowproofError extends Error {
  abstract readonly code: string;
  abstract readonly exitCode: number;
  readonly hint: string | undefined;
  constructor(message: string, options: FlowproofErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The configuration, the catalog or the command line is wrong; nothing was started. */
export class ConfigError extends FlowproofError {
  readonly code = "config";
  readonly exitCode = 2;
}

/** A source did not answer as agreed; collecting turns it into coverage, it never stops the other streams. */
export class SourceError extends FlowproofError {
  readonly code = "source";
  readonly exitCode = 6;
  readonly reason: SourceErrorReason;
  constructor(reason: SourceErrorReason, message: string, options: FlowproofErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
  }
}

/** Stored evidence is not what the ledger says it is, or the store cannot be trusted; everything stops. */
export class IntegrityError extends FlowproofError {
  readonly code = "integrity";
  readonly exitCode = 5;
}

/** Another process is writing to the store. */
export class LockedError extends FlowproofError {
  readonly code = "locked";
  readonly exitCode = 75;
}

import { resolve } from "node:path";
import type { Command } from "commander";
import type { PipelineContext } from "../pipeline/types.ts";
import { systemClock } from "../util/clock.ts";
import { nextCommand } from "./next-command.ts";
import type { Terminal } from "./terminal.ts";

/** What every command is given. */
export interface CommandSession {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  /** What the process ends with when nothing is thrown. */
  exitCode: number;
}

/** What the pipeline is given besides a configuration. */
export function pipelineBase(session: CommandSession): Omit<PipelineContext, "config"> {
  const { terminal, signal, env } = session;
  return { clock: systemClock, signal, env, progress: terminal.progress };
}

/** The configuration file that the command line names. */
export function configFileOf(command: Command): string {
  return command.optsWithGlobals<{ config: string }>().config;
}

/** What can be run after a command, with the configuration that it was given. */
export const nextAfter = (command: Command, words: readonly string[]): string =>
  nextCommand(configFileOf(command), words);

/** Opens the pipeline on the configuration that the command line names, and hides its secrets from all output; a command that `fetches` needs its credentials now, and only one that says so takes what `init` left to be finished. Throws ConfigError. */
export async function openSession(
  session: CommandSession,
  command: Command,
  { fetches = false, unfinished = false }: { readonly fetches?: boolean; readonly unfinished?: boolean } = {},
): Promise<PipelineContext> {
  // Loaded only by commands that need it, so that help and a mistyped flag answer at once; commands do the same.
  const { openContext, requireCredentials, secretsOf } = await import("../pipeline/context.ts");
  const context = openContext({ ...pipelineBase(session), configFile: configFileOf(command), unfinished });
  session.terminal.hide(secretsOf(context.config));
  if (fetches) requireCredentials(context.config);
  return context;
}

/** An `--out` as an absolute path, for spreading into a request. */
export function outOption(out: string | undefined): { readonly out?: string } {
  return out === undefined ? {} : { out: resolve(out) };
}

import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import type { ConfiguredSource } from "../config/config.ts";
import { findBrowser } from "../pack/browser.ts";
import type { Capability } from "../providers/provider.ts";
import { counted } from "../util/counted.ts";
import { FlowproofError } from "../util/errors.ts";
import { clockSkewWarning, providerContext } from "./collect.ts";
import { requireCredentials } from "./context.ts";
import { forgettingFindings } from "./forgetting.ts";
import { readDeploymentLists } from "./imported-deployments.ts";
import { readIncidents } from "./imported-incidents.ts";
import type { ListFile } from "./list-file.ts";
import { networkFileSystem } from "./network-file-system.ts";
import { providerOf, withStore } from "./open.ts";
import { placeFindings } from "./place-findings.ts";
import { repositoryFindings } from "./repository-findings.ts";
import { signingFindings } from "./signing-findings.ts";
import type { DoctorFinding, PipelineContext } from "./types.ts";

/** Looks at everything a run needs and changes nothing: configuration, credentials and rights per stream, store, signing keys, browser, clock, runtime. Never throws for what it finds. */
export async function doctor(ctx: PipelineContext): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = [nodeFinding()];
  findings.push(...configurationFindings(ctx.config));
  findings.push(...(await storeFindings(ctx)), await browserFinding(ctx.config.browser));
  findings.push(...signingFindings(ctx.config, ctx), ...listFindings(ctx));
  for (const source of ctx.config.sources) findings.push(...(await sourceFindings(ctx, source)));
  // A store that does not open was found above.
  if (findings.every(({ subject, ok }) => subject !== "store" || ok !== "fail"))
    findings.push(...(await forgettingFindings(ctx)));
  return findings;
}

function nodeFinding(): DoctorFinding {
  const { version, platform, arch } = process;
  const message = `${version} on ${platform} ${arch}`;
  if (version.startsWith("v24.")) return { subject: "node", ok: "ok", message };
  return {
    subject: "node",
    ok: "warn",
    message,
    todo: "It works from 22.18 on, and is tested with 24: use that where you can.",
  };
}

function configurationFindings({ file, unfinished, warnings }: PipelineContext["config"]): readonly DoctorFinding[] {
  const subject = "configuration";
  if (unfinished.length + warnings.length === 0) return [{ subject, ok: "ok", message: file }];
  return [
    ...unfinished.map((message): DoctorFinding => ({ subject, ok: "fail", message })),
    ...warnings.map((message): DoctorFinding => ({ subject, ok: "warn", message })),
  ];
}

async function storeFindings({ config, clock, fileSystemOf }: PipelineContext): Promise<readonly DoctorFinding[]> {
  const found = (ok: DoctorFinding["ok"], message: string, todo?: string): DoctorFinding[] => [
    { subject: "store", ok, message, ...(todo === undefined ? {} : { todo }) },
  ];
  const foreign = networkFileSystem(config.store, fileSystemOf);
  if (foreign) {
    return found(
      "fail",
      `${config.store} is on a network file system (${foreign}), where locks and fsync cannot be trusted`,
      "Set `store` to a file on a local disk, and copy backups elsewhere.",
    );
  }
  if (!existsSync(config.store)) {
    const folder = dirname(config.store);
    if (!existsSync(folder))
      return found("fail", `${config.store} cannot be made: there is no folder ${folder}`, "Make the folder.");
    return (await canWrite(folder))
      ? found("ok", `${config.store} is not there yet; the first collecting makes it`)
      : found("fail", `${config.store} cannot be made: its folder is not writable`, "Let this user write into it.");
  }
  try {
    const checkpoint = await withStore({ config, clock }, { write: false }, (store) => store.checkpoint());
    const holds = checkpoint ? `${counted(checkpoint.size, "record")}, last checkpoint ${checkpoint.at}` : "empty";
    if (await canWrite(config.store)) return found("ok", `${config.store}: ${holds}`);
    return found(
      "fail",
      `${config.store} opens, but this user cannot write to it`,
      "Let this user write to the file and its folder.",
    );
  } catch (error) {
    return found("fail", messageOf(error), hintOf(error) ?? "Restore the store from a backup.");
  }
}

/** Whether each list that the organisation keeps can be read, by itself: one that cannot hides nothing of the others. */
function listFindings({ config, clock }: PipelineContext): readonly DoctorFinding[] {
  const deployments = config.systems.flatMap((system) =>
    listFinding(`system ${system.id}: deployments`, "Check `deployments` of the system, and the file.", () =>
      readDeploymentLists({ systems: [system] }, clock),
    ),
  );
  const incidents = listFinding("incidents", "Check `incidents` of `metrics`, and the file.", () => {
    const list = readIncidents(config, clock);
    return list ? [list] : [];
  });
  return [...deployments, ...incidents];
}

function listFinding(
  subject: string,
  todo: string,
  read: () => readonly ListFile<readonly unknown[]>[],
): readonly DoctorFinding[] {
  try {
    return read().map((list): DoctorFinding => {
      if (!list.readable) return { subject, ok: "fail", message: list.reason, todo };
      const message = `${list.name} lists ${list.rows.length}, last written at ${list.modifiedAt}; that it is whole is the organisation's own word`;
      return { subject, ok: "ok", message };
    });
  } catch (error) {
    return [{ subject, ok: "fail", message: messageOf(error), todo: hintOf(error) ?? "Correct the list." }];
  }
}

async function browserFinding(path: string | undefined): Promise<DoctorFinding> {
  try {
    const browser = await findBrowser(path);
    const message = `${browser.path}, ${browser.how}`;
    if (browser.unsandboxed === undefined) return { subject: "browser", ok: "ok", message };
    return {
      subject: "browser",
      ok: "warn",
      message: `${message}; its own sandbox will be off: ${browser.unsandboxed}`,
      todo: "Run as a user that is not root.",
    };
  } catch (error) {
    return {
      subject: "browser",
      ok: "fail",
      message: messageOf(error),
      todo: hintOf(error) ?? "Install Chromium, or name one with `browser`.",
    };
  }
}

async function sourceFindings(ctx: PipelineContext, source: ConfiguredSource): Promise<readonly DoctorFinding[]> {
  const subject = `source ${source.id}`;
  try {
    // Said before anything is asked of the source: the commonest mistake.
    requireCredentials({ sources: [source] });
    ctx.progress(`${source.id}: asking what the token may read`);
    const { identity, scopes, serverTime, capabilities } = await providerOf(source).probe(providerContext(ctx, source));
    const rights = scopes.length > 0 ? ` with ${scopes.join(", ")}` : "";
    return [
      { subject, ok: "ok", message: `${source.baseUrl} answers; signed in as ${identity}${rights}` },
      clockFinding(clockSkewWarning(ctx.clock(), serverTime, source.id)),
      // Who it is was just said; only what is wrong with that is worth a line of its own.
      ...capabilities
        .filter(({ kind, ok }) => kind !== "identity" || !ok)
        .map((capability) => rightFinding(subject, capability)),
      // A placeholder is in no list, and is named already.
      ...(ctx.config.unfinished.length > 0
        ? []
        : [...(await repositoryFindings(ctx, source)), ...(await placeFindings(ctx, source))]),
    ];
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    return [
      {
        subject,
        ok: "fail",
        message: messageOf(error),
        todo: hintOf(error) ?? `Check baseUrl, the network and a proxy for ${source.baseUrl}.`,
      },
    ];
  }
}

function rightFinding(subject: string, { kind, ok, message }: Capability): DoctorFinding {
  if (ok) return { subject: `${subject}: ${kind}`, ok: "ok", message };
  if (kind === "identity") return { subject, ok: "warn", message };
  const todo = "Grant the right, or accept that this evidence is printed as not observed.";
  return { subject: `${subject}: ${kind}`, ok: "warn", message, todo };
}

function clockFinding(message: string | undefined): DoctorFinding {
  if (message === undefined) {
    return { subject: "clock", ok: "ok", message: "this machine's clock agrees with the source's" };
  }
  return { subject: "clock", ok: "warn", message, todo: "Correct it (NTP): periods and waiting go by this clock." };
}

async function canWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function hintOf(error: unknown): string | undefined {
  return error instanceof FlowproofError ? error.hint : undefined;
}

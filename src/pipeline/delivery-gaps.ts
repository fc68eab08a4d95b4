import type { Span } from "../flow/index.ts";
import type { StreamKind } from "../model/stream.ts";
import { commitStreams, type Dossiers, deploymentStream } from "../store/dossiers/index.ts";
import { observedIn } from "./observed-span.ts";

type Repository = Dossiers["repositories"][number];

/** What of a span is missing of what delivery metrics are counted from. */
export interface DeliveryGaps {
  /** A sentence each. */
  readonly gaps: readonly string[];
  /** The systems none of whose deployments can have been seen. */
  readonly unobserved: ReadonlySet<string>;
}

/** Looks up which streams of deployments, commits and changes cover a span; only what a run observed whole is no gap. */
export function deliveryGaps(repositories: readonly Repository[], span: Span): DeliveryGaps {
  const found = repositories.flatMap((repository) => gapsOf(repository, span));
  const blind = new Set(found.filter(({ blind }) => blind).map(({ repository }) => repository));
  const systems = [...Map.groupBy(repositories, ({ view }) => view.repository.system)];
  return {
    gaps: [...new Set(found.map(({ text }) => text))],
    unobserved: new Set(systems.flatMap(([system, own]) => (own.every((one) => blind.has(one)) ? [system] : []))),
  };
}

function gapsOf(repository: Repository, span: Span) {
  const { view } = repository;
  const { key, name, system } = view.repository;
  const [line] = commitStreams((stream) => view.coverage.of(stream).length > 0, view.repository);
  const streams: readonly (readonly [StreamKind, string])[] = [
    ["deployments", deploymentStream(view.repository)],
    ["commits", line],
    ["changes", `${key}/changes`],
  ];
  const anyDeployment = repository.deployments.some(
    ({ succeededAt }) => succeededAt >= span.from && succeededAt < span.to,
  );
  return streams.flatMap(([kind, stream]) => {
    const unreadable = view.coverage.unreadable(stream);
    const status = observedIn(view.coverage.of(stream), span);
    if (status === "complete" && unreadable === undefined) return [];
    const said = view.coverage.of(stream).findLast((one) => one.status !== "complete")?.reason;
    const why = unreadable ?? said ?? "no run looked at all of it";
    const text = `${kind} of ${name}${system === name ? "" : ` (${system})`} ${status === "unobserved" ? "not observed" : "not observed whole"}: ${why}`;
    return [{ repository, text, blind: kind === "deployments" && !anyDeployment }];
  });
}

/** Whether any run looked at any repository's deployments in the span. */
export const anyObserved = (repositories: readonly Repository[], span: Span): boolean =>
  repositories.some(
    ({ view }) => observedIn(view.coverage.of(deploymentStream(view.repository)), span) !== "unobserved",
  );

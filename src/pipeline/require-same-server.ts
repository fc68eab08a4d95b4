import type { ConfiguredSource } from "../config/config.ts";
import type { Store } from "../store/index.ts";
import { ConfigError } from "../util/errors.ts";
import { isLoopback } from "../util/loopback.ts";

/**
 * Throws ConfigError where a source is now on this machine and what the store holds of it came from elsewhere, or the
 * other way round: what a sandbox invents never stands beside what happened. A server may change its host or its port.
 */
export async function requireSameServer(store: Store, source: ConfiguredSource, path: string): Promise<void> {
  const runs = new Set((await store.coverage({ source: source.id })).map(({ run }) => run));
  const nowHere = isHere(source.baseUrl);
  for (const { id: run } of (await store.runs()).toReversed()) {
    if (!runs.has(run)) continue;
    // A run asks several sources: only where all of them were on the other side is it certain of this one.
    const asked = (await store.queries([run]))
      .filter(({ operation, endpoint }) => operation !== "none" && /^https?:/.test(endpoint))
      .map(({ endpoint }) => endpoint);
    const [first] = asked;
    if (first === undefined) continue;
    if (asked.some((endpoint) => isHere(endpoint) === nowHere)) return;
    const { host } = new URL(first);
    throw new ConfigError(
      `${path} holds what source ${source.id} gave at ${host}, and ${source.baseUrl} is ${nowHere ? "on this machine" : "elsewhere"}`,
      {
        hint: `Nothing was collected. Set \`store\` to another file${nowHere ? ", so that nothing invented stands beside your own evidence" : ": the one there is a sandbox's"}.`,
      },
    );
  }
}

const isHere = (url: string): boolean => isLoopback(new URL(url).hostname);

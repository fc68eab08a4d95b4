import { readdirSync, readFileSync } from "node:fs";

/** Watches how much memory a process and all that it started hold together. */
export interface TreeMemory {
  /** Ends the watching; the most that was seen, in MB. */
  stop(): number;
}

/**
 * Looks four times a second, by Linux's /proc: what several processes share (a browser's program, its fonts) counts once
 * (proportional set size, proc_pid_smaps in the manual). Elsewhere it sees nothing.
 */
export function watchMemory(root = process.pid): TreeMemory {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, heldBy(root));
  };
  const timer = setInterval(look, 250);
  return {
    stop() {
      clearInterval(timer);
      look();
      return most / 1024;
    },
  };
}

/** In kB. */
function heldBy(root: number): number {
  const parents = new Map(pids().map((pid) => [pid, parentOf(pid)]));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isOurs(pid === 1 ? undefined : parents.get(pid)));
  return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + proportional(pid), 0);
}

const pids = (): number[] => (tried(() => readdirSync("/proc")) ?? []).map(Number).filter(Number.isInteger);

// The name in brackets may hold anything, so what follows is read from its end.
const parentOf = (pid: number): number | undefined => {
  const stat = tried(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
};

const proportional = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(tried(() => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? "")?.[1] ?? 0);

/** A process may end while it is looked at. */
function tried<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

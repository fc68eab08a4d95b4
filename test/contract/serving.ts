import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { contextOf } from "./collecting.ts";

/** The sandbox of one test file, started anew by each test that serves a world; the file closes it after each. */
export function serving() {
  let sandbox: Sandbox | undefined;
  const running = (): Sandbox => {
    if (!sandbox) throw new Error("no world is served yet");
    return sandbox;
  };
  const start = async (options: Parameters<typeof startSandbox>[0]): Promise<void> => {
    sandbox = await startSandbox(options);
  };
  return {
    start,
    serve: async (world: Sandbox["world"], faults?: string) => {
      await start({ world, faults });
      return contextOf(running().url);
    },
    sandbox: {
      get url() {
        return running().url;
      },
      stats: () => running().stats(),
      setFaults: (specification: string | undefined) => running().setFaults(specification),
      close: async () => sandbox?.close(),
    },
  };
}

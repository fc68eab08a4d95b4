const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Interruption by the operating system, as an AbortSignal and as the exit code it asks for. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** 130 or 143 once interrupted. */
  exitCode(): number | undefined;
  /** Stops listening. */
  release(): void;
}

/** Listens for SIGINT and SIGTERM. The first asks the command to end cleanly; a second ends the process at once. */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  const on = (name: NodeJS.Signals): void => {
    const asked = exitCodes[name as keyof typeof exitCodes];
    if (code !== undefined) process.exit(asked);
    code = asked;
    controller.abort(new Error(`interrupted by ${name}`));
  };
  for (const name of Object.keys(exitCodes)) process.on(name, on);
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const name of Object.keys(exitCodes)) process.off(name, on);
    },
  };
}

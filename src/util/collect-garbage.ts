/**
 * Gives back the memory of what is no longer used, which the runtime keeps until it needs it itself: for when a browser
 * needs as much again. Where the runtime has no inspector (Node's `HeapProfiler.collectGarbage`), it does nothing.
 */
export async function collectGarbage(): Promise<void> {
  if (!process.features.inspector) return;
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  try {
    await session.post("HeapProfiler.enable");
    await session.post("HeapProfiler.collectGarbage");
  } finally {
    session.disconnect();
  }
}

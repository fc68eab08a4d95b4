/** What the process ends with; a lock or an interruption has its own (75, 130, 143). */
export const exitCode = {
  done: 0,
  unexpected: 1,
  configuration: 2,
  exceptions: 3,
  incomplete: 4,
  integrity: 5,
  nothing: 6,
  locked: 75,
} as const;

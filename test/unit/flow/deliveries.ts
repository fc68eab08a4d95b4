import type { Delivered, DeliveredChange, Incident } from "../../../src/model/delivered.ts";

/** Minutes after nine on 5 October 2026. */
export const t = (minutes: number): string =>
  `${new Date(Date.UTC(2026, 9, 5, 9, minutes)).toISOString().slice(0, 19)}Z`;

/** The ten days from 5 October. */
export const span = { from: "2026-10-05T00:00:00Z", to: "2026-10-15T00:00:00Z" };

/** A change on which work began at a minute, merged at once. */
export const change = (number: number, began: number): DeliveredChange => ({
  key: `github/1#${number}`,
  mergedAt: t(began),
  beganAt: t(began),
});

/** A deployment of payments to production at a minute. */
export const delivered = (id: string, at: number, more: Partial<Delivered> = {}): Delivered => ({
  key: `github/1/deployments/${id}`,
  system: "payments",
  id,
  environment: "production",
  oid: id.padStart(40, "0"),
  succeededAt: t(at),
  repeats: false,
  fallsBack: false,
  changes: [],
  ...more,
});

/** An incident of payments, opened and resolved at minutes. */
export const incident = (
  id: string,
  opened: number,
  resolved: number | null,
  more: Partial<Incident> = {},
): Incident => ({
  id,
  system: "payments",
  openedAt: t(opened),
  resolvedAt: resolved === null ? null : t(resolved),
  deployment: null,
  commit: null,
  record: 1,
  ...more,
});

/** An app as a rule names it whose number is all that is known of it: it may be any. */
export const unnamedApp = (number: number | string): string => `app ${number}`;

/** Whether that is all that is known of an app. */
export const isUnnamedApp = (app: string | null | undefined): boolean => /^app \d+$/.test(app ?? "");

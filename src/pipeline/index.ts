export { collect } from "./collect.ts";
export { report } from "./report.ts";

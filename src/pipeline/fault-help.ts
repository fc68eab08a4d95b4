/** The faults that a sandbox knows, for a command's help; apart from the sandbox, which takes a while to load. */
export { FAULT_HELP as faultHelp } from "../sandbox/faults.ts";

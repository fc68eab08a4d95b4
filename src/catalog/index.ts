export { catalogJsonSchemas } from "./json-schema.ts";
export { loadCatalog } from "./load-catalog.ts";

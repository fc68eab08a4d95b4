export { deliveryMetrics } from "./delivery-metrics.ts";

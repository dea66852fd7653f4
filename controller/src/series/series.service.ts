export { listActiveSeries, type PlannableSeries, type PlannableVariant } from './active-series.service.ts';

/** One rank for each severity number of the OpenTelemetry logs data model, 1 to 24; 0 is for items that have none. */
export const RANK_COUNT = 25;

/** `12,345` */
export const formatCount = (value: number): string => value.toLocaleString('en');

/** `4.0 s` */
export const formatSeconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`;

export type Format = 'text' | 'openmetrics';
export type Labels = ReadonlyMap<string, string>;

export interface ParsedExemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampSeconds: number;
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  readonly exemplar?: ParsedExemplar;
}

export interface ParsedFamily {
  readonly name: string;
  type?: string;
  help?: string;
  unit?: string;
  readonly samples: ParsedSample[];
}

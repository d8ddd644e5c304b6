/** An incident store could not be loaded or saved. Its message names the file and the reason; its cause is kept. */
export class IncidentStoreError extends Error {
  override readonly name = 'IncidentStoreError';
}

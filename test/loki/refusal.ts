/** An answer other than success. Thrown by the core, written by the HTTP shell as Go's `http.Error` writes it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

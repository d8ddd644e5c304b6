import { Refusal } from './refusal.ts';

const truncated = (): Refusal => new Refusal(400, 'unexpected EOF');
const badLength = (): Refusal => new Refusal(400, 'proto: negative length found during unmarshaling');

/** Reads one message of protobuf's wire format, with the errors of Go's generated code. */
export class ProtobufReader {
  readonly #data: Buffer;
  readonly #message: string;
  #position = 0;

  /** @param message - the message's name, for errors */
  constructor(data: Buffer, message: string) {
    this.#data = data;
    this.#message = message;
  }

  /** Calls `onField` for each field; a field that it does not take (false) is skipped. */
  eachField(onField: (field: number, wireType: number) => boolean): void {
    while (this.#position < this.#data.length) {
      const key = this.varint();
      const wireType = Number(key & 7n);
      const field = Number(BigInt.asIntN(32, key >> 3n));
      if (wireType === 4) this.#fail(`proto: ${this.#message}: wiretype end group for non-group`);
      if (field <= 0) this.#fail(`proto: ${this.#message}: illegal tag ${field} (wire type ${key})`);
      if (!onField(field, wireType)) this.#skip(wireType);
    }
  }

  bytes(wireType: number, name: string): Buffer {
    this.expect(wireType, 2, name);
    const length = Number(BigInt.asIntN(64, this.varint()));
    if (length < 0) throw badLength();
    if (this.#position + length > this.#data.length) throw truncated();
    this.#position += length;
    return this.#data.subarray(this.#position - length, this.#position);
  }

  expect(wireType: number, expected: number, name: string): void {
    if (wireType !== expected) this.#fail(`proto: wrong wireType = ${wireType} for field ${name}`);
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = this.#data[this.#position];
      if (byte === undefined) throw truncated();
      this.#position++;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Refusal(400, 'proto: integer overflow');
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.bytes(2, '');
    else if (wireType === 3) this.#skipGroup();
    else if (wireType === 5) this.#advance(4);
    else this.#fail(`proto: illegal wireType ${wireType}`);
  }

  #skipGroup(): void {
    for (;;) {
      const wireType = Number(this.varint() & 7n);
      if (wireType === 4) return;
      this.#skip(wireType);
    }
  }

  #advance(bytes: number): void {
    this.#position += bytes;
    if (this.#position > this.#data.length) throw truncated();
  }

  #fail(message: string): never {
    throw new Refusal(400, message);
  }
}

const WEB_SOCKET_HEAD = Buffer.from('{"type":"record","data":');
const WEB_SOCKET_TAIL = Buffer.from('}');
const SSE_TAIL = '\n\n';

/** A record as it is sent, encoded once for all clients. */
export class TailRecord {
  readonly offset: number;
  /** A server-sent event. */
  readonly sse: Buffer;
  readonly #jsonStart: number;
  #webSocket: Buffer | undefined;

  /** @param fields what `RecordEncoder` has written */
  constructor(epoch: string, offset: number, fields: string) {
    const head = `id: ${epoch}-${offset}\nevent: record\ndata: `;
    this.offset = offset;
    this.#jsonStart = head.length;
    // JSON has no line breaks, so that it is one line of an event.
    this.sse = Buffer.from(`${head}{"offset":${offset},${fields}${SSE_TAIL}`);
  }

  get bytes(): number {
    return this.sse.length;
  }

  /** A message of the WebSocket, made when the first client needs it. */
  get webSocket(): Buffer {
    this.#webSocket ??= Buffer.concat([
      WEB_SOCKET_HEAD,
      this.sse.subarray(this.#jsonStart, this.sse.length - SSE_TAIL.length),
      WEB_SOCKET_TAIL,
    ]);
    return this.#webSocket;
  }
}

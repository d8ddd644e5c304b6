import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { type Fault, passDelays } from '../stand-in/fault.ts';
import { playFault } from '../stand-in/fault-player.ts';
import { readBody } from '../stand-in/read-body.ts';
import { RefusingServer } from '../stand-in/refusing-server.ts';
import { ACCEPTED_CHANGE, acceptedAlert, type Answer, invalidEvent, THROTTLED, wrongRequest } from './answer.ts';
import { CallWindow, maxCallsInWindow } from './call-window.ts';
import { type EventBody, type JsonObject, MAX_BODY_BYTES, readEventBody } from './event-body.ts';
import { checkAlertEvent, checkChangeEvent } from './event-checks.ts';
import type { AlertEvent, ChangeEvent } from './event.ts';
import type { CharacterUnit } from './field-checks.ts';
import { type Incident, IncidentLog } from './incident-log.ts';
import type { PagerDutyFaultPlan } from './pager-duty-fault.ts';
import { CallRecord, type ReceivedCall } from './received-call.ts';

const ALERT_PATH = '/v2/enqueue';
const CHANGE_PATH = '/v2/change/enqueue';

/** How a stand-in differs from what PagerDuty documents. */
export interface PagerDutyStandInOptions {
  /** How many calls a routing key may make in any 60 seconds; 429 beyond. @defaultValue 120 */
  readonly callLimit?: number;
  /** What the lengths of texts are measured in. @defaultValue utf-16-unit, the strictest reading */
  readonly characterUnit?: CharacterUnit;
  /** Wall clock in milliseconds, for all times and for the limit of calls. @defaultValue Date.now */
  readonly now?: () => number;
}

/** An HTTP server that takes and refuses events as PagerDuty's Events API v2 does, and tells whom it would have paged. */
export class PagerDutyStandIn {
  readonly #callLimit: number;
  readonly #characterUnit: CharacterUnit;
  readonly #now: () => number;
  readonly #server = new RefusingServer((request, response) => void this.#handle(request, response));
  readonly #closing = new AbortController();
  #plan: PagerDutyFaultPlan = () => undefined;
  #faultIndex = 0;
  #calls: CallRecord[] = [];
  #changes: ChangeEvent[] = [];
  #log = new IncidentLog();
  #windows = new Map<string, CallWindow>();

  constructor({ callLimit = 120, characterUnit = 'utf-16-unit', now = Date.now }: PagerDutyStandInOptions = {}) {
    this.#callLimit = callLimit;
    this.#characterUnit = characterUnit;
    this.#now = now;
  }

  /** Listens on 127.0.0.1 and returns the base URL. */
  async start(): Promise<string> {
    await this.#server.accept();
    return this.url;
  }

  /** The base URL, without a path. It stays the same while connections are refused. */
  get url(): string {
    return this.#server.url;
  }

  /** Ends everything, waiting faults included. A closed stand-in cannot be started again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#server.refuse();
  }

  /** Breaks all connections and refuses new ones, as if the network were gone. Incidents stay. */
  async refuseConnections(): Promise<void> {
    await this.#server.refuse();
  }

  /** Listens again, on the same port. */
  async acceptConnections(): Promise<void> {
    await this.#server.accept();
  }

  /** Does something wrong with every call, or with those that a function chooses; undefined ends it. */
  setFault(fault: Fault | PagerDutyFaultPlan | undefined): void {
    this.#plan = typeof fault === 'function' ? fault : () => fault;
    this.#faultIndex = 0;
  }

  /** All incidents, in the order in which they were opened. */
  incidents(): readonly Incident[] {
    return this.#log.incidents;
  }

  /** How often somebody was paged: once for each incident that was opened. */
  pages(): number {
    return this.#log.incidents.length;
  }

  /** Change events, which page nobody. */
  changes(): readonly ChangeEvent[] {
    return this.#changes;
  }

  /** Every request since the start or the last `clear`, whatever became of it. */
  calls(): readonly ReceivedCall[] {
    return this.#calls;
  }

  /** Calls that the API itself would not take. */
  refusals(): readonly ReceivedCall[] {
    return this.#calls.filter(({ refusal }) => refusal !== undefined);
  }

  /** The most calls in any 60 seconds, refused ones included; through one routing key, or through all. */
  maxCallsPerMinute(routingKey?: string): number {
    const counted = this.#calls.filter((call) => routingKey === undefined || call.routingKey === routingKey);
    return maxCallsInWindow(counted.map(({ timeMillis }) => timeMillis));
  }

  /** Forgets incidents, changes, calls, and what counts towards the limit of calls. Faults stay. */
  clear(): void {
    this.#calls = [];
    this.#changes = [];
    this.#log = new IncidentLog();
    this.#windows = new Map();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = new CallRecord(request, this.#now());
    this.#calls.push(call);
    // A client that goes away is part of what is tested.
    response.on('error', () => undefined);
    try {
      await this.#answer(call, request, response);
    } catch (error) {
      if (this.#closing.signal.aborted || response.headersSent || response.destroyed) response.destroy();
      else respond(response, wrongRequest(500, String(error)));
    }
    if (response.headersSent) call.status = response.statusCode;
  }

  async #answer(call: CallRecord, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, path, headers } = call;
    call.raw = await readBody(request, MAX_BODY_BYTES + 1);
    call.refusal = placeProblem(call);
    if (call.refusal !== undefined) {
      respond(response, call.refusal);
      return;
    }
    const body = readEventBody(headers, call.raw);
    if ('event' in body) call.event = body.event;
    const callsInWindow = this.#countCall(call);
    const index = this.#faultIndex++;
    const chosen = this.#plan({ index, method, path, headers, event: call.event });
    const fault = await passDelays(chosen, this.#closing.signal);
    const process = (): Answer => this.#process(call, body, callsInWindow);
    if (fault === undefined) respond(response, process());
    else {
      const { signal } = this.#closing;
      await playFault(fault, { response, signal, read: async () => undefined, store: async () => void process() });
    }
  }

  /** Every call counts, one that is refused and one that a fault hits too. @returns those of the minute, with this one */
  #countCall({ routingKey, timeMillis }: CallRecord): number {
    if (routingKey === undefined) return 0;
    let window = this.#windows.get(routingKey);
    if (window === undefined) this.#windows.set(routingKey, (window = new CallWindow()));
    return window.record(timeMillis);
  }

  #process(call: CallRecord, body: EventBody, callsInWindow: number): Answer {
    const answer = this.#judge(call, body, callsInWindow);
    if (answer.status !== 202) call.refusal = answer;
    return answer;
  }

  #judge(call: CallRecord, body: EventBody, callsInWindow: number): Answer {
    if ('refusal' in body) return body.refusal;
    if (callsInWindow > this.#callLimit) return THROTTLED;
    const isChange = call.path === CHANGE_PATH;
    const check = isChange ? checkChangeEvent : checkAlertEvent;
    const { errors, unknownFields } = check(body.event, this.#characterUnit);
    call.unknownFields = unknownFields;
    if (errors.length > 0) return invalidEvent(errors);
    return isChange ? this.#takeChange(body.event) : this.#takeAlert(body.event, call.timeMillis);
  }

  #takeChange(event: JsonObject): Answer {
    this.#changes.push(event as unknown as ChangeEvent);
    return ACCEPTED_CHANGE;
  }

  #takeAlert(event: JsonObject, timeMillis: number): Answer {
    const key = this.#log.apply(event as unknown as AlertEvent, timeMillis, () => randomUUID().replaceAll('-', ''));
    return acceptedAlert(key);
  }
}

function placeProblem({ method, path }: CallRecord): Answer | undefined {
  if (path !== ALERT_PATH && path !== CHANGE_PATH) return wrongRequest(404, 'Not Found');
  return method === 'POST' ? undefined : wrongRequest(405, 'Method Not Allowed');
}

function respond(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

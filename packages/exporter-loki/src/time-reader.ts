import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { type Moment, momentOf } from './record-time.ts';

/** The last time that was read: records that follow each other mostly have the same one. */
export class TimeReader implements Moment {
  millis = 0;
  nanos = 0;
  #seconds = -1;
  #secondNanos = -1;

  /** Whether `hrTime` is the time that was read last. */
  isLast(hrTime: ReadableLogRecord['hrTime']): boolean {
    return hrTime[0] === this.#seconds && hrTime[1] === this.#secondNanos;
  }

  /** Whether `hrTime` is a time; it is then in the fields. */
  read(hrTime: ReadableLogRecord['hrTime']): boolean {
    const moment = momentOf(hrTime);
    if (moment === undefined) return false;
    [this.#seconds, this.#secondNanos] = hrTime;
    this.millis = moment.millis;
    this.nanos = moment.nanos;
    return true;
  }
}

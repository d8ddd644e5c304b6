import type { Attributes } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { cutText, LogRecordSnapshot, toHrTime, toPlainValue } from '@spillway/core';

import {
  EXCEPTION_MESSAGE,
  EXCEPTION_STACKTRACE,
  EXCEPTION_TYPE,
  TOPIC_ATTRIBUTE,
} from '../attributes/attribute-names.ts';
import type { Exception } from '../attributes/exception.ts';
import { jsonText } from '../attributes/json-text.ts';
import { SEVERITIES } from '../log-level.ts';

/** Topic of a record about a handler that has failed. */
export const HANDLER_ERROR_TOPIC = 'logger.handler.error';

const OWN_SCOPE: ReadableLogRecord['instrumentationScope'] = { name: '@spillway/logger' };

/** Of what is quoted of the record that failed. */
const MAX_TEXT_CHARACTERS = 1024;
const MAX_ATTRIBUTES = 32;
const MAX_ATTRIBUTE_CHARACTERS = 256;

/** A call of a handler that went wrong. */
export interface HandlerFailure {
  /** Position in `handlers`. */
  readonly handler: number;
  readonly operation: 'emit' | 'forceFlush' | 'shutdown' | 'flushSync' | 'enabled';
  readonly exception: Exception;
  /** The record that the handler failed to take. */
  readonly record: ReadableLogRecord | undefined;
  /** Failures before this one that nobody was told of. */
  readonly unreported: number;
}

/** A failure as a log record: an ERROR of the resource, scope and span of the record that failed. */
export function handlerErrorRecord(
  failure: HandlerFailure,
  epochMillis: number,
  resource: ReadableLogRecord['resource'],
): ReadableLogRecord {
  const { exception, operation, record } = failure;
  const hrTime = toHrTime(epochMillis);
  const what = operation === 'emit' ? 'Handler error' : `Handler error in ${operation}`;
  return new LogRecordSnapshot(
    {
      hrTime,
      hrTimeObserved: hrTime,
      ...SEVERITIES.error,
      ...(record?.spanContext && { spanContext: record.spanContext }),
      body: `${what}: ${cutText(exception.message || exception.type, MAX_TEXT_CHARACTERS)}`,
      resource,
      instrumentationScope: record?.instrumentationScope ?? OWN_SCOPE,
      attributes: {},
      droppedAttributesCount: 0,
    },
    false,
    attributesOf(failure),
  );
}

function attributesOf({ exception, handler, operation, record, unreported }: HandlerFailure): Attributes {
  const attributes: Attributes = {
    [TOPIC_ATTRIBUTE]: HANDLER_ERROR_TOPIC,
    [EXCEPTION_TYPE]: exception.type,
    [EXCEPTION_MESSAGE]: cutText(exception.message, MAX_TEXT_CHARACTERS),
    'spillway.handler.index': handler,
    'spillway.handler.operation': operation,
  };
  if (exception.stacktrace !== undefined) attributes[EXCEPTION_STACKTRACE] = exception.stacktrace;
  if (unreported > 0) attributes['spillway.handler.unreported_failures'] = unreported;
  return record === undefined ? attributes : Object.assign(attributes, essentialsOf(record));
}

/** What tells the record from others, named as in the reports of a `FanOutLogRecordProcessor`. */
function essentialsOf({
  hrTime,
  severityNumber,
  severityText,
  body,
  instrumentationScope,
  attributes,
}: ReadableLogRecord): Attributes {
  const entries = Object.entries(attributes).slice(0, MAX_ATTRIBUTES);
  return {
    'spillway.failed_record.timestamp': new Date(hrTime[0] * 1000 + hrTime[1] / 1e6).toISOString(),
    'spillway.failed_record.severity_number': severityNumber,
    'spillway.failed_record.severity_text': severityText,
    'spillway.failed_record.body': bounded(body, MAX_TEXT_CHARACTERS),
    'spillway.failed_record.scope_name': instrumentationScope.name,
    'spillway.failed_record.attributes': Object.fromEntries(
      entries.map(([name, value]) => [
        cutText(name, MAX_ATTRIBUTE_CHARACTERS),
        bounded(value, MAX_ATTRIBUTE_CHARACTERS),
      ]),
    ),
  };
}

/** Numbers and such as they are; of anything larger the beginning of its text. */
function bounded(value: unknown, maxCharacters: number): unknown {
  const plain = toPlainValue(value);
  if (typeof plain === 'string') return cutText(plain, maxCharacters);
  return typeof plain === 'object' && plain !== null ? cutText(jsonText(plain), maxCharacters) : plain;
}

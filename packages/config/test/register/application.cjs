const { logs } = require('@opentelemetry/api');

logs.getLogger('application').emit({ severityNumber: 9, body: 'the first record' });

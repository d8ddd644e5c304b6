// Prints "passed failed skipped" from a JSON report of vitest; a suite that failed to load counts as a failure.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
).length;
const failed =
  report.numFailedTests + brokenFiles + (report.success || report.numFailedTests + brokenFiles > 0 ? 0 : 1);
console.log(report.numPassedTests, failed, report.numPendingTests + report.numTodoTests);

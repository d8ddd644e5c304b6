/** Says in a test run which tests it leaves out, because nothing requires the programs that they need. */
export function setup(): void {
  // oxlint-disable-next-line eslint/no-console
  console.log('Left out: tests against real Prometheus and Pushgateway. SPILLWAY_REQUIRE=prometheus runs them.');
}

/** Where Debian installs it. */
export const CHROMIUM = '/usr/bin/chromium';

/** Without these it cannot run as root, or asks its maker for things. */
export const CHROMIUM_ARGUMENTS: readonly string[] =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );

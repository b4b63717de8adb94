/** How the tests run: in Debian's Chromium, two at a time, each in a world of its own. */
import { LEFT } from "./world/place.mjs";

const CHROMIUM = "/usr/bin/chromium";

export default {
  testDir: "tests",
  outputDir: `${LEFT}/results`,
  fullyParallel: true,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
    // Colours that fade from one to the other have contrasts on the way that nobody reads.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
};

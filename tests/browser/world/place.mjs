/** Where things are; `tests/browser/run` says it. */
const fromRun = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; start these tests with tests/browser/run`);
  return value;
};

/** The repository. */
export const ROOT = fromRun("TANDEM_ROOT");
/** The program. */
export const TANDEM = `${fromRun("TANDEM_BINARIES")}/tandem`;
/** The emulator. */
export const EXCHANGE = `${fromRun("TANDEM_BINARIES")}/exchange`;
/** What tests leave behind. */
export const LEFT = fromRun("TANDEM_LEFT");
/** Compiled plugins, for fast starts. */
export const PLUGINS = `${LEFT}/plugins`;

/**
 * Programs that tests start. Each is ended by its own process id, and one that ends by itself says what
 * it wrote.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** How long a program may take until it says that it is ready, in milliseconds. */
const PATIENCE = 120_000;

/** Those that run; whatever ends this process ends them too. */
const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class Program {
  #child;
  #wrote = "";
  #ended;

  /**
   * Starts a program and waits until a line of its output is as `ready` says.
   *
   * @param {string} file
   * @param {string[]} options
   * @param {{ folder?: string, ready: RegExp }} how
   */
  static async start(file, options, { folder, ready }) {
    const program = new Program(file, options, folder);
    await program.#says(ready);
    return program;
  }

  /** Runs a program to its end and gives what it wrote; throws where it did not end well. */
  static async toItsEnd(file, options, { folder } = {}) {
    const program = new Program(file, options, folder);
    const code = await program.#ended;
    if (code !== 0) throw new Error(`${file} ${options.join(" ")} ended with ${code}:\n${program.#wrote}`);
    return program.#wrote;
  }

  constructor(file, options, folder) {
    this.#child = spawn(file, options, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (this.#wrote += text));
    }
    running.add(this.#child);
    this.#ended = new Promise((end, fail) => this.#child.on("error", fail).on("close", end));
    this.#child.on("close", () => running.delete(this.#child));
  }

  /** What the program wrote after words that begin a line, without the spaces around; the first of such lines. */
  said(words) {
    return this.allSaid(words)[0];
  }

  /** The same, of all such lines. */
  allSaid(words) {
    const lines = this.#wrote.split("\n").filter((line) => line.startsWith(words));
    if (lines.length === 0) throw new Error(`no line begins with ${words}:\n${this.#wrote}`);
    return lines.map((line) => line.slice(words.length).trim());
  }

  /** Ends it, and waits until it has ended. */
  async stop() {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }

  async #says(ready) {
    const said = new Promise((done) => {
      const look = () => ready.test(this.#wrote) && done("ready");
      this.#child.stdout.on("data", look);
    });
    let timer;
    const late = new Promise((done) => (timer = setTimeout(done, PATIENCE, "late")));
    const first = await Promise.race([said, late, this.#ended]);
    clearTimeout(timer);
    if (first === "ready") return;
    this.#child.kill("SIGKILL");
    throw new Error(`${this.#child.spawnfile} is not ready (${first}):\n${this.#wrote}`);
  }
}

/** A port on this machine that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

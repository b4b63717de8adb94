/** The program under test: its demo, or `tandem serve` for one tenant in a folder of its own. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { Program, freePort } from "./program.mjs";
import { LEFT, PLUGINS, TANDEM } from "./place.mjs";

/** The tenant of {@link Tandem.serve}. */
export const TENANT = "acme";

export class Tandem {
  #program;

  /** Where its pages are, such as `http://127.0.0.1:8080`. */
  url;

  /** A bearer token of the JSON interface. */
  token;

  /** How the tenant's administrator signs in. */
  administrator;

  /** How one of its users signs in; of the demo only. */
  user;

  /** Where its Exchange is; of the demo only. */
  exchange;

  /**
   * The demo on a Wednesday. It runs each mailbox's cycle once and is then quiet: nobody edits anything, and
   * what runs is what was asked for.
   */
  static async demo() {
    const tandem = new Tandem(await freePort());
    const program = await Program.start(
      TANDEM,
      [
        "demo",
        ...["--listen", new URL(tandem.url).host],
        ...["--now", "2026-11-25T06:00:00Z"],
        ...["--pace", "86400"],
        ...["--plugin-cache", PLUGINS],
      ],
      { ready: /^End it with/m },
    );
    tandem.#program = program;
    tandem.token = program.said("Token");
    tandem.exchange = program.said("Exchange");
    const accounts = program.allSaid("Sign in as").map((said) => said.split(/\s+/));
    [tandem.administrator, tandem.user] = accounts.map(([name, password]) => ({ name, password }));
    return tandem;
  }

  /**
   * A host for one tenant, whose Exchange is an emulator.
   *
   * @param {string} exchange where the emulator is
   * @param {string} tenantFile what `tandem apply` gets beside the tenant's name
   */
  static async serve(exchange, tenantFile) {
    await mkdir(`${LEFT}/worlds`, { recursive: true });
    const folder = await mkdtemp(`${LEFT}/worlds/`);
    const tandem = new Tandem(await freePort());
    const operator = `
      listen = "${new URL(tandem.url).host}"
      database = "sqlite:tandem.db"
      key-file = "tandem.key"
      plugin-cache = "${PLUGINS}"
      [network]
      allow = ["127.0.0.0/8"]
      [endpoints]
      graph = "${exchange}"
      token = "${exchange}"
      ews = "${exchange}/EWS/Exchange.asmx"
    `;
    await writeFile(`${folder}/tandem.toml`, operator);
    await writeFile(`${folder}/tenant.toml`, `tenant = "${TENANT}"\n${tenantFile}`);
    await Program.toItsEnd(TANDEM, ["apply", "tenant.toml"], { folder });
    tandem.token = (await Program.toItsEnd(TANDEM, ["token", "create"], { folder })).trim();
    tandem.#program = await Program.start(TANDEM, ["serve"], { folder, ready: /^sign in as/m });
    const [name, , , , password] = tandem.#program.said("sign in as").split(" ");
    tandem.administrator = { name, password };
    return tandem;
  }

  constructor(port) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Asks the JSON interface. */
  async api(method, path, body) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** The settings as they are stored. */
  async settings() {
    const { settings } = await this.api("GET", "/settings");
    return settings;
  }

  async stop() {
    await this.#program.stop();
  }
}

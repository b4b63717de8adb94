/** The Exchange emulator, and what its control end point does from outside: see `tests/exchange/src/control`. */
import { Program } from "./program.mjs";
import { EXCHANGE } from "./place.mjs";

/** The account that may act for every mailbox over Exchange Web Services. */
export const SERVICE_ACCOUNT = { domain: "EXAMPLE", name: "service", password: "correct horse" };

export class Emulator {
  #program;

  /** Where it is, such as `http://127.0.0.1:9700`. */
  url;

  /** @param {string[]} addresses of its mailboxes */
  static async start(addresses) {
    const { domain, name, password } = SERVICE_ACCOUNT;
    const accounts = [`${domain}\\${name}:${password}`, `${name}:${password}`];
    const program = await Program.start(
      EXCHANGE,
      [
        ...["--listen", "127.0.0.1:0"],
        ...accounts.flatMap((account) => ["--service-account", account]),
        ...addresses.flatMap((address) => ["--mailbox", address]),
      ],
      { ready: /^Mailboxes/m },
    );
    const emulator = new Emulator(program.said("Control").replace("/control/counters", ""));
    emulator.#program = program;
    emulator.app = {
      tenantId: program.said("Tenant id"),
      clientId: program.said("Client id"),
      clientSecret: program.said("Client secret"),
    };
    return emulator;
  }

  /** One that runs already. */
  constructor(url) {
    this.url = url;
  }

  /** What the mailbox holds: its events as Microsoft Graph shows them. */
  async events(address) {
    const held = await this.#ask("GET", `mailboxes/${address}/events`);
    return held.map(({ event }) => event);
  }

  /** The owner makes an appointment in Outlook; times are of UTC. */
  async book(address, subject, start, end) {
    await this.#ask("POST", `mailboxes/${address}/events`, { subject, ...span(start, end) });
  }

  /** The owner moves one. */
  async move(address, subject, start, end) {
    await this.#ask("PATCH", await this.#place(address, subject), span(start, end));
  }

  /** The owner deletes one. */
  async remove(address, subject) {
    await this.#ask("DELETE", await this.#place(address, subject));
  }

  /** Holds each cycle that reads this mailbox, until {@link letGo}. Checks of settings are not held. */
  async hold(address) {
    await this.fault({ mailbox: address, path: "delta", count: 0, effect: { kind: "hold" } });
  }

  /** Lets go on what is held, and forgets faults. */
  async letGo() {
    await this.#ask("DELETE", "faults");
  }

  /** A fault to order. */
  async fault(rule) {
    await this.#ask("POST", "faults", rule);
  }

  /** Makes a public folder for contacts. */
  async addPublicFolder(path) {
    await this.#ask("POST", "public-folders", { path });
  }

  /** The contacts in a public folder. */
  async publicContacts(path) {
    return this.#ask("GET", `public-folders?path=${encodeURIComponent(path)}`);
  }

  /** Lets an account in for its own mailbox only. */
  async addAccount(name, password) {
    await this.#ask("POST", "accounts", { name, password, impersonates: false });
  }

  /** Ends it, unless somebody else started it. */
  async stop() {
    await this.#program?.stop();
  }

  async #place(address, subject) {
    const held = await this.#ask("GET", `mailboxes/${address}/events`);
    const { id } = held.find(({ event }) => event.subject === subject);
    return `mailboxes/${address}/events/${id}`;
  }

  async #ask(method, path, body) {
    const answer = await fetch(`${this.url}/control/${path}`, { method, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

function span(start, end) {
  const at = (dateTime) => ({ dateTime, timeZone: "UTC" });
  return { start: at(start), end: at(end) };
}

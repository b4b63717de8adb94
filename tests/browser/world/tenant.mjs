/** What stands in a tenant's file: settings as they differ from the defaults, and users. */
import { SERVICE_ACCOUNT } from "./emulator.mjs";

/** @typedef {{ id: string, name: string, mailbox: string, enabled?: boolean, profile?: object }} User */

/** A user who synchronises. */
export const ANNA = { id: "anna", name: "Anna Brandt", mailbox: "anna@example.com", profile: {} };
/** A user who may, but whose profile nobody saved. */
export const BELA = { id: "bela", name: "Béla Kovács", mailbox: "bela@example.com" };
/** A user who may not. */
export const CAROL = { id: "carol", name: "Carol Nguyen", mailbox: "carol@example.com", enabled: false };

/** Everybody, unless a test wants others. */
export const USERS = [ANNA, BELA, CAROL];

/** Microsoft 365 by Graph, as most tenants have it. */
export const MICROSOFT_365 = ({ tenantId, clientId, clientSecret }) => ({
  "profile-name": "Acme",
  credentials: {
    kind: "oauth",
    "tenant-id": tenantId,
    "client-id": clientId,
    "client-secret": clientSecret,
  },
});

/** Microsoft 365 by Exchange Web Services, as it was before Graph. */
export const MICROSOFT_365_BY_EWS = (app) => ({ ...MICROSOFT_365(app), "use-graph": false });

/** A server of the tenant's own, with an account that may act for all users. */
export const EXCHANGE_SERVER = () => ({
  "profile-name": "Acme",
  version: "subscription-edition",
  "server-address": "mail.acme.example",
  domain: SERVICE_ACCOUNT.domain,
  credentials: { kind: "basic", account: SERVICE_ACCOUNT.name, password: SERVICE_ACCOUNT.password },
});

/** The same where each user signs in with an own password. */
export const OWN_PASSWORDS = () => ({
  ...EXCHANGE_SERVER(),
  impersonate: false,
  credentials: { kind: "basic", account: "", password: "" },
});

/**
 * The file's text.
 *
 * @param {object | undefined} settings none for a tenant whose settings nobody saved yet
 * @param {User[]} users
 */
export function tenantFile(settings, users) {
  const tables = settings ? [`[settings]\n${table(settings)}`] : [];
  for (const user of users) tables.push(`[[resource]]\n${table(user)}`);
  return tables.join("\n");
}

const table = (fields) =>
  Object.entries(fields)
    .map(([name, value]) => `${name} = ${written(value)}\n`)
    .join("");

/** A value as TOML has it; a table within a table stands in braces. */
function written(value) {
  if (typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, value]) => `${name} = ${written(value)}`);
  return `{ ${fields.join(", ")} }`;
}

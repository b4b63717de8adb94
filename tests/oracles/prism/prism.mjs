// Prism as a proxy: what it says of a request and its answer by Microsoft's OpenAPI file.

import { readFile } from "node:fs/promises";
import { createInstance, getHttpOperationsFromSpec } from "@stoplight/prism-http";
import { right } from "fp-ts/lib/TaskEither.js";
import pino from "pino";

// Gives `judge(request, answer)`. Without an answer the request goes to `upstream`, a server that
// answers below /v1.0; with one, that is what Prism takes for the upstream's.
export async function prism(file, upstream = "http://127.0.0.1/v1.0") {
  const operations = await getHttpOperationsFromSpec(closed(JSON.parse(await readFile(file, "utf8"))));
  const logger = Object.assign(pino({ level: "silent" }), { success() {} });
  const config = { isProxy: true, validateRequest: true, validateResponse: true, errors: false, upstream: new URL(upstream) };
  const instance = (components) => createInstance(config, { logger, ...components });
  const proxy = instance({});

  // `unlisted` says that the file lacks the path; a violation reads "request.body.start: …".
  return async function judge(request, answer) {
    const replaying = () => instance({ forward: () => () => right(answer) });
    const outcome = await (answer ? replaying() : proxy).request(request, operations)();
    if (outcome._tag === "Left") throw outcome.left;
    const { output, validations } = outcome.right;
    const told = (side, list) => list.map(({ path, message }) => `${[side, ...(path ?? [])].join(".")}: ${message}`);
    const violations = [...told("request", validations.input), ...told("response", validations.output)];
    const unlisted = violations.includes("request: Selected route not found");
    return { answer: output, unlisted, violations: unlisted ? [] : violations };
  };
}

// The file leaves objects open, so that a misspelt property would pass. Closed, they take only what
// they list, and annotations such as @odata.etag.
function closed(openapi) {
  for (const schema of Object.values(openapi.components.schemas)) {
    if (!schema.properties) continue;
    schema.additionalProperties = false;
    schema.patternProperties = { "@": {} };
  }
  return openapi;
}

// A request as Prism takes it; `target` is path and query, with or without /v1.0.
export function request(method, target, headers = {}, body = null) {
  const url = new URL(target, "http://127.0.0.1");
  const length = body === null ? {} : { "content-length": `${Buffer.byteLength(JSON.stringify(body))}` };
  return {
    method: method.toLowerCase(),
    url: { path: url.pathname.replace(/^\/v1\.0/, ""), query: Object.fromEntries(url.searchParams) },
    headers: { ...headers, ...length },
    body,
  };
}

// Hears exchanges, sets aside what is accepted, and tells what is left.

import { deviations, lacking } from "./deviations.mjs";

export class Verdict {
  #judge;
  #accepted;
  #heard = new Map();
  #wrong = new Map();

  // `of` is whose traffic this is, as in `deviations`.
  constructor(of, judge) {
    const entries = (list) => list.filter((entry) => entry.of.includes(of)).map((entry) => ({ ...entry, times: 0 }));
    this.#judge = judge;
    this.#accepted = { deviations: entries(deviations), lacking: entries(lacking) };
  }

  // Judges an exchange and gives its answer. `place` says where a reader finds it.
  async hear(request, answer, place) {
    const asked = `${request.method.toUpperCase()} ${target(request)}`;
    const outcome = await this.#judge(request, answer);
    if (!outcome.unlisted) {
      this.#weigh(asked, request, outcome, place);
      return outcome.answer;
    }
    const entry = this.#accepted.lacking.find((entry) => entry.request.test(asked));
    if (!entry) count(this.#wrong, `${kind(request)}: the file lacks the path`, place);
    else entry.times += 1;
    if (entry?.instead) {
      const listed = { ...request, url: { ...request.url, path: entry.instead(request.url.path) } };
      this.#weigh(asked, listed, await this.#judge(listed, outcome.answer), place);
    }
    return outcome.answer;
  }

  #weigh(asked, request, { answer, unlisted, violations }, place) {
    const status = answer.statusCode;
    const html = (answer.headers["content-type"] ?? "").startsWith("text/html");
    count(this.#heard, kind(request), place);
    if (unlisted) count(this.#wrong, `${kind(request)}: the file lacks this path too`, place);
    for (const says of violations) {
      const entry = this.#accepted.deviations.find(
        (entry) =>
          (!entry.request || entry.request.test(asked)) &&
          (!entry.status || [entry.status].flat().includes(status)) &&
          (!entry.html || html) &&
          entry.says.test(says),
      );
      if (entry) entry.times += 1;
      else count(this.#wrong, `${kind(request)} ${status}, ${says.replace(/\.\d+\b/g, ".N")}`, place);
    }
  }

  // Prints everything and gives the exit code. `needed` are kinds without which too little was heard.
  tell(needed) {
    const line = (times, text, note = "") => console.log(`  ${String(times).padStart(5)}  ${text}${note && `\n         ${note}`}`);
    console.log("judged by the file:");
    for (const [kind, places] of [...this.#heard].sort()) line(places.length, kind);
    console.log("the file lacks:");
    for (const entry of this.#accepted.lacking) line(entry.times, entry.request.source, entry.because);
    console.log("accepted deviations:");
    for (const entry of this.#accepted.deviations) line(entry.times, entry.says.source, entry.because);
    const failures = [...this.#wrong].map(([what, places]) => `${places.length} times ${what}\n         first in ${places[0]}`);
    for (const entry of Object.values(this.#accepted).flat())
      if (entry.times === 0) failures.push(`nothing needs this entry any more, take it out: ${entry.because}`);
    for (const kind of needed) if (!this.#heard.has(kind)) failures.push(`nothing was heard of ${kind}`);
    if (failures.length > 0) console.log("wrong:");
    for (const failure of failures) console.log(`  ${failure}`);
    return failures.length === 0 ? 0 : 1;
  }
}

function count(map, key, place) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(place);
}

function target({ url }) {
  const query = Object.entries(url.query).map(([name, value]) => `${name}=${value}`);
  return url.path + (query.length > 0 ? `?${query.join("&")}` : "");
}

// Method and path, ids replaced: those are long, or an address.
function kind({ method, url }) {
  const segment = (text) => (text.length > 30 || text.includes("@") || text.includes("%40") ? "{id}" : text);
  return `${method.toUpperCase()} ${url.path.split("/").map(segment).join("/")}`;
}

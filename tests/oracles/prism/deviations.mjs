// Where the OpenAPI file is narrower than Graph. Each entry says why; one that no longer matches
// anything is an error, and so is whatever no entry matches.

// What is wrong by the file and right by Graph. `of`: whose traffic it occurs in. `request` is
// compared with method and target, `says` with Prism's words.
export const deviations = [
  {
    of: ["traffic", "emulator"],
    request: /^PATCH /,
    status: 200,
    says: /^response: Unable to match the returned status code .*: 204,4XX$/,
    because: "Graph answers a PATCH with 200 and the whole item; the metadata lists 204 only.",
  },
  {
    of: ["emulator"],
    request: /^POST .*\/(accept|decline|cancel)$/,
    status: 202,
    says: /^response: Unable to match the returned status code .*: 204,4XX$/,
    because: "Graph answers actions on meetings with 202; the metadata lists 204 only.",
  },
  {
    of: ["traffic", "emulator"],
    request: /^GET .*\/calendarView\/delta\?\$(delta|skip)token=[0-9a-f]+$/,
    says: /^request\.query: Request query must have required property '(start|end)datetime'$/,
    because: "The window stands in the first request of a round; links that continue it hold it in their token.",
  },
  {
    of: ["traffic", "emulator"],
    request: /^GET .*\$expand=singleValueExtendedProperties\(\$filter=/,
    says: /^request\.query\.\$expand\.\d+: Request query parameter \$expand\.\d+ must be equal to one of the allowed values/,
    because: "The file lists names to expand without options; extended properties have to be expanded with a filter.",
  },
  {
    of: ["traffic"],
    request: /^GET .*\$expand=.*calendar\(/,
    status: 200,
    says: /^response\.body: Response body must NOT have additional properties; found 'calendar'$/,
    because: "The calendar of an event was expanded; the file's objects have no related ones.",
  },
  {
    of: ["traffic"],
    request: /^PATCH .*\/contacts\//,
    says: /^request\.body: Request body must NOT have additional properties; found 'singleValueExtendedProperties'$/,
    because: "Graph documents extended properties in a PATCH of an item; the metadata lists them for creations only.",
  },
  {
    of: ["traffic"],
    status: [500, 502, 503, 504],
    says: /^response: Unable to match the returned status code .*,4XX$/,
    because: "The file lists no answers of a server in trouble.",
  },
  {
    of: ["traffic"],
    html: true,
    says: /^response(: Unable to match the returned status code|: The received media type "text\/html; charset=utf-8" does not match|\.body: Response body must be object)/,
    because: "Sign-on pages and proxies on the way answer in Graph's place.",
  },
];

// Paths that the file lacks. Where it has the same resource at another path, that one judges.
export const lacking = [
  {
    of: ["traffic", "emulator"],
    request: /^POST \/\$batch$/,
    because: "The metadata knows no batches; of the traffic each part is judged by itself.",
  },
  {
    of: ["traffic", "emulator"],
    request: /^GET \/users\/[^/]+\/mailboxSettings(\?|$)/,
    because: "The file was cut to calendars, events and contacts.",
  },
  {
    of: ["traffic"],
    request: /^POST \/users\/[^/]+\/translateExchangeIds$/,
    because: "The file was cut to calendars, events and contacts.",
  },
  {
    of: ["traffic", "emulator"],
    request: /^(GET|PATCH|DELETE) \/users\/[^/]+\/calendar\/events\/[^/?]+(\?|$)/,
    instead: (path) => path.replace("/calendar/events/", "/events/"),
    because: "An event by the path of the default calendar; the file has it by the path of the mailbox.",
  },
];

// Microsoft's JavaScript client against the simulator: what its users do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as forward } from "node:http";
import { createServer } from "node:https";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const modules = resolve(process.env.NODE_MODULES ?? "node_modules");
const { Client, GraphError, PageIterator } = createRequire(`${modules}/`)("@microsoft/microsoft-graph-client");
const { ORIGIN, TOKEN } = process.env;

// The client sends tokens and follows links over https only: a proxy on a free port ends TLS.
const proxy = createServer({ key: readFileSync(process.env.TLS_KEY), cert: readFileSync(process.env.TLS_CERT) }, (request, response) => {
  const headers = { ...request.headers, "x-forwarded-proto": "https" };
  const inner = forward(ORIGIN + request.url, { method: request.method, headers }, (reply) => {
    response.writeHead(reply.statusCode, reply.headers);
    reply.pipe(response);
  });
  request.pipe(inner);
});
await new Promise((listening) => proxy.listen(0, "localhost", listening));
const client = Client.init({
  authProvider: (done) => done(null, TOKEN),
  baseUrl: `https://localhost:${proxy.address().port}/`,
  defaultVersion: "beta",
  // To other hosts than Microsoft's, a token is sent only where one says so.
  customHosts: new Set(["localhost"]),
});

async function admin(method, path, body) {
  const reply = await fetch(`${ORIGIN}/admin/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return reply.json();
}

// A list, over its pages.
const { incidents: total } = await admin("GET", "state");
const ids = new Set();
const first = await client.api("/security/incidents").top(50).count(true).get();
assert.equal(first["@odata.count"], total);
await new PageIterator(client, first, (incident) => ids.add(incident.id)).iterate();
assert.equal(ids.size, total);
console.log(`javascript: listed ${ids.size} incidents`);

// Alerts in the incident.
const types = new Set();
for (const id of [...ids].slice(0, 60)) {
  const incident = await client.api(`/security/incidents/${id}`).expand("alerts").get();
  for (const alert of incident.alerts) for (const evidence of alert.evidence) types.add(evidence["@odata.type"]);
}
assert.ok(types.size >= 40, `${types.size} types`);
console.log(`javascript: read evidence of ${types.size} types`);

// The reference page's update.
const update = { classification: "TruePositive", determination: "MultiStagedAttack", customTags: ["Demo"] };
const updated = await client.api("/security/incidents/2972395").patch(update);
assert.equal(updated.classification, "truePositive");
assert.deepEqual(updated.customTags, ["Demo"]);
console.log(`javascript: updated 2972395, last modified by ${updated.lastModifiedBy}`);

// A comment.
const comment = { "@odata.type": "microsoft.graph.security.alertComment", comment: "from JavaScript" };
const { value } = await client.api("/security/incidents/2972395/comments").post(comment);
assert.equal(value.at(-1).comment, "from JavaScript");
console.log(`javascript: commented, ${value.length} comments now`);

// A typed 404.
await assert.rejects(client.api("/security/incidents/1").get(), (error) => {
  assert.ok(error instanceof GraphError);
  assert.deepEqual([error.statusCode, error.code], [404, "NotFound"]);
  return true;
});
console.log("javascript: 404 is a GraphError with code NotFound");

// A 429 that is waited out.
await admin("POST", "faults/script", [[{ kind: "status", status: 429, retryAfter: 1 }]]);
const { total: before } = await admin("GET", "requests?limit=1");
const { id } = await client.api("/security/incidents/2972395").get();
const { requests } = await admin("GET", `requests?after=${before}`);
assert.equal(id, "2972395");
assert.deepEqual(requests.map((request) => request.status), [429, 200]);
console.log("javascript: waited out a 429");
proxy.closeAllConnections();
proxy.close();

'use strict';
const PAGE = 15;
const $ = (id) => document.getElementById(id);
const make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (className) element.className = className;
  return element;
};
/// A name in camel case may wrap between its words only.
const words = (name) => {
  const element = make('span');
  for (const part of name.split(/(?=[A-Z])/)) element.append(part, make('wbr'));
  return element;
};
const button = (text, action, className) => {
  const element = make('button', text, className);
  element.type = 'button';
  element.addEventListener('click', action);
  return element;
};
const ask = async (path, method = 'GET', body) => {
  const reply = await fetch(`/admin/${path}`, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const json = await reply.json();
  if (!reply.ok) throw new Error(json.error ?? `${method} ${path}: ${reply.status}`);
  return json;
};
const times = new Map();
const seen = [];
let last = 0;
let skip = 0;
let paused = false;
let examples = [];

function showState(state) {
  for (const name of ['incidents', 'requests', 'writes']) $(name).textContent = state[name].toLocaleString('en');
  $('health').textContent = `up for ${state.uptimeSeconds} s`;
  if ($('try')) $('try').textContent = `curl -H 'Authorization: Bearer ${state.token}' '${location.origin}/beta/security/incidents?$top=1'`;
  if (!$('profile').options.length) {
    $('profile').append(...state.profiles.map((name) => make('option', name)), make('option', 'custom'));
    $('profile').lastChild.disabled = true;
    examples = state.faultKinds;
    $('kind').append(...examples.map(({ kind }) => make('option', kind)));
    $('operation').append(...state.operations.map((name) => make('option', name)));
    showSettings();
  }
  $('profile').value = state.profile ?? 'custom';
  $('throttling').replaceChildren(...(state.throttling.length ? state.throttling.map(usage) : [make('p', 'No limit is in force, or no call was made yet.', 'quiet')]));
  showFaults(state.faults);
}
function usage({ application, limit, used, easesInMs }) {
  const box = make('div');
  const full = used >= limit.calls;
  box.append(make('span', `${used} of ${limit.calls} in ${limit.windowMs / 1000} s`, full ? 'bad number' : 'number'));
  box.append(make('span', full ? `· free again in ${Math.ceil(easesInMs / 1000)} s` : '', 'quiet'), make('div', application, 'quiet mono'));
  const bar = make('div', undefined, 'bar');
  const fill = make('i', undefined, full ? 'full' : '');
  fill.style.width = `${Math.min(100, 100 * used / Math.max(1, limit.calls))}%`;
  bar.append(fill);
  box.append(bar);
  return box;
}
function settingsOf(fault) {
  return Object.entries(fault).filter(([name, value]) => name !== 'kind' && value !== null).map(([name, value]) => `${name}: ${value}`).join(', ');
}
function showSettings() {
  const fault = examples.find(({ kind }) => kind === $('kind').value);
  $('settings').textContent = fault ? settingsOf(fault) : '';
}
function showFaults(faults) {
  const rows = faults.map(({ id, rule, seen, struck }) => {
    const row = make('li');
    row.dataset.rule = id;
    const name = words(rule.fault.kind);
    name.className = 'bad';
    const where = rule.operations.length ? rule.operations.join(', ') : 'all operations';
    const percent = Number((rule.probability * 100).toPrecision(3));
    const most = rule.times === null ? '' : `, at most ${rule.times} times`;
    row.append(make('span', `#${id}`, 'quiet number'), name, make('span', `${percent} % of ${where}${most}`));
    row.append(make('span', `struck ${struck} of ${seen}`, 'quiet number'), make('span', settingsOf(rule.fault), 'quiet mono'));
    const remove = button('Remove', () => ask(`faults/${id}`, 'DELETE').then(refresh));
    remove.setAttribute('aria-label', `Remove ${rule.fault.kind}`);
    row.append(remove);
    return row;
  });
  if (!rows.length) rows.push(make('li', 'No fault is set.', 'quiet'));
  const before = [...$('faults').children].map((row) => row.textContent).join();
  if (before !== rows.map((row) => row.textContent).join()) $('faults').replaceChildren(...rows);
}
function showIncidents({ total, incidents }) {
  const rows = incidents.map((incident) => {
    const row = make('tr');
    const before = times.get(incident.id);
    if (before && before !== incident.lastUpdateDateTime) row.className = 'fresh';
    times.set(incident.id, incident.lastUpdateDateTime);
    const id = make('td');
    id.append(button(incident.id, () => { location.hash = `incident=${encodeURIComponent(incident.id)}`; }, 'link mono'));
    row.append(id, make('td', incident.displayName));
    for (const name of ['status', 'severity']) {
      const cell = make('td', undefined, name === 'severity' ? 'wide' : '');
      cell.append(make('span', incident[name], `tag ${incident[name]}`));
      row.append(cell);
    }
    row.append(make('td', incident.assignedTo ?? '—', 'wide'), make('td', (incident.lastUpdateDateTime ?? '').slice(0, 19).replace('T', ' '), 'wide number'));
    return row;
  });
  const text = rows.map((row) => row.textContent).join();
  if ($('list').dataset.text !== text) {
    const focused = document.activeElement?.closest('#list') ? document.activeElement.textContent : null;
    $('list').replaceChildren(...rows);
    $('list').dataset.text = text;
    if (focused) [...$('list').querySelectorAll('button')].find((link) => link.textContent === focused)?.focus();
  }
  $('range').textContent = total ? `${(skip + 1).toLocaleString('en')}–${(skip + incidents.length).toLocaleString('en')} of ${total.toLocaleString('en')}` : 'none';
  $('previous').disabled = skip === 0;
  $('next').disabled = skip + PAGE >= total;
}
const readable = (target) => {
  try { return decodeURIComponent(target.replaceAll('+', ' ')); } catch { return target; }
};
function line(request) {
  const item = make('li');
  item.dataset.text = [request.method, readable(request.target), request.status, request.operation, request.application, ...request.faults].join(' ').toLowerCase();
  item.dataset.failed = request.status >= 400 || request.faults.length > 0;
  const kind = request.status >= 500 ? 'bad' : request.status >= 400 ? 'warn' : 'good';
  const row = button(undefined, () => { location.hash = `request=${request.sequence}`; }, 'mono');
  const target = make('span', readable(request.target), 'target');
  for (const fault of request.faults) target.append(' ', make('span', fault, 'tag bad'));
  row.append(make('time', request.at.slice(11, 19), 'quiet'), make('span', request.method), make('b', request.status, kind), target);
  item.append(row);
  return item;
}
function showRequests(requests) {
  if (!requests.length) return;
  if (!last) $('log').replaceChildren();
  last = requests.at(-1).sequence;
  for (const request of requests) {
    seen.push(request);
    $('log').prepend(line(request));
  }
  while (seen.length > 500) seen.shift();
  while ($('log').children.length > 500) $('log').lastChild.remove();
  filter();
}
function filter() {
  const wanted = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of $('log').children) {
    if (!item.dataset.text) continue;
    const fits = wanted.every((word) => item.dataset.text.includes(word));
    item.hidden = !fits || ($('failed').checked && item.dataset.failed !== 'true');
  }
}

const shown = (body) => 'json' in body ? JSON.stringify(body.json, null, 2) : body.text ?? `base64: ${body.base64}`;
function block(heading, headers, body) {
  const box = make('div');
  box.append(make('h3', heading));
  const list = make('details');
  list.append(make('summary', `${Object.keys(headers).length} headers`), make('pre', Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n')));
  box.append(list);
  if (body) box.append(make('pre', body));
  return box;
}
async function showRequest(sequence) {
  const { entry, exchange } = await ask(`requests/${sequence}`);
  const parts = [];
  parts.push(make('p', `${entry.operation ?? 'no operation'} · ${entry.durationUs} µs · request-id ${entry.requestId} · ${entry.application || 'no application'}`, 'quiet'));
  entry.faults.forEach((fault, index) => {
    const why = make('p', undefined, 'bad');
    why.append(words(fault), `: ${entry.reasons[index] ?? 'unknown reason'}`);
    parts.push(why);
  });
  if (!exchange) {
    parts.push(make('p', 'The bodies are no longer kept: only those of the last 1,000 requests are, up to 4 MiB of them.', 'quiet'), make('pre', entry.body));
  } else {
    parts.push(block('Request', exchange.requestHeaders, shown(exchange.requestBody)), block(`Response: ${exchange.status}`, exchange.headers, shown(exchange.body)));
    const before = seen.filter((other) => other.sequence < entry.sequence && other.operation === entry.operation && readable(other.target).split('?')[0] === readable(entry.target).split('?')[0]).at(-1);
    if (before) parts.push(button(`Compare with the previous request, ${before.sequence}`, () => { location.hash = `compare=${before.sequence},${entry.sequence}`; }));
  }
  open(`${entry.method} ${readable(entry.target)}: ${entry.status}`, parts);
}
/// The lines that differ: the longest common subsequence, after what is the same at both ends.
function difference(one, other) {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const a = one.slice(start, one.length - end);
  const b = other.slice(start, other.length - end);
  const same = (lines) => lines.map((text) => [' ', text]);
  const middle = [];
  if (a.length * b.length > 4e6) {
    middle.push(...a.map((text) => ['-', text]), ...b.map((text) => ['+', text]));
  } else {
    const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    let i = 0;
    let j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && a[i] === b[j]) { middle.push([' ', a[i]]); i++; j++; }
      else if (j >= b.length || (i < a.length && table[i + 1][j] >= table[i][j + 1])) middle.push(['-', a[i++]]);
      else middle.push(['+', b[j++]]);
    }
  }
  return [...same(one.slice(0, start)), ...middle, ...same(one.slice(one.length - end))];
}
async function compare(first, second) {
  const [one, other] = await Promise.all([first, second].map((sequence) => ask(`requests/${sequence}`)));
  if (!one.exchange || !other.exchange) return open('Compare', [make('p', 'The bodies are no longer kept.', 'quiet')]);
  const parts = [['Request', 'requestBody'], ['Response', 'body']].flatMap(([heading, body]) => {
    const lines = difference(shown(one.exchange[body]).split('\n'), shown(other.exchange[body]).split('\n'));
    const text = make('pre');
    const near = (index) => lines.slice(Math.max(0, index - 2), index + 3).some(([mark]) => mark !== ' ');
    lines.forEach(([mark, content], index) => {
      if (mark !== ' ' || near(index)) text.append(make('span', `${mark} ${content}`, mark === '+' ? 'added' : mark === '-' ? 'removed' : ''));
    });
    if (!text.children.length) text.append(make('span', 'no difference'));
    return [make('h3', heading), text];
  });
  open(`Request ${first} (−) and ${second} (+)`, parts);
}
function properties(object, leave = []) {
  const list = make('dl');
  for (const [name, value] of Object.entries(object)) {
    if (leave.includes(name) || value === null || (Array.isArray(value) && !value.length)) continue;
    const label = make('dt');
    label.append(words(name));
    const content = make('dd');
    if (typeof value === 'object') content.append(make('pre', JSON.stringify(value, null, 2)));
    else content.textContent = value;
    list.append(label, content);
  }
  return list;
}
async function showIncident(id) {
  const { incident, alerts } = await ask(`incidents/${encodeURIComponent(id)}`);
  const parts = [properties(incident, ['comments']), make('h3', `Comments (${(incident.comments ?? []).length})`)];
  for (const comment of incident.comments ?? []) parts.push(make('p', `${comment.createdByDisplayName}, ${(comment.createdDateTime ?? '').slice(0, 16).replace('T', ' ')}: ${comment.comment}`));
  parts.push(make('h3', `Alerts (${alerts.length})`));
  for (const alert of alerts) {
    const box = make('details');
    const evidence = alert.evidence ?? [];
    box.append(make('summary', `${alert.title} · ${alert.status} · ${evidence.length} evidence`), properties(alert, ['evidence']));
    for (const item of evidence) {
      const inner = make('details');
      inner.append(make('summary', (item['@odata.type'] ?? 'evidence').split('.').at(-1)), properties(item));
      box.append(inner);
    }
    parts.push(box);
  }
  open(`Incident ${id}: ${incident.displayName ?? ''}`, parts);
}
function open(heading, parts) {
  $('detail-heading').textContent = heading;
  $('detail-body').replaceChildren(...parts);
  if (!$('detail').open) $('detail').showModal();
  $('detail').scrollTop = 0;
}
async function follow() {
  const [kind, value] = location.hash.slice(1).split('=');
  try {
    if (kind === 'request') await showRequest(Number(value));
    else if (kind === 'incident') await showIncident(decodeURIComponent(value));
    else if (kind === 'compare') await compare(...value.split(',').map(Number));
    else if ($('detail').open) $('detail').close();
  } catch (error) {
    open('Not found', [make('p', error.message)]);
  }
}
async function refresh() {
  try {
    const [state, incidents, { requests }] = await Promise.all([ask('state'), ask(`incidents?limit=${PAGE}&skip=${skip}`), ask(`requests?after=${last}&limit=200`)]);
    showState(state);
    showIncidents(incidents);
    showRequests(requests);
  } catch (error) {
    $('health').textContent = `The simulator does not respond: ${error.message}`;
  }
}
$('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const rule = { fault: examples.find(({ kind }) => kind === $('kind').value), probability: $('probability').value / 100 };
  if ($('operation').value) rule.operations = [$('operation').value];
  if ($('times').value) rule.times = Number($('times').value);
  try {
    await ask('faults', 'POST', rule);
    $('refused').textContent = '';
  } catch (error) {
    $('refused').textContent = error.message;
  }
  refresh();
});
$('kind').addEventListener('change', showSettings);
$('profile').addEventListener('change', () => ask('profile', 'PUT', { named: $('profile').value }).then(refresh));
$('reset').addEventListener('click', () => ask('throttling', 'DELETE').then(refresh));
$('clear').addEventListener('click', () => ask('faults', 'DELETE').then(refresh));
$('previous').addEventListener('click', () => { skip = Math.max(0, skip - PAGE); refresh(); });
$('next').addEventListener('click', () => { skip += PAGE; refresh(); });
$('filter').addEventListener('input', filter);
$('failed').addEventListener('change', filter);
$('pause').addEventListener('click', () => {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', paused);
  $('pause').textContent = paused ? 'Go on' : 'Pause';
});
$('close').addEventListener('click', () => $('detail').close());
$('detail').addEventListener('close', () => { if (location.hash) history.pushState(null, '', location.pathname); });
window.addEventListener('hashchange', follow);
window.addEventListener('popstate', follow);
(async function live() {
  const first = !last;
  if (!document.hidden && !paused) await refresh();
  if (first && location.hash && !$('detail').open) await follow();
  setTimeout(live, 1000);
})();

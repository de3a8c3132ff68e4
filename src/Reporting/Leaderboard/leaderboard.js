'use strict';
// Rows are arrays; COLUMNS say what stands where. All text goes in by textContent: a name cannot be markup.
const data = JSON.parse(document.getElementById('data').textContent);
const score = v => v === null ? '–' : v.toFixed(4);
const time = s => s === null ? '–' : s < 120 ? s.toFixed(1) + ' s' : s < 7200 ? (s / 60).toFixed(1) + ' min' : (s / 3600).toFixed(1) + ' h';
const date = s => new Date(s * 1000).toISOString().slice(0, 16).replace('T', ' ');
const COLUMNS = [
  { name: 'experiment', at: 0, width: '15rem' },
  { name: 'tag', at: 1, width: '11rem' },
  { name: 'dice', title: 'Dice [95 %]', at: 2, width: '13rem', number: true, text: r => r[2] === null ? '–' : `${score(r[2])} [${score(r[3])}, ${score(r[4])}]${r[METRIC] ? ' ' + r[METRIC] : ''}` },
  { name: 'members', at: 5, width: '6rem', number: true },
  { name: 'data', at: 6, width: '6.5rem' },
  { name: 'cases', title: 'cases / patients', at: 7, width: '8.5rem', number: true, text: r => `${r[7]} / ${r[8]}` },
  { name: 'commit', at: 9, width: '7rem' },
  { name: 'made', title: 'made (UTC)', at: 10, width: '10.5rem', number: true, text: r => date(r[10]) },
  { name: 'time', at: 11, width: '6.5rem', number: true, text: r => time(r[11]) },
  { name: 'processor', at: 12, width: '7rem', number: true, text: r => time(r[12]) },
  { name: 'cost', at: 13, width: '7rem', number: true, key: r => parseFloat(r[13]) },
  { name: 'reproduced', at: 14, width: '22rem' },
];
const HEIGHT = 30, [CLASSES, SETTINGS, MEMBERS, METRIC] = [16, 17, 18, 19];
const board = document.getElementById('board'), head = document.getElementById('head'), body = document.getElementById('body'), rows = document.getElementById('rows');
const grid = COLUMNS.map(c => c.width).join(' ');
let shown = [], sort = { column: COLUMNS[2], down: true }, chosen = [];

const element = (tag, text, className) => {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (className) e.className = className;
  return e;
};
const value = (row, column) => column.key ? column.key(row) : row[column.at];
const settingsOf = row => { const map = new Map(); for (let i = 0; i < row[SETTINGS].length; i += 2) map.set(data.settings[row[SETTINGS][i]], data.values[row[SETTINGS][i + 1]]); return map; };
const classesOf = row => { const map = new Map(); for (let i = 0; i < row[CLASSES].length; i += 4) map.set(data.classes[row[CLASSES][i]], row[CLASSES].slice(i + 1, i + 4)); return map; };
const membersOf = row => { const map = new Map(); for (let i = 0; i < row[MEMBERS].length; i += 2) map.set(data.members[row[MEMBERS][i]], row[MEMBERS][i + 1]); return map; };

// Words that all must hold: a text, NAME=VALUE, or NAME>NUMBER; NAME is a column, a setting or a class.
function predicate(word) {
  const parts = /^([^=<>]+)([=<>])(.*)$/.exec(word);
  if (!parts) {
    const text = word.toLowerCase();
    const values = new Set(); data.values.forEach((v, i) => { if (v.toLowerCase().includes(text)) values.add(i); });
    return r => r[0].toLowerCase().includes(text) || r[1].toLowerCase().includes(text) || r[6].includes(text) || r[9].includes(text) || r[14].toLowerCase().includes(text)
      || r[SETTINGS].some((v, i) => i % 2 === 1 && values.has(v));
  }
  const [, name, sign, right] = parts, column = COLUMNS.find(c => c.name === name), setting = data.settings.indexOf(name), k = data.classes.indexOf(name);
  const left = r => {
    if (column) return value(r, column);
    if (k >= 0) for (let i = 0; i < r[CLASSES].length; i += 4) if (r[CLASSES][i] === k) return r[CLASSES][i + 1];
    if (setting >= 0) for (let i = 0; i < r[SETTINGS].length; i += 2) if (r[SETTINGS][i] === setting) return data.values[r[SETTINGS][i + 1]];
    return null;
  };
  return r => { const l = left(r); return l !== null && (sign === '=' ? String(l) === right : sign === '>' ? Number(l) > Number(right) : Number(l) < Number(right)); };
}

function arrange() {
  const tests = document.getElementById('filter').value.trim().split(/\s+/).filter(w => w).map(predicate);
  shown = data.rows.filter(r => tests.every(t => t(r)));
  const { column, down } = sort, empty = v => v === null || v === '' || Number.isNaN(v);
  shown.sort((a, b) => {
    const x = value(a, column), y = value(b, column);
    if (empty(x) || empty(y)) return empty(x) - empty(y);           // nothing comes last, whichever way
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
  });
  document.getElementById('count').textContent = `${shown.length} of ${data.rows.length}`;
  head.replaceChildren(...COLUMNS.map(c => {
    const b = element('button', (c.title ?? c.name) + (c === column ? down ? ' ▾' : ' ▴' : ''), c.number ? 'n' : '');
    b.setAttribute('role', 'columnheader');
    b.setAttribute('aria-sort', c !== column ? 'none' : down ? 'descending' : 'ascending');
    b.onclick = () => { sort = { column: c, down: c === column ? !down : !!c.number }; arrange(); };
    return b;
  }));
  head.style.gridTemplateColumns = grid;
  body.style.height = shown.length * HEIGHT + 'px';
  board.scrollTop = 0;
  draw();
}

function draw() {
  const first = Math.max(0, Math.floor(board.scrollTop / HEIGHT) - 8), last = Math.min(shown.length, first + Math.ceil(board.clientHeight / HEIGHT) + 16);
  rows.style.top = first * HEIGHT + 'px';
  rows.replaceChildren(...shown.slice(first, last).map(r => {
    const line = element('div', undefined, chosen.includes(r) ? 'row chosen' : 'row');
    line.setAttribute('role', 'row');
    line.style.gridTemplateColumns = grid;
    line.onclick = () => choose(r);
    for (const c of COLUMNS) { const cell = element('span', c.text ? c.text(r) : r[c.at], c.number ? 'n' : ''); cell.setAttribute('role', 'cell'); cell.title = cell.textContent; line.append(cell); }
    return line;
  }));
}

function choose(row) {
  chosen = chosen.includes(row) ? chosen.filter(r => r !== row) : [...chosen, row].slice(-2);
  draw();
  compare();
}

const NS = 'http://www.w3.org/2000/svg';
function shape(tag, attributes, text) {
  const e = document.createElementNS(NS, tag);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  return e;
}

// A dot a class and row, a line for its interval.
function chart(a, b) {
  const [ca, cb] = [classesOf(a), classesOf(b)], names = [...new Set([...ca.keys(), ...cb.keys()])];
  const left = 150, width = 820, step = 26, x = v => left + v * (width - left - 20), svg = shape('svg', { viewBox: `0 0 ${width} ${names.length * step + 30}`, role: 'img', 'aria-label': 'Dice by class of both' });
  for (let t = 0; t <= 10; t += 2) svg.append(shape('line', { class: 'grid', x1: x(t / 10), x2: x(t / 10), y1: 0, y2: names.length * step }), shape('text', { x: x(t / 10), y: names.length * step + 16, 'text-anchor': 'middle' }, (t / 10).toFixed(1)));
  names.forEach((name, i) => {
    svg.append(shape('text', { x: left - 8, y: i * step + 17, 'text-anchor': 'end' }, name));
    [[ca.get(name), 'a', 9], [cb.get(name), 'b', 18]].forEach(([v, c, dy]) => {
      if (!v || v[0] === null) return;
      const y = i * step + dy;
      svg.append(shape('line', { class: c, x1: x(v[1]), x2: x(v[2]), y1: y, y2: y, 'stroke-width': 1.5 }), shape('circle', { class: c, cx: x(v[0]), cy: y, r: 3.2 }));
    });
  });
  return svg;
}

function table(headings, lines) {
  const box = element('div', undefined, 'scroll'), t = element('table'), top = element('tr'), all = element('tbody');
  headings.forEach((h, i) => top.append(element('th', h, i ? 'n' : '')));
  for (const line of lines) { const tr = element('tr'); line.forEach((c, i) => tr.append(element(i ? 'td' : 'th', c, i ? 'n' : ''))); all.append(tr); }
  const h = element('thead'); h.append(top); t.append(h, all); box.append(t);
  return box;
}

function compare() {
  const section = document.getElementById('compare');
  section.hidden = chosen.length < 2;
  if (section.hidden) return;
  const [a, b] = chosen, title = r => `${r[1] || r[0]} (${r[15]})`, sign = d => (d < 0 ? '−' : d > 0 ? '+' : '±') + Math.abs(d).toFixed(4);
  const [sa, sb] = [settingsOf(a), settingsOf(b)];
  const settings = [...new Set([...sa.keys(), ...sb.keys()])].filter(k => sa.get(k) !== sb.get(k)).sort().map(k => [k, sa.get(k) ?? '–', sb.get(k) ?? '–']);
  const numbers = (x, y) => [score(x ?? null), score(y ?? null), x == null || y == null ? '–' : sign(y - x)];
  const [ca, cb, ma, mb] = [classesOf(a), classesOf(b), membersOf(a), membersOf(b)], both = (p, q) => [...new Set([...p.keys(), ...q.keys()])];
  const legend = element('p');
  legend.append(element('span', undefined, 'key'), title(a), element('span', undefined, 'key'), title(b));
  legend.children[0].style.background = 'var(--s1)'; legend.children[1].style.background = 'var(--s2)';
  const heads = ['', title(a), title(b)];
  section.replaceChildren(element('h2', 'Two results'), legend,
    ...a[6] === b[6] ? [] : [element('p', 'These were measured on different cases: the numbers are not comparable.', 'warning')],
    element('h3', a[METRIC] || b[METRIC] ? 'Scores' : 'Dice by class'), chart(a, b),
    element('h3', 'Metrics'), table([...heads, 'difference'], [[a[METRIC] || 'Dice', ...numbers(a[2], b[2])],
      ...both(ca, cb).map(k => [a[METRIC] || b[METRIC] ? k : `Dice ${k}`, ...numbers(ca.get(k)?.[0], cb.get(k)?.[0])]), ...both(ma, mb).map(k => [`member ${k}`, ...numbers(ma.get(k), mb.get(k))])]),
    element('h3', 'Settings that differ'), settings.length ? table(heads, settings) : element('p', 'None.'));
}

board.addEventListener('scroll', draw, { passive: true });
window.addEventListener('resize', draw);
let wait = 0;
document.getElementById('filter').addEventListener('input', () => { clearTimeout(wait); wait = setTimeout(arrange, 80); });
arrange();
board.dataset.ready = Math.round(performance.now() + board.offsetHeight * 0);   // laid out: for whoever measures

'use strict';
const read = id => { const at = document.getElementById(id); return at ? JSON.parse(at.textContent) : []; };
const runs = read('sample-runs');
const heats = read('heat-maps').map(text => Uint8Array.from(atob(text), c => c.charCodeAt(0)));
const boxes = [...document.querySelectorAll('input[data-class]')];
const on = () => boxes.filter(b => b.checked).map(b => +b.dataset.class);

function paintSamples(classes) {
  for (const canvas of document.querySelectorAll('canvas[data-sample]')) {
    const context = canvas.getContext('2d');
    const width = canvas.width;
    context.clearRect(0, 0, width, canvas.height);
    for (const k of classes) {
      context.fillStyle = boxes[k].dataset.colour;
      context.globalAlpha = 0.5;
      const of = runs[+canvas.dataset.sample][k] || [];
      for (let i = 0; i < of.length; i += 2) {
        for (let at = of[i], left = of[i + 1]; left > 0;) {
          const x = at % width, length = Math.min(left, width - x);
          context.fillRect(x, (at - x) / width, length, 1);
          at += length;
          left -= length;
        }
      }
    }
  }
}

function paintHeat(classes) {
  const canvas = document.getElementById('heat');
  if (!canvas) return;
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < canvas.width * canvas.height; i++) {
    let most = 0;
    for (const k of classes) most = Math.max(most, heats[k][i]);
    const v = most / 255;
    image.data.set([255 * Math.min(1, 1.6 * v), 255 * Math.max(0, 1.5 * v - 0.35), 255 * (v < 0.5 ? 0.9 * v : 0.9 - 0.9 * v + 0.5 * (v - 0.5)), 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

function paint() { const classes = on(); paintSamples(classes); paintHeat(classes); }
for (const box of boxes) box.addEventListener('change', paint);
for (const button of document.querySelectorAll('button[data-all]')) {
  button.addEventListener('click', () => { for (const box of boxes) box.checked = button.dataset.all === '1'; paint(); });
}
paint();

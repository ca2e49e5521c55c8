/** Elements, made and changed without a line of HTML in a string. */

const SVG = 'http://www.w3.org/2000/svg';

function give(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else if (name in node && typeof value !== 'string') node[name] = value;
  else node.setAttribute(name, value === true ? '' : String(value));
}

function made(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) give(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Return an HTML element; `onclick` and its like are listeners. */
export const el = (tag, attributes, ...children) => made(document.createElement(tag), attributes, children);

/** Return an SVG element. */
export const svg = (tag, attributes, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) node.setAttribute(name, String(value));
  node.append(...children.flat(Infinity).filter(Boolean));
  return node;
};

/** Change attributes of a node that stands already. */
export const set = (node, attributes) => made(node, attributes, []);

/** Put children in place of those that are there; nothing is touched when the text is the same. */
export function put(node, ...children) {
  const [only] = children;
  if (children.length === 1 && typeof only === 'string') {
    if (node.textContent !== only) node.textContent = only;
    return node;
  }
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Say one sentence to a screen reader, at most once in `gap` seconds unless it is urgent. */
const spoken = { at: -Infinity };
export function announce(sentence, { gap = 30, urgent = false } = {}) {
  const now = performance.now() / 1000;
  if (!urgent && now - spoken.at < gap) return;
  spoken.at = now;
  put(document.getElementById('polite'), sentence);
}

/** Several lines of text as paragraphs. */
export const paragraphs = (text, attributes) => text.trim().split('\n').filter(Boolean).map((line) => el('p', attributes, line));

/** A way to save text or bytes as a file. */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

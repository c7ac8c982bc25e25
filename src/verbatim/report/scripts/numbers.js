// Numbers as the page's Python writes them (formats.py), and elements made without markup: foreign text stays text.

const MINUS = "\u2212", UNKNOWN = "\u2013";

function rounded(value, digits) {
  const size = Math.abs(value), tens = size * 10 ** digits;
  const tie = Number.isInteger(size * 8) && tens % 1 === 0.5;  // Python rounds exact halves to even
  return tie ? (2 * Math.round(tens / 2) / 10 ** digits).toFixed(digits) : size.toFixed(digits);
}

function fixed(value, digits) {
  const text = rounded(value, digits);
  return (value < 0 && Number(text) !== 0 ? MINUS : "") + text.replace(".", DATA.marks.decimal);
}

const plain = (value, digits = 1) => (Number.isFinite(value) ? fixed(value, digits) : UNKNOWN);

function signed(value, digits = 1) {
  const text = plain(value, digits);
  return value > 0 && Number(rounded(value, digits)) !== 0 ? `+${text}` : text;
}

const interval = (low, high, digits = 1) => `[${plain(low, digits)}${DATA.marks.between}${plain(high, digits)}]`;
const signedInterval = (low, high) => `[${signed(low)}${DATA.marks.between}${signed(high)}]`;
const whole = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, DATA.marks.group);
const percent = (share) => (share >= 0.0995 || share === 0 ? `${fixed(100 * share, 0)} %` : `${fixed(100 * share, 1)} %`);

// A text of the catalogue with its {gaps} filled.
const text = (key, gaps = {}) => DATA.texts[`script.${key}`].replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
const counted = (n, key) => text(n === 1 ? `${key}.one` : `${key}.many`, { n: whole(n) });

function listed(parts) {
  return parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} ${text("and")} ${parts.at(-1)}`;
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const byId = (id) => document.getElementById(id);

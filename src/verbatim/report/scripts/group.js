// A group of responses by score category, segment values and period: its size, its NPS, what it speaks of.

const CATEGORIES = ["promoter", "passive", "detractor"];

function readChoice() {
  const categories = CATEGORIES.filter((name) => byId(`filter-${name}`)?.checked).map((name) => CATEGORIES.indexOf(name));
  const segments = DATA.segments.map((_, i) => Number(byId(`filter-segment-${i}`).value));
  const from = byId("filter-from"), to = byId("filter-to");
  const last = DATA.periods.length - 1, range = from ? [Number(from.value), Number(to.value)] : [0, last];
  return {
    categories: categories.length ? categories : null,
    segments,
    range: range[0] === 0 && range[1] === last ? null : range,
  };
}

function holds(choice, category, period, values) {
  if (choice.categories && !choice.categories.includes(category)) return false;
  if (choice.range && (period < choice.range[0] || period > choice.range[1] || period < 0)) return false;
  return choice.segments.every((wanted, i) => wanted < 0 || values[i] === wanted);
}

const nothingChosen = (choice) => !choice.categories && !choice.range && choice.segments.every((value) => value < 0);

// Adjusted Wald interval (Rocks 2016), as nps.py: sums of weights and squares per category, Kish's n.
function npsOf(group) {
  const total = group.w[0] + group.w[1] + group.w[2];
  if (!(total > 0)) return null;
  const score = 100 * (group.w[0] - group.w[2]) / total, n = total ** 2 / group.w2;
  const p = (group.w[0] / total * n + 0.75) / (n + 3), d = (group.w[2] / total * n + 0.75) / (n + 3);
  const half = 100 * DATA.whatIf.z * Math.sqrt((p + d - (p - d) ** 2) / (n + 3)), centre = 100 * (p - d);
  return { score, low: Math.max(-100, Math.min(score, centre - half)), high: Math.min(100, Math.max(score, centre + half)) };
}

function gather(choice) {
  const { category, commented, period, segments, n, w = n, w2 = n } = DATA.cells;
  const group = { n: 0, scored: 0, comments: 0, w: [0, 0, 0], w2: 0, counts: [0, 0, 0] };
  const inside = new Uint8Array(n.length);
  for (let i = 0; i < n.length; i += 1) {
    if (!holds(choice, category[i], period[i], segments.map((values) => values[i]))) continue;
    inside[i] = 1;
    group.n += n[i];
    if (commented[i]) group.comments += n[i];
    if (category[i] < 3) {
      group.scored += n[i];
      group.counts[category[i]] += n[i];
      group.w[category[i]] += w[i];
      group.w2 += w2[i];
    }
  }
  group.mentions = DATA.cells.mentions.map((pairs) => {
    let sum = 0;
    for (let i = 0; i < pairs.length; i += 2) if (inside[pairs[i]]) sum += pairs[i + 1];
    return sum;
  });
  return group;
}

function headline(choice, group) {
  if (group.n < DATA.minimum) return text("group.small", { minimum: DATA.minimum });
  const size = `${counted(group.n, "responses")}, ${text("group.comments", { n: whole(group.comments) })}`;
  if (choice.categories) return text("group.category", { size });
  const nps = group.scored < DATA.minimum ? null : npsOf(group);
  if (!nps) return text("group.unscored", { size, minimum: DATA.minimum });
  Object.assign(byId("group-answer").dataset, nps, { n: group.scored });
  const figures = { nps: plain(nps.score, 0), interval: interval(nps.low, nps.high, 0) };
  return text("group.nps", { ...figures, scored: counted(group.scored, "scored"), size });
}

const SHOWN_THEMES = 10;

function themeRows(group, all) {
  const order = DATA.themes.map((_, i) => i).sort((a, b) => group.mentions[b] - group.mentions[a] || a - b);
  return order.slice(0, SHOWN_THEMES).filter((i) => group.mentions[i] > 0).map((i) => {
    const few = group.mentions[i] < DATA.minimum, share = group.mentions[i] / group.comments;
    return element("tr", {},
      element("th", { scope: "row" }, element("bdi", {}, DATA.themes[i].name)),
      element("td", {}, few ? text("group.few", { minimum: DATA.minimum }) : whole(group.mentions[i])),
      element("td", {}, few ? UNKNOWN : percent(share)),
      element("td", {}, all.mentions[i] < DATA.minimum ? UNKNOWN : percent(all.mentions[i] / all.comments)));
  });
}

// The ranking of one segment value, where that is all that was chosen: effects are never computed here.
function ranking(choice) {
  const chosen = choice.segments.map((value, i) => [i, value]).filter(([, value]) => value >= 0);
  if (nothingChosen(choice)) return [text("ranking.all")];
  if (choice.categories || choice.range || chosen.length !== 1) return [text("ranking.combined")];
  const [i, value] = chosen[0], rows = DATA.segments[i].rankings[value];
  if (!rows.length) return [text("ranking.few")];
  const items = rows.map(([name, effect, low, high, n, mark]) => element("li", {},
    element("bdi", {}, name), ` ${signed(effect)} ${interval(low, high)} `, element("small", {}, `n = ${whole(n)}, ${mark}`)));
  return [text("ranking.one", { value: DATA.segments[i].values[value] }), element("ol", {}, ...items)];
}

function startGroup(changed) {
  const form = byId("filter");
  if (!form || !DATA.cells) return;
  const all = gather({ categories: null, range: null, segments: DATA.segments.map(() => -1) });
  const show = () => {
    const choice = readChoice(), group = gather(choice), small = group.n < DATA.minimum;
    const out = byId("group-answer");
    for (const key of ["score", "low", "high", "n"]) delete out.dataset[key];
    out.textContent = headline(choice, group);
    byId("group-table").hidden = small || !group.comments;
    byId("group-themes").replaceChildren(...(small || !group.comments ? [] : themeRows(group, all)));
    byId("group-ranking").replaceChildren(...(small ? [] : ranking(choice)));
    changed(choice, small);
  };
  form.addEventListener("change", (event) => {
    const from = byId("filter-from"), to = byId("filter-to");
    if (from && Number(from.value) > Number(to.value)) (event.target === from ? to : from).value = event.target.value;
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show();
}

// Quotes, found by theme, words and the chosen group; the span that raised the theme is marked in its comment.

const AT_ONCE = 10;

const folded = (said) => said.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function found(quote, theme, words, choice) {
  if (theme >= 0 && quote[0] !== theme) return false;
  const score = quote[6], category = score === null ? 3 : score >= 9 ? 0 : score >= 7 ? 1 : 2;
  if (choice && !holds(choice, category, quote[7], quote[8])) return false;
  if (!words.length) return true;
  quote.folded ??= folded(quote[1] + quote[2] + quote[3]);
  return words.every((word) => quote.folded.includes(word));
}

function attribution([, , , , , , score, period, values]) {
  const who = score === null ? text("quotes.unscored")
    : text("quotes.scored", { score, category: text(`category.${CATEGORIES[score >= 9 ? 0 : score >= 7 ? 1 : 2]}`) });
  const groups = values.flatMap((value, i) => (DATA.segments[i] && value >= 0
    ? [`${DATA.segments[i].name}: ${DATA.segments[i].values[value]}`] : []));
  return [who, ...groups, ...(period >= 0 && DATA.periods[period] ? [DATA.periods[period]] : [])].join(" \u00b7 ");
}

function shown(quote) {
  const [theme, before, span, after, cutBefore, cutAfter] = quote;
  const cut = [cutBefore ? "before" : "", cutAfter ? "after" : ""].join(" ");
  return element("figure", { class: "quote" },
    element("blockquote", { dir: "auto", class: cut }, element("p", {}, before, element("mark", {}, span), after)),
    element("figcaption", {}, element("bdi", {}, DATA.themes[theme].name), ` \u00b7 ${attribution(quote)}`));
}

function startQuotes() {
  const search = byId("search");
  const state = { choice: null, small: false, limit: AT_ONCE };
  if (!search) return () => {};
  const show = () => {
    const theme = Number(byId("search-theme").value), words = folded(byId("search-words").value).split(/\s+/).filter(Boolean);
    const choice = state.choice && !nothingChosen(state.choice) ? state.choice : null;
    const hits = state.small ? [] : DATA.quotes.filter((quote) => found(quote, theme, words, choice));
    byId("search-count").textContent = state.small ? text("group.small", { minimum: DATA.minimum }) : counted(hits.length, "quotes");
    byId("search-found").replaceChildren(...hits.slice(0, state.limit).map(shown));
    byId("search-more").hidden = hits.length <= state.limit;
  };
  const again = () => { state.limit = AT_ONCE; show(); };
  search.addEventListener("input", again);
  search.addEventListener("submit", (event) => event.preventDefault());
  byId("search-more").addEventListener("click", () => {
    const before = state.limit;
    state.limit += AT_ONCE;
    show();
    const next = byId("search-found").children[before];
    next.tabIndex = -1;
    next.focus();
  });
  for (const link of document.querySelectorAll("a.more")) {
    link.addEventListener("click", () => {
      byId("search-theme").value = link.dataset.theme;
      byId("search-words").value = "";
      again();
    });
  }
  show();
  return (choice, small) => { Object.assign(state, { choice, small }); again(); };
}

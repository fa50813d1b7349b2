// Looking through a report: words selected in the text fill the form beside it, and keys lead through the drafts.
// Without it the words are written, and everything is reached by Tab.

const MARK = 14;

/** Characters as the server counts them: a character outside the basic plane is one, not two. */
const length = (words) => [...words].length;

/** Where in the report's text a place of the page stands; null outside of it. */
function placeOf(node, offset) {
  const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-at]");
  if (!holder) return null;
  const range = document.createRange();
  range.setStart(holder, 0);
  range.setEnd(node, offset);
  return Number(holder.dataset.at) + length(range.toString());
}

/** The selected words and where they begin; null where nothing of the text is selected. */
function selected(text) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const words = range.toString();
  const start = placeOf(range.startContainer, range.startOffset);
  if (start === null || !words.trim()) return null;
  const lead = length(words) - length(words.trimStart());
  return { start: start + lead, words: words.trim() };
}

function fillFromSelection() {
  const text = document.querySelector(".text .quote");
  const form = document.querySelector("form[data-selection]");
  if (!text || !form) return;
  const output = form.querySelector("output");
  const [first, last, start, end] = ["first", "last", "start", "end"].map((name) => form.elements[name]);
  const take = () => {
    const found = selected(text);
    if (!found) return;
    const characters = [...found.words];
    const line = (part) => part.join("").replace(/\s+/gu, " ").trim();
    first.value = line(characters.slice(0, MARK));
    last.value = line(characters.slice(-MARK));
    start.value = String(found.start);
    end.value = String(found.start + characters.length);
    output.hidden = false;
    output.textContent = `${output.dataset.selected}: ${characters.length}`;
    const details = form.closest("details");
    if (details) details.open = true;
  };
  document.addEventListener("selectionchange", take);
  const forget = () => {
    start.value = end.value = "";
    output.hidden = true;
  };
  first.addEventListener("input", forget);
  last.addEventListener("input", forget);
}

const WAYS = { e: "a.edit", d: "a.drop" };
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** Keys work only while the focus is in the list, so that they take nothing from anybody else. */
function leadByKeys() {
  const list = document.querySelector(".drafts");
  if (!list) return;
  const rows = [...list.children];
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const row = event.target.closest(".drafts > li");
    const way = WAYS[event.key];
    if (way) {
      row?.querySelector(way)?.click();
      return;
    }
    const step = STEPS[event.key];
    const next = step && rows[rows.indexOf(row) + step];
    if (!next) return;
    event.preventDefault();
    next.querySelector("input, a")?.focus();
  });
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest(".drafts > li");
    document.querySelectorAll(".text mark.here").forEach((mark) => mark.classList.remove("here"));
    const quote = row?.dataset.quote && document.getElementById(row.dataset.quote);
    quote?.classList.add("here");
    bringUp(quote);
  });
}

/** Moves the text, and not the page, until the quote is in sight. */
function bringUp(quote) {
  const pane = quote?.closest(".text");
  if (pane && pane.scrollHeight > pane.clientHeight) {
    pane.scrollTop += quote.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  }
}

/** A form that the address names stands open, and is ready to be written in. */
function openNamed() {
  const form = location.hash && document.getElementById(location.hash.slice(1));
  const details = form && form.closest("details");
  if (!details) return;
  details.open = true;
  form.querySelector("textarea, input:not([type=hidden])")?.focus();
}

fillFromSelection();
leadByKeys();
openNamed();
bringUp(document.querySelector(".text mark.own"));

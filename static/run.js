// The page of a run: what is new of its state and its log comes by itself, as long as somebody looks.

// Milliseconds from one look to the next, at least; the page says when there may be something new.
const pause = 2000;
// Milliseconds after which an answer is waited for no more.
const patience = 30000;
// Of the log's lines the page holds the last ones.
const most = 2000;
const box = document.getElementById("log");
let timer = 0;
let asking = false;

// Whoever reads further up stays there; whoever is at the end goes along.
function append(lines) {
  const list = document.getElementById("lines");
  const left = box.scrollHeight - box.scrollTop - box.clientHeight;
  const atEnd = box.hidden || left < 8;
  // It is another log where an action runs anew, and in a whole pipeline that of the action that runs by now.
  if (lines.dataset.of !== list.dataset.of) list.replaceChildren();
  list.dataset.of = lines.dataset.of;
  list.append(...lines.children);
  const { scrollHeight } = box;
  while (list.childElementCount > most) list.firstElementChild.remove();
  list.dataset.last = lines.dataset.last;
  box.hidden = !list.childElementCount;
  if (atEnd) box.scrollTop = box.scrollHeight;
  else box.scrollTop -= scrollHeight - box.scrollHeight;
}

// What comes by itself needs nobody to ask for it.
function hideLinks(part) {
  for (const link of part.querySelectorAll("[data-by-hand]")) link.hidden = true;
}

// What is read aloud is that something has changed, and not each line.
function tell(told) {
  const before = document.getElementById("told");
  if (before.dataset.mark === told.dataset.mark) {
    before.dataset.pause = told.dataset.pause;
    return;
  }
  hideLinks(told);
  const focused = before.contains(document.activeElement);
  before.replaceWith(told);
  told.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  if (focused) told.focus();
  if (before.dataset.title === told.dataset.title) return;
  document.title = document.title.replace(before.dataset.title, told.dataset.title);
  document.querySelector("h1").textContent = told.dataset.title;
  document.getElementById("said").textContent = told.dataset.title;
}

// What somebody is about to use stays as it is.
function redraw(id, part) {
  const [before, drawn] = [document.getElementById(id), part.getElementById(id)];
  if (before.contains(document.activeElement)) return;
  before.replaceWith(drawn);
  drawn.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
}

async function look() {
  asking = true;
  try {
    const { last, of } = document.getElementById("lines").dataset;
    const signal = AbortSignal.timeout(patience);
    const address = new URL(box.dataset.at, location.href);
    address.searchParams.set("after", last);
    address.searchParams.set("of", of);
    const answer = await fetch(address, { credentials: "same-origin", redirect: "error", signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    append(part.getElementById("lines"));
    tell(part.getElementById("told"));
    redraw("log-head", part);
    redraw("steps", part);
    document.getElementById("trouble").hidden = true;
  } catch {
    // The next look may find Slipway again. Who has signed out finds the link that leads there.
    document.getElementById("trouble").hidden = false;
  }
  asking = false;
  wait();
}

function wait() {
  clearTimeout(timer);
  if (!document.hidden && !document.getElementById("told").hasAttribute("data-ended")) timer = setTimeout(look, Math.max(document.getElementById("told").dataset.pause * 1000, pause));
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (document.hidden || asking || document.getElementById("told").hasAttribute("data-ended")) return;
  look();
});

if (box) {
  box.scrollTop = box.scrollHeight;
  hideLinks(document);
  wait();
}

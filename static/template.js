// The page on which a template is made: choosing what is done with a box draws the page anew, as its buttons do, and
// what the others will see follows what is typed. Whatever draws it keeps a draft, and so does leaving it. A file that
// is chosen becomes the text in its box.

const pause = 600;
const patience = 30000;
const redrawing = /[-_](use|rule)$/;
let timer = 0;
let latest = 0;
// What the server knows of this page, and what is being asked of it: what is kept later must not come there before.
let known = "";
let asking = null;

function content(form) {
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("page");
  return fields.toString();
}

function ask(form, button, leaving = false) {
  // Who goes away can't wait.
  const answer = asking && !leaving ? asking.then(() => post(form, button, false)) : post(form, button, leaving);
  const over = answer.catch(() => {}).finally(() => {
    if (asking === over) asking = null;
  });
  asking = over;
  return answer;
}

async function post(form, button, keepalive) {
  const body = new URLSearchParams(new FormData(form));
  body.set("button", button.value);
  const signal = AbortSignal.timeout(patience);
  const address = button.hasAttribute("formaction") ? button.formAction : form.action;
  const answer = await fetch(address, { method: "POST", body, credentials: "same-origin", keepalive, signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("live")) throw new Error("The answer has no form");
  return page;
}

function isChosen(list) {
  const first = [...list.options].find((option) => option.defaultSelected) ?? list.options[0];
  return redrawing.test(list.name) && list.options[list.selectedIndex] !== first;
}

// What these two buttons bring comes by itself here.
function tidy() {
  for (const button of document.querySelectorAll(".making #preview, .making #update")) button.hidden = true;
}

async function redraw(form, button, focus = "") {
  clearTimeout(timer);
  const number = ++latest;
  form.inert = true;
  try {
    const page = await ask(form, button);
    if (number !== latest) return;
    const open = [...form.querySelectorAll("details[open]")].map((details) => details.id);
    const main = page.getElementById("main");
    document.title = page.title;
    document.getElementById("main").replaceWith(main);
    known = content(document.getElementById("form"));
    tidy();
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (button.value === "preview") document.getElementById("live").scrollIntoView();
    (document.getElementById(focus) ?? main.querySelector("[autofocus]"))?.focus();
    document.dispatchEvent(new CustomEvent("redrawn", { detail: button.value }));
  } catch {
    // As without script.
    form.inert = false;
    form.dataset.plain = "";
    form.requestSubmit(button);
  }
}

// Nothing is checked and nothing moves while somebody types: only the view of the others follows.
async function follow(form, leaving = false) {
  // A new page is on its way, of all that was typed.
  if (form.inert) return;
  const number = ++latest;
  const sent = content(form);
  try {
    const page = await ask(form, form.querySelector("#update"), leaving);
    if (number !== latest) return;
    known = sent;
    document.getElementById("live").replaceWith(page.getElementById("live"));
    form.elements.page.value = page.getElementById("form").elements.page.value;
    const told = form.querySelector("#kept");
    const words = page.getElementById("kept").textContent;
    if (told.textContent !== words) told.textContent = words;
  } catch {
    // The next letter tries again.
  }
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.id !== "form" || "plain" in form.dataset) return;
  if (button?.name === "button") {
    event.preventDefault();
    redraw(form, button);
    return;
  }
  clearTimeout(timer);
  const again = "sent" in form.dataset;
  form.dataset.sent = "";
  // A second press would make a second template.
  if (again || asking) event.preventDefault();
  if (again || !asking) return;
  // What was kept after it would be a draft of what is made.
  asking.then(() => {
    form.dataset.plain = "";
    form.requestSubmit(button);
  });
});

document.addEventListener("change", async ({ target }) => {
  const { form } = target;
  if (target.dataset.textFile) {
    const [file] = target.files;
    if (file) document.getElementById(target.dataset.textFile).value = await file.text();
  } else if (form?.id === "form" && redrawing.test(target.name)) {
    redraw(form, form.querySelector("#update"), target.id);
  } else if (form?.matches(".making #form")) {
    clearTimeout(timer);
    follow(form);
  }
});

document.addEventListener("input", ({ target }) => {
  if (target.form?.id !== "form" || redrawing.test(target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(follow, pause, target.form);
});

document.addEventListener("visibilitychange", () => {
  const form = document.querySelector(".making #form");
  if (document.visibilityState !== "hidden" || !form || "sent" in form.dataset || content(form) === known) return;
  clearTimeout(timer);
  follow(form, true);
});

tidy();
const begun = document.querySelector(".making #form");
if (begun) known = content(begun);
// Somebody was faster than this script, or the browser has put back what was chosen.
if (begun && [...begun.querySelectorAll("select")].some(isChosen)) redraw(begun, begun.querySelector("#update"));
for (const chooser of document.querySelectorAll("[data-text-file]")) chooser.parentElement.hidden = false;

// Back brings the page as it was left: its form can be used again.
addEventListener("pageshow", () => {
  const form = document.getElementById("form");
  delete form?.dataset.sent;
  delete form?.dataset.plain;
});

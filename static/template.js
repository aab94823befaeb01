// The page on which a template is made: choosing what is done with a box draws the page anew, as its buttons do, and
// what the others will see follows what is typed. A file that is chosen becomes the text in its box.

const pause = 600;
const patience = 30000;
const redrawing = /[-_](use|rule)$/;
let timer = 0;
let latest = 0;

async function ask(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.set("button", button.value);
  const signal = AbortSignal.timeout(patience);
  const answer = await fetch(button.formAction, { method: "POST", body, credentials: "same-origin", signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("live")) throw new Error("The answer has no form");
  return page;
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
async function follow(form) {
  const number = ++latest;
  try {
    const page = await ask(form, form.querySelector("#update"));
    if (number === latest) document.getElementById("live").replaceWith(page.getElementById("live"));
  } catch {
    // The next letter tries again.
  }
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.id !== "form" || "plain" in form.dataset) return;
  if (button?.hasAttribute("formaction")) {
    event.preventDefault();
    redraw(form, button);
  } else if ("sent" in form.dataset) {
    // A second press would make a second template.
    event.preventDefault();
  } else {
    form.dataset.sent = "";
  }
});

document.addEventListener("change", async ({ target }) => {
  const { form } = target;
  if (target.dataset.textFile) {
    const [file] = target.files;
    if (file) document.getElementById(target.dataset.textFile).value = await file.text();
  } else if (form?.id === "form" && redrawing.test(target.name)) {
    redraw(form, form.querySelector("#update"), target.id);
  }
});

document.addEventListener("input", ({ target }) => {
  if (target.form?.id !== "form" || redrawing.test(target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(follow, pause, target.form);
});

tidy();
for (const chooser of document.querySelectorAll("[data-text-file]")) chooser.parentElement.hidden = false;

// Back brings the page as it was left: its form can be used again.
addEventListener("pageshow", () => delete document.getElementById("form")?.dataset.sent);

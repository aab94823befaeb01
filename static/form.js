// Saves page loads: a helper button's answer replaces the form in place. Without script the same button just posts.
// And keeps what is typed: on leaving a field, every ten seconds while typing, and when the page is left.

const busy = "data-busy";
const plain = "data-plain";
const pause = 10000;
// Long enough for a large form on a slow line. What is posted next waits no longer.
const patience = 30000;
// A registry is given five seconds, and its answer some to come here.
const imagePatience = 8000;
const counted = new Intl.NumberFormat("en-GB");
let asking = null;
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });

function unfolded(root) {
  return [...root.querySelectorAll("details[open]")].map((details) => details.id);
}

async function redraw(form, button) {
  // What is typed from here on would not be in the answer.
  form.inert = true;
  asking?.abort();
  // A save that arrived after this would put secrets under other names than the answer has.
  await saving;
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.getElementById("main");
  if (!main?.querySelector("#form")) throw new Error("The answer has no form");
  const reviewed = !main.querySelector("#preview");
  if (reviewed && !history.state?.reviewed) history.pushState({ reviewed }, "");
  const open = unfolded(form);
  document.title = page.title;
  document.getElementById("main").replaceWith(main);
  for (const id of open) main.querySelector(`#${id}`)?.setAttribute("open", "");
  // What was split while this was on its way came split with the form: the answer can't tell.
  const told = main.querySelector("#split");
  if (told && !told.textContent) told.textContent = splitWords;
  splitWords = "";
  main.querySelector("[autofocus]")?.focus();
  document.dispatchEvent(new CustomEvent("redrawn", { detail: button.value }));
}

function showProgress(form, button) {
  const words = button?.dataset.busyWords;
  if (!words) return;
  button.dataset.words = button.textContent;
  button.textContent = words;
  button.setAttribute("aria-disabled", "true");
  const progress = form.querySelector("#progress");
  progress.textContent = progress.dataset.words;
  form.querySelector("#kept").textContent = "";
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.id !== "form" || form.hasAttribute(plain)) return;
  if (form.hasAttribute(busy)) {
    event.preventDefault();
    return;
  }
  if (button?.value === "check-image" && form.dataset.image) {
    event.preventDefault();
    checkImage(form, button.value);
    return;
  }
  form.setAttribute(busy, "");
  if (button?.name !== "button") {
    showProgress(form, button);
    if (!saving) return;
    event.preventDefault();
    saving.then(() => post(form, button));
    return;
  }
  event.preventDefault();
  if (button.value.startsWith("use-tag")) {
    form.removeAttribute(busy);
    useTag(form, button.value.slice("use-tag-".length) || form.elements.tag_choice.value);
  } else if (history.state?.reviewed && button.value.startsWith("back")) {
    form.removeAttribute(busy);
    leaving = button;
    history.back();
  } else {
    replace(form, button);
  }
});

function replace(form, button) {
  form.setAttribute(busy, "");
  redraw(form, button).catch(() => {
    form.inert = false;
    post(form, button);
  });
}

// As without script. Whatever is pressed after it is still one press too many.
function post(form, button) {
  form.setAttribute(plain, "");
  form.requestSubmit(button);
  form.removeAttribute(plain);
}

// A preview that took the form's place is an entry of its own in the browser's history: Back brings the form again.
let leaving = null;
addEventListener("popstate", ({ state }) => {
  const form = document.getElementById("form");
  const button = state?.reviewed ? form?.querySelector("#preview") : leaving ?? form?.querySelector("button[value=back]");
  leaving = null;
  if (button && !form.hasAttribute(busy)) replace(form, button);
});
if (history.state?.reviewed) history.replaceState(null, "");

// Back brings the page as it was left: its form can be used again.
addEventListener("pageshow", () => {
  const form = document.getElementById("form");
  form?.removeAttribute(busy);
  for (const button of form?.querySelectorAll("button[data-words]") ?? []) {
    button.textContent = button.dataset.words;
    button.removeAttribute("aria-disabled");
  }
});

let kept = "";
let saving = null;
let askedAgain = false;
let timer = 0;

function content(form) {
  const fields = new URLSearchParams(new FormData(form));
  for (const name of ["draft", "tag_filter", "tags_found", "tag_choice"]) fields.delete(name);
  return fields.toString();
}

// One save after the other; who goes away can't wait for the one under way. What is asked for meanwhile comes next.
function save(leaving = false) {
  const form = document.getElementById("form");
  if (!form || form.hasAttribute(busy) || content(form) === kept) return;
  if (saving && !leaving) askedAgain = true;
  else follow(keep(form, leaving));
}

// What is posted next waits until this is over: what came after it would be written over it.
function follow(work) {
  const all = Promise.all([saving, work]).finally(() => {
    if (saving === all) saving = null;
    if (!saving && askedAgain) {
      askedAgain = false;
      save();
    }
  });
  saving = all;
}

// The mark goes back into the form, so that an older page never writes over a newer one.
async function keep(form, leaving) {
  const now = content(form);
  try {
    const body = new URLSearchParams(new FormData(form));
    const signal = AbortSignal.timeout(patience);
    const answer = await fetch(form.dataset.draft, { method: "POST", body, credentials: "same-origin", keepalive: leaving, signal });
    if (answer.ok || answer.status === 409) kept = now;
    // What came while it is being sent is told on the next page.
    const told = form.hasAttribute(busy) ? new Text() : form.querySelector("#kept");
    if (answer.status === 200) {
      const { draft, likely_secrets: likely } = await answer.json();
      form.elements.draft.value = draft;
      for (const hint of form.querySelectorAll("[data-hint]")) hint.hidden = !likely.includes(hint.dataset.hint);
      told.textContent = `Draft kept at ${clock.format(new Date())}. Nothing has been sent.`;
    } else if (answer.status === 204) {
      told.textContent = "";
    } else if (answer.status === 401) {
      const { draft } = await answer.json();
      if (draft) {
        form.elements.draft.value = draft;
        kept = now;
      }
      told.textContent = "You are signed out. Press a button of this form to sign in and continue with it. Nothing has been sent.";
    } else if (answer.status === 507) {
      told.textContent = "What you type is not kept: you have as many drafts as Slipway keeps for one person. Leave this page open, and discard drafts on the home page in another tab.";
    } else if (answer.status === 409) {
      told.textContent = "This form was sent, or changed on another page: what you type here is not kept until you press a button.";
    }
  } catch {
    // The next save takes this along.
  }
}

let splitWords = "";

// A whole reference in the box for the name is taken apart when one leaves it, by the helper button that does the same.
async function split(form) {
  const box = form.elements.docker_image_name;
  const before = box.value;
  const body = new URLSearchParams(new FormData(form));
  body.set("button", "split-image");
  try {
    const signal = AbortSignal.timeout(patience);
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("form")?.elements;
    if (!found || box.value !== before || found.docker_image_name.value === before) return;
    for (const name of ["docker_image_name", "docker_image_tag", "registry", "region", "envelope", "draft"]) {
      if (form.elements[name]) form.elements[name].value = found[name].value;
    }
    const told = page.getElementById("split")?.textContent;
    splitWords = told ?? "";
    if (told) form.querySelector("#split").textContent = told;
    else form.querySelector("#kept").textContent = "The image was split into its boxes.";
  } catch {
    // The button that splits it comes with the check.
  }
}

// Whether the image is there is asked for when somebody leaves its boxes: then nothing but these goes out, no password,
// and nothing while the private registry has still to be entered; and when the button is pressed. The form can be used
// meanwhile, and an answer to what was there before is dropped.
const imageBoxes = ["image_source", "docker_image_name", "docker_image_tag", "registry"];
const signingBoxes = ["login", "password", "password_kept"];
// What is told of an image that was asked for with a name and password is about these, too.
const signed = "[data-signed]";
const looking = "Looking whether the image is there…";
const noAnswer = "Not checked: no answer came. Check the image again.";
// What is written while a button is being pressed would move it away from under the finger.
let released = Promise.resolve();
document.addEventListener("pointerdown", () => {
  released = new Promise((go) => {
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(go), { once: true });
  });
});

async function checkImage(form, button = "") {
  asking?.abort();
  const told = form.querySelector("#image-told");
  if (!told || !form.dataset.image) return;
  const boxes = button ? [...imageBoxes, ...signingBoxes] : imageBoxes;
  const typed = () => boxes.map((name) => form.elements[name]?.value ?? "");
  const before = typed();
  const unchanged = () => !form.hasAttribute(busy) && typed().join("\n") === before.join("\n");
  const [source, name, tag, registry] = before.map((text) => text.trim());
  const open = source === "public" || (source === "credentials" && registry);
  const asks = button || (open && name && tag);
  const asked = new AbortController();
  const { signal } = asked;
  asking = asked;
  await released;
  if (!unchanged() || signal.aborted) return;
  const words = document.createElement("span");
  words.textContent = asks ? looking : "";
  words.toggleAttribute("data-signed", Boolean(button));
  told.replaceChildren(words);
  if (!asks) return;
  const timer = setTimeout(() => asked.abort(), imagePatience);
  try {
    const body = new URLSearchParams({ button });
    for (const name of ["csrf_token", "envelope", ...boxes]) {
      if (form.elements[name]) body.set(name, form.elements[name].value);
    }
    const answer = await fetch(form.dataset.image, { method: "POST", body, credentials: "same-origin", signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#image-told[data-envelope]");
    await released;
    if (!found || signal.aborted || !unchanged()) return;
    form.elements.envelope.value = found.dataset.envelope;
    told.replaceChildren(...found.childNodes);
    told.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  } catch {
    // It can be asked again.
  } finally {
    clearTimeout(timer);
    if (told.textContent === looking && asking === asked) told.textContent = button ? noAnswer : "";
  }
}

// From the first letter that is changed, what is told is about another image, and the tags may be another one's.
function forgetImage({ form, name }) {
  const told = form.querySelector("#image-told");
  const boxes = told?.querySelector(signed) ? [...imageBoxes, ...signingBoxes] : imageBoxes;
  if (!told || !boxes.includes(name)) return;
  asking?.abort();
  told.replaceChildren();
  if (name !== "docker_image_tag") form.querySelector("#tags")?.remove();
}

// A tag that was chosen goes into its box, as the same buttons do without script.
function useTag(form, tag) {
  const box = form.elements.docker_image_tag;
  box.value = tag;
  form.querySelector("#tags")?.remove();
  box.focus();
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function findTags(box) {
  const panel = box.closest("[data-tags]");
  if (!panel) return;
  const wanted = box.value.trim().toLowerCase();
  const most = Number(panel.dataset.most);
  const having = panel.dataset.tags.split(" ").filter((tag) => tag.toLowerCase().includes(wanted));
  // The tag that was typed itself comes first.
  const typed = (tag) => tag.toLowerCase() === wanted;
  const found = [...having.filter(typed), ...having.filter((tag) => !typed(tag))];
  const list = panel.querySelector("select");
  list.replaceChildren(...found.slice(0, most).map((tag) => new Option(tag)));
  list.selectedIndex = found.length ? 0 : -1;
  const first = found.length > most ? `, of which these are the first ${most}` : "";
  panel.querySelector("[role=status]").textContent = `${counted.format(found.length)} found${first}.`;
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const list = target.closest?.("#tags")?.querySelector("select");
  if (!list || !["Enter", "ArrowDown"].includes(key)) return;
  if (key === "Enter" && (target === list || target.id === "tag_filter")) {
    event.preventDefault();
    if (list.value) useTag(target.form, list.value);
  } else if (target.id === "tag_filter") {
    event.preventDefault();
    list.focus();
  }
});
document.addEventListener("dblclick", ({ target }) => {
  const list = target.closest?.("#tag_choice");
  if (list?.value) useTag(list.form, list.value);
});

// The content of a file becomes the value, in Base64 as Buddy wants it. The file itself is never posted.
async function takeFile(chooser) {
  const { chooser: id, longest } = chooser.closest("[data-chooser]").dataset;
  const told = chooser.parentElement.querySelector("[role=status]");
  const [file] = chooser.files;
  if (!file) return;
  // So that the same file can be chosen again.
  chooser.value = "";
  const most = Math.floor(longest / 4) * 3;
  if (file.size > most) {
    told.textContent = `The file must be at most ${counted.format(most)} bytes long: this is ${counted.format(file.size)}.`;
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  document.getElementById(id).value = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  told.textContent = `The value is the content of ${file.name}.`;
  save();
}

function offerFiles() {
  for (const chooser of document.querySelectorAll("[data-chooser]")) chooser.hidden = false;
}

document.addEventListener("input", (event) => {
  if (event.target.id === "tag_filter") findTags(event.target);
  if (event.target.form?.id !== "form") return;
  forgetImage(event.target);
  if (timer) return;
  timer = setTimeout(() => {
    timer = 0;
    save();
  }, pause);
});
document.addEventListener("change", ({ target }) => {
  if (target.form?.id !== "form" || target.form.hasAttribute(busy)) return;
  if (target.type === "file") {
    takeFile(target);
    return;
  }
  if (target.id === "docker_image_name" && /[:.]|^localhost\//.test(target.value)) {
    const splitting = split(target.form);
    follow(splitting);
    splitting.then(() => checkImage(target.form));
    return;
  }
  save();
  if (imageBoxes.includes(target.name)) checkImage(target.form);
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true));

document.addEventListener("redrawn", offerFiles);
offerFiles();
kept = content(document.getElementById("form"));
